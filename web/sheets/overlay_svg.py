"""What lies over the ground (地図の上もの) but for its words: numbers, leader lines, signs.

Drawn into the same SVG as the ground: a typesetter lays out letters, and need not lay out this.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from web.maps.symbols import symbol_of
from web.sheets.labels import SIGN_EM, Label
from web.sheets.marks import DOT, TORII, mark_of
from web.sheets.sheet import Pill

INK = "#1d1b18"
Point = tuple[float, float]


@dataclass(frozen=True)
class Number:
    """A place's number on the map: its kind, its point, the middle of its label."""

    number: int
    kind: str
    point: Point
    middle: Point
    moved: bool
    """Pulled away from its point: a line leads back."""


def overlay_svg(numbers: Iterable[Number], labels: Iterable[Label], pill: Pill, body: float) -> str:
    """Backs of names, signs of landmarks, leader lines, and numbers' boxes with their signs."""
    every = list(numbers)
    return "".join(
        [
            *_backs(labels, body),
            *(_leader(number) for number in every if number.moved),
            *(_box(number, pill) for number in every),
        ]
    )


def _backs(labels: Iterable[Label], body: float) -> Iterator[str]:
    """A pale back under each name, so that no road runs through it; the sign beside it."""
    for label in labels:
        yield (
            f'<rect x="{label.left:.1f}" y="{label.top:.1f}" width="{label.width:.1f}" '
            f'height="{body * 1.15:.1f}" rx="2" fill="#fff" fill-opacity=".7"/>'
        )
        if label.sign:
            yield _sign(label, body * SIGN_EM)


def _sign(label: Label, side: float) -> str:
    x, y, mark = label.x - side / 2, label.y - side / 2, mark_of(label.sign)
    if mark == TORII:
        beams = "M.05 .14H.95M.14 .36H.86M.27 .14V.96M.73 .14V.96"
        return (
            f'<path transform="translate({x:.1f} {y:.1f}) scale({side:.1f})" d="{beams}" '
            f'fill="none" stroke="{INK}" stroke-width=".1"/>'
        )
    if mark == DOT:
        inset, half = side / 4, side / 2
        return (
            f'<rect x="{x + inset:.1f}" y="{y + inset:.1f}" width="{half:.1f}" '
            f'height="{half:.1f}" fill="{INK}"/>'
        )
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{side:.1f}" height="{side:.1f}" rx="2" '
        f'fill="#fff" stroke="{INK}" stroke-width=".7"/>'
    )


def _leader(number: Number) -> str:
    (x, y), (to_x, to_y) = number.point, number.middle
    line = f"M{x:.1f} {y:.1f}L{to_x:.1f} {to_y:.1f}"
    return (
        f'<path d="{line}" stroke="#fff" stroke-width="2.6"/>'
        f'<path d="{line}" stroke="{INK}" stroke-width=".9"/>'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.2" fill="{INK}"/>'
    )


def _box(number: Number, pill: Pill) -> str:
    (x, y), symbol = number.middle, symbol_of(number.kind)
    left = x - pill.width / 2
    fill = "#fff" if symbol.hollow else symbol.colour
    look = f'fill="{fill}" stroke="{symbol.colour}" stroke-width=".3"'
    if symbol.corners is None:
        sign = f'<circle r=".86" {look}/>'
    else:
        corners = " ".join(f"{a * 0.86:.3f},{b * 0.86:.3f}" for a, b in symbol.corners)
        sign = f'<polygon points="{corners}" {look}/>'
    return (
        f'<rect x="{left:.1f}" y="{y - pill.height / 2:.1f}" width="{pill.width:.1f}" '
        f'height="{pill.height:.1f}" rx="{pill.height / 2:.1f}" fill="#fff" stroke="{INK}" '
        f'stroke-width="{pill.height * 0.06:.2f}"/>'
        f'<g transform="translate({left + pill.inset + pill.sign:.1f} {y:.1f}) '
        f'scale({pill.sign:.2f})">{sign}</g>'
    )
