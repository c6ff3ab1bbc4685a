"""Coverage of all municipalities of Japan (全国), streamed, here or on a cluster (Dask)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from pandas import DataFrame

from api.exchange.characters import find_key
from geo.arrays import Floats
from geo.national import covered_by_municipality

TOWNS, MUNICIPALITIES = "towns.csv.gz", "municipalities.topojson"
MADE_PLACES, NEAR_A_TOWN_DEGREES = 145_000, 0.005
ATTEMPTS = 3
CHUNK = 60
"""Municipalities that are one task, and one row group of the file."""
SCHEMA = pa.schema(
    [
        ("code", pa.string()),
        ("prefecture", pa.string()),
        ("name", pa.string()),
        ("towns", pa.int64()),
        ("covered_towns", pa.int64()),
        ("people", pa.float64()),
        ("covered_people", pa.float64()),
        ("ratio", pa.float64()),
        ("mean_distance_m", pa.float64()),
    ]
)
"""`ratio` is of people where they are known, else of towns; people are then null, not 0."""


class NoCountry(LookupError):
    """The folder does not hold the files of all Japan."""


class NoCluster(LookupError):
    """A scheduler was named, but the programs for it are not installed, or nobody answers."""


@dataclass(frozen=True)
class Country:
    """Towns of all Japan with their municipality, and the places.

    `municipalities` : code (None: not found), prefecture, name, index from 0. `number` : each
    town's municipality. `homes`, `places` : longitude and latitude, degrees. `people` : of each
    town, or 1 (`counts_people` False).
    """

    municipalities: DataFrame
    number: Any
    homes: Floats
    people: Floats
    places: Floats
    counts_people: bool
    notes: tuple[str, ...]


def load_country(folder: Path, places: Path | None, seed: int) -> Country:
    """Read `folder`; places from a file with longitudes and latitudes, or drawn at random.

    Raises
    ------
    NoCountry
    """
    for name in (TOWNS, MUNICIPALITIES):
        if not (folder / name).is_file():
            raise NoCountry(f"{folder} に {name} がありません。")
    table = _read_csv(folder / TOWNS, ("都道府県名", "市区町村名", "緯度", "経度"))
    table = table.dropna(subset=["緯度", "経度"])
    names = table["都道府県名"] + "\t" + table["市区町村名"]
    number, labels = pd.factorize(names)
    codes = _codes(folder / MUNICIPALITIES)
    pairs = [label.split("\t") for label in labels]
    municipalities = DataFrame(pairs, columns=["prefecture", "name"])
    municipalities.insert(0, "code", [codes.get(_key(p + n)) for p, n in pairs])
    homes = _degrees(folder / TOWNS, table[["経度", "緯度"]])
    given = "人口" in table
    weight = table["人口"].fillna(0).to_numpy(dtype=float) if given else np.ones(len(table))
    spots, note = _places(places, homes, seed)
    notes = (note, "町の代表点から、まっすぐ測っています。", _credit(given))
    return Country(municipalities, number, homes, weight, spots, given, notes)


def _read_csv(file: Path, columns: tuple[str, ...] = ()) -> DataFrame:
    """A table with these columns, whatever else it holds. Raises `NoCountry`."""
    try:
        table = pd.read_csv(file)
    except (OSError, ValueError, EOFError) as odd:
        raise NoCountry(f"{file.name} を、表（CSV）として読めません。") from odd
    missing = [name for name in columns if name not in table]
    if missing:
        raise NoCountry(f"{file.name} に「{'」「'.join(missing)}」の列がありません。")
    return table


def _degrees(file: Path, cells: DataFrame) -> Floats:
    """Longitude and latitude (degrees) of every row. Raises `NoCountry`."""
    numbers: Floats = cells.apply(pd.to_numeric, errors="coerce").to_numpy(dtype=float)
    off = ~np.isfinite(numbers).all(axis=1) | (np.abs(numbers) > (180.0, 90.0)).any(axis=1)
    if off.any():
        row = int(cells.index[np.flatnonzero(off)[0]]) + 2
        raise NoCountry(f"{file.name} の{row}行目の経度・緯度を、数として読めません。")
    return numbers


def _credit(given: bool) -> str:
    what = "人数" if given else "町の数（人口のないファイルなので、町を一つずつ数えました）"
    return f"{what}による。出典：国土数値情報（行政区域データ）、Geolonia 住所データ（CC BY 4.0）"


def _codes(file: Path) -> dict[str, str]:
    """Prefecture and name, folded (ヶ, 檮 …) → code; wards by the city's name and theirs."""
    rows = geopandas.read_file(file)
    found = {}
    for prefecture, city, name, code in zip(
        rows["N03_001"], rows["N03_003"], rows["N03_004"], rows["N03_007"], strict=True
    ):
        if isinstance(code, str) and isinstance(name, str):
            found[_key(prefecture + name)] = code
            if isinstance(city, str):
                found[_key(prefecture + city + name)] = code
    return found


def _key(name: str) -> str:
    """鎌ヶ谷 and 鎌ケ谷 are one."""
    return find_key(name.replace("ヶ", "ケ"))


