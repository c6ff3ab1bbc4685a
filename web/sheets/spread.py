"""Numbers pulled apart (番号の引き出し): labels near their points that never cover each other."""

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.spatial import cKDTree

Floats = NDArray[np.float64]
GAP_PT = 1.5
RINGS, SPOKES = 64, 28
CROSSING_PT = 26.0
"""How much farther a label may go rather than have its line cross one label or one line."""
HIDING_PT = 14.0
"""How much farther a label may go rather than lie on the point of another."""
SAME_PT = 1.5
LOOKED_AT = 48
MOST_ONE_BY_ONE = 250
"""Of more labels than this each gets a cell at once: the other way would take minutes."""
TOO_MANY = (
    "場所が多く、この大きさの紙には番号を置ききれません。大きい紙にするか、町ごとに刷ってください。"
)


class NoRoom(ValueError):
    """The frame is too small for that many labels, however they are moved."""


@dataclass(frozen=True)
class Spread:
    """Where labels ended up: their middles, and which of them left their points."""

    middles: Floats
    moved: NDArray[np.bool_]


def spread(points: Floats, homes: Floats, sizes: Floats, frame: tuple[float, float]) -> Spread:
    """Place a label (width, height) for each point, at `homes` where there is room, else near.

    All arrays are (n, 2), in points of paper, the frame's corner at (0, 0). The loneliest points
    choose first, so that they stay at home and the crowded ones move out of each other's way, to
    the nearest spot whose leader line crosses no label and no other line, where there is one. A
    frame too full for that is ruled into cells, and each label gets one, all lines together as
    short as can be: such lines never cross.

    Raises
    ------
    NoRoom
    """
    try:
        if len(points) > MOST_ONE_BY_ONE:
            raise NoRoom
        middles = _one_after_the_other(points, homes, sizes, frame)
    except NoRoom:
        middles = _in_cells(homes, sizes, frame)
    return Spread(middles, np.hypot(*(middles - homes).T) > 0.01)


def _one_after_the_other(
    points: Floats, homes: Floats, sizes: Floats, frame: tuple[float, float]
) -> Floats:
    sheet = _Sheet(points, homes, sizes, frame)
    for number in _loneliest_first(points, float(sizes.max(initial=1.0)) * 1.5):
        sheet.place(number)
    return sheet.middles


def _loneliest_first(points: Floats, within: float) -> list[int]:
    if not len(points):
        return []
    neighbours = cKDTree(points).query_ball_point(points, within, return_length=True)
    return [int(n) for n in np.lexsort((points[:, 0], points[:, 1], neighbours))]


