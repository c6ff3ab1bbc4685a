"""Nearest place for every town of Japan, against a bare cKDTree on the same arrays."""

import resource
import subprocess
import sys
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
from geopandas import GeoDataFrame
from pandas import DataFrame

from benchmarks import peers
from benchmarks.measuring import MISSING, Sample, in_turn, one, seconds
from benchmarks.peers import Peer
from benchmarks.real_data import real_data
from benchmarks.results import Report, Row
from geo.national import covered_by_municipality, geocentric_m, straight_across
from geo.walking import within_reach

TOWNS = "japan/towns.csv.gz"
PLACES = 145_000
SEED = 145_000
MUNICIPALITIES = 1_900
NEAR_A_TOWN_DEGREES = 0.005
DISTANCE_M = 500.0
TIMES = 7
HAIR_M = 1e-5
TITLE = f"Nearest of {PLACES:,} places for every town of Japan"


def run(folder: Path) -> Report:
    """Measure the nearest place of all towns, and hold both answers side by side."""
    source = real_data(TOWNS)
    if source is None:
        return Report(TITLE, [Row("nearest place of every town", "s", MISSING)], [f"No {TOWNS}."])
    towns, places = _towns(source), _places(source)
    arrays, answer = folder / "arrays.npz", folder / "metres.npy"
    np.savez(arrays, homes=_metres(towns), places=_metres(places))
    found: dict[str, DataFrame] = {}

    def ask() -> None:
        found["walk"] = straight_across(towns, places)

    with Peer() as peer:
        ours, (bare,) = in_turn(
            TIMES,
            lambda: seconds(ask),
            lambda: float(peer.ask("nearest", arrays=str(arrays), answer=str(answer))["seconds"]),
        )
    whole = np.zeros(len(towns), dtype=np.intp)
    homes, spots = (f.geometry.get_coordinates().to_numpy() for f in (towns, places))
    number = np.sort(np.random.default_rng(SEED).integers(0, MUNICIPALITIES, len(towns)))
    ones = np.ones(len(whole))
    counted = Sample(
        tuple(
            seconds(lambda: covered_by_municipality(number, homes, spots, DISTANCE_M, ones))
            for _ in range(TIMES)
        )
    )
    memory_mb = one(_peak_mb(folder))
    covered = int(within_reach(found["walk"], DISTANCE_M).sum())
    notes = [
        f"{len(towns):,} towns. Ours takes frames in degrees and gives a frame of nearest place "
        "(of equally near ones the first) and distance; the peer takes points in metres.",
        f"Within {DISTANCE_M:.0f} m of a place: {covered:,} towns.",
        _compared(found["walk"], answer, bare),
        *peers.notes(),
    ]
    rows = [
        Row("coverage of every municipality", "s", counted, bare, 1.5),
        Row("the whole command, its file included", "MB", memory_mb, None, 1024, beside_peer=False),
        Row("nearest place of every town", "s", ours, bare),
    ]
    return Report(TITLE, rows, notes)


def _peak_mb(folder: Path) -> float:
    """The most memory `yoridokoro national` holds, in a process of its own."""
    source = real_data(TOWNS)
    if source is None:
        return float("nan")
    program = Path(sys.executable).with_name("yoridokoro")
    words = [str(program), "national", str(folder / "n.parquet"), "--data", str(source.parent)]
    subprocess.run(words, check=True, capture_output=True)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def _towns(source: Path) -> GeoDataFrame:
    table = pd.read_csv(source, usecols=["緯度", "経度"]).dropna()
    points = geopandas.points_from_xy(table["経度"], table["緯度"], crs="EPSG:4326")
    return GeoDataFrame(geometry=points)


def _places(source: Path) -> GeoDataFrame:
    """Places drawn at random near towns drawn at random: as many as there are 通いの場 in Japan."""
    dice = np.random.default_rng(SEED)
    towns = _towns(source).geometry.get_coordinates().to_numpy()
    points = towns[dice.integers(0, len(towns), PLACES)]
    points = points + dice.normal(0, NEAR_A_TOWN_DEGREES, points.shape)
    return GeoDataFrame(
        geometry=geopandas.points_from_xy(points[:, 0], points[:, 1], crs="EPSG:4326")
    )


def _metres(frame: GeoDataFrame) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return geocentric_m(*frame.geometry.get_coordinates().to_numpy().T)


def _compared(walk: DataFrame, answer: Path, bare: Sample | str) -> str:
    """Whether both found the same distances."""
    if bare == MISSING:
        return "The peer is missing, so nothing was compared."
    apart = np.abs(np.load(answer) - walk["distance_m"].to_numpy())
    same = int((apart < HAIR_M).sum())
    return f"The same distance in {same:,} of {len(walk):,} towns (to a hundredth of a millimetre)."
