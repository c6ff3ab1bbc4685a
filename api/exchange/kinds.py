"""Kinds of places (通いの場の種類) from a word in a file or in a place's name."""

import re

from pandas import Series

from api.exchange.cells import each_distinct, plain
from api.models.kinds import PLACE_KIND_LABELS, PlaceKind

# In the order they are tried: the more telling word first.
WORDS: dict[PlaceKind, str] = {
    PlaceKind.REST_HOUSE: "いこいの家|憩いの家|憩の家|老人憩|いこいの広場|老人いこい",
    PlaceKind.CAFE: "カフェ|喫茶|cafe|café",
    PlaceKind.CONSULTATION: "相談|地域包括支援センター|包括|在宅介護支援センター",
    PlaceKind.MEAL: "会食|食堂|昼食会|食事会|ランチ|配食",
    PlaceKind.EXERCISE: (
        "体操|運動|ヨガ|太極拳|ウォーキング|筋トレ|トレーニング|健康教室|フィットネス|"
        "介護予防教室|健康ステーション"
    ),
    PlaceKind.SALON: "サロン|お茶|茶の間|茶話|つどい|集いの場|居場所|たまり場|井戸端|ふれあいの家",
    PlaceKind.WELFARE_CENTER: "福祉センター|福祉会館|保健福祉|健康福祉|老人福祉センター",
    PlaceKind.CARE_SITE: (
        "介護|デイサービス|デイケア|特別養護|養護老人|老人ホーム|グループホーム|ケアサポート|ケアハウス|ケアホーム|"
        "小規模多機能|多機能ホーム|有料老人|訪問|通所|老健|ショートステイ"
    ),
    PlaceKind.COMMUNITY_CENTER: (
        "コミュニティ|交流センター|市民センター|地区センター|ふれあいセンター|地域センター|交流館"
    ),
    PlaceKind.HALL: "公民館|集会所|集会場|集会室|自治会館|町内会館|会館|区民館|公会堂",
    PlaceKind.HOBBY: (
        "趣味|囲碁|将棋|カラオケ|手芸|書道|園芸|麻雀|俳句|短歌|絵手紙|合唱|コーラス|"
        "ゲートボール|グラウンドゴルフ"
    ),
    PlaceKind.OTHER: "その他",
}
PATTERNS = {kind: re.compile(words) for kind, words in WORDS.items()}


def _exact() -> dict[str, PlaceKind]:
    known = {kind.value: kind for kind in PlaceKind}
    for kind, label in PLACE_KIND_LABELS.items():
        known[label] = kind
        known.update(dict.fromkeys(label.split("・"), kind))
    return known


EXACT = _exact()


def _from_words(text: str) -> PlaceKind | None:
    folded = text.lower()
    return next((kind for kind, words in PATTERNS.items() if words.search(folded)), None)


def place_kind(text: str) -> PlaceKind | None:
    """The kind one NFKC text stands for: code, label or a word in it; None if none."""
    return EXACT.get(text.strip().lower()) or _from_words(text)


def kind_from_text(texts: Series) -> Series:
    """Codes of kinds from what a column or --set says (code, label, or a word); NA if unknown."""
    return Series(each_distinct(plain(texts), place_kind), dtype="str")


def kind_from_name(names: Series) -> Series:
    """Codes of kinds from names of places (コミュニティセンター …); NA if it does not show."""
    return Series(each_distinct(plain(names), _from_words), dtype="str")
