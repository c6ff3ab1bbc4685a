"""What roads are like to walk (歩く道のようす): steps, slopes, and which nobody may walk on."""

import re

import numpy as np
import shapely
from geopandas import GeoSeries
from numpy.typing import NDArray
from pandas import DataFrame, Series

from api.exchange.cells import numbers, plain
from api.exchange.osm_tags import MOTORWAYS, is_barred
from api.exchange.reading import Desk

STEPS = frozenset({"steps", "階段"})
STEEPEST = 1.0
"""A rise as long as the run; what is steeper is a mistake or a ladder."""
METRES_PER_DEGREE = 111_320.0
_INCLINE = re.compile(r"[-+±]?\s*(\d+(?:\.\d+)?)\s*(%|％|°|度)?")


def are_steps(kinds: Series) -> "Series[bool]":
    """Which roads are steps (階段), by their kind."""
    return kinds.isin(STEPS).astype(bool)


def closed_to_walkers(desk: Desk) -> "Series[bool]":
    """Motorways and private ways, in a file that has OpenStreetMap's tags as columns.

    What somebody has chosen already (a walking network, say) is left as it is otherwise.
    """
    cells = desk.cells()
    tags = DataFrame({str(name).lower(): plain(cells[name]) for name in cells.columns})
    highway = tags.get("highway", tags.get("fclass"))
    if highway is None:
        return Series(False, index=desk.rows.index)
    closed = is_barred(tags) | highway.isin(MOTORWAYS)
    return closed.reindex(desk.rows.index, fill_value=False).astype(bool)


def slopes(desk: Desk, shapes: GeoSeries) -> Series:
    """Rise over run of each road, whichever way (勾配); NaN where nothing tells.

    By a column of slopes (8, 8%, 5°, OpenStreetMap's incline), else by the elevations (標高) of
    both ends in two columns, else by those in the shapes themselves.
    """
    told = plain(desk.raw("slope")).map(slope_in, na_action="ignore").astype(float)
    begin, _ = numbers(desk.raw("elevation_from"))
    end, _ = numbers(desk.raw("elevation_to"))
    rise = (end - begin).abs().fillna(_rise_of_shapes(desk))
    run = _metres(shapes)
    told = told.fillna(rise / run.where(run > 0))
    return told.where(told <= STEEPEST)


def slope_in(text: str) -> float | None:
    """0.08 from 8, 8%, -8％; 0.087 from 5°; None from up, down, steep."""
    found = _INCLINE.fullmatch(text.strip())
    if found is None:
        return None
    value = float(found[1])
    return float(np.tan(np.radians(value))) if found[2] in ("°", "度") else value / 100


def _rise_of_shapes(desk: Desk) -> Series:
    if desk.source.geometry is None:
        return Series(np.nan, index=desk.rows.index)
    raw = desk.source.geometry.reindex(desk.rows.index)
    ends = [_height(np.asarray(raw), position) for position in (0, -1)]
    return Series(np.abs(ends[1] - ends[0]), index=desk.rows.index)


def _height(shapes: NDArray[np.object_], position: int) -> NDArray[np.float64]:
    """The elevation of the first or last vertex; NaN where the shapes are flat or in parts."""
    points = shapely.get_point(shapely.line_merge(shapes), position)
    return np.asarray(shapely.get_z(points), dtype=float)


def _metres(shapes: GeoSeries) -> Series:
    """Lengths of lines in degrees, true to a few thousandths anywhere in Japan."""
    middle = shapes.bounds[["miny", "maxy"]].mean(axis=1)
    east = np.cos(np.radians(middle.to_numpy(dtype=float))) * METRES_PER_DEGREE
    xy, line = shapely.get_coordinates(np.asarray(shapes), return_index=True)
    steps = np.diff(xy, axis=0) * np.column_stack(
        [east[line[1:]], np.full(max(len(line) - 1, 0), METRES_PER_DEGREE)]
    )
    within = line[1:] == line[:-1]
    metres = np.bincount(line[1:][within], np.hypot(*steps[within].T), minlength=len(shapes))
    return Series(metres, index=shapes.index)
