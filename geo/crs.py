"""The one rule about coordinates: metres inside, degrees at the door."""

from typing import Final

import numpy as np
import shapely
from geopandas import GeoDataFrame, GeoSeries
from shapely import GeometryType

from geo.arrays import Mask

# JGD2011 平面直角座標系 第1–19系. Web Mercator says metres too, and is 20 % off at this latitude.
PLANE_ZONES: Final = range(6669, 6688)

SOUTH, NORTH, WEST, EAST = 20.0, 46.0, 122.0, 154.0  # 沖ノ鳥島, 宗谷岬, 与那国島, 南鳥島

# 平成14年国土交通省告示第9号 (the zone of a whole prefecture, by its two-digit code).
ZONES_OF_PREFECTURES: Final = {
    1: ("42",),
    2: ("40", "41", "43", "44", "45"),
    3: ("32", "34", "35"),
    4: ("36", "37", "38", "39"),
    5: ("28", "31", "33"),
    6: ("18", "24", "25", "26", "27", "29", "30"),
    7: ("16", "17", "21", "23"),
    8: ("15", "19", "20", "22"),
    9: ("07", "08", "09", "10", "11", "12", "14"),
    10: ("02", "03", "04", "05", "06"),
}
ZONE_OF: Final = {code: zone for zone, codes in ZONES_OF_PREFECTURES.items() for code in codes}
MERIDIANS: Final = {
    1: 129.5, 2: 131.0, 3: 132 + 1 / 6, 4: 133.5, 5: 134 + 1 / 3,
    6: 136.0, 7: 137 + 1 / 6, 8: 138.5, 9: 139 + 5 / 6,
}  # fmt: skip

# In Hokkaido the notice lists municipalities. These lines (latitude, longitude) run between them.
XI_TO_XII: Final = np.transpose(
    [(41.0, 141.5), (42.2, 140.95), (42.35, 140.93), (42.5, 140.98), (42.7, 141.15), (43.2, 141.12),
     (43.4, 141.12), (43.5, 139.0)]
)  # fmt: skip
XII_TO_XIII: Final = np.transpose(
    [(42.0, 143.25), (43.0, 142.75), (43.5, 142.75), (43.6, 143.45), (43.85, 143.45), (44.0, 143.7)]
)


class NotInMetres(ValueError):
    """A frame is not in a plane rectangular zone, or does not share its neighbour's."""


class OutsideJapan(ValueError):
    """A point for which no plane rectangular zone is laid down."""


def require_metres(*frames: GeoDataFrame | GeoSeries) -> None:
    """Refuse frames whose lengths cannot be read as metres (平面直角座標系でない座標).

    Raises
    ------
    NotInMetres
        Naming the CRS found, so that the reader knows which door forgot to convert.
    """
    for frame in frames:
        if frame.crs is None or frame.crs.to_epsg() not in PLANE_ZONES:
            raise NotInMetres(f"expected a plane rectangular zone, found {frame.crs or 'none'}")
    if len({frame.crs for frame in frames}) > 1:
        raise NotInMetres("frames in different CRS: " + ", ".join(str(f.crs) for f in frames))


def are_points(frame: GeoDataFrame) -> Mask:
    """Which rows lie somewhere: a point with finite coordinates.

    Missing and empty geometries, lines and polygons do not; nor does (inf, inf), which is what a
    coordinate that was not a number becomes on its way from degrees.
    """
    geometries = np.asarray(frame.geometry.array)
    somewhere = np.isfinite(shapely.bounds(geometries)).all(axis=1)
    return np.asarray(somewhere & (shapely.get_type_id(geometries) == GeometryType.POINT))


def plane_epsg(lon: float, lat: float, prefecture: str | None = None) -> int:
    """Plane rectangular zone of a municipality (平面直角座標系の系) as an EPSG code.

    The notice 平成14年国土交通省告示第9号 lays the zones down by prefecture; 北海道, 東京都,
    鹿児島県 and 沖縄県 are divided and go by the point too. In 北海道 three lines of ours stand for
    the notice's list of municipalities, and give the same zone for each of them. Without a
    prefecture, or with one that does not exist, the nearest central meridian decides.

    Parameters
    ----------
    lon, lat : a point of the municipality, degrees (JGD2011 or WGS 84).
    prefecture : two-digit code, "01" to "47".

    Returns
    -------
    6669 (第1系) to 6687 (第19系).

    Raises
    ------
    OutsideJapan : the point is not within 20–46° N, 122–154° E, or is not a number.
    """
    if not (SOUTH <= lat <= NORTH and WEST <= lon <= EAST):
        raise OutsideJapan(f"no plane rectangular zone at longitude {lon}, latitude {lat}")
    zone = ZONE_OF.get(prefecture or "") or _zone_at(lon, lat, prefecture)
    return PLANE_ZONES[zone - 1]


def _zone_at(lon: float, lat: float, prefecture: str | None) -> int:
    """Zone in a divided prefecture, or in none that we know."""
    if prefecture == "46":
        return _zone_in_kagoshima(lon, lat)
    if prefecture == "01" or (prefecture != "13" and lat >= 41.4):
        return _zone_in_hokkaido(lon, lat)
    if prefecture == "47" or lat < 28:
        return _zone_in_the_far_south(lon)
    if prefecture == "13":
        return 9
    if lat >= 38:
        return 10
    return min(MERIDIANS, key=lambda zone: abs(MERIDIANS[zone] - lon))


def _zone_in_kagoshima(lon: float, lat: float) -> int:
    """I for the western islands (甑島, トカラ, 奄美), II for the mainland and 種子島・屋久島."""
    eastern_edge = 130 + 13 / 60 if lat < 29 else 130.0
    return 1 if 27 <= lat <= 32 and 128.3 <= lon <= eastern_edge else 2


def _zone_in_hokkaido(lon: float, lat: float) -> int:
    """XI in the south-west, XIII in the east, XII between."""
    if lon < np.interp(lat, *XI_TO_XII):
        return 11
    return 13 if lon > np.interp(lat, *XII_TO_XIII) else 12


def _zone_in_the_far_south(lon: float) -> int:
    """XV–XVII for 沖縄県, XIV, XVIII and XIX for the islands of 東京都 south of 28° N."""
    bounds = ((126.0, 16), (130.0, 15), (133.0, 17), (140.5, 18), (143.0, 14))
    return next((zone for edge, zone in bounds if lon < edge), 19)