@dataclass
class _Sheet:
    """The frame while labels are placed on it, one after the other."""

    points: Floats
    homes: Floats
    sizes: Floats
    frame: tuple[float, float]
    middles: Floats = field(init=False)
    placed: NDArray[np.bool_] = field(init=False)
    moved: NDArray[np.bool_] = field(init=False)

    def __post_init__(self) -> None:
        self.middles = np.array(self.homes, dtype=float)
        self.placed, self.moved = np.zeros((2, len(self.points)), dtype=bool)

    def place(self, number: int) -> None:
        """Put a label at home if nothing speaks against it, else on the cheapest free spot."""
        self.placed[number] = True
        home = self.homes[number][None]
        inside = len(self.within(home, number)) > 0
        if inside and self.is_free(home, number)[0] and not self.costs(home, number)[0]:
            return
        spots = self.nearest_free(self.within(home + _rings(self.sizes[number][1]), number), number)
        if inside and self.is_free(home, number)[0]:
            spots = np.concatenate([home, spots])
        if not len(spots):
            raise NoRoom(TOO_MANY)
        best = int(np.argmin(self.costs(spots, number)))
        self.middles[number] = spots[best]
        self.moved[number] = bool(np.hypot(*(spots[best] - home[0])) > 0.01)

    def within(self, spots: Floats, number: int) -> Floats:
        """The spots where the label lies inside the frame."""
        low, high = self.sizes[number] / 2, np.asarray(self.frame) - self.sizes[number] / 2
        inside: Floats = spots[((spots >= low) & (spots <= high)).all(axis=1)]
        return inside

    def nearest_free(self, spots: Floats, number: int) -> Floats:
        """The first free spots, as many as are looked at; `spots` stand in order of distance."""
        found: list[Floats] = [np.empty((0, 2))]
        for some in np.split(spots, range(LOOKED_AT * 4, len(spots), LOOKED_AT * 4)):
            found.append(some[self.is_free(some, number)])
            if sum(map(len, found)) >= LOOKED_AT:
                break
        return np.concatenate(found)[:LOOKED_AT]

    def is_free(self, spots: Floats, number: int) -> NDArray[np.bool_]:
        """Where the label would cover no other."""
        others = self.others(number)
        apart = (self.sizes[number] + self.sizes[others]) / 2 + GAP_PT
        near: NDArray[np.bool_] = np.abs(spots[:, None] - self.middles[others][None]) < apart[None]
        free: NDArray[np.bool_] = ~np.any(np.all(near, axis=2), axis=1)
        return free

    def others(self, number: int) -> NDArray[np.intp]:
        """Labels that stand already."""
        standing = self.placed.copy()
        standing[number] = False
        return np.flatnonzero(standing)

    def costs(self, spots: Floats, number: int) -> Floats:
        """The way from home to each spot; crossings and hidden points are counted as way."""
        way: Floats = np.hypot(*(spots - self.homes[number]).T)
        waiting = self.points[~self.placed]
        here = np.abs(waiting - self.points[number]).max(axis=1, initial=0) < SAME_PT
        waiting = waiting[~here]  # whoever shares the spot is hidden anyway
        hidden = np.abs(waiting[None] - spots[:, None]) < self.sizes[number] / 2
        cost: Floats = way + HIDING_PT * hidden.all(axis=2).sum(axis=1)
        lines = _leaders(self.points[self.moved], self.middles[self.moved])
        if len(lines):
            low, high = spots - self.sizes[number] / 2, spots + self.sizes[number] / 2
            cost += CROSSING_PT * _met(shapely.box(*low.T, *high.T), lines, "intersects")
        if way.any():
            others = self.others(number)
            half, middles = self.sizes[others] / 2, self.middles[others]
            boxes = shapely.box(*(middles - half).T, *(middles + half).T)
            leaders = _leaders(np.broadcast_to(self.points[number], spots.shape), spots)
            crossed = _met(leaders, boxes, "intersects") + _met(leaders, lines, "crosses")
            cost += CROSSING_PT * np.where(way > 0.01, crossed, 0)
        return cost


def _rings(step: float) -> Floats:
    """Steps from home to rings of spots around it, a third of a label's height apart."""
    turns = np.linspace(0, 2 * np.pi, SPOKES, endpoint=False)
    around = np.stack([np.cos(turns), np.sin(turns)], axis=1)
    steps: Floats = (np.arange(1, RINGS + 1)[:, None, None] * around[None] * step / 3).reshape(
        -1, 2
    )
    return steps


def _in_cells(homes: Floats, sizes: Floats, frame: tuple[float, float]) -> Floats:
    cell = sizes.max(axis=0) + GAP_PT
    across, down = (int(frame[k] // cell[k]) for k in (0, 1))
    if across * down < len(homes):
        raise NoRoom(TOO_MANY)
    wide, high = (
        (np.arange(n) + 0.5) * room / n for n, room in ((across, frame[0]), (down, frame[1]))
    )
    cells: Floats = np.stack(np.meshgrid(wide, high), axis=-1).reshape(-1, 2)
    far = np.hypot(*(homes[:, None] - cells[None]).transpose(2, 0, 1))
    chosen: Floats = cells[linear_sum_assignment(far)[1]]
    return chosen


def _met(shapes: Any, others: Any, how: Literal["intersects", "crosses"]) -> NDArray[np.intp]:
    """How many of the others each shape meets."""
    pairs = shapely.STRtree(others).query(shapes, predicate=how)
    counts: NDArray[np.intp] = np.bincount(pairs[0], minlength=len(shapes))
    return counts


def _leaders(starts: Floats, ends: Floats) -> Any:
    lines: Any = shapely.linestrings(np.stack([starts, ends], axis=1))
    return lines
