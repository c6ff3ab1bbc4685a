"""The words of a map (地図の文字) as the typesetter places them: names, signs' letters, numbers."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from web.sheets.labels import Anchor, Label
from web.sheets.marks import DOT, TORII, mark_of
from web.sheets.overlay_svg import Number
from web.sheets.sheet import Pill

Look = Literal["town", "mark", "sign", "number"]


@dataclass(frozen=True)
class Word:
    """A word at a point of the map: `x` is where its `anchor` stands, `y` its top; in points."""

    text: str
    x: float
    y: float
    anchor: Anchor
    look: str


def map_words(
    numbers: Iterable[Number], labels: Iterable[Label], pill: Pill, body: float
) -> Iterator[Word]:
    """Every word on the map, `body` points high but for the numbers, which are the pill's."""
    for label in labels:
        at = {"left": 0.0, "center": label.width / 2, "right": label.width}[label.anchor]
        yield Word(label.text, label.left + at, label.top + body * 0.075, label.anchor, label.look)
        if label.sign and (mark := mark_of(label.sign)) not in (TORII, DOT):
            yield Word(mark, label.x, label.y - body / 2, "center", "sign")
    for number in numbers:
        x, y = number.middle
        right = x + pill.width / 2 - pill.inset
        yield Word(str(number.number), right, y - pill.size / 2, "right", "number")
