"""Reading organizations (団体): who runs something."""

import re
from collections.abc import Mapping

from pandas import DataFrame, Series

from api.exchange.cells import each_distinct, phones, plain
from api.exchange.places import addresses, dated, external_ids, said, urls
from api.exchange.reading import Desk, Reading
from api.exchange.source import Source
from api.models.kinds import ORGANIZATION_KINDS

COLUMN_NAMES = "code external_id name kana kind kind_said areas address phone url note confirmed_on"
COLUMNS = COLUMN_NAMES.split()
WORDS = {
    "council": "社会福祉協議会|社協",
    "welfare_commissioners": "民生委員|民児協|児童委員",
    "seniors_club": "老人クラブ|シニアクラブ|老人会|長寿会|高齢者クラブ",
    "neighbourhood": "自治会|町内会|町会|区会|自治協|まちづくり協議会|地区社協",
    "medical": "医院|クリニック|病院|薬局|歯科|診療所|医師会|薬剤師会",
    "care_provider": "介護|デイサービス|ケア|特別養護|老人ホーム|訪問看護|居宅|社会福祉法人",
    "public": "市役所|役場|公民館|図書館|消防|警察|学校|地域包括|行政|保健センター",
    "npo": "npo|特定非営利|ボランティア|の会$|サークル|サポーターズ?|支え合い|支えあい",
    "company": (
        "株式会社|有限会社|合同会社|商店|スーパー|生協|農協|銀行|郵便局|新聞|タクシー|企業|商工"
    ),
}
PATTERNS = {kind: re.compile(words) for kind, words in WORDS.items()}
EXACT = {
    **{kind: kind for kind in ORGANIZATION_KINDS},
    **{v: k for k, v in ORGANIZATION_KINDS.items()},
}
EXACT |= {part: kind for kind, word in ORGANIZATION_KINDS.items() for part in word.split("・")}


def read_organizations(
    source: Source,
    *,
    constants: Mapping[str, str] | None = None,
    mapping: Mapping[str, str] | None = None,
) -> Reading:
    """One row an organization; `kind` as a code, from its column or from its name.

    Raises
    ------
    Unreadable : no column of names.
    """
    desk = Desk.open(source, constants, mapping)
    names = desk.names("名称の列（名称、団体名、法人名 など）が見つかりません。")
    codes = desk.codes()
    told = said(desk.text("kind"))
    kinds = Series(each_distinct(plain(told), organization_kind), dtype="str")
    desk.tell(
        told.notna() & kinds.isna(),
        "kind",
        "知らない種類です。名前から決めるか、「その他」とします。",
        "warning",
    )
    from_names = Series(each_distinct(plain(names), organization_kind), dtype="str")
    own = external_ids(desk, codes)
    corporate = plain(desk.raw("corporate_number"))
    corporate = corporate.where(corporate.str.fullmatch(r"\d{13}").fillna(False).astype(bool))
    frame = DataFrame(
        {
            "code": codes,
            "external_id": (codes + "/" + own).where(own.notna(), corporate),
            "name": names,
            "kana": said(desk.text("kana")),
            "kind": kinds.fillna(from_names).fillna("other"),
            "kind_said": kinds.notna(),
            "areas": said(desk.text("areas")),
            "address": addresses(desk),
            "phone": phones(desk.raw("phone")),
            "url": urls(desk),
            "note": said(desk.text("note")),
            "confirmed_on": dated(desk)["confirmed_on"],
        }
    )
    return desk.close(DataFrame(frame[COLUMNS]), codes)


def organization_kind(text: str) -> str | None:
    """The kind an NFKC text stands for: code, label or a word in it; None if none."""
    folded = text.strip().lower()
    found = (kind for kind, words in PATTERNS.items() if words.search(folded))
    return EXACT.get(text.strip()) or EXACT.get(folded) or next(found, None)
