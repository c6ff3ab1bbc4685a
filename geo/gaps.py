"""Gaps (空白): people beyond walking distance, neighbours merged into zones and ranked."""

from typing import Final

import numpy as np
import shapely
from geopandas import GeoDataFrame, GeoSeries
from pandas import DataFrame, RangeIndex, Series, factorize

from geo.arrays import Floats, Positions
from geo.crs import require_metres
from geo.footprints import outlines, pieces_of
from geo.parts import parted
from geo.walking import MICROMETRES, require_same_rows, within_reach

ZONE_REACH: Final = 3.0  # walking distances from a zone's largest town to its others
NO_PART_OF_A_PERSON: Final = 6  # decimals by which two zones have equally many people


def gap_zones(
    demand: GeoDataFrame,
    walk: DataFrame,
    *,
    footprints: GeoSeries,
    distance_m: float,
    zone_reach: float = ZONE_REACH,
) -> GeoDataFrame:
    """Zones of neighbouring people beyond walking distance (空白地帯), most people first.

    Two rows are neighbours when their footprints overlap or touch along a line, a corner is not
    enough, and they are in the same area; people in none (圏域なし) are with each other. So a zone
    lies in one area. What touches all across a municipality is parted again: the towns of a zone
    lie within a few walking distances of its largest town (`geo.parts`). The footprint of a row is
    its record's shape, or where it is spread (`cell_m`) its grid square; a row without either is a
    zone of its own, drawn as a small disc.

    Parameters
    ----------
    demand : rows from `geo.demand`, CRS in metres.
    walk : `place_id` and `distance_m` of the same rows, from `geo.walking`.
    footprints : polygon of each record (its town or mesh cell), indexed by record id, same CRS.
        Missing, empty and further ones are allowed.
    distance_m : how far people walk, metres; exactly that far is no gap.
    zone_reach : how many walking distances a zone reaches from its largest town.

    Returns
    -------
    Indexed by rank (1, 2, …), of equally large zones the one met first in `demand` before:

    - `area_id` : missing for people in none.
    - `town_ids` : list of its towns, most people first.
    - `people` : persons. All zones together are all people beyond `distance_m`.
    - `place_id`, `distance_m` : nearest place of the anchor; missing (None) and inf if there is
      none at all.
    - `mean_distance_m` : to the nearest place, mean over its people.
    - `anchor` : the point of the row nearest to the middle of its people.
    - geometry : outline, (multi)polygon; of spread people smoothed by about one square, and within
      the shapes of its records.

    Raises
    ------
    NotInMetres : a frame is in degrees, or the two differ in CRS.
    NotADistance : `distance_m` is not positive and finite.
    ValueError : `walk` and `demand` differ in rows.
    """
    require_metres(demand, footprints)
    require_same_rows(demand, walk)
    beyond = ~within_reach(walk, distance_m) & (demand["people"] > 0).to_numpy()
    rows = demand[beyond].reset_index(drop=True)
    area, _ = factorize(rows["area_id"])
    touching = pieces_of(rows, area, footprints).zones()
    part = parted(rows, touching, reach_m=zone_reach * distance_m)
    pieces = pieces_of(rows, part, footprints)
    zone = _ranked(pieces.zones(), rows["people"].to_numpy(dtype=float))
    zones = _described(rows, walk[beyond], zone)
    return zones.set_geometry(
        GeoSeries(outlines(pieces, rows, zone, footprints), index=zones.index, crs=demand.crs)
    )


def _ranked(zone: Positions, people: Floats) -> Positions:
    """Zones numbered anew from 0, the one with most people first."""
    first_row = np.unique(zone, return_index=True)[1]
    size = np.bincount(zone, people).round(NO_PART_OF_A_PERSON)
    rank = np.empty(len(size), dtype=np.intp)
    rank[np.lexsort((first_row, -size))] = np.arange(len(size))
    return rank[zone]


def _described(rows: GeoDataFrame, walk: DataFrame, zone: Positions) -> GeoDataFrame:
    """Zones without their outlines: one row each, indexed by rank."""
    people = rows["people"].to_numpy(dtype=float)
    metres = walk["distance_m"].to_numpy()
    size = np.bincount(zone, people)
    anchor = _anchors(rows, zone, people / size[zone])
    columns = {
        "area_id": rows["area_id"].array.take(anchor),
        "town_ids": _town_ids(rows, zone, len(anchor)),
        "people": size,
        "place_id": walk["place_id"].array.take(anchor),
        "distance_m": metres[anchor],
        "mean_distance_m": np.bincount(zone, people * metres) / size,
        "anchor": rows.geometry.array.take(anchor),
    }
    return GeoDataFrame(columns, index=RangeIndex(1, len(anchor) + 1, name="rank"))


def _anchors(rows: GeoDataFrame, zone: Positions, weight: Floats) -> Positions:
    """Row of each zone that is nearest to the middle of its people, the first of equal ones.

    The middle itself may lie where nobody lives: in a lake, or within reach of a place.
    """
    x, y = shapely.get_coordinates(np.asarray(rows.geometry.array)).T
    middle_x, middle_y = np.bincount(zone, weight * x), np.bincount(zone, weight * y)
    away = np.hypot(x - middle_x[zone], y - middle_y[zone]).round(MICROMETRES)
    order = np.lexsort((away, zone))
    return order[np.unique(zone[order], return_index=True)[1]]


def _town_ids(rows: GeoDataFrame, zone: Positions, count: int) -> list[list[object]]:
    """Towns of each zone, most people first, the one met first of equal ones."""
    living = rows["people"].groupby([zone, rows["town_id"]], sort=False).sum()
    order = np.argsort(-living.to_numpy().round(NO_PART_OF_A_PERSON), kind="stable")
    zones, towns = (living.index.get_level_values(level)[order] for level in (0, 1))
    lists = Series(towns, index=zones, dtype=object).groupby(level=0).agg(list)
    return [lists.get(number, []) for number in range(count)]
