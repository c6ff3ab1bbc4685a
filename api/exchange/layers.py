"""Layers of maps (GeoJSON, Shapefile, GeoPackage, KML) in degrees, whatever they came in."""

import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import geopandas
import numpy as np
import shapely
from geopandas import GeoDataFrame, GeoSeries
from pandas import DataFrame, RangeIndex
from pyogrio.errors import DataLayerError, DataSourceError
from pyproj.exceptions import CRSError, ProjError

from api.exchange import archives
from api.exchange.drivers import described, list_layers, read_frame
from api.exchange.encodings import SAVE_AGAIN
from api.exchange.headers import score
from api.exchange.problems import refuse
from api.exchange.signatures import SHAPE, wrong_kind

DEGREES = "EPSG:4326"
JAPAN = (122.0, 20.0, 154.0, 46.0)
PARTS = (".shp", ".dbf", ".shx", ".prj", ".cpg")
FIRST_ROW = 2
CODE_PAGES = {
    "sjis": "cp932", "shiftjis": "cp932", "cp932": "cp932", "932": "cp932", "ms932": "cp932",
    "windows31j": "cp932", "ansi932": "cp932", "utf8": "utf-8", "65001": "utf-8", "eucjp": "euc-jp",
}  # fmt: skip


def read_layer(
    path: Path, kind: str, mapping: Mapping[str, str] | None = None
) -> tuple[str | None, DataFrame, GeoSeries, list[str]]:
    """The layer with most wanted columns: its name if there are several, cells, and shapes.

    Behind them the names of the layers that hold just as many, and are not read.
    """
    with _broken_is_refused(path.name):
        names = list_layers(path)
        scores = {name: _fitness(path, name, kind, mapping) for name in names}
    if not names:
        raise refuse(path.name, "ファイルの中に地図のデータ（レイヤー）がありません。")
    best = max(names, key=lambda name: scores[name])
    frame = _read(path, path.name, layer=best)
    return (best if len(names) > 1 else None, *_in_degrees(path.name, frame), _ties(scores, best))


def read_shapefile(path: Path, file: str | None = None) -> tuple[DataFrame, GeoSeries]:
    """A loose Shapefile; its attributes are CP932 where it does not say otherwise."""
    file = file or path.name
    parts = parts_of(path)
    for ending, what in ((".dbf", "属性"), (".shx", "索引")):
        if ending not in parts:
            raise refuse(
                file,
                f"シェープファイルの {ending}（{what}）がありません。同じ名前の "
                ".shp・.dbf・.shx・.prj を一緒に置いてください。",
            )
    frame = _read(path, file, encoding=_encoding(parts))
    return _in_degrees(file, frame)


def parts_of(path: Path) -> dict[str, Path]:
    """The files that make up a Shapefile, by ending, whatever the case of the letters."""
    beside = [p for p in path.parent.iterdir() if p.stem == path.stem]
    return {p.suffix.lower(): p for p in beside if p.suffix.lower() in PARTS}


def _encoding(parts: Mapping[str, Path]) -> str:
    if ".cpg" in parts:
        named = parts[".cpg"].read_text("ascii", "ignore")
        known = CODE_PAGES.get(re.sub(r"[\s_-]", "", named.lower()))
        if known:
            return known
    attributes = parts[".dbf"].read_bytes()
    try:
        attributes.decode("utf-8")
    except UnicodeDecodeError:
        return "cp932"
    return "utf-8"


def read_zipped(
    path: Path, kind: str, mapping: Mapping[str, str] | None = None
) -> tuple[str | None, DataFrame, GeoSeries, list[str]]:
    """The Shapefile in a zip; of several, the one with most wanted columns, and its equals."""
    with TemporaryDirectory() as folder:
        shapes = _unpack(path, Path(folder))
        with _broken_is_refused(path.name):
            ranked = {
                name: _fitness(shape, shape.stem, kind, mapping) for name, shape in shapes.items()
            }
        best = max(shapes, key=lambda name: ranked[name])
        frame, geometry = read_shapefile(shapes[best], path.name)
    return (best if len(shapes) > 1 else None), frame, geometry, _ties(ranked, best)


def _fitness(
    path: Path, layer: str, kind: str, mapping: Mapping[str, str] | None
) -> tuple[bool, int]:
    """How well a layer fits what is wanted: shapes of the right sort, then known columns.

    Houses and roads of one file mostly have the same columns.
    """
    fields, sort = described(path, layer)
    fits = kind != "roads" or "LineString" in sort or sort in ("Unknown", "GeometryCollection")
    return fits, score(fields, kind, mapping)


