"""One opened file: its raw cells with row numbers, its shapes, and where they came from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from geopandas import GeoSeries
from pandas import DataFrame

from api.exchange.problems import RowProblem


@dataclass(frozen=True)
class Source:
    """A table or layer of a file, as published (取り込むファイル)."""

    path: Path
    kind: str
    """What it was opened as: boundary, towns, areas, population, places, roads, landmarks."""
    sheet: str | None
    header: tuple[str, ...]
    """The headers as written, in file order."""
    frame: DataFrame
    """Raw cells; columns are the headers, the index is the row as a person sees it: Excel's row
    number, the line of a CSV, the feature's number where the header counts as row 1."""
    geometry: GeoSeries | None
    """Shapes in EPSG:4326, indexed like `frame`; None for tables."""
    sha256: str
    modified_on: date
    """The file's own date (Asia/Tokyo)."""
    mapping: Mapping[str, str] = field(default_factory=dict)
    """--mapping: our column → their header."""
    columns: dict[str, str] = field(default_factory=dict)
    """Our columns → their headers, as recognised."""
    problems: tuple[RowProblem, ...] = ()
    """What was wrong with rows before anybody looked at their meaning."""
    notes: tuple[str, ...] = ()
    """What was left out of a larger map, in counts."""
    is_osm: bool = False
    """An extract of OpenStreetMap (.osm.pbf)."""

    @property
    def file(self) -> str:
        """The file's name, without its folders."""
        return self.path.name

    @property
    def folder(self) -> Path:
        """Where the file lies: publishers put explanations beside it."""
        return self.path.parent
