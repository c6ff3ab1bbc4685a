"""A made municipality: the sample's land, towns, areas and people, with any number of places."""

import csv
import random
from collections.abc import Iterator
from pathlib import Path

import geopandas
import shapely
from openpyxl import Workbook
from sqlalchemy import Engine
from sqlmodel import Session

from api.actions.demo import CODE, FILES, NAME, PREFECTURE
from api.actions.import_files import import_files
from api.actions.importing import Order, Outcome
from api.actions.init_municipality import init_municipality
from api.clock import today
from api.settings import Settings
from api.store.engine import migrate, open_engine

__all__ = ["CODE", "add_file", "open_store", "set_up_city", "write_places"]

BOUNDARIES = Settings().data_dir / "boundaries"
HEADER = (
    "全国地方公共団体コード", "ID", "名称", "種類", "所在地_連結表記", "緯度", "経度", "電話番号",
    "団体名", "利用可能曜日", "開始時間", "定員",
)  # fmt: skip
KINDS = ("サロン", "体操", "カフェ", "趣味", "会食", "集会所", "その他")
DAYS = ("月", "火", "水", "木", "金", "土", "月水金", "火木", "")
SEED = 20_260_401

Row = tuple[str | int | float, ...]


def write_places(path: Path, count: int) -> Path:
    """Write `count` places, drawn at random with a seed, as .csv or .xlsx of 12 columns."""
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([HEADER, *_places(count)])
        return path
    book = Workbook(write_only=True)
    sheet = book.create_sheet("通いの場")
    for row in (HEADER, *_places(count)):
        sheet.append(row)
    book.save(path)
    return path


def set_up_city(path: Path, places: int = 0) -> Engine:
    """Make a store at `path`: the sample municipality, with made places instead of its own."""
    engine = open_store(path)
    with Session(engine) as session:
        init_municipality(session, CODE, NAME, prefecture=PREFECTURE, actor="bench")
        for kind, name in FILES:
            if kind != "places":
                add_file(session, kind, BOUNDARIES / name)
        if places:
            add_file(session, "places", write_places(path.with_suffix(".csv"), places))
    return engine


def open_store(path: Path) -> Engine:
    """Open the SQLite file `path`, made where it is missing, with the newest tables."""
    engine = open_engine(f"sqlite:///{path}")
    migrate(engine)
    return engine


def add_file(
    session: Session, kind: str, path: Path, *, code: str = CODE, rehearsal: bool = False
) -> Outcome:
    """Import one file.

    Raises
    ------
    RuntimeError : a row was refused, so that nothing measured here is worth anything.
    """
    order = Order(kind, (path,), today(), dry_run=rehearsal, actor="bench")
    outcome = import_files(session, code, order)
    if outcome.refused:
        raise RuntimeError(f"{path.name}: {outcome.refused[0]}")
    return outcome


def _places(count: int) -> Iterator[Row]:
    dice = random.Random(SEED)
    towns = geopandas.read_file(BOUNDARIES / "towns.geojson")["S_NAME"].tolist()
    for number, (lon, lat) in enumerate(_points(count, dice), start=1):
        town, kind = dice.choice(towns), dice.choice(KINDS)
        yield (
            CODE,
            f"{number:06d}",
            f"{kind} {town}第{number}",
            kind,
            f"{PREFECTURE}{NAME}{town}{number % 90 + 1}-{number % 17 + 1}",
            lat,
            lon,
            f"0999-{number % 90 + 10:02d}-{number % 10_000:04d}",
            f"{town}{kind}の会",
            dice.choice(DAYS),
            f"{dice.randrange(9, 16):02d}:{dice.choice((0, 30)):02d}",
            dice.randrange(8, 60),
        )


def _points(count: int, dice: random.Random) -> list[tuple[float, float]]:
    """Longitudes and latitudes on the municipality's land, to about 10 cm."""
    land = geopandas.read_file(BOUNDARIES / "boundary.geojson").union_all()
    shapely.prepare(land)
    west, south, east, north = land.bounds
    found: list[tuple[float, float]] = []
    while len(found) < count:
        point = (round(dice.uniform(west, east), 6), round(dice.uniform(south, north), 6))
        if shapely.contains_xy(land, *point):
            found.append(point)
    return found
