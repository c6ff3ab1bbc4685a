"""Large zones parted into what people could walk within: a gap one can put a finger on."""

import numpy as np
from geopandas import GeoDataFrame
from pandas import DataFrame, factorize
from scipy.spatial import cKDTree

from geo.arrays import Floats, Positions


def parted(rows: GeoDataFrame, zone: Positions, *, reach_m: float) -> Positions:
    """Part zones so that everybody lives within `reach_m` of the town their part grew from.

    Uncovered towns often touch all across a municipality, and one zone of thirty towns tells
    nobody where to go. So the town with most people takes in the towns of its zone near it, then
    the next of those left, and so on. Towns stay whole, at the middle of their people.

    Parameters
    ----------
    rows : uncovered demand rows (`people`, `town_id`, `record_id`, points in metres).
    zone : zone of each row.
    reach_m : how far from the first town's middle the others' may lie, metres.

    Returns
    -------
    Part of each row, numbered from 0; parts refine zones.
    """
    unit, middles = _towns(rows, zone)
    return _grown(middles, reach_m)[unit]


def _towns(rows: GeoDataFrame, zone: Positions) -> tuple[Positions, DataFrame]:
    """Town-in-zone of each row, and of each: zone, people, x and y of their middle."""
    town, _ = factorize(rows["town_id"])
    record, _ = factorize(rows["record_id"])
    # What is in no town (a mesh cell) counts as a town of its own.
    town = np.where(town < 0, town.max(initial=-1) + 1 + record, town)
    unit, pairs = factorize(zone * (town.max(initial=0) + 1) + town)
    people = rows["people"].to_numpy(dtype=float)
    x, y = rows.geometry.get_coordinates().to_numpy().T
    size = np.bincount(unit, people, len(pairs))
    first = np.unique(unit, return_index=True)[1]
    middles = DataFrame(
        {
            "zone": zone[first],
            "people": size,
            "x": np.bincount(unit, people * x, len(pairs)) / size,
            "y": np.bincount(unit, people * y, len(pairs)) / size,
        }
    )
    return unit, middles


def _grown(middles: DataFrame, reach_m: float) -> Positions:
    """Part of each town: the largest first takes in those of its zone within reach."""
    part = np.full(len(middles), -1, dtype=np.intp)
    xy: Floats = middles[["x", "y"]].to_numpy()
    zone = middles["zone"].to_numpy()
    tree = cKDTree(xy)
    order = np.argsort(-middles["people"].to_numpy(), kind="stable")
    count = 0
    for seed in order:
        if part[seed] >= 0:
            continue
        near = np.asarray(tree.query_ball_point(xy[seed], reach_m))
        part[near[(part[near] < 0) & (zone[near] == zone[seed])]] = count
        count += 1
    return part
