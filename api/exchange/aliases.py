"""What publishers call our columns: one table a kind, in order of preference.

Written as they look in files; `headers.py` folds width, case, brackets, dashes and underscores, so
料金（基本） and 料金(基本) need one entry. Old generation (推奨データセット), current generation
(自治体標準オープンデータセット), Takamatsu's English keys, e-Stat, Geolonia, 国土数値情報 N03.
"""

from api.exchange.register_aliases import ORGANIZATIONS, SERVICES, SUPPORTERS
from api.exchange.shared_aliases import ADDRESS, CODE, POINT, Aliases

PLACES: Aliases = {
    "code": CODE,
    "external_id": "ID 施設ID 公共施設ID 識別子 identifier",
    "name": (
        "名称 name 施設名 施設名称 施設の名称 名前 通いの場名 通いの場名称 通いの場 拠点名 "
        "拠点名称 サロン名 サロン名称 団体名称 グループ名 活動名 活動名称 教室名 事業名 会場名 "
        "会場 場所名称 開催場所 介護サービス事業所名称 事業所名 事業所名称 事業所の名称 公園名 "
        "イベント名 公共施設名 公共施設名称 指定暑熱避難施設の名称 facilityName title"
    ),
    "kana": (
        "名称_カナ 名称_フリガナ 名称_ふりがな 名称_よみ フリガナ ふりがな カナ よみ よみがな "
        "読み 読み仮名 施設名_カナ 施設名カナ 施設名フリガナ 介護サービス事業所名称_カナ "
        "イベント名_カナ 事業所名カナ kana nameKana"
    ),
    "kind": (
        "種類 種別 kind 区分 分類 施設種別 施設の種類 施設区分 通いの場の種類 通いの場種別 "
        "活動種別 活動内容 活動の種類 カテゴリー カテゴリ category type 実施サービス "
        "市独自区分 内容 主な活動 主な活動内容"
    ),
    **ADDRESS,
    **POINT,
    "phone": (
        "電話番号 telephoneNumber 電話 TEL TEL番号 tel 連絡先 連絡先電話番号 連絡先電話 "
        "連絡先TEL 問合先電話 問い合わせ先電話番号 問合せ電話番号 phone telephone 施設電話番号"
    ),
    "organization": (
        "団体名 主催者 運営団体 運営主体 運営者 実施主体 主催 法人の名称 法人名 設置者 "
        "施設管理者名 管理者 代表団体 organization operator 担当課 所管課"
    ),
    "weekdays": (
        "利用可能曜日 availableDate 曜日 開催曜日 活動曜日 実施曜日 営業日 営業曜日 開所日 "
        "開館曜日 開館日 開設曜日 利用日 利用曜日 開催日 活動日 実施日 weekdays weekday"
    ),
    "opens_at": (
        "開始時間 startTime 開始時刻 開館時刻 開所時間 利用開始時間 開店時間 opens_at "
        "開催開始時間 活動開始時間 利用可能開始時間 始まり"
    ),
    "closes_at": (
        "終了時間 endTime 終了時刻 閉館時刻 閉所時間 利用終了時間 閉店時間 closes_at "
        "開催終了時間 活動終了時間 利用可能終了時間 終わり"
    ),
    "hours": (
        "時間 開催時間 活動時間 利用時間 開館時間 営業時間 実施時間 利用可能時間 開設時間 "
        "hours openingHours"
    ),
    "schedule_note": (
        "利用可能日時特記事項 利用可能曜日特記事項 利用可能時間特記事項 availableDateNote "
        "開始日時特記事項 開催頻度 活動頻度 頻度 実施頻度 schedule_note "
        "指定暑熱避難施設を開放することができる日及び時間帯特記事項"
    ),
    "when": (
        "日時 開催日時 活動日時 実施日時 利用日時 開設日時 曜日時間 開催日時間 活動日時間 "
        "曜日時刻 開催曜日時間 活動曜日時間"
    ),
    "closed_days": "休館日 定休日 休業日 休み 閉館日 休所日",
    "capacity_people": (
        "定員 capacity 収容人数 定員数 定員人数 最大人数 受入人数 受入可能人数 利用定員 定員人 "
        "capacity_people "
        "指定暑熱避難施設の開放により受け入れることが可能であると見込まれる人数"
    ),
    "participants_people": (
        "参加者数 参加人数 利用者数 利用人数 登録者数 登録人数 会員数 参加者 平均参加者数 "
        "平均参加人数 参加実人数 participants participants_people"
    ),
    "fee": "料金 料金(基本) 参加費 利用料 利用料金 会費 費用 料金(詳細) fee price",
    "transport": "送迎 送迎の有無 送迎有無 送迎_有無 transport",
    "accessibility": (
        "バリアフリー情報 バリアフリー accessibility 車椅子対応 車いす対応 バリアフリー対応"
    ),
    "url": (
        "URL referenceObject ホームページ ホームページアドレス HP HPアドレス ウェブサイト url "
        "公園HPアドレス website リンク"
    ),
    "note": "備考 note 説明 特記事項 摘要 コメント 紹介文 remarks description 備考欄 notes",
    "opened_on": "開設日 開設年月日 設立日 設立年月日 開始年月日 開始日 opened_on",
    "closed_on": "廃止日 閉鎖日 廃止年月日 終了年月日 closed_on",
    "confirmed_on": (
        "最終確認日 確認日 更新日 最終更新日 confirmed_on データ更新日 更新年月日 情報更新日"
    ),
}

