"""Services, organizations and supporters: who comes to people's homes, and who stands behind it.

Nobody and nothing here exists. Two areas have no meals brought (配食), some services are full, and
of some nobody has asked whether they have room.
"""

from datetime import date, timedelta

import numpy as np

from sample_city.gazetteer import AREAS, Town, towns
from sample_city.terrain import CITY, CODE, PREFECTURE, generator

Row = dict[str, object]

# name, kana, kind, areas (digits; 0: the whole city), who, whom for, fee, days, seats, users, room
_SERVICES = """
しおみ訪問介護ステーション|シオミホウモンカイゴステーション|訪問介護（従前相当）|123|社会福祉法人汐見会|要支援1・2、事業対象者|1割負担 月約1,200円から|毎日 8:00〜18:00|60|52|
ケアみなと|ケアミナト|訪問介護（従前相当）|2|合同会社みなと介護|要支援1・2、事業対象者|1割負担 月約1,200円から|月〜土曜 8:30〜17:30|25|25|
緑が丘ヘルパーステーション|ミドリガオカヘルパーステーション|訪問介護（従前相当）|45|社会福祉法人緑会|要支援1・2、事業対象者|1割負担 月約1,200円から|毎日 8:00〜19:00|40|31|
くらしサポート訪問A|クラシサポートホウモンエー|訪問型サービスA|1345|汐見野市シルバー人材センター|要支援1・2、事業対象者|1回200円（45分）|月〜金曜 9:00〜16:00|48|48|
おたがいさま訪問隊|オタガイサマホウモンタイ|訪問型サービスB|4|桜台おたがいさまの会|65歳以上の方|30分200円|月〜金曜 9:00〜12:00|20|14|
川東ささえ隊|カワヒガシササエタイ|訪問型サービスB|3|川東地区まちづくり協議会|65歳以上の方|30分100円|火・金曜 9:00〜12:00|15|15|
元気アップ訪問（3か月）|ゲンキアップホウモン|訪問型サービスC|0|汐見野市 高齢者支援課|事業対象者（短期集中）|無料|月〜金曜|12|7|
港まごころ送迎|ミナトマゴコロソウゲイ|訪問型サービスD（移動支援）|2|NPO法人港まごころ|通院や買い物の足がない方|1回300円|月・水・金曜|||
デイサービス松風|デイサービスマツカゼ|通所介護（従前相当）|12|社会福祉法人汐見会|要支援1・2、事業対象者|1割負担 月約1,700円から（昼食別）|月〜土曜 9:30〜16:30|30|30|
デイサービスこもれび|デイサービスコモレビ|通所介護（従前相当）|5|社会福祉法人緑会|要支援1・2、事業対象者|1割負担 月約1,700円から（昼食別）|月〜土曜 9:30〜16:30|25|22|
デイサービス川の音|デイサービスカワノオト|通所介護（従前相当）|34|株式会社川の音|要支援1・2、事業対象者|1割負担 月約1,700円から（昼食別）|月〜金曜 9:30〜15:30|20|16|
半日デイ いきいき|ハンニチデイ イキイキ|通所型サービスA|45|株式会社川の音|要支援1・2、事業対象者|1回300円|火・木曜 9:30〜12:00|18|11|
汐見の集いB|シオミノツドイビー|通所型サービスB|12|NPO法人しおみ野のわ|65歳以上の方|1回100円|水曜 10:00〜14:00|20|12|
足腰しっかり教室（3か月）|アシコシシッカリキョウシツ|通所型サービスC|0|汐見野市 高齢者支援課|事業対象者（短期集中）|無料|木曜 13:30〜15:00|24|24|
介護予防教室 はつらつ|カイゴヨボウキョウシツ ハツラツ|一般介護予防|0|汐見野市 高齢者支援課|65歳以上の方|無料|月1回（広報でお知らせ）|80|46|
お口の健康教室|オクチノケンコウキョウシツ|一般介護予防|1245|汐見野市歯科医師会|65歳以上の方|無料|年6回|||
ふれあい配食 なぎさ|フレアイハイショク ナギサ|配食|12|NPO法人港まごころ|75歳以上のひとり暮らしの方|1食500円|火・木・土曜の夕食|60|60|
配食 ひまわり弁当|ハイショク ヒマワリベントウ|配食|1|有限会社ひまわり|65歳以上の方|1食600円|月〜土曜の昼食・夕食|120|88|
緑が丘おかず便|ミドリガオカオカズビン|配食|5|緑が丘おかず便の会|75歳以上の方|1食400円|水曜の夕食|25|25|
さくら台配食の会|サクラダイハイショクノカイ|配食|4|桜台おたがいさまの会|75歳以上の方|1食450円|月・水・金曜の昼食|40||
見守り新聞|ミマモリシンブン|見守り|0|汐見野新聞販売店会|ひとり暮らしの方|無料（新聞の購読者）|毎日|||あり
あんしん電話|アンシンデンワ|見守り|0|汐見野市社会福祉協議会|70歳以上のひとり暮らしの方|無料|月曜と木曜の午前|100|73|
浜の見守り隊|ハマノミマモリタイ|見守り|2|港地区自治会連合会|港圏域にお住まいの方|無料|毎日 夕方|||
山の手おでかけ便|ヤマノテオデカケビン|移動・送迎|6|NPO法人山の手ぐらし|車に乗らない方|1回300円|火・金曜（予約制）|30|30|
のりあい さくら号|ノリアイ サクラゴウ|移動・送迎|45|汐見野市社会福祉協議会|65歳以上の方|1回200円|月〜金曜 9:00〜15:00|||要相談
移動スーパー うみかぜ|イドウスーパー ウミカゼ|買い物|26|汐見野生活協同組合|どなたでも|無料（品物代だけ）|火・金曜（停まる所は問い合わせ）|||あり
お買い物つきそい|オカイモノツキソイ|買い物|13|汐見野市シルバー人材センター|65歳以上の方|1時間800円|月〜金曜|30|18|
朝のごみ出し隊|アサノゴミダシタイ|ごみ出し|145|中学生と自治会の会|ごみ出しがむずかしい方|1回50円|収集日の朝|40|40|
島のごみ出しおたすけ|シマノゴミダシオタスケ|ごみ出し|6|沖ノ島自治会|島にお住まいの方|無料|収集日の朝|||あり
くらしのお手伝い|クラシノオテツダイ|家事|0|汐見野市シルバー人材センター|65歳以上の方|1時間900円|月〜土曜|90|61|
聞き上手の会|キキジョウズノカイ|話し相手|1345|傾聴ボランティア聞き上手の会|お話をしたい方|無料|平日の午後（1時間）|20|20|
通院つきそいの輪|ツウインツキソイノワ|外出付き添い|12|NPO法人しおみ野のわ|65歳以上の方|1回500円と交通費|月〜金曜|16|9|
電球ひとつから隊|デンキュウヒトツカラタイ|その他の生活支援|34|川東地区まちづくり協議会|65歳以上の方|1回100円と材料代|土曜の午前|||要相談
小規模多機能 潮の家|ショウキボタキノウ シオノイエ|小規模多機能|2|社会福祉法人汐見会|要支援・要介護の方|介護保険の負担割合による|毎日（泊まりあり）|29|29|
小規模多機能 緑の縁側|ショウキボタキノウ ミドリノエンガワ|小規模多機能|45|社会福祉法人緑会|要支援・要介護の方|介護保険の負担割合による|毎日（泊まりあり）|25|21|
まちかど介護相談所 寺町薬局|マチカドカイゴソウダンショ テラマチヤッキョク|まちかど介護相談所|1|寺町薬局|どなたでも|無料|月〜土曜 9:00〜18:00|||あり
まちかど介護相談所 港の喫茶|マチカドカイゴソウダンショ ミナトノキッサ|まちかど介護相談所|2|喫茶みなと|どなたでも|無料|火〜日曜 8:00〜16:00|||あり
地域包括支援センター 中央・港|チイキホウカツシエンセンター チュウオウ・ミナト|地域包括支援センター|12|汐見野市社会福祉協議会|高齢の方とご家族|無料|月〜金曜 8:30〜17:15|||あり
地域包括支援センター 川東・川西|チイキホウカツシエンセンター カワヒガシ・カワニシ|地域包括支援センター|34|社会福祉法人汐見会|高齢の方とご家族|無料|月〜金曜 8:30〜17:15|||あり
地域包括支援センター 緑が丘・山の手|チイキホウカツシエンセンター ミドリガオカ・ヤマノテ|地域包括支援センター|56|社会福祉法人緑会|高齢の方とご家族|無料|月〜金曜 8:30〜17:15|||あり
"""  # noqa: E501

