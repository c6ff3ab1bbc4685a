"""Paper and type (紙と文字): sizes sheets are printed in, and how large their letters are."""

from dataclasses import dataclass
from typing import Literal

PaperName = Literal["A4", "A3", "A1"]
Way = Literal["portrait", "landscape"]
MM = 72 / 25.4
"""Points in a millimetre: everything about paper is in points."""
SIZES_MM: dict[str, tuple[int, int]] = {"A4": (210, 297), "A3": (297, 420), "A1": (594, 841)}
GAP_PT = 14.0
"""Between columns, and between the map and the list."""


@dataclass(frozen=True)
class Type:
    """Sizes of letters in points: names, and everything else. Nothing is smaller than `body`."""

    name: float
    body: float

    @property
    def title(self) -> float:
        """The sheet's title."""
        return self.name * 2

    @property
    def line(self) -> float:
        """From one line to the next."""
        return self.body * 1.4


NORMAL, LARGE = Type(14, 12), Type(21, 18)
POSTER, POSTER_LARGE = Type(26, 22), Type(34, 28)


@dataclass(frozen=True)
class Paper:
    """A sheet of paper: its size with the way it is held, and the type it is set in."""

    name: PaperName = "A3"
    way: Way = "landscape"
    large: bool = False
    """Large print (大きな文字): 18 points and more."""

    @property
    def width_pt(self) -> float:
        """From left to right as it is held."""
        short, long = SIZES_MM[self.name]
        return (long if self.way == "landscape" else short) * MM

    @property
    def height_pt(self) -> float:
        """From top to bottom as it is held."""
        short, long = SIZES_MM[self.name]
        return (short if self.way == "landscape" else long) * MM

    @property
    def margin_pt(self) -> float:
        """White all around: copiers leave out the outermost 5 mm, and people pin through it."""
        return (20 if self.name == "A1" else 11) * MM

    @property
    def type(self) -> Type:
        """How large letters are; a poster is read from two metres away."""
        if self.name == "A1":
            return POSTER_LARGE if self.large else POSTER
        return LARGE if self.large else NORMAL

    @property
    def inner_width_pt(self) -> float:
        """Between the margins."""
        return self.width_pt - 2 * self.margin_pt

    @property
    def inner_height_pt(self) -> float:
        """Between the margins, above the line at the foot of each page."""
        return self.height_pt - 2 * self.margin_pt - self.foot_pt

    @property
    def foot_pt(self) -> float:
        """The foot, two lines at most: date of the facts, whom to phone, number of the page."""
        return self.type.body * 3.1

    def columns(self, width_pt: float) -> int:
        """How many columns of a list stand side by side: a name has room for about 12 letters."""
        return max(1, int((width_pt + GAP_PT) // (self.type.name * 15 + GAP_PT)))
