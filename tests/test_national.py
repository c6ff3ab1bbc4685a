"""All of Japan at once: chords in place of plane metres."""

import math

import geopandas
import numpy as np
import pytest
from geopandas import GeoDataFrame
from pandas import Index
from pyproj import Geod

from geo.national import SEMI_MAJOR_M, NotInDegrees, geocentric_m, straight_across

TOKYO, NAHA, WAKKANAI = (139.767, 35.681), (127.679, 26.212), (141.677, 45.416)


def points(*lon_lat: tuple[float, float], names: str | None = None) -> GeoDataFrame:
    lon, lat = [p[0] for p in lon_lat], [p[1] for p in lon_lat]
    index = Index(list(names)) if names else None
    geometry = geopandas.points_from_xy(lon, lat, crs="EPSG:4326")
    return GeoDataFrame(geometry=geometry, index=index)


def test_a_degree_of_the_equator_is_the_chord_of_its_circle() -> None:
    walk = straight_across(points((140, 0)), points((141, 0), names="a"))
    assert walk.loc[0, "distance_m"] == pytest.approx(
        2 * SEMI_MAJOR_M * math.sin(math.radians(0.5)), abs=1e-5
    )


def test_the_pole_lies_at_the_short_half_axis() -> None:
    at = geocentric_m(np.array([0.0]), np.array([90.0]))[0]
    assert at == pytest.approx([0, 0, 6_356_752.314140], abs=1e-6)


@pytest.mark.parametrize("home", [TOKYO, NAHA, WAKKANAI])
def test_within_walking_distance_the_chord_is_the_way_over_the_ground(
    home: tuple[float, float],
) -> None:
    lon, lat, _ = Geod(ellps="GRS80").fwd(*home, 30, 500)
    walk = straight_across(points(home), points((lon, lat), names="a"))
    assert walk.loc[0, "distance_m"] == pytest.approx(500, abs=1e-5)


def test_everyone_gets_the_nearest_wherever_in_japan() -> None:
    homes = points(NAHA, WAKKANAI, TOKYO)
    walk = straight_across(homes, points(TOKYO, NAHA, WAKKANAI, names="tnw"))
    assert walk["place_id"].tolist() == ["n", "w", "t"]
    assert walk["distance_m"].tolist() == [0, 0, 0]


def test_of_equally_near_places_the_first_counts() -> None:
    places = points((140.01, 0), (139.99, 0), (139.99, 0), (140.01, 0), names="abcd")
    assert straight_across(points((140, 0)), places)["place_id"].tolist() == ["a"]
    assert straight_across(points((140, 0)), places[::-1])["place_id"].tolist() == ["d"]


def test_without_places_nobody_has_a_nearest() -> None:
    walk = straight_across(points(TOKYO), points())
    assert walk["place_id"].tolist() == [None]
    assert walk["distance_m"].tolist() == [math.inf]


def test_a_place_without_a_point_is_nobodys_nearest() -> None:
    places = points(TOKYO, NAHA, names="tn")
    places.loc["t", "geometry"] = None
    assert straight_across(points(TOKYO), places)["place_id"].tolist() == ["n"]


def test_plane_metres_are_refused() -> None:
    plane = points(TOKYO).to_crs(6677)
    with pytest.raises(NotInDegrees, match="6677"):
        straight_across(plane, points(TOKYO))
    with pytest.raises(NotInDegrees, match="none"):
        straight_across(points(TOKYO), GeoDataFrame(geometry=list(points(TOKYO).geometry)))
