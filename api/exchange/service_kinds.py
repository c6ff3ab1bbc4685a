"""Types of services (サービスの種類) from what a cell says: one word or several."""

import re
import unicodedata
from dataclasses import dataclass

from api.models.kinds import SERVICE_KIND_LABELS, ServiceKind

# In the order they are tried: the more telling word first. Folded to NFKC and lower case.
WORDS: dict[ServiceKind, str] = {
    ServiceKind.MULTIFUNCTION: "小規模多機能|看護小規模|複合型サービス",
    ServiceKind.TOWN_ADVICE: "まちかど.*相談|介護相談所",
    ServiceKind.SUPPORT_CENTER: "地域包括支援|包括支援センター|高齢者支援センター|あんしんすこやか",
    ServiceKind.HOME_D: "訪問(?:型)?(?:サービス)?d|移動支援.*総合事業",
    ServiceKind.HOME_C: "訪問(?:型)?(?:サービス)?c|訪問.*短期集中|短期集中.*訪問",
    ServiceKind.HOME_B: "訪問(?:型)?(?:サービス)?b|訪問.*住民主体|住民主体.*訪問",
    ServiceKind.HOME_A: "訪問(?:型)?(?:サービス)?a|訪問.*緩和|緩和.*訪問",
    ServiceKind.DAY_C: "通所(?:型)?(?:サービス)?c|通所.*短期集中|短期集中.*通所",
    ServiceKind.DAY_B: "通所(?:型)?(?:サービス)?b|通所.*住民主体|住民主体.*通所",
    ServiceKind.DAY_A: "通所(?:型)?(?:サービス)?a|通所.*緩和|緩和.*通所|ミニデイ",
    ServiceKind.HOME_FORMER: "訪問介護|訪問型サービス|訪問型|ホームヘルプ|ヘルパー",
    ServiceKind.DAY_FORMER: "通所介護|通所型サービス|通所型|デイサービス",
    ServiceKind.PREVENTION: "介護予防(?:教室|普及|把握|事業)|一般介護予防|フレイル予防|介護予防$",
    ServiceKind.MEALS: "配食|弁当|食事の?(?:配達|宅配|サービス)",
    ServiceKind.WATCHING: "見守り|みまもり|安否確認|緊急通報|声かけ",
    ServiceKind.ESCORT: "付き?添い?|同行|外出介助",
    ServiceKind.RIDES: "移動支援|移送|送迎|移動|外出支援|福祉有償|乗り合い|おでかけ",
    ServiceKind.SHOPPING: "買い?物|移動販売|宅配",
    ServiceKind.GARBAGE: "ごみ|ゴミ",
    ServiceKind.HOUSEWORK: "家事|掃除|洗濯|調理|草取り|草刈り|困りごと",
    ServiceKind.TALKING: "話し相手|傾聴|お話",
    ServiceKind.OTHER_HELP: "その他",
}
PATTERNS = {kind: re.compile(words) for kind, words in WORDS.items()}
OUTSIDE = re.compile(
    "居宅介護支援|介護予防支援|福祉用具|住宅改修|短期入所|ショートステイ|訪問看護|訪問リハ|"
    "訪問入浴|通所リハ|デイケア|居宅療養|福祉施設|特別養護|老人保健施設|介護医療院|療養型|"
    "グループホーム|共同生活介護|特定施設|有料老人|ケアハウス|養護老人|軽費老人|老人ホーム|高齢者向け住宅|"
    "定期巡回|夜間対応|認知症対応型通所"
)
"""Care that is insured, but nothing of the 総合事業: no row of our scheme."""
STRONG = re.compile(r"[、,;/\n|+]|\s{2,}")
WEAK = re.compile(r"[・\s]")


@dataclass(frozen=True)
class KindsRead:
    """What one cell names."""

    kinds: tuple[str, ...]
    """Codes of our scheme, in the order of the cell."""
    unknown: tuple[str, ...] = ()
    """Words that are no service we know."""
    outside: tuple[str, ...] = ()
    """Services that we know and that are not of our scheme."""


def _exact() -> dict[str, ServiceKind]:
    known = {kind.value: kind for kind in ServiceKind}
    return known | {_folded(label): kind for kind, label in SERVICE_KIND_LABELS.items()}


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower().strip()


EXACT = _exact()


def service_kind(text: str) -> ServiceKind | None:
    """The type one word stands for (code, label, or a telling part of it); None if none."""
    folded = _folded(text)
    if folded in EXACT:
        return EXACT[folded]
    if OUTSIDE.search(folded):
        return None
    bare = re.sub(r"\s", "", folded)
    return next((kind for kind, words in PATTERNS.items() if words.search(bare)), None)


def read_service_kinds(text: str) -> KindsRead:
    """Every service a cell names: 訪問介護、通所介護 are two, 移動・送迎 is one."""
    kinds: list[str] = []
    unknown: list[str] = []
    outside: list[str] = []
    for word in _words(text):
        kind = service_kind(word)
        if kind is not None:
            kinds.append(kind.value)
        elif OUTSIDE.search(_folded(word)):
            outside.append(word)
        else:
            unknown.append(word)
    if unknown:
        kinds.append(ServiceKind.OTHER_HELP.value)
    return KindsRead(tuple(dict.fromkeys(kinds)), tuple(unknown), tuple(outside))


def _words(text: str) -> list[str]:
    """The names in a cell; ・ and blanks part names only where what stands between them is one."""
    words: list[str] = []
    for piece in filter(None, map(str.strip, STRONG.split(unicodedata.normalize("NFKC", text)))):
        parts = [part for part in WEAK.split(piece) if part]
        known = [_is_known(part) for part in parts]
        whole = _folded(piece) in EXACT or len(parts) < 2 or not all(known)
        words += [piece] if whole else parts
    return words


def _is_known(word: str) -> bool:
    return service_kind(word) is not None or OUTSIDE.search(_folded(word)) is not None
