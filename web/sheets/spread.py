"""Numbers pulled apart (番号の引き出し): labels near their points that never cover each other."""

from dataclasses import dataclass
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
LOOKED_AT = 48
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
        middles = _one_after_the_other(points, homes, sizes, frame)
    except NoRoom:
        middles = _in_cells(homes, sizes, frame)
    return Spread(middles, np.hypot(*(middles - homes).T) > 0.01)


def _one_after_the_other(
    points: Floats, homes: Floats, sizes: Floats, frame: tuple[float, float]
) -> Floats:
    middles, moved = np.array(homes, dtype=float), np.zeros(len(points), dtype=bool)
    done: list[int] = []
    for number in _loneliest_first(points, float(sizes.max(initial=1.0)) * 1.5):
        spots = _spots(homes[number], sizes[number], frame)
        free = _first_free(spots, sizes[number], middles[done], sizes[done])
        if not len(free):
            raise NoRoom
        best = _cheapest(free, number, points, homes, sizes, done, middles, moved)
        middles[number], moved[number] = best, bool(np.hypot(*(best - homes[number])) > 0.01)
        done.append(number)
    return middles


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


def _loneliest_first(points: Floats, within: float) -> list[int]:
    if not len(points):
        return []
    neighbours = cKDTree(points).query_ball_point(points, within, return_length=True)
    return [int(n) for n in np.lexsort((points[:, 0], points[:, 1], neighbours))]


def _spots(home: Floats, size: Floats, frame: tuple[float, float]) -> Floats:
    """Home, then rings of spots around it, a third of a label apart; only those in the frame."""
    turns = np.linspace(0, 2 * np.pi, SPOKES, endpoint=False)
    rings = np.arange(1, RINGS + 1) * float(size[1]) / 3
    around = rings[:, None, None] * np.stack([np.cos(turns), np.sin(turns)], axis=1)[None]
    spots = np.concatenate([home[None], home + around.reshape(-1, 2)])
    low, high = size / 2, np.asarray(frame) - size / 2
    inside: Floats = spots[((spots >= low) & (spots <= high)).all(axis=1)]
    return inside


def _first_free(spots: Floats, size: Floats, taken: Floats, sizes: Floats) -> Floats:
    """The nearest free spots, as many as are looked at; `spots` stand in order of distance."""
    found: list[Floats] = []
    for some in np.split(spots, range(LOOKED_AT * 4, len(spots), LOOKED_AT * 4)):
        found.append(some[_is_free(some, size, taken, sizes)])
        if sum(map(len, found)) >= LOOKED_AT:
            break
    return np.concatenate(found)[:LOOKED_AT]


def _is_free(spots: Floats, size: Floats, taken: Floats, sizes: Floats) -> NDArray[np.bool_]:
    apart = (size + sizes) / 2 + GAP_PT
    near: NDArray[np.bool_] = np.abs(spots[:, None, :] - taken[None]) < apart[None]
    free: NDArray[np.bool_] = ~np.any(np.all(near, axis=2), axis=1)
    return free


def _cheapest(
    spots: Floats,
    number: int,
    points: Floats,
    homes: Floats,
    sizes: Floats,
    done: list[int],
    middles: Floats,
    moved: NDArray[np.bool_],
) -> Floats:
    """The spot with the shortest way from home, crossings and hidden points counted as way."""
    way = np.hypot(*(spots - homes[number]).T)
    waiting = np.setdiff1d(np.arange(len(points)), [*done, number])
    inside = np.abs(points[waiting][None] - spots[:, None]) < sizes[number] / 2
    cost = way + HIDING_PT * inside.all(axis=2).sum(axis=1)
    if done:
        half, lines = sizes[done] / 2, _leaders(points[done], middles[done])[moved[done]]
        boxes = shapely.box(*(middles[done] - half).T, *(middles[done] + half).T)
        leaders = _leaders(np.broadcast_to(points[number], spots.shape), spots)
        low, high = spots - sizes[number] / 2, spots + sizes[number] / 2
        crossed = _met(leaders, boxes, "intersects") + _met(leaders, lines, "crosses")
        covered = _met(shapely.box(*low.T, *high.T), lines, "intersects")
        cost = cost + CROSSING_PT * (np.where(way > 0.01, crossed, 0) + covered)
    best: Floats = spots[int(np.argmin(cost))]
    return best


def _met(shapes: Any, others: Any, how: Literal["intersects", "crosses"]) -> NDArray[np.intp]:
    """How many of the others each shape meets."""
    pairs = shapely.STRtree(others).query(shapes, predicate=how)
    return np.bincount(pairs[0], minlength=len(shapes))


def _leaders(starts: Floats, ends: Floats) -> Any:
    lines: Any = shapely.linestrings(np.stack([starts, ends], axis=1))
    return lines
