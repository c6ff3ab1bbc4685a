"""Kinds of candidates (候補地の種類), from what a list says and from names."""

import re

from pandas import Series

from api.exchange.cells import each_distinct, plain
from api.models.kinds import CANDIDATE_KINDS

# In the order they are tried: 介護 before センター, 小学校 before 出張所.
WORDS: dict[str, str] = {
    "school": "学校|小中|幼稚園|保育|廃校|校舎|分校",
    "care_site": (
        "小規模多機能|看護小規模|介護|デイ|特養|老人ホーム|グループホーム|福祉施設|ケア|多機能"
    ),
    "temple": "寺$|寺院|神社|教会|八幡宮|天満宮",
    "shop": "店|商業|スーパー|コンビニ|薬局|銀行|郵便局",
    "house": "空き?家|古民家|民家",
    "hall": "公民館|集会所|集会場|自治会館|町内会館|コミュニティ",
    "public": "公共|市役所|支所|出張所|役場|センター|会館|図書館|体育館|庁舎|庁$",
}
PATTERNS = {kind: re.compile(words) for kind, words in WORDS.items()}
EXACT = {
    **{kind: kind for kind in CANDIDATE_KINDS},
    **{part: kind for kind, label in CANDIDATE_KINDS.items() for part in label.split("・")},
    **{label: kind for kind, label in CANDIDATE_KINDS.items()},
}


def _from_words(text: str) -> str | None:
    return next((kind for kind, words in PATTERNS.items() if words.search(text)), None)


def _candidate_kind(text: str) -> str | None:
    return EXACT.get(text.strip().lower()) or _from_words(text)


def candidate_kind_from_text(texts: Series) -> Series:
    """Codes of `CANDIDATE_KINDS` from what a column or --set says; NA if unknown."""
    return Series(each_distinct(plain(texts), _candidate_kind), dtype="str")


def candidate_kind_from_name(names: Series) -> Series:
    """Codes of `CANDIDATE_KINDS` from names of buildings; NA if it does not show."""
    return Series(each_distinct(plain(names), _from_words), dtype="str")
