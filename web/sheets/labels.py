"""Words on the map (地図の文字): landmarks and towns where there is room, never cut or covered."""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

SIGN_EM, CLEAR_PT = 1.3, 1.5
Box = tuple[float, float, float, float]
Anchor = Literal["left", "right", "center"]


@dataclass(frozen=True)
class Wanted:
    """A name that would stand on the map: beside its sign, or over a spot of its land."""

    text: str
    spots: tuple[tuple[float, float], ...]
    """Where it may stand, the best first; a landmark has one."""
    sign: str = ""
    """Kind of landmark whose sign stands on the spot; none: the name itself stands there."""
    look: str = "mark"


@dataclass(frozen=True)
class Label:
    """A name that does: its upper left corner and width; the sign's middle where it has one."""

    text: str
    left: float
    top: float
    width: float
    x: float
    y: float
    sign: str
    look: str
    anchor: Anchor
    """Which end of the name stands fast: its width is an upper bound."""


def width_of(text: str, size: float) -> float:
    """At most how wide the text is in our typefaces."""
    return size * sum(_ems(character) for character in text)


def _ems(character: str) -> float:
    if unicodedata.east_asian_width(character) in "WFA":
        return 1.0
    return 0.92 if character in "mwMWQO@%&" else 0.7


def place_labels(
    wanted: Iterable[Wanted], taken: Iterable[Box], frame: tuple[float, float], size: float
) -> list[Label]:
    """The names that have room, the first wanted first; `taken` boxes and each other kept clear.

    All lengths in points of paper, boxes as (left, top, right, bottom).
    """
    boxes = np.array(list(taken), dtype=float).reshape(-1, 4)
    placed: list[Label] = []
    for name in wanted:
        for label, around in _tries(name, size):
            if _is_clear(around, boxes, frame):
                boxes = np.vstack([boxes, around])
                placed.append(label)
                break
    return placed


def _tries(name: Wanted, size: float) -> Iterator[tuple[Label, Box]]:
    """Right of its sign, left, below, above; a name without a sign over one of its spots."""
    width, high, reach = width_of(name.text, size), size * 1.15, size * SIGN_EM / 2
    if not name.sign:
        for x, y in name.spots:
            left, top = x - width / 2, y - high / 2
            yield _label(name, left, top, width), (left, top, left + width, top + high)
        return
    (x, y), step = name.spots[0], reach + 1.5
    corners: tuple[tuple[float, float, Anchor], ...] = (
        (x + step, y - high / 2, "left"),
        (x - step - width, y - high / 2, "right"),
        (x - width / 2, y + step, "center"),
        (x - width / 2, y - step - high, "center"),
    )
    for left, top, anchor in corners:
        whole = (
            min(left, x - reach),
            min(top, y - reach),
            max(left + width, x + reach),
            max(top + high, y + reach),
        )
        yield _label(name, left, top, width, anchor), whole


def _label(name: Wanted, left: float, top: float, width: float, anchor: Anchor = "center") -> Label:
    x, y = name.spots[0]
    return Label(name.text, left, top, width, x, y, name.sign, name.look, anchor)


def _is_clear(box: Box, boxes: NDArray[np.float64], frame: tuple[float, float]) -> bool:
    left, top, right, bottom = box
    if left < 2 or top < 2 or right > frame[0] - 2 or bottom > frame[1] - 2:
        return False
    apart = (
        (boxes[:, 0] > right + CLEAR_PT)
        | (boxes[:, 2] < left - CLEAR_PT)
        | (boxes[:, 1] > bottom + CLEAR_PT)
        | (boxes[:, 3] < top - CLEAR_PT)
    )
    return bool(apart.all())