CANDIDATES: Aliases = {
    **PLACES,
    "name": PLACES["name"] + " 候補地名 候補地 建物名 学校名 学校名称 店名 店舗名 物件名",
    "building": "建物名等(方書) 建物名等 方書 ビル名 building",
    "kind": PLACES["kind"] + " 候補地の種類 建物の種類 用途 サービス種別 サービス種類 service",
}

TOWN_NAME = (
    "大字町丁目名 町丁字名 町丁・字名 町丁名 町字名 町名 町丁目名 町丁目 town town_name "
    "townName 地域名 regionName S_NAME 町丁・字等名 町・大字名 大字・町名 大字名 町大字名 "
    "住所地 町内会区域 行政区名 地区名 町別 NAME 名称 "
    "町・丁目 町丁大字名 大字町丁名 大字町名 丁町字名 字・町名 町丁目・大字名 大字 行政区"
)

TOWNS: Aliases = {
    "code": CODE,
    "prefecture_code": "PREF",
    "city_code": "CITY",
    "key_code": "KEY_CODE KEYCODE キーコード",
    "name": TOWN_NAME,
    "koaza": "小字 小字・通称名 koaza 字名 小字名",
    "city": "市区町村名 市町村名 city CITY_NAME GST_NAME CSS_NAME cityName N03_004",
    **POINT,
    "people": "JINKO 人口総数 人口 総人口 people totalPopulation 人口（総数）",
    "households": "SETAI 世帯数 世帯総数 総世帯数 numberOfHouseholds households",
    "hcode": "HCODE",
    "area": "AREA 面積",
}

AREAS: Aliases = {
    "code": CODE,
    "area_code": (
        "圏域コード 日常生活圏域コード 圏域番号 圏域No 地区コード 区域コード area_code "
        "areaCode 圏域ID 学校コード"
    ),
    "area_name": (
        "圏域名 日常生活圏域 日常生活圏域名 圏域 圏域名称 地区名 区域名 旧町名 旧町 旧市町村名 "
        "中学校区名 中学校区 小学校区名 小学校区 学校名 学区名 学区 校区名 校区 "
        "地域包括支援センター名 担当包括 包括名 担当地域包括支援センター area_name areaName "
        "地区 名称 A27_004 A32_004 A27_007 A32_007 name"
    ),
    "town_name": (
        "町名 町丁名 町丁・字名 町丁字名 町字名 大字町丁目名 町丁目名 町丁目 町・大字名 地域名 "
        "regionName town town_name townName S_NAME 担当町名 対象町名 構成町名 対象地域 "
        "担当地域 対象町 町丁 行政区名"
    ),
    "valid_from": "開始日 施行日 適用開始日 valid_from",
    "valid_to": "終了日 適用終了日 valid_to",
}