# name, kana, kind, areas, what they do
_ORGANIZATIONS = """
汐見野市社会福祉協議会|シオミノシシャカイフクシキョウギカイ|社会福祉協議会|0|見守り、貸し出し、ボランティアの相談
社会福祉法人汐見会|シャカイフクシホウジンシオミカイ|介護事業所|123|訪問介護、デイサービス、地域包括支援センター
社会福祉法人緑会|シャカイフクシホウジンミドリカイ|介護事業所|456|訪問介護、デイサービス、地域包括支援センター
株式会社川の音|カブシキガイシャカワノオト|介護事業所|34|デイサービス、半日デイ
NPO法人しおみ野のわ|エヌピーオーホウジンシオミノノワ|NPO・ボランティア団体|12|認知症カフェ、通院のつきそい
NPO法人港まごころ|エヌピーオーホウジンミナトマゴコロ|NPO・ボランティア団体|2|配食、送迎
NPO法人山の手ぐらし|エヌピーオーホウジンヤマノテグラシ|NPO・ボランティア団体|6|おでかけ便、空き家の手入れ
傾聴ボランティア聞き上手の会|ケイチョウボランティアキキジョウズノカイ|NPO・ボランティア団体|1345|お話の相手
桜台おたがいさまの会|サクラダイオタガイサマノカイ|NPO・ボランティア団体|4|ちょっとした家の手伝い、配食
緑が丘おかず便の会|ミドリガオカオカズビンノカイ|NPO・ボランティア団体|5|手作りのおかずを届ける
川東地区まちづくり協議会|カワヒガシチクマチヅクリキョウギカイ|自治会・町内会|3|ささえ隊、電球の交換
港地区自治会連合会|ミナトチクジチカイレンゴウカイ|自治会・町内会|2|夕方の見守り
汐見野市老人クラブ連合会|シオミノシロウジンクラブレンゴウカイ|老人クラブ|0|いこいの家の運営、友愛訪問
汐見野市民生委員・児童委員協議会|シオミノシミンセイイインジドウイインキョウギカイ|民生委員・児童委員協議会|0|相談と見守り
汐見野市シルバー人材センター|シオミノシシルバージンザイセンター|その他|0|家事、買い物のつきそい
汐見野生活協同組合|シオミノセイカツキョウドウクミアイ|企業・商店|0|移動スーパー
"""

