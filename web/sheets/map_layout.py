"""Where things stand on a printed map's pages (紙面の割り付け): head, map, legend, list."""

from collections.abc import Iterable
from dataclasses import dataclass

from web.sheets.heads import head_height, lines_of
from web.sheets.paper import GAP_PT, Paper
from web.sheets.sheet import Cover, Pill, Region

CROWDED = 0.34
"""Numbers may cover this share of a map; beyond it, the map takes a side of its own."""
FEWEST, ENTRY_LINES = 4, 5.2
"""How many entries a list has to begin with beside its map, and how many lines one takes."""
AIR_PT = 6.0


@dataclass(frozen=True)
class Box:
    """A rectangle of the page inside its margins, in points."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Layout:
    """The first page's parts, and the columns of the list there and on all other pages."""

    head: Box
    map: Box
    legend: Box
    first: Region
    rest: Region
    stacked: bool = False
    """The QR code stands below the head's words, not beside them."""

    def as_json(self) -> dict[str, dict[str, float]]:
        """The boxes as the template places them."""
        return {name: vars(getattr(self, name)) for name in ("head", "map", "legend")}


@dataclass(frozen=True)
class Told:
    """What has to find room around the map: the sheet's head, and what the legend says."""

    cover: Cover
    signs: Iterable[str]
    lines: str
    entries: int
    """How many places the list tells."""

    def legend_height(self, paper: Paper, width: float) -> float:
        """A line of signs after the other, then the sentences."""
        size = paper.type.body
        signs = lines_of([f"◯{word}　" for word in self.signs], width, size)
        return (signs + lines_of([self.lines], width, size)) * paper.type.line + AIR_PT

    def heights(self, paper: Paper, width: float, *, stacked: bool) -> float:
        """Head and legend over each other."""
        head = head_height(self.cover, paper, width, stacked=stacked)
        return head + self.legend_height(paper, width)


def layout_of(
    paper: Paper,
    bounds: tuple[float, float, float, float],
    sides: int,
    numbers: int,
    pill: Pill,
    told: Told,
) -> Layout:
    """The pages of a map of `bounds` with so many numbers.

    A map that holds its numbers on part of the page leaves the rest to the list. On two sides,
    where it could not, or where hardly an entry would stand beside it, it takes the first page.
    """
    shared = _beside(paper, told) if paper.way == "landscape" else _above(paper, bounds, told)
    crowded = numbers * pill.width * pill.height > CROWDED * shared.map.width * shared.map.height
    begun = shared.first.count * int(shared.first.height / (ENTRY_LINES * paper.type.line))
    if sides == 2 or crowded or begun < min(FEWEST, numbers):
        return _alone(paper, told)
    return shared


def _rest(paper: Paper) -> Region:
    return Region.across(paper, 0, 0, paper.inner_width_pt, paper.inner_height_pt)


def _beside(paper: Paper, told: Told) -> Layout:
    """Map on the left, head and list on the right; a short list leaves more to the map."""
    width, height = paper.inner_width_pt, paper.inner_height_pt
    map_width = width * 0.54
    lines = told.entries * ENTRY_LINES * paper.type.line
    if lines + head_height(told.cover, paper, width * 0.28) < height:
        map_width = width * 0.7
    x, list_width = map_width + GAP_PT * 1.3, width - map_width - GAP_PT * 1.3
    head = head_height(told.cover, paper, list_width)
    legend = told.legend_height(paper, map_width)
    return Layout(
        head=Box(x, 0, list_width, head),
        map=Box(0, 0, map_width, height - legend),
        legend=Box(0, height - legend + AIR_PT, map_width, legend - AIR_PT),
        first=Region.across(paper, x, head, list_width, height - head),
        rest=_rest(paper),
    )


def _above(paper: Paper, bounds: tuple[float, float, float, float], told: Told) -> Layout:
    """Head, map and legend, the list below; a wide area needs less height."""
    width, height = paper.inner_width_pt, paper.inner_height_pt
    head, legend = head_height(told.cover, paper, width), told.legend_height(paper, width)
    west, south, east, north = bounds
    wanted = width * (north - south) / max(east - west, 1.0)
    map_height = min(max(wanted, height * 0.34), height * 0.48)
    below = head + map_height + legend + AIR_PT
    return Layout(
        head=Box(0, 0, width, head),
        map=Box(0, head, width, map_height),
        legend=Box(0, head + map_height + AIR_PT, width, legend - AIR_PT),
        first=Region.across(paper, 0, below, width, height - below),
        rest=_rest(paper),
    )


def _alone(paper: Paper, told: Told) -> Layout:
    """The map on the front, the list from the back on; held across, head and legend beside it."""
    width, height = paper.inner_width_pt, paper.inner_height_pt
    strip = max(width * 0.2, paper.type.title * 4.2)
    if paper.way == "landscape" and told.heights(paper, strip, stacked=True) <= height:
        x, head = width - strip, head_height(told.cover, paper, strip, stacked=True)
        return Layout(
            head=Box(x, 0, strip, head),
            map=Box(0, 0, x - GAP_PT, height),
            legend=Box(x, head, strip, height - head),
            first=_none(paper),
            rest=_rest(paper),
            stacked=True,
        )
    head, legend = head_height(told.cover, paper, width), told.legend_height(paper, width)
    return Layout(
        head=Box(0, 0, width, head),
        map=Box(0, head, width, height - head - legend),
        legend=Box(0, height - legend + AIR_PT, width, legend - AIR_PT),
        first=_none(paper),
        rest=_rest(paper),
    )


def _none(paper: Paper) -> Region:
    """No room for the list on the first page."""
    return Region(0, 0, _rest(paper).width, 0, 0)
