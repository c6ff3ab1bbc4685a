"""The files a municipality would publish: GeoJSON in degrees, CSV as Excel writes it."""

import csv
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
from shapely import coverage_union_all, get_coordinates, make_valid, set_precision, transform
from shapely.geometry import MultiPolygon, Point, mapping
from shapely.geometry.base import BaseGeometry

from sample_city.gazetteer import AREAS, towns
from sample_city.landmarks import landmarks
from sample_city.people import population
from sample_city.places import places
from sample_city.roads import roads
from sample_city.sea import sea
from sample_city.services import organizations, services, supporters
from sample_city.terrain import CITY, CODE, PREFECTURE
from sample_city.towns import shapes

# The city lies in the open sea south of Enshu, in plane rectangular zone VII, where no
# municipality can be taken for it: metres from the zone's origin to the city's own.
PLANE_CRS = "EPSG:6675"
EAST_M, NORTH_M = 12_300.0, -232_900.0
DECIMALS = 6


def degrees(shapes_m: Iterable[BaseGeometry]) -> list[BaseGeometry]:
    """Return local metres as longitude and latitude, rounded to about ten centimetres."""
    placed = gpd.GeoSeries(list(shapes_m), crs=PLANE_CRS).translate(EAST_M, NORTH_M)
    return [_rounded(shape) for shape in placed.to_crs("EPSG:4326")]


def _rounded(shape: BaseGeometry) -> BaseGeometry:
    rounded = _to_decimals(shape)
    if rounded.is_valid:
        return rounded
    # Rounding can close a river bend onto itself; snapping to the grid keeps it sound.
    return _to_decimals(set_precision(make_valid(shape), 10.0**-DECIMALS))


def _to_decimals(shape: BaseGeometry) -> BaseGeometry:
    return transform(shape, lambda xy: np.round(xy, DECIMALS))


def write_all(folder: Path) -> None:
    """Write every file of the city into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    city = write_towns(folder)
    write_csv(folder / "areas.csv", (
        {"圏域コード": town.area, "圏域名": AREAS[town.area], "町名": town.name} for town in towns()
    ))  # fmt: skip
    write_csv(folder / "population.csv", (_located(row) for row in population()))
    write_csv(folder / "places.csv", (_located(row) for row in places()))
    write_csv(folder / "organizations.csv", organizations())
    write_csv(folder / "services.csv", services())
    write_csv(folder / "supporters.csv", supporters())
    lines = degrees(road.line for road in roads())
    write_geojson(folder / "roads.geojson", (
        ({"kind": road.kind, "name": road.name}, line)
        for road, line in zip(roads(), lines, strict=True)
    ))  # fmt: skip
    marks = landmarks()
    # Cut out of the sea in degrees, so that the two meet vertex by vertex.
    around = degrees([sea()])[0].difference(city)
    write_geojson(folder / "landmarks.geojson", [
        ({"kind": "水面", "name": "汐見灘"}, around),
        *((mark.about, shape)
          for mark, shape in zip(marks, degrees(mark.shape for mark in marks), strict=True)),
    ])  # fmt: skip


def write_towns(folder: Path) -> MultiPolygon:
    """Write the towns, and the boundary as exactly their union; return the boundary."""
    listed = towns()
    polygons = degrees(shapes()[town.name] for town in listed)
    write_geojson(folder / "towns.geojson", (
        ({"KEY_CODE": town.key, "PREF_NAME": PREFECTURE, "CITY_NAME": CITY, "S_NAME": town.name}, p)
        for town, p in zip(listed, polygons, strict=True)
    ))  # fmt: skip
    whole = coverage_union_all(polygons)
    parts = MultiPolygon(getattr(whole, "geoms", [whole]))
    about = {"N03_001": PREFECTURE, "N03_004": CITY, "N03_007": CODE}
    write_geojson(folder / "boundary.geojson", [(about, parts)])
    return parts


def write_geojson(path: Path, features: Iterable[tuple[dict[str, str], BaseGeometry]]) -> None:
    """Write one feature a line, so that a change shows as a line."""
    lines = [
        json.dumps(
            {"type": "Feature", "properties": about, "geometry": mapping(shape.normalize())},
            ensure_ascii=False, separators=(",", ":"),
        )
        for about, shape in features
    ]  # fmt: skip
    body = '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"
    path.write_text(body, encoding="utf-8", newline="\n")


def write_csv(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    """Write a table with a byte order mark and CRLF, as Excel does."""
    listed = list(rows)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.DictWriter(file, list(listed[0]), lineterminator="\r\n")
        table.writeheader()
        table.writerows(listed)


def _located(row: dict[str, Any]) -> dict[str, Any]:
    """Put latitude and longitude where the row has local metres."""
    lat, lon = "", ""
    if row["x"] is not None:
        lon, lat = (f"{v:.6f}" for v in get_coordinates(degrees([Point(row["x"], row["y"])]))[0])
    names = {"x": ("緯度", lat), "y": ("経度", lon)}
    return dict(names.get(key, (key, value)) for key, value in row.items())