_FAMILY = """
汐谷 シオタニ,波岡 ナミオカ,磯沢 イソザワ,浜路 ハマジ,帆足田 ホアシダ,灯野 トモシノ,
渚田 ナギサダ,島守 シマモリ,貝塚野 カイヅカノ,松浪 マツナミ,川音 カワネ,舟越 フナゴエ,
沖宮 オキミヤ,港谷 ミナトダニ,砂川原 スナガワラ
"""
_GIVEN = """
和枝 カズエ,義男 ヨシオ,澄江 スミエ,正治 マサハル,千代子 チヨコ,勝 マサル,文子 フミコ,
清 キヨシ,節子 セツコ,昭一 ショウイチ
"""
_SKILLS = [
    "話し相手", "見守り", "買い物", "家事", "ごみ出し", "草取り・庭の手入れ", "運転・送迎",
    "外出付き添い", "料理・配食", "体操の指導", "ちょっとした修理", "スマホ・パソコン",
    "会の運営・世話役",
]  # fmt: skip
_TRAININGS = ["生活支援サポーター養成講座", "認知症サポーター養成講座", "傾聴ボランティア講座", ""]
PEOPLE = 30


def services() -> list[Row]:
    """Return the rows of services.csv."""
    rng = generator("services")
    return [
        _service(number, line.split("|"), rng)
        for number, line in enumerate(_SERVICES.strip().splitlines(), start=1)
    ]