POPULATION: Aliases = {
    "code": CODE,
    "region_code": "地域コード regionCode 町丁コード 町名コード 行政区コード",
    "key_code": "KEY_CODE KEYCODE",
    "town_name": TOWN_NAME,
    "mesh_code": (
        "メッシュコード 地域メッシュコード MESH_CODE meshCode mesh_code mesh MESHCODE "
        "標準地域メッシュコード MESH_ID"
    ),
    "survey_date": (
        "調査年月日 surveyDate 調査日 基準日 年月日 時点 survey_date 調査時点 集計日 "
        "統計年月日 現在日 基準年月日 年月 調査年月"
    ),
    **POINT,
    "people": (
        "総人口 totalPopulation 人口総数 人口 総数 計 男女計 人口計 合計 人口合計 JINKO people "
        "population 総計 人口総数計 総人口計 人口(総数) 総数計 総数総数 POP T000846001"
    ),
    "male": (
        "男性 male man 男 男性人口 男性数 人口男 男計 男性計 総数男 人口総数男 総数男性 "
        "男の総数 合計男 計男"
    ),
    "female": (
        "女性 female woman 女 女性人口 女性数 人口女 女計 女性計 総数女 人口総数女 総数女性 "
        "女の総数 合計女 計女"
    ),
    "people_65": (
        "65歳以上人口 高齢者人口 老年人口 65歳以上人口総数 高齢者数 people_65 "
        "65歳以上高齢者人口 oldPopulation 高齢人口"
    ),
    "people_75": (
        "75歳以上人口 後期高齢者人口 75歳以上人口総数 後期高齢者数 people_75 後期高齢人口"
    ),
    "unknown_age": "年齢不詳 年齢不詳人口 不詳 年齢不明 年齢「不詳」",
    "households": (
        "世帯数 numberOfHouseholds 世帯 世帯総数 総世帯数 一般世帯数 SETAI households 世帯数総数"
    ),
    "hyosyo": "HYOSYO",
    "suppression": "HTKSYORI",
}

PROJECTIONS: Aliases = {
    "code": CODE + " SHICODE",
    "mesh_code": POPULATION["mesh_code"],
    "year": "era 年 西暦 year 年次 推計年 年度 推計年次 対象年",
    "variant": "variant 推計の種類 推計種別 ケース 仮定",
    "people": POPULATION["people"] + " headCount 推計人口 将来推計人口",
    "people_65": POPULATION["people_65"] + " 65歳以上",
    "people_75": POPULATION["people_75"] + " 75歳以上",
}

BOUNDARY: Aliases = {
    "code": CODE,
    "name": "N03_004 市区町村名 市町村名 名称 cityName CITY_NAME name city",
    "district": "N03_003",
}

SHAPES: Aliases = {
    "kind": "kind 種別 種類 区分 分類 道路種別 highway fclass category type 用途 class",
    "name": (
        "名称 name 路線名 道路名 施設名 道路名称 路線名称 name:ja 駅名 N02_005 N02_003 公園名 title"
    ),
}

LANDMARKS: Aliases = {
    **SHAPES,
    **POINT,
    "name": (
        SHAPES["name"] + " 学校名 学校名称 施設名称 名前 バス停名 P29_004 P30_005 P11_001 P04_002 "
        "P13_003 W05_004"
    ),
    "kana": (
        "kana 名称_カナ フリガナ ふりがな カナ よみ よみがな 読み 読み仮名 施設名カナ 名称カナ "
        "nameKana name:ja-Hira name:ja_kana ja_kana"
    ),
}

ROADS: Aliases = {
    **SHAPES,
    "slope": "slope 勾配 縦断勾配 incline slope_pct 平均勾配",
    "elevation_from": "elevation_from 始点標高 標高始点 z_from elev_from 起点標高",
    "elevation_to": "elevation_to 終点標高 標高終点 z_to elev_to",
}

TABLES: dict[str, Aliases] = {
    "boundary": BOUNDARY,
    "towns": TOWNS,
    "areas": AREAS,
    "population": POPULATION,
    "projections": PROJECTIONS,
    "places": PLACES,
    "candidates": CANDIDATES,
    "services": SERVICES,
    "organizations": ORGANIZATIONS,
    "supporters": SUPPORTERS,
    "roads": ROADS,
    "landmarks": LANDMARKS,
}

NAMES: Aliases = {
    "name": (
        r"(?:施設|事業所|団体|会場|場所|公園|サロン|教室|通いの場|拠点|センター|公民館|集会所|"
        r"広場|クラブ)の?(?:名称?|名前)"
    ),
}
PATTERNS: dict[str, Aliases] = {"places": NAMES, "candidates": NAMES}
"""Where no alias fits: a pattern for the whole folded header."""