def _places(file: Path | None, homes: Floats, seed: int) -> tuple[Floats, str]:
    if file is not None:
        table = _read_csv(file)
        columns = [
            next((c for c in table.columns if str(c).lower() in names), None)
            for names in (("経度", "lon", "lng"), ("緯度", "lat"))
        ]
        if None in columns or table.empty:
            raise NoCountry(f"{file.name} に、経度と緯度の列がありません。")
        spots = _degrees(file, table[columns].dropna())
        if not len(spots):
            raise NoCountry(f"{file.name} に、位置のわかる通いの場が一つもありません。")
        return spots, f"通いの場：{file.name}"
    rng = np.random.default_rng(seed)
    near = homes[rng.integers(0, len(homes), MADE_PLACES)]
    drawn = near + rng.normal(0, NEAR_A_TOWN_DEGREES, near.shape)
    return (
        drawn,
        f"通いの場 {MADE_PLACES:,} か所は、町の近くに乱数（種 {seed}）で置いた架空のものです。",
    )


def cover(country: Country, distance_m: float, scheduler: str | None = None) -> Iterator[DataFrame]:
    """Rows of `SCHEMA`, some municipalities at a time, in their order.

    With a `scheduler` (tcp://…) each group is a task of its own on a Dask cluster; a worker that
    dies has its tasks done by another.

    Raises
    ------
    NoCluster
    """
    groups = np.array_split(
        np.arange(len(country.municipalities)), max(len(country.municipalities) // CHUNK, 1)
    )
    solve = _here(country, distance_m) if scheduler is None else None
    found = map(solve, groups) if solve else _on_cluster(country, groups, distance_m, scheduler)
    for group, table in zip(groups, found, strict=True):
        yield _rows(country, group, table)


def _rows(country: Country, group: Any, table: DataFrame) -> DataFrame:
    facts = country.municipalities.iloc[group]
    names = {"homes": "towns", "covered_homes": "covered_towns", "covered": "covered_people"}
    told = facts.join(table.rename(columns=names))
    of, reached = ("people", "covered_people")
    if not country.counts_people:
        told = told.assign(people=np.nan, covered_people=np.nan)
        of, reached = ("towns", "covered_towns")
    return DataFrame(told.assign(ratio=told[reached] / told[of])[SCHEMA.names])


def _here(country: Country, distance_m: float) -> Callable[[Any], DataFrame]:
    """All at once, since one tree serves all; groups are then only cut out of it."""
    whole = covered_by_municipality(
        country.number, country.homes, country.places, distance_m, country.people
    )
    return lambda group: DataFrame(whole.reindex(group))


def cover_group(
    number: Any, homes: Floats, people: Floats, places: Floats, distance_m: float
) -> DataFrame:
    """One task: a few municipalities with their homes, against all places."""
    return covered_by_municipality(number, homes, places, distance_m, people)


def _on_cluster(
    country: Country, groups: list[Any], distance_m: float, scheduler: str | None
) -> Iterator[DataFrame]:
    try:
        from distributed import Client
    except ImportError as missing:
        words = (
            "クラスターで計算するには、pip install 'yoridokoro[cluster]' で部品を入れてください。"
        )
        raise NoCluster(words) from missing
    try:
        client = Client(scheduler, timeout="10s")
    except (OSError, ValueError) as nobody:
        raise NoCluster(
            f"{scheduler} につながりません。スケジューラを確かめてください。"
        ) from nobody
    with client:
        tasks = [_submitted(client, country, group, distance_m) for group in groups]
        for group, task in zip(groups, tasks, strict=True):
            yield DataFrame(_result(client, country, group, distance_m, task).reindex(group))


def _submitted(client: Any, country: Country, group: Any, distance_m: float) -> Any:
    mine = np.isin(country.number, group)
    homes = (country.number[mine], country.homes[mine], country.people[mine])
    return client.submit(
        cover_group, *homes, country.places, distance_m, pure=False, retries=ATTEMPTS
    )


def _result(client: Any, country: Country, group: Any, distance_m: float, task: Any) -> DataFrame:
    """What a task found; where its worker took it into the grave, it is asked again."""
    from distributed.client import FutureCancelledError
    from distributed.scheduler import KilledWorker

    for _ in range(ATTEMPTS):
        try:
            return DataFrame(task.result())
        except (FutureCancelledError, KilledWorker):
            task = _submitted(client, country, group, distance_m)
    return DataFrame(task.result())


def write_parquet(
    out: Path, country: Country, distance_m: float, scheduler: str | None = None
) -> int:
    """Stream the answer into a Parquet file, a row group a task; how many municipalities.

    Notes and sources stand in the file's own metadata.
    """
    about = {"distance_m": f"{distance_m:g}", "notes": "\n".join(country.notes)}
    schema = SCHEMA.with_metadata(about)
    half, count = out.with_name(f".{out.name}.half"), 0
    try:
        with pq.ParquetWriter(half, schema) as writer:
            for rows in cover(country, distance_m, scheduler):
                writer.write_table(pa.Table.from_pandas(rows, schema, preserve_index=False))
                count += len(rows)
        half.replace(out)
    finally:
        half.unlink(missing_ok=True)
    return count