def _service(number: int, cells: list[str], rng: np.random.Generator) -> Row:
    name, kana, kind, areas, who, whom, fee, when, seats, users, room = cells
    return {
        "全国地方公共団体コード": CODE, "ID": f"S{number:03d}", "サービス名": name,
        "名称_カナ": kana, "種類": kind, "提供圏域": _areas(areas), "団体名": who,
        "対象": whom, "費用": fee, "利用日時": when,
        "受入可能人数": seats, "月間利用者数": users, "空き": room,
        "所在地_連結表記": _office(areas, rng), "電話番号": _phone(rng), "最終確認日": _asked(rng),
    }  # fmt: skip


def organizations() -> list[Row]:
    """Return the rows of organizations.csv."""
    rng = generator("organizations")
    rows: list[Row] = []
    for number, line in enumerate(_ORGANIZATIONS.strip().splitlines(), start=1):
        name, kana, kind, areas, what = line.split("|")
        rows.append({
            "全国地方公共団体コード": CODE, "ID": f"D{number:03d}", "団体名": name,
            "名称_カナ": kana, "種類": kind, "活動圏域": _areas(areas), "住所": _office(areas, rng),
            "電話番号": _phone(rng), "活動内容": what, "最終確認日": _asked(rng),
        })  # fmt: skip
    return rows


def supporters() -> list[Row]:
    """Return the rows of supporters.csv: invented people, by town and without a house."""
    rng = generator("supporters")
    homes: list[Town] = [towns()[i] for i in rng.choice(len(towns()), PEOPLE, replace=False)]
    return [_person(number, home, rng) for number, home in enumerate(homes, start=1)]


def _person(number: int, home: Town, rng: np.random.Generator) -> Row:
    # 15 family and 10 given names: in these steps no pair comes up twice before the thirtieth.
    families, givens = (_pairs(names) for names in (_FAMILY, _GIVEN))
    family, given = families[number * 4 % len(families)], givens[number * 7 % len(givens)]
    can = sorted(rng.choice(len(_SKILLS), int(rng.integers(1, 4)), replace=False))
    days = "".join(d for d in "月火水木金土日" if rng.random() < 0.35) or "水"
    joined = date(2019, 4, 1) + timedelta(days=int(rng.integers(0, 2500)))
    training = str(rng.choice(_TRAININGS))
    since = f"{joined + timedelta(days=30)} {training}" if training else ""
    return {
        "全国地方公共団体コード": CODE, "登録番号": f"V{number:03d}",
        "氏名": f"{family[0]} {given[0]}", "フリガナ": f"{family[1]} {given[1]}",
        "住んでいる町": home.name, "電話番号": _phone(rng),
        "できること": "、".join(_SKILLS[i] for i in can), "できる曜日": days,
        "できる時間": str(rng.choice(["午前", "午後", "いつでも", "夕方"])),
        "手伝える圏域": AREAS[home.area] if rng.random() < 0.7 else "",
        "受けた研修": since,
        "状態": str(rng.choice(["活動中", "活動中", "活動中", "登録のみ", "休止中"])),
        "登録日": joined.isoformat(), "最終確認日": _asked(rng),
    }  # fmt: skip


def _pairs(names: str) -> list[list[str]]:
    """Names with their kana."""
    return [name.split() for name in names.strip().split(",")]


def _areas(digits: str) -> str:
    if digits == "0":
        return "全域"
    return "、".join(AREAS[f"{CODE}-{digit}"] for digit in digits)


def _office(digits: str, rng: np.random.Generator) -> str:
    """An address in the first of its areas, or in the old centre."""
    area = f"{CODE}-{'1' if digits == '0' else digits[0]}"
    mine = [town for town in towns() if town.area == area]
    town = mine[int(rng.integers(len(mine)))]
    return f"{PREFECTURE}{CITY}{town.name}{rng.integers(1, 29)}-{rng.integers(1, 24)}"


def _phone(rng: np.random.Generator) -> str:
    # No exchange in Japan begins with 0, so nobody is rung by mistake.
    return f"0999-00-{rng.integers(1000, 9999)}"


def _asked(rng: np.random.Generator) -> str:
    if rng.random() < 0.06:
        return ""
    days = int(rng.integers(1, 120) if rng.random() < 0.8 else rng.integers(120, 560))
    return (date(2026, 9, 30) - timedelta(days=days)).isoformat()
