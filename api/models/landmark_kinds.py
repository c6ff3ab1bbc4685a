"""Kinds of landmarks (目印の種類): one table of what residents steer by, and how much they do."""

from dataclasses import dataclass
from typing import Literal

Form = Literal["sign", "line", "face"]


@dataclass(frozen=True)
class LandmarkKind:
    """One kind of landmark (目印の種類)."""

    label: str
    """The word it is stored under and shown by."""
    rank: int
    """How much people steer by it: 1 is told first when there is no room for all."""
    form: Form
    """How it is drawn: a sign at a point, a line, or a face of ground."""


OTHER_LANDMARK = "その他"

_TABLE: tuple[tuple[int, Form, str], ...] = (
    (1, "sign", "駅 役所"),
    (2, "sign", "学校 病院 郵便局 神社 スーパー 道の駅"),
    (2, "line", "鉄道 川"),
    (2, "face", "水面"),
    (3, "sign", "バス停 寺 交番・警察 コンビニ 図書館 公共施設 港"),
    (4, "sign", "消防 保育園・幼稚園 診療所 銀行 店 温泉 橋 灯台 山 教会"),
    (4, "face", "公園"),
    (5, "line", "海岸線 航路"),
    (5, "face", "山林"),
    (6, "sign", OTHER_LANDMARK),
)

LANDMARK_KINDS: dict[str, LandmarkKind] = {
    label: LandmarkKind(label, rank, form)
    for rank, form, labels in _TABLE
    for label in labels.split()
}
"""Label → kind, those people steer by most first."""


def landmark_rank(label: str) -> int:
    """How much people steer by a kind; a word nobody knows comes last."""
    return LANDMARK_KINDS.get(label, LANDMARK_KINDS[OTHER_LANDMARK]).rank
