"""四角市, a made-up municipality of four square towns, brought in by the product's own import.

It lies on the origin of plane zone IV, so that metres are easy to see before the inner eye::

    2000 +--------+--------+
         | 北西町 | 北東町 |      area of each: 1 km²; its people live at its middle
    1000 +--------+--------+      65+:  北西 10   北東 20
         | 南西町 | 南東町 |            南西 30   南東 40
       0 +--------+--------+      西圏域 = 北西町, 南西町   東圏域 = 北東町   南東町: in none
         0      1000     2000     places: サロン (900, 1500)   集会所 (1500, 200)
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import shapely
from exchange_files import csv_file
from pyproj import Transformer
from shapely import Polygon, box
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Engine
from sqlmodel import Session, SQLModel

from api.actions.import_files import import_files
from api.actions.importing import Order, Outcome
from api.actions.init_municipality import init_municipality

CODE, NAME = "39999", "四角市"
ZONE = 6672
TODAY = date(2026, 10, 1)
SURVEYED = date(2026, 1, 1)
TO_DEGREES = Transformer.from_crs(ZONE, 4326, always_xy=True)
TO_METRES = Transformer.from_crs(4326, ZONE, always_xy=True)

MIDDLES = {
    "北西町": (500, 1500),
    "北東町": (1500, 1500),
    "南西町": (500, 500),
    "南東町": (1500, 500),
}
PEOPLE = {
    "北西町": (100, 10, 4),
    "北東町": (200, 20, 8),
    "南西町": (300, 30, 12),
    "南東町": (400, 40, 16),
}
"""Everybody, 65 and over, 75 and over."""
AREAS = (("W", "西圏域", "北西町"), ("W", "西圏域", "南西町"), ("E", "東圏域", "北東町"))
SALON, HALL = (900, 1500), (1500, 200)

Feature = tuple[BaseGeometry, Mapping[str, Any]]


def degrees(x: float, y: float) -> tuple[float, float]:
    """Longitude and latitude of a point in metres from the south-western corner."""
    lon, lat = TO_DEGREES.transform(x, y)
    return lon, lat


def lat_lon(x: float, y: float) -> str:
    """Two cells of a CSV, latitude first."""
    lon, lat = degrees(x, y)
    return f"{lat!r},{lon!r}"


def cell_around(x: float, y: float, digits: int = 9) -> str:
    """The mesh code (8, 9 or 10 digits) of the cell that holds a point in metres."""
    lon, lat = degrees(x, y)
    first_lat, rest_lat = divmod(lat * 1.5, 1)
    first_lon, rest_lon = int(lon) - 100, lon % 1
    code = f"{int(first_lat):02}{first_lon:02}"
    row, column = rest_lat, rest_lon
    for parts in (8, 10):
        row, column = row * parts, column * parts
        code += f"{int(row)}{int(column)}"
        row, column = row % 1, column % 1
    for _ in range(digits - 8):
        row, column = row * 2, column * 2
        code += str(1 + 2 * int(row) + int(column))
        row, column = row % 1, column % 1
    return code


def square(x: float, y: float, side: float = 1000) -> Polygon:
    """A square in metres, from its south-western corner."""
    return box(x, y, x + side, y + side)


def on_earth(shape: BaseGeometry) -> BaseGeometry:
    """A shape in metres as one in degrees."""
    return shapely.transform(shape, lambda xy: np.column_stack(TO_DEGREES.transform(*xy.T)))


def on_paper(wkb: bytes) -> BaseGeometry:
    """A stored shape in metres."""
    return shapely.transform(
        shapely.from_wkb(wkb),
        lambda xy: np.column_stack(TO_METRES.transform(*xy.T)),
    )


def geojson(path: Path, *features: Feature) -> Path:
    """A GeoJSON file of shapes in metres, with their attributes."""
    collection = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": mapping(on_earth(shape)),
                "properties": dict(properties),
            }
            for shape, properties in features
        ],
    }
    path.write_text(json.dumps(collection, ensure_ascii=False), "utf-8")
    return path


def boundary_file(folder: Path) -> Path:
    """国土数値情報 as it is published."""
    return geojson(
        folder / "boundary.geojson", (square(0, 0, 2000), {"N03_004": NAME, "N03_007": CODE})
    )


def towns_file(folder: Path) -> Path:
    """Four polygons."""
    return geojson(
        folder / "towns.geojson",
        *((square(x - 500, y - 500), {"町名": name}) for name, (x, y) in MIDDLES.items()),
    )


def areas_file(folder: Path, rows: Sequence[tuple[str, str, str]] = AREAS) -> Path:
    """A list of towns per area."""
    return csv_file(folder / "areas.csv", "圏域コード,圏域名,町名", *map(",".join, rows))


def population_file(folder: Path, day: date = SURVEYED, times: int = 1) -> Path:
    """People by town, without points of their own."""
    rows = [
        f"{name},{day},{','.join(str(times * number) for number in counts)}"
        for name, counts in PEOPLE.items()
    ]
    header = "町名,調査年月日,総人口,65歳以上人口,75歳以上人口"
    return csv_file(folder / f"population_{day:%Y%m}.csv", header, *rows)


PLACES_HEADER = "名称,種類,住所,緯度,経度,利用可能曜日"


def places_file(folder: Path) -> Path:
    """A salon that opens on three days, and a hall whose days nobody knows."""
    return csv_file(
        folder / "places.csv",
        PLACES_HEADER,
        f"ひだまりサロン,サロン,北西町1,{lat_lon(*SALON)},月水金",
        f"南東集会所,集会所,南東町1,{lat_lon(*HALL)},",
    )


def bring(session: Session, kind: str, *files: Path, **how: Any) -> Outcome:
    """Import files as the command line does."""
    how.setdefault("today", TODAY)
    return import_files(session, CODE, Order(kind, files, **how))


def bring_land(engine: Engine) -> None:
    """Enter 四角市 with its boundary and towns, nothing else."""
    with Session(engine) as session, TemporaryDirectory() as folder:
        init_municipality(session, CODE, NAME)
        bring(session, "boundary", boundary_file(Path(folder)))
        bring(session, "towns", towns_file(Path(folder)))


def bring_everything(engine: Engine) -> None:
    """Enter 四角市 whole."""
    bring_land(engine)
    with Session(engine) as session, TemporaryDirectory() as folder:
        bring(session, "areas", areas_file(Path(folder)))
        bring(session, "population", population_file(Path(folder)))
        bring(session, "places", places_file(Path(folder)))


def rows_of(session: Session, model: type[SQLModel]) -> list[dict[str, Any]]:
    """Every row of a table, in the order of its key."""
    table = SQLModel.metadata.tables[str(model.__tablename__)]
    rows = session.connection().execute(table.select().order_by(*table.primary_key.columns))
    found = [dict(row) for row in rows.mappings()]
    session.rollback()
    return found


def by_name(session: Session, model: type[SQLModel]) -> dict[str, dict[str, Any]]:
    """The rows of a table that has names, by name."""
    rows = rows_of(session, model)
    assert len({row["name"] for row in rows}) == len(rows), "a name stands twice"
    return {row["name"]: row for row in rows}


def everything(session: Session) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table: what must not change when nothing is written."""
    found = {}
    for table in SQLModel.metadata.sorted_tables:
        rows = session.connection().execute(table.select().order_by(*table.primary_key.columns))
        found[table.name] = [dict(row) for row in rows.mappings()]
    session.rollback()
    return found
