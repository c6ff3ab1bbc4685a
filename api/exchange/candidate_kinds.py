"""Kinds of candidates (候補地の種類), from what a list says and from names."""

from pandas import Series

from api.exchange.cells import plain
from api.models.kinds import CANDIDATE_KINDS

WORDS: tuple[tuple[str, str], ...] = (
    ("school", r"学校|小中|幼稚園|保育|廃校|校舎"),
    ("care_site", r"小規模多機能|看護小規模|介護|デイ|特養|老人ホーム|グループホーム|福祉施設"),
    ("temple", r"寺$|寺院|神社|教会|八幡宮|天満宮"),
    ("shop", r"店|商店|スーパー|コンビニ|薬局|銀行|空き?店舗"),
    ("house", r"空き?家|古民家|民家"),
    ("hall", r"公民館|集会所|自治会館|町内会館|コミュニティ"),
    ("public", r"公共|市役所|支所|出張所|役場|センター|会館|図書館|体育館|庁舎"),
)
"""The first that fits counts."""


def candidate_kinds(said: Series, names: Series) -> Series:
    """A code of `CANDIDATE_KINDS` for every row: its own word's, else its name's, else other."""
    codes = {code: code for code in CANDIDATE_KINDS} | {
        label: code for code, label in CANDIDATE_KINDS.items()
    }
    words = plain(said)
    found = words.map(codes).astype(object)
    for texts in (words, plain(names)):
        for code, pattern in WORDS:
            fits = texts.str.contains(pattern, regex=True).fillna(False).astype(bool)
            found = found.mask(found.isna() & fits, code)
    return found.fillna("other")
