"""Footprints of demand rows: the land they stand for, what touches what, and its outline."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from geopandas import GeoDataFrame, GeoSeries
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geo.arrays import Floats, Geometries, Mask, Positions
from geo.dissolving import polygons_in, union_by

DISC_M: Final = 50.0  # radius drawn for people of whose land nothing is known
BORDER_M: Final = 1.0  # simplified borders miss each other by this much
CORNER_M2: Final = 4.0  # widened by BORDER_M, a corner shares less, four metres of line as much


@dataclass(frozen=True)
class Pieces:
    """Footprints, with squares in a line put together so that there are few of them.

    `of_row` is the piece of each demand row. Of each piece: its `shape`, the group of rows it may
    touch (`group`), the side of its squares (`side_m`, NaN: a whole polygon), and whether its land
    is unknown (`alone`), so that it touches nothing.
    """

    of_row: Positions
    shape: Geometries
    group: Positions
    side_m: Floats
    alone: Mask

    def zones(self) -> Positions:
        """Zone of each demand row: touching pieces of one group, and what touches those."""
        a, b = self._candidates()
        of_squares = ~np.isnan(self.side_m[a])
        touching = np.empty(len(a), dtype=bool)
        for kind, touch in ((of_squares, self._squares_touch), (~of_squares, self._polygons_touch)):
            touching[kind] = touch(a[kind], b[kind])
        return _connected(a[touching], b[touching], len(self.shape))[self.of_row]

    def _candidates(self) -> tuple[Positions, Positions]:
        """Pairs of pieces of one group whose bounds are near enough to touch."""
        reach = np.where(np.isnan(self.side_m), BORDER_M, self.side_m / 2)
        x0, y0, x1, y1 = shapely.bounds(self.shape).T
        wider = shapely.box(x0 - reach, y0 - reach, x1 + reach, y1 + reach)
        a, b = shapely.STRtree(self.shape).query(wider)
        square = ~np.isnan(self.side_m)
        fit = (a != b) & (self.group[a] == self.group[b]) & (square[a] == square[b])
        fit &= ~(self.alone[a] | self.alone[b])
        return a[fit], b[fit]

    def _squares_touch(self, a: Positions, b: Positions) -> Mask:
        """Whether lines of squares overlap or share a line.

        Where sides differ, half the wider one may lie between: there a shape's border has cut off
        squares whose middles are outside.
        """
        low, high = shapely.bounds(self.shape).reshape(-1, 2, 2).transpose(1, 0, 2)
        between = np.maximum(low[a], low[b]) - np.minimum(high[a], high[b])  # negative: overlap
        narrow = np.minimum(self.side_m[a], self.side_m[b])
        wide = np.maximum(self.side_m[a], self.side_m[b])
        slack = np.where(narrow == wide, narrow / 100, wide / 2)
        beside = (between.max(axis=1) <= slack) & (between.min(axis=1) < -narrow / 100)
        return np.asarray(beside)

    def _polygons_touch(self, a: Positions, b: Positions) -> Mask:
        """Whether polygons overlap or share a line, give or take a metre."""
        wider = self.shape.copy()
        involved = np.unique(a)
        wider[involved] = shapely.buffer(self.shape[involved], BORDER_M)
        return shapely.area(shapely.intersection(wider[a], self.shape[b])) > CORNER_M2


def pieces_of(rows: GeoDataFrame, group: Positions, footprints: GeoSeries) -> Pieces:
    """Footprints of demand rows.

    Parameters
    ----------
    rows : demand rows with a RangeIndex, CRS in metres.
    group : of each row; only pieces of one group touch.
    footprints : polygons by record id, same CRS.
    """
    points = np.asarray(rows.geometry.array)
    side = rows["cell_m"].to_numpy(dtype=float)
    spread = np.flatnonzero(~np.isnan(side))
    whole = np.flatnonzero(np.isnan(side))
    run_of, boxes, first = _runs(points[spread], side[spread], group[spread])
    shapes = np.asarray(footprints.reindex(rows["record_id"].iloc[whole]).array)
    alone = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    shapes[alone] = shapely.buffer(points[whole[alone]], DISC_M)
    of_row = np.empty(len(rows), dtype=np.intp)
    of_row[spread] = run_of
    of_row[whole] = len(boxes) + np.arange(len(whole))
    of_piece = np.concatenate([spread[first], whole])
    return Pieces(
        of_row,
        np.concatenate([boxes, shapes]),
        group[of_piece],
        side[of_piece],
        np.concatenate([np.zeros(len(boxes), dtype=bool), alone]),
    )


def outlines(
    pieces: Pieces, rows: GeoDataFrame, zone: Positions, footprints: GeoSeries
) -> Geometries:
    """Outline of each zone 0, 1, …: its pieces in one.

    Squares are smoothed and cut to the shapes of their records; a zone with a record whose shape is
    not known stays uncut. `zone` is that of each row.
    """
    count = len(np.unique(zone))
    zone_of_piece = np.empty(len(pieces.shape), dtype=np.intp)
    zone_of_piece[pieces.of_row] = zone
    drawn = union_by(zone_of_piece, pieces.shape, count)
    side = np.zeros(count)
    np.maximum.at(side, zone_of_piece, np.nan_to_num(pieces.side_m))
    rough = np.flatnonzero(side)
    drawn[rough] = _smoothed(drawn[rough], side[rough])
    records = rows[["record_id"]].assign(zone=zone)[side[zone] > 0].drop_duplicates()
    shapes = np.asarray(footprints.reindex(records["record_id"]).array)
    cut = np.setdiff1d(rough, records["zone"][shapely.is_missing(shapes)])
    land = union_by(records["zone"].to_numpy(), shapes, count)[cut]
    parts, of = polygons_in(shapely.intersection(drawn[cut], land))
    drawn[cut] = union_by(of, parts, len(cut))
    return drawn


def _smoothed(squares: Geometries, side_m: Floats) -> Geometries:
    """Outlines widened by a square and narrowed again: steps and slits between squares fill.

    Widening keeps corners (mitre) and narrowing rounds, so that only inner corners are filled.
    """
    wide = shapely.buffer(squares, side_m, join_style="mitre")
    return shapely.simplify(shapely.buffer(wide, -side_m, quad_segs=4), side_m / 4)


def _runs(
    centres: Geometries, side_m: Floats, group: Positions
) -> tuple[Positions, Geometries, Positions]:
    """Squares in a line, put together: run of each square, box and one square of each run."""
    x, y = shapely.get_coordinates(centres).T
    order = np.lexsort((x, y, side_m, group))
    line = np.column_stack([y, side_m, group])[order]
    step = np.diff(x[order], prepend=-np.inf)
    new = (step > side_m[order] * 1.001) | (np.diff(line, axis=0, prepend=np.nan) != 0).any(axis=1)
    start = np.flatnonzero(new)
    run_of = np.empty(len(order), dtype=np.intp)
    run_of[order] = np.cumsum(new) - 1
    first, last = order[start], order[np.roll(start, -1) - 1]
    half = side_m[first] / 2
    boxes = shapely.box(x[first] - half, y[first] - half, x[last] + half, y[last] + half)
    return run_of, boxes, first


def _connected(a: Positions, b: Positions, count: int) -> Positions:
    graph = coo_array((np.ones(len(a), dtype=bool), (a, b)), shape=(count, count))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.intp)