def _ties(scores: Mapping[str, tuple[bool, int]], best: str) -> list[str]:
    return [name for name, found in scores.items() if found == scores[best] and name != best]


def _unpack(path: Path, folder: Path) -> dict[str, Path]:
    """Shapefiles of a zip under names of our own: theirs may be in any encoding."""
    shapes: dict[str, Path] = {}
    places: dict[str, str] = {}
    for info in archives.members(path):
        inside = Path(info.filename)
        ending = inside.suffix.lower()
        if ending not in PARTS or inside.name.startswith("._"):
            continue
        place = places.setdefault(str(inside.with_suffix("")), f"layer{len(places)}")
        content = archives.unpacked(path, info)
        if ending == ".shp" and not content.startswith(SHAPE):
            raise wrong_kind(path, f"{inside.name} はシェープファイルではない別のもの")
        (folder / (place + ending)).write_bytes(content)
        if ending == ".shp":
            shapes[inside.stem] = folder / (place + ending)
    return shapes


@contextmanager
def _broken_is_refused(file: str) -> Iterator[None]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except UnicodeDecodeError as error:
        raise refuse(file, "属性が文字化けしています。" + SAVE_AGAIN) from error
    except (DataSourceError, DataLayerError, ValueError, RuntimeError) as error:
        raise refuse(
            file, "地図のファイルが壊れていて読めません。元のソフトウェアで保存し直してください。"
        ) from error


def _read(path: Path, file: str, **options: str) -> GeoDataFrame:
    with _broken_is_refused(file):
        frame = read_frame(path, **options)
    if not isinstance(frame, GeoDataFrame):
        frame = GeoDataFrame(frame, geometry=GeoSeries(np.full(len(frame), None)), crs=None)
    frame.index = RangeIndex(FIRST_ROW, FIRST_ROW + len(frame))
    return frame


def _in_degrees(file: str, frame: GeoDataFrame) -> tuple[DataFrame, GeoSeries]:
    geometry = frame.geometry
    if geometry.crs is None:
        if not _looks_like_degrees(geometry):
            raise refuse(
                file,
                "座標系がわかりません。座標がメートルのようですが、.prj（座標系の定義）がありません。"
                ".prj を添えるか、緯度・経度（JGD2011）で保存し直してください。",
            )
        geometry = geometry.set_crs(DEGREES)
    try:
        geometry = geometry.to_crs(DEGREES)
    except (CRSError, ProjError, RuntimeError) as error:
        raise refuse(
            file, "座標系を緯度・経度に直せません。緯度・経度（JGD2011）で保存し直してください。"
        ) from error
    _refuse_swapped(file, geometry)
    _refuse_off_earth(file, geometry)
    cells = DataFrame(frame.drop(columns=frame.geometry.name)).astype(object)
    return cells.where(cells.notna(), None), geopandas.GeoSeries(geometry, name="geometry")


def _looks_like_degrees(geometry: GeoSeries) -> bool:
    bounds = np.asarray(geometry.total_bounds)
    return bool(np.isnan(bounds).any() or np.abs(bounds).max() <= 180)


def _refuse_off_earth(file: str, geometry: GeoSeries) -> None:
    """Refuse coordinates that are no numbers, or lie beyond the poles: no plane can hold them."""
    shapes = np.asarray(geometry, dtype=object)
    xy, number = shapely.get_coordinates(shapes, return_index=True)
    off = ~np.isfinite(xy).all(axis=1) | (np.abs(xy) > (180.0, 90.0)).any(axis=1)
    if off.any():
        first = int(np.flatnonzero(off)[0])
        raise refuse(
            file,
            "座標が地球の上にありません（経度は-180から180、緯度は-90から90）。"
            "この行の形を直してください。",
            row=int(geometry.index[number[first]]),
            read=", ".join(f"{degrees:g}" for degrees in xy[first]),
        )


def _refuse_swapped(file: str, geometry: GeoSeries) -> None:
    west, south, east, north = geometry.total_bounds
    if JAPAN[0] <= south and north <= JAPAN[2] and JAPAN[1] <= west and east <= JAPAN[3]:
        raise refuse(
            file,
            "緯度と経度が入れ替わっているようです（座標は経度、緯度の順に並べます）。"
            "順を直して保存し直してください。",
            read=f"{west:.4f}, {south:.4f}",
        )
