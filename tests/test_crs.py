"""What counts as metres, and which zone a municipality is in."""

import pytest
from geopandas import GeoDataFrame, GeoSeries
from pyproj import CRS
from shapely import LineString, Point
from shapes import frame_of

from geo.crs import PLANE_ZONES, NotInMetres, OutsideJapan, are_points, plane_epsg, require_metres

ROMAN = {
    "02": "Aomori", "03": "Iwate", "04": "Miyagi", "05": "Akita", "06": "Yamagata",
    "15": "Niigata", "16": "Toyama", "17": "Ishikawa", "18": "Fukui", "19": "Yamanashi",
    "20": "Nagano", "21": "Gifu", "22": "Shizuoka", "23": "Aichi", "24": "Mie", "25": "Shiga",
    "26": "Kyoto", "27": "Osaka", "28": "Hyogo", "29": "Nara", "30": "Wakayama", "31": "Tottori",
    "32": "Shimane", "33": "Okayama", "34": "Hiroshima", "35": "Yamaguchi", "36": "Tokushima",
    "37": "Kagawa", "38": "Ehime", "39": "Kochi", "40": "Fukuoka", "41": "Saga", "42": "Nagasaki",
    "43": "Kumamoto", "44": "Oita", "45": "Miyazaki",
}  # fmt: skip


def frame(crs: str | None) -> GeoDataFrame:
    return GeoDataFrame(geometry=[Point(0, 0)], crs=crs)


@pytest.mark.parametrize("crs", [None, "EPSG:4326", "EPSG:3857"])  # none, degrees, false metres
def test_anything_but_metres_is_refused(crs: str | None) -> None:
    with pytest.raises(NotInMetres, match="expected a plane rectangular zone"):
        require_metres(frame(crs))
    with pytest.raises(NotInMetres, match="expected a plane rectangular zone"):
        require_metres(GeoSeries([Point(0, 0)], crs=crs))


def test_two_plane_zones_do_not_mix() -> None:
    require_metres(frame("EPSG:6677"), frame("EPSG:6677"))
    with pytest.raises(NotInMetres, match="EPSG:6677, EPSG:6678"):
        require_metres(frame("EPSG:6677"), frame("EPSG:6678"))


def test_only_points_with_coordinates_lie_somewhere() -> None:
    lost = [Point(float("nan"), 0), Point(float("inf"), float("inf"))]
    odd = frame_of(Point(1, 2), None, Point(), *lost, LineString([(0, 0), (1, 1)]))
    assert are_points(odd).tolist() == [True, False, False, False, False, False]


@pytest.mark.parametrize("code", ROMAN)
def test_the_zone_of_a_prefecture_is_the_one_whose_description_names_it(code: str) -> None:
    described = [
        zone
        for zone in PLANE_ZONES
        if (area := CRS.from_epsg(zone).area_of_use)
        and any(f"{ROMAN[code]}-{kind}" in area.name for kind in ("ken", "fu"))
    ]
    assert described == [plane_epsg(137.0, 36.0, code)]


@pytest.mark.parametrize("code", ["07", "08", "09", "10", "11", "12", "14"])
def test_kanto_and_fukushima_are_in_zone_nine(code: str) -> None:
    assert plane_epsg(140.0, 36.0, code) == 6677


@pytest.mark.parametrize(
    ("name", "lon", "lat", "code", "zone"),
    [
        ("函館市", 140.729, 41.769, "01", 11),
        ("小樽市", 140.995, 43.191, "01", 11),
        ("伊達市", 140.865, 42.472, "01", 11),
        ("室蘭市", 140.974, 42.315, "01", 12),
        ("札幌市", 141.354, 43.062, "01", 12),
        ("礼文町", 141.047, 45.303, "01", 12),
        ("浦河町", 142.768, 42.168, "01", 12),
        ("えりも町", 143.148, 42.016, "01", 12),
        ("上川町", 142.771, 43.847, "01", 12),
        ("紋別市", 143.354, 44.356, "01", 12),
        ("広尾町", 143.312, 42.286, "01", 13),
        ("新得町", 142.838, 43.080, "01", 13),
        ("帯広市", 143.196, 42.924, "01", 13),
        ("置戸町", 143.587, 43.677, "01", 13),
        ("北見市", 143.896, 43.803, "01", 13),
        ("根室市", 145.583, 43.330, "01", 13),
        ("新宿区", 139.703, 35.694, "13", 9),
        ("青ヶ島村", 139.763, 32.466, "13", 9),
        ("小笠原村", 142.192, 27.094, "13", 14),
        ("沖ノ鳥島", 136.081, 20.423, "13", 18),
        ("南鳥島", 153.981, 24.286, "13", 19),
        ("鹿児島市", 130.557, 31.597, "46", 2),
        ("西之表市", 130.997, 30.732, "46", 2),
        ("薩摩川内市 甑島", 129.87, 31.85, "46", 1),
        ("十島村", 129.85, 29.95, "46", 1),
        ("奄美市", 129.494, 28.377, "46", 1),
        ("喜界町", 130.03, 28.32, "46", 1),
        ("与論町", 128.414, 27.049, "46", 1),
        ("那覇市", 127.679, 26.212, "47", 15),
        ("石垣市", 124.156, 24.341, "47", 16),
        ("南大東村", 131.232, 25.829, "47", 17),
    ],
)
def test_a_divided_prefecture_goes_by_the_point(
    name: str, lon: float, lat: float, code: str, zone: int
) -> None:
    assert plane_epsg(lon, lat, code) == 6668 + zone, name


@pytest.mark.parametrize("code", [None, "", "99"])
@pytest.mark.parametrize(
    ("lon", "lat", "zone"),
    [(132.2, 34.4, 3), (134.3, 34.5, 5), (138.6, 35.3, 8), (141.2, 39.0, 10), (141.4, 43.1, 12),
     (127.7, 26.2, 15)],
)  # fmt: skip
def test_a_made_up_prefecture_gets_the_nearest_meridian(
    lon: float, lat: float, zone: int, code: str | None
) -> None:
    assert plane_epsg(lon, lat, code) == 6668 + zone


@pytest.mark.parametrize(("lon", "lat"), [(34.3, 134.0), (0, 0), (134.0, float("nan")), (129, 47)])
def test_a_point_outside_japan_has_no_zone(lon: float, lat: float) -> None:
    with pytest.raises(OutsideJapan, match=f"latitude {lat}"):
        plane_epsg(lon, lat, "37")
