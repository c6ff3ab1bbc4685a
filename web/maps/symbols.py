"""Signs of the kinds of places: the shape first, the colour second, so that grey copies work."""

from dataclasses import dataclass
from math import cos, pi, sin
from typing import Any

from markupsafe import Markup

Corners = tuple[tuple[float, float], ...]
BLUE, GREEN, VIOLET, TEAL, PLUM = "#0b5fa5", "#00795c", "#6b3fa0", "#00697a", "#9c2f6e"
INK = "#4a443c"


def _star(corners: int, inner: float) -> Corners:
    """A star: every second corner lies `inner` from the middle."""
    turns = [n / corners * pi - pi / 2 for n in range(corners * 2)]
    radii = [inner if n % 2 else 1.1 for n in range(corners * 2)]
    return tuple(
        (round(r * cos(t), 3), round(r * sin(t), 3)) for r, t in zip(radii, turns, strict=True)
    )


@dataclass(frozen=True)
class Symbol:
    """How one kind of place is drawn; corners in radii from its middle, none for a disc."""

    colour: str
    corners: Corners | None = None
    hollow: bool = False

    def as_json(self) -> dict[str, Any]:
        """What `yori-shapes.js` draws it from."""
        return {"colour": self.colour, "corners": self.corners, "hollow": self.hollow}

    def file(self) -> str:
        """The sign as an SVG file of its own, for sheets and pictures."""
        named = 'xmlns="http://www.w3.org/2000/svg" '
        return str(self.svg()).replace("<svg ", f"<svg {named}", 1)

    def svg(self) -> Markup:
        """The sign as a small picture for legends; the word beside it says what it means."""
        fill = "#fffdf9" if self.hollow else self.colour
        look = f'fill="{fill}" stroke="{self.colour}" stroke-width=".3"'
        if self.corners is None:
            drawn = f'<circle r=".95" {look}/>'
        else:
            points = " ".join(f"{x},{y}" for x, y in self.corners)
            drawn = f'<polygon points="{points}" {look}/>'
        return Markup(f'<svg viewBox="-1.4 -1.4 2.8 2.8" aria-hidden="true">{drawn}</svg>')


DIAMOND: Corners = ((0, -1.15), (1.15, 0), (0, 1.15), (-1.15, 0))
SQUARE: Corners = ((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9))
TRIANGLE: Corners = ((0, -1.15), (1.1, 0.85), (-1.1, 0.85))
CUP: Corners = ((-1.05, -0.85), (1.05, -0.85), (0.6, 0.95), (-0.6, 0.95))
HEART: Corners = (
    (0, -0.55), (0.25, -0.95), (0.65, -1.1), (1.05, -0.85), (1.2, -0.4), (1.0, 0.1), (0.55, 0.6),
    (0, 1.15), (-0.55, 0.6), (-1.0, 0.1), (-1.2, -0.4), (-1.05, -0.85), (-0.65, -1.1),
    (-0.25, -0.95),
)  # fmt: skip
BOWL: Corners = (
    (-1.2, -0.5), (1.2, -0.5), (1.05, 0.1), (0.65, 0.65), (0.35, 0.95), (-0.35, 0.95),
    (-0.65, 0.65), (-1.05, 0.1),
)  # fmt: skip
DROP: Corners = ((0, 1.2), (-0.95, -0.2), (-0.6, -0.95), (0.6, -0.95), (0.95, -0.2))
HOUSE: Corners = (
    (0, -1.15), (1.1, -0.2), (0.8, -0.2), (0.8, 0.95), (-0.8, 0.95), (-0.8, -0.2), (-1.1, -0.2)
)  # fmt: skip
CROSS: Corners = (
    (-0.4, -1), (0.4, -1), (0.4, -0.4), (1, -0.4), (1, 0.4), (0.4, 0.4),
    (0.4, 1), (-0.4, 1), (-0.4, 0.4), (-1, 0.4), (-1, -0.4), (-0.4, -0.4),
)  # fmt: skip

OTHER = Symbol(INK, hollow=True)
SYMBOLS: dict[str, Symbol] = {
    "community_center": Symbol(BLUE),
    "hall": Symbol(BLUE, HOUSE),
    "rest_house": Symbol(GREEN, DIAMOND),
    "welfare_center": Symbol(VIOLET, SQUARE),
    "exercise": Symbol(GREEN, TRIANGLE),
    "salon": Symbol(PLUM, HEART),
    "cafe": Symbol(PLUM, CUP),
    "hobby": Symbol(VIOLET, _star(5, 0.5)),
    "meal": Symbol(TEAL, BOWL),
    "consultation": Symbol(TEAL, DROP),
    "care_site": Symbol(TEAL, CROSS),
    "other": OTHER,
}


def symbol_of(kind: str) -> Symbol:
    """The sign of a kind; kinds without one wear that of その他."""
    return SYMBOLS.get(kind, OTHER)
