"""Nearest place along roads for every corner of a made network, against pandana and bare SciPy."""

import contextlib
import io
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from scipy.sparse.csgraph import dijkstra

from benchmarks.measuring import MISSING, Sample, in_turn, one, seconds
from benchmarks.results import Report, Row
from geo.arrays import Floats, Positions
from geo.roads import NO_LENGTH_M, RoadNetwork
from geo.walking import by_road, nearest_corner_by_road

CORNERS, PLACES, SEED, TIMES = 100_000, 300, 7, 7
FARTHEST_M = 20_000.0
ZONE = "EPSG:6672"
TITLE = f"Nearest of {PLACES} places along roads, from {CORNERS:,} corners"


def run(_folder: Path) -> Report:
    """Measure the build with the question, then the question alone; hold the answers together."""
    xy, ends, length_m = made_network(CORNERS, SEED)
    at = np.random.default_rng(SEED).choice(np.unique(ends), PLACES, replace=False)
    found: dict[str, Floats] = {}

    def whole() -> None:
        network = RoadNetwork.from_edges(xy, ends, length_m, ZONE)
        found["ours"] = nearest_corner_by_road(network, at)[1]

    network = RoadNetwork.from_edges(xy, ends, length_m, ZONE)
    graph = network.graph
    asked, (bare,) = in_turn(
        TIMES,
        lambda: seconds(lambda: nearest_corner_by_road(network, at)),
        lambda: seconds(lambda: found.update(bare=dijkstra(graph, indices=at, min_only=True))),
    )
    built = Sample(tuple(seconds(whole) for _ in range(TIMES)))
    demand = GeoDataFrame(geometry=shapely.points(xy), crs=ZONE)
    from_homes = Sample(
        tuple(seconds(lambda: by_road(demand, demand.iloc[at], network)) for _ in range(3))
    )
    peer, theirs = _pandana(xy, ends, length_m, at)
    rows = [
        Row("network built and asked once", "s", built, peer, 1 / 100),
        Row("asked, against bare dijkstra", "s", asked, bare, 1.5),
        Row("asked from homes off the roads, snapping included", "s", from_homes),
    ]
    joined = np.unique(ends)
    notes = [
        f"{len(xy):,} corners, {len(ends):,} roads between them.",
        f"Farthest from bare dijkstra: {_farthest(found['ours'], found['bare']):.6f} m.",
        "pandana, in the same process, is asked once: its build is most of its time.",
    ]
    if theirs is not None:
        far = np.minimum(found["ours"], FARTHEST_M)[joined]
        notes.append(f"Farthest from pandana: {_farthest(far, theirs[joined]):.3f} m.")
    return Report(TITLE, rows, notes)


def made_network(corners: int, seed: int) -> tuple[Floats, Positions, Floats]:
    """A grid of streets with some missing, its corners moved about.

    Returns
    -------
    x and y of each corner, metres; the two corners of each street; its length, metres.
    """
    rng, side = np.random.default_rng(seed), int(np.sqrt(corners))
    corner = np.arange(side * side).reshape(side, side)
    grid = np.stack(np.divmod(corner.ravel(), side), axis=1) * 80.0
    xy = grid + rng.uniform(-25, 25, (side * side, 2))
    across = np.stack([corner[:, :-1].ravel(), corner[:, 1:].ravel()], axis=1)
    along = np.stack([corner[:-1].ravel(), corner[1:].ravel()], axis=1)
    ends = np.concatenate([across, along])
    ends = ends[rng.random(len(ends)) < 0.85].astype(np.intp)
    return xy, ends, np.hypot(*(xy[ends[:, 0]] - xy[ends[:, 1]]).T)


def _pandana(
    xy: Floats, ends: Positions, length_m: Floats, at: Positions
) -> tuple[Sample | str, Floats | None]:
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            from pandana import Network
    except ImportError:
        print("pandana is missing; make setup brings it.")
        return MISSING, None
    answer: dict[str, Any] = {}

    def whole() -> None:
        network = Network(
            *(pd.Series(column) for column in (*xy.T, *ends.T)), pd.DataFrame({"metres": length_m})
        )
        network.set_pois("places", FARTHEST_M, 1, *(pd.Series(column) for column in xy[at].T))
        answer["metres"] = network.nearest_pois(FARTHEST_M, "places", num_pois=1)[1].to_numpy()

    with contextlib.redirect_stdout(io.StringIO()):
        took = seconds(whole)
    return one(took), answer["metres"]


def _farthest(ours: Floats, theirs: Floats) -> float:
    both = np.isfinite(ours) & np.isfinite(theirs) & (theirs > NO_LENGTH_M)
    return float(np.abs(ours[both] - theirs[both]).max())
