"""What people call the columns of the registers: services, organizations, supporters.

Lists of care providers (介護サービス事業所一覧, old and current generation) are services; the
others are lists that coordinators keep in Excel.
"""

from api.exchange.shared_aliases import ADDRESS, CODE, POINT, Aliases

AREAS_SERVED = (
    "提供圏域 提供している圏域 対象圏域 担当圏域 日常生活圏域 圏域 圏域名 圏域コード 提供地域 "
    "提供エリア 対象地域 サービス提供地域 通常の事業の実施地域 活動圏域 活動地域 活動エリア エリア "
    "areas area"
)
PHONE = (
    "電話番号 telephoneNumber 電話 TEL tel 連絡先 連絡先電話番号 連絡先電話 問い合わせ先電話番号 "
    "phone telephone 携帯電話 携帯"
)
NOTE = "備考 note メモ 特記事項 説明 摘要 remarks description"
URL = "URL referenceObject ホームページ ホームページアドレス HP website リンク"
CONFIRMED = "最終確認日 確認日 更新日 最終更新日 confirmed_on データ更新日 更新年月日"

SERVICES: Aliases = {
    "code": CODE,
    "external_id": "ID サービスID 識別子 identifier",
    "office_number": "事業所番号 介護保険事業所番号 指定事業所番号 officeNumber",
    "name": (
        "名称 介護サービス事業所名称 name サービス名 サービス名称 事業所名 事業所名称 事業所の名称 "
        "事業名 事業名称 名前 施設名 施設名称 活動名"
    ),
    "kana": (
        "名称_カナ 介護サービス事業所名称_カナ フリガナ ふりがな カナ よみ よみがな 読み 読み仮名 "
        "事業所名カナ サービス名_カナ kana nameKana"
    ),
    "kind": (
        "実施サービス サービス種類 サービスの種類 サービス種別 サービス区分 種類 種別 類型 kind "
        "service サービス内容 区分 分類 category type 内容"
    ),
    "areas": AREAS_SERVED,
    "organization": (
        "法人の名称 法人名 法人名称 提供団体 提供している団体 団体名 運営団体 運営主体 実施主体 "
        "事業者名 運営法人 設置者 organization operator"
    ),
    "target": "対象 対象者 利用対象者 使える人 利用できる人 参加条件 target",
    "fee": "費用 料金 料金(基本) 利用料 利用料金 自己負担 自己負担額 fee price",
    "capacity_people": (
        "定員 受入可能人数 受け入れ可能人数 受入人数 利用定員 定員数 1か月に受けられる人数 "
        "capacity capacity_people"
    ),
    "monthly_users_people": (
        "月間利用者数 利用者数 1か月の利用者数 月利用者数 利用人数 利用実人数 実利用者数 登録者数 "
        "monthly_users_people"
    ),
    "has_room": (
        "空き 空き状況 空きの有無 空き情報 受入状況 受け入れ状況 受入可否 受け入れ可否 "
        "新規受入 新規受け入れ 新規受付 has_room"
    ),
    "transport": "送迎 送迎の有無 送迎有無 送迎_有無 transport",
    "weekdays": "利用可能曜日 availableDate 曜日 実施曜日 営業日 営業曜日 提供曜日 weekdays",
    "opens_at": "開始時間 startTime 開始時刻 利用可能開始時間",
    "closes_at": "終了時間 endTime 終了時刻 利用可能終了時間",
    "schedule_note": (
        "利用可能日時特記事項 利用可能曜日特記事項 availableDateNote 利用日時 日時 利用時間 "
        "営業時間 提供日時 使える日時 schedule_note"
    ),
    **ADDRESS,
    **POINT,
    "phone": PHONE,
    "url": URL,
    "note": NOTE,
    "opened_on": "開始日 開設日 事業開始日 指定年月日 開始年月日 opened_on",
    "closed_on": "終了日 廃止日 廃止年月日 終了年月日 closed_on",
    "confirmed_on": CONFIRMED,
}

ORGANIZATIONS: Aliases = {
    "code": CODE,
    "external_id": "ID 団体ID 識別子 identifier",
    "corporate_number": "法人番号 corporateNumber",
    "name": (
        "名称 団体名 団体名称 団体の名称 法人名 法人の名称 組織名 グループ名 会の名前 名前 name"
    ),
    "kana": "名称_カナ フリガナ ふりがな カナ よみ よみがな 読み 読み仮名 団体名_カナ kana",
    "kind": "種類 種別 団体種別 団体の種類 区分 分類 kind category type",
    "areas": AREAS_SERVED,
    **ADDRESS,
    "phone": PHONE,
    "url": URL,
    "note": f"{NOTE} 活動内容 主な活動 内容",
    "confirmed_on": CONFIRMED,
}

SUPPORTERS: Aliases = {
    "code": CODE,
    "external_id": "ID 登録番号 会員番号 ボランティア登録番号 担い手ID identifier",
    "name": "氏名 名前 お名前 担い手氏名 ボランティア氏名 登録者氏名 名称 name",
    "kana": "氏名_カナ フリガナ ふりがな カナ よみ よみがな 読み 名称_カナ 氏名カナ kana",
    "phone": PHONE,
    "email": "メール メールアドレス Eメール E-mail email mail",
    "town": (
        "町名 町 住んでいる町 居住町 居住地 町丁名 町丁目 町字 大字町丁目名 お住まいの町 town "
        "town_name"
    ),
    "address": "住所 現住所 所在地 所在地_連結表記 address",
    "areas": f"手伝える圏域 活動できる圏域 活動希望圏域 活動希望地域 {AREAS_SERVED}",
    "skills": (
        "できること できる活動 活動内容 特技 スキル 希望する活動 活動希望 お手伝いできること "
        "支援内容 skills"
    ),
    "weekdays": "できる曜日 曜日 活動曜日 活動できる曜日 活動可能曜日 weekdays",
    "hours": "できる時間 時間帯 時間 活動できる時間 活動可能時間 活動時間 hours",
    "trainings": "受けた研修 研修 研修受講歴 受講歴 修了研修 受講した研修 trainings",
    "status": "状態 活動状況 状況 登録状況 区分 status",
    "registered_on": "登録日 登録年月日 registered_on",
    "organization": "入っている団体 所属 所属団体 団体名 organization",
    "note": NOTE,
    "confirmed_on": CONFIRMED,
}
