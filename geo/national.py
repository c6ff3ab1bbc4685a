"""All of Japan at once (全国): no plane zone holds it, so lengths are chords through the earth."""

from typing import Final

import numpy as np
from geopandas import GeoDataFrame
from pandas import DataFrame, Series
from scipy.spatial import cKDTree

from geo.arrays import Floats, Positions
from geo.walking import MICROMETRES

DEGREES: Final = frozenset({4326, 6668, 4612})  # WGS 84, JGD2011, JGD2000: metres apart at most
SEMI_MAJOR_M: Final = 6_378_137.0  # GRS 80
FLATTENING: Final = 1 / 298.257222101
HAIR_M: Final = 1e-5  # wider than what rounding to a micrometre hides


class NotInDegrees(ValueError):
    """A frame for all Japan that is not in longitude and latitude."""


def straight_across(demand: GeoDataFrame, places: GeoDataFrame) -> DataFrame:
    """Straight-line distance to the nearest place anywhere in Japan (全国の最寄りの通いの場).

    Measured as the chord between points of the ellipsoid (GRS 80, height 0). It is shorter than
    the way over the ground by 0.03 mm at 3 km and 3 cm at 30 km: for walking, the same.

    Parameters
    ----------
    demand : n points, in degrees.
    places : m points with unique labels as index, in degrees; m may be 0. Places without a point
        are nobody's nearest.

    Returns
    -------
    As from `geo.walking.straight`, indexed like `demand`: `place_id` (of equally near ones the
    first; None where there is none) and `distance_m` (to a micrometre; inf where there is none).

    Raises
    ------
    NotInDegrees : a frame is not in longitude and latitude.
    """
    _require_degrees(demand, places)
    there = places[~(places.geometry.isna() | places.geometry.is_empty)]
    nearest = np.full(len(demand), None, dtype=object)
    metres = np.full(len(demand), np.inf)
    if len(there) and len(demand):
        at, metres = _nearest(_points(demand), _points(there))
        nearest = there.index.to_numpy(dtype=object)[at]
    found = {
        "place_id": Series(nearest, dtype=object, index=demand.index),
        "distance_m": Series(metres.round(MICROMETRES), index=demand.index),
    }
    return DataFrame(found)


def covered_by_municipality(
    municipality: Positions, homes: Floats, places: Floats, distance_m: float, people: Floats
) -> DataFrame:
    """How many are within reach of a place, municipality by municipality (市町村ごとのカバー率).

    Chords as in `straight_across`, without saying which place is the nearest.

    Parameters
    ----------
    municipality : number of each home's municipality, from 0.
    homes, places : longitude and latitude, degrees, shape (n, 2); at least one place.
    distance_m : how far people walk.
    people : weight of each home: persons, or 1 where only towns are known.

    Returns
    -------
    Index: number of the municipality, those that have homes; `homes`, `people`, `covered`
    (weights), `mean_distance_m` (weighted).
    """
    tree = cKDTree(geocentric_m(places[:, 0], places[:, 1]))
    found = tree.query(geocentric_m(homes[:, 0], homes[:, 1]), workers=-1)
    metres = np.asarray(found[0], dtype=float)
    reached = metres.round(MICROMETRES) <= distance_m
    size = int(municipality.max(initial=-1)) + 1

    def total(weights: Floats | None = None) -> Floats:
        return np.asarray(np.bincount(municipality, weights, minlength=size), dtype=float)

    counted, weight = total(), total(people)
    there = np.flatnonzero(counted)
    with np.errstate(invalid="ignore"):
        mean = total(people * metres) / weight
    columns = {
        "homes": counted.astype(np.int64),
        "people": weight,
        "covered": total(people * reached),
        "mean_distance_m": mean,
    }
    return DataFrame(columns).iloc[there]


def geocentric_m(lon: Floats, lat: Floats) -> Floats:
    """Points of the ellipsoid as metres from the middle of the earth, shape (n, 3)."""
    lam, phi = np.radians(lon), np.radians(lat)
    squared = FLATTENING * (2 - FLATTENING)
    across = SEMI_MAJOR_M / np.sqrt(1 - squared * np.sin(phi) ** 2)
    flat = across * np.cos(phi)
    return np.column_stack(
        [flat * np.cos(lam), flat * np.sin(lam), across * (1 - squared) * np.sin(phi)]
    )


def _points(frame: GeoDataFrame) -> Floats:
    degrees = frame.geometry.get_coordinates().to_numpy()
    return geocentric_m(degrees[:, 0], degrees[:, 1])


def _nearest(homes: Floats, places: Floats) -> tuple[Positions, Floats]:
    """Position of the first of the nearest places, and the distance to it."""
    kept = np.flatnonzero(~DataFrame(places).duplicated().to_numpy())
    tree = cKDTree(places[kept])
    found = tree.query(homes, k=[1, 2], workers=-1)
    metres, at = np.round(found[0], MICROMETRES), np.asarray(found[1], dtype=np.intp)
    tied = np.flatnonzero(metres[:, 0] == metres[:, 1])
    around = tree.query_ball_point(homes[tied], metres[tied, 0] + HAIR_M, return_sorted=True)
    for row, near in zip(tied, around, strict=True):
        away = np.linalg.norm(tree.data[near] - homes[row], axis=1).round(MICROMETRES)
        at[row, 0] = near[int(away.argmin())]
    return kept[at[:, 0]], metres[:, 0]


def _require_degrees(*frames: GeoDataFrame) -> None:
    for frame in frames:
        if frame.crs is None or frame.crs.to_epsg() not in DEGREES:
            raise NotInDegrees(f"expected longitude and latitude, found {frame.crs or 'none'}")
