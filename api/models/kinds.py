"""Kinds of gathering places (通いの場の種類): the fixed table of codes and labels."""

from enum import StrEnum


class PlaceKind(StrEnum):
    """What sort of place it is (通いの場・拠点の種類)."""

    COMMUNITY_CENTER = "community_center"
    HALL = "hall"
    REST_HOUSE = "rest_house"
    WELFARE_CENTER = "welfare_center"
    EXERCISE = "exercise"
    SALON = "salon"
    CAFE = "cafe"
    HOBBY = "hobby"
    MEAL = "meal"
    CONSULTATION = "consultation"
    CARE_SITE = "care_site"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The word shown on screens and sheets."""
        return PLACE_KIND_LABELS[self]


PLACE_KIND_LABELS: dict[PlaceKind, str] = {
    PlaceKind.COMMUNITY_CENTER: "コミュニティセンター",
    PlaceKind.HALL: "公民館・集会所",
    PlaceKind.REST_HOUSE: "いこいの家",
    PlaceKind.WELFARE_CENTER: "福祉センター",
    PlaceKind.EXERCISE: "体操",
    PlaceKind.SALON: "サロン・お茶",
    PlaceKind.CAFE: "カフェ・認知症カフェ",
    PlaceKind.HOBBY: "趣味",
    PlaceKind.MEAL: "会食・食堂",
    PlaceKind.CONSULTATION: "相談窓口",
    PlaceKind.CARE_SITE: "介護事業所",
    PlaceKind.OTHER: "その他",
}


class ServiceKind(StrEnum):
    """Types of services in the 総合事業 and beside it (生活支援サービスの種類).

    The types follow 介護予防・日常生活支援総合事業のガイドライン (厚生労働省老健局, 老発0605第5号).
    """

    HOME_FORMER = "home_former"
    HOME_A = "home_a"
    HOME_B = "home_b"
    HOME_C = "home_c"
    HOME_D = "home_d"
    DAY_FORMER = "day_former"
    DAY_A = "day_a"
    DAY_B = "day_b"
    DAY_C = "day_c"
    PREVENTION = "prevention"
    MEALS = "meals"
    WATCHING = "watching"
    RIDES = "rides"
    SHOPPING = "shopping"
    GARBAGE = "garbage"
    HOUSEWORK = "housework"
    TALKING = "talking"
    ESCORT = "escort"
    OTHER_HELP = "other_help"
    MULTIFUNCTION = "multifunction"
    TOWN_ADVICE = "town_advice"
    SUPPORT_CENTER = "support_center"

    @property
    def label(self) -> str:
        """The word shown on screens and sheets."""
        return SERVICE_KIND_LABELS[self]

    @property
    def group(self) -> str:
        """The heading it stands under."""
        return next(name for name, kinds in SERVICE_GROUPS.items() if self in kinds)


SERVICE_KIND_LABELS: dict[ServiceKind, str] = {
    ServiceKind.HOME_FORMER: "訪問介護（従前相当）",
    ServiceKind.HOME_A: "訪問型サービスA",
    ServiceKind.HOME_B: "訪問型サービスB",
    ServiceKind.HOME_C: "訪問型サービスC",
    ServiceKind.HOME_D: "訪問型サービスD（移動支援）",
    ServiceKind.DAY_FORMER: "通所介護（従前相当）",
    ServiceKind.DAY_A: "通所型サービスA",
    ServiceKind.DAY_B: "通所型サービスB",
    ServiceKind.DAY_C: "通所型サービスC",
    ServiceKind.PREVENTION: "一般介護予防",
    ServiceKind.MEALS: "配食",
    ServiceKind.WATCHING: "見守り",
    ServiceKind.RIDES: "移動・送迎",
    ServiceKind.SHOPPING: "買い物",
    ServiceKind.GARBAGE: "ごみ出し",
    ServiceKind.HOUSEWORK: "家事",
    ServiceKind.TALKING: "話し相手",
    ServiceKind.ESCORT: "外出付き添い",
    ServiceKind.OTHER_HELP: "その他の生活支援",
    ServiceKind.MULTIFUNCTION: "小規模多機能",
    ServiceKind.TOWN_ADVICE: "まちかど介護相談所",
    ServiceKind.SUPPORT_CENTER: "地域包括支援センター",
}
SERVICE_GROUPS: dict[str, tuple[ServiceKind, ...]] = {
    "訪問型": tuple(kind for kind in ServiceKind if kind.startswith("home_")),
    "通所型": tuple(kind for kind in ServiceKind if kind.startswith("day_")),
    "一般介護予防": (ServiceKind.PREVENTION,),
    "その他の生活支援": tuple(ServiceKind)[10:19],
    "小規模多機能": (ServiceKind.MULTIFUNCTION,),
    "相談窓口": (ServiceKind.TOWN_ADVICE, ServiceKind.SUPPORT_CENTER),
}

PLACE_FUNCTIONS: dict[str, str] = {
    "hangout": "たまり場",
    "advice": "相談",
    "drop_in": "立ち寄り所",
    "children_110": "子供110番",
    "care_110": "介護110番",
    "active": "担い手の活躍の場",
    "cafe": "カフェ",
    "exercise": "体操・運動",
    "meal": "食事",
    "shop": "買い物",
}
"""What a place is to people (機能); one place may have several."""
AUDIENCES: dict[str, str] = {"all_ages": "多世代", "older": "高齢の方", "care": "要介護の方"}
"""Whom a place is for (対象)."""
LOCATION_KINDS: dict[str, str] = {
    "point": "地図に位置を出す",
    "area": "圏域だけを出す（位置と住所は出さない）",
    "contact": "連絡先だけを出す（位置も住所も出さない）",
}
"""What the public learns of where it is (位置の公開)."""
ORGANIZATION_KINDS: dict[str, str] = {
    "council": "社会福祉協議会",
    "neighbourhood": "自治会・町内会",
    "npo": "NPO・ボランティア団体",
    "welfare_commissioners": "民生委員・児童委員協議会",
    "seniors_club": "老人クラブ",
    "care_provider": "介護事業所",
    "medical": "医療機関・薬局",
    "company": "企業・商店",
    "public": "行政・公共施設",
    "other": "その他",
}
SUPPORTER_SKILLS: dict[str, str] = {
    "talking": "話し相手",
    "watching": "見守り",
    "shopping": "買い物",
    "housework": "家事",
    "garbage": "ごみ出し",
    "garden": "草取り・庭の手入れ",
    "driving": "運転・送迎",
    "escort": "外出付き添い",
    "cooking": "料理・配食",
    "exercise": "体操の指導",
    "hobby": "趣味・特技を教える",
    "repair": "ちょっとした修理",
    "phone": "スマホ・パソコン",
    "running": "会の運営・世話役",
}
"""What a supporter can do (できること)."""
SUPPORTER_STATUSES: dict[str, str] = {
    "active": "活動中",
    "registered": "登録のみ（待機中）",
    "resting": "休止中",
    "to_call": "折り返し連絡する",
    "left": "辞めた",
}
SHEETS: dict[str, tuple[str, frozenset[str]]] = {
    "map": ("地図", frozenset({"place"})),
    "list": ("一覧（ささえあいリスト）", frozenset({"place", "service"})),
    "calendar": ("週の予定表", frozenset({"place"})),
    "leaflet": ("サービスのちらし", frozenset({"service"})),
    "kit": ("話し合いの道具一式", frozenset({"place"})),
}
"""What is given out on paper (配る紙): its word, and which tables' records stand on it."""
PAPERS = ("A4", "A3", "A1")
STATES: dict[str, str] = {
    "draft": "下書き",
    "submitted": "提出済み",
    "published": "公開",
    "withdrawn": "取り消し",
}
STAGES: dict[str, str] = {
    "known": "知られる",
    "understood": "わかってもらう",
    "heard": "声が届く",
}
"""How far a place and its area have come with each other."""
SERVICE_NEEDS: dict[ServiceKind, str] = {
    ServiceKind.SUPPORT_CENTER: "どこに相談したらよいか迷ったら",
    ServiceKind.TOWN_ADVICE: "近くで気軽に相談したい",
    ServiceKind.MEALS: "食事を届けてほしい",
    ServiceKind.SHOPPING: "買い物を手伝ってほしい",
    ServiceKind.RIDES: "車で送り迎えしてほしい",
    ServiceKind.GARBAGE: "ごみ出しを手伝ってほしい",
    ServiceKind.HOUSEWORK: "そうじ・洗たくを手伝ってほしい",
    ServiceKind.WATCHING: "見守ってほしい",
    ServiceKind.TALKING: "話し相手がほしい",
    ServiceKind.ESCORT: "出かけるとき付き添ってほしい",
    ServiceKind.OTHER_HELP: "そのほかの困りごと",
    ServiceKind.PREVENTION: "元気なうちから体を動かしたい",
    ServiceKind.HOME_B: "住民の助け合いで家に来てほしい",
    ServiceKind.HOME_A: "ヘルパーに家事を頼みたい",
    ServiceKind.HOME_FORMER: "ヘルパーに介護を頼みたい",
    ServiceKind.HOME_C: "短い期間、家で体の動かし方を習いたい",
    ServiceKind.HOME_D: "通いの場や病院への送り迎えがほしい",
    ServiceKind.DAY_B: "住民の集まりに通いたい",
    ServiceKind.DAY_A: "気軽なデイサービスに通いたい",
    ServiceKind.DAY_FORMER: "デイサービスに通いたい",
    ServiceKind.DAY_C: "短い期間、通って体をきたえたい",
    ServiceKind.MULTIFUNCTION: "通い・泊まり・訪問をまとめて頼みたい",
}
"""What people would say they need (どんなときに): the headings of the leaflet, in its order."""
SUGGESTION_KINDS: dict[str, str] = {
    "missing": "この場所が、地図にのっていない",
    "wrong": "のっていることが、まちがっている",
    "closed": "もう、やっていない",
    "wish": "こんな場所や助けが、ほしい",
    "offer": "わたしも、手伝えます",
}
"""What residents are asked (住民の声): the same words on the phone and on the paper slip."""
SUGGESTION_QUESTIONS: dict[str, str] = {
    "kind": "どんなことですか",
    "place_name": "場所や会の名前",
    "words": "くわしく教えてください",
    "town": "どのあたりですか（町の名前）",
    "name": "お名前（書かなくてもかまいません）",
    "phone": "電話番号（書かなくてもかまいません）",
}
"""The other questions, likewise."""
SUGGESTION_CHANNELS: dict[str, str] = {"web": "スマートフォン・パソコン", "slip": "紙の用紙"}
SUGGESTION_STATUSES: dict[str, str] = {
    "received": "受け取りました",
    "looking": "確認中",
    "mended": "地図になおしました",
    "noted": "地域の声として書きとめました",
    "calling": "手伝いの申し出として受け取りました",
    "merged": "ほかの声とあわせました",
    "declined": "見送りました",
    "erased": "求めにより消しました",
}
"""How far a suggestion is, in the words its sender reads."""
NEED_KINDS: dict[str, str] = {
    "place": "行く場所・集まる場所",
    "ride": "移動・送迎",
    "shopping": "買い物",
    "housework": "家事・ごみ出し",
    "meal": "食事",
    "talking": "話し相手・見守り",
    "garden": "草取り・家の手入れ",
    "other": "そのほか",
}
NEED_STATUSES: dict[str, str] = {"open": "これから", "met": "つながった"}
CANDIDATE_KINDS: dict[str, str] = {
    "public": "公共施設",
    "school": "学校・廃校",
    "care_site": "小規模多機能・介護事業所",
    "hall": "公民館・集会所",
    "temple": "寺・神社",
    "shop": "店・空き店舗",
    "house": "空き家・個人の家",
    "other": "その他",
}
"""What sort of building a candidate (候補地) is."""
FOUNDING_STAGES: dict[str, str] = {
    "seed": "種",
    "preparing": "準備",
    "starting": "立上げ",
    "running": "自走",
}
"""How far a place on its way is, in order."""
