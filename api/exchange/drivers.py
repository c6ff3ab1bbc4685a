"""Which formats GDAL may open (ファイル形式の許可): those we read, and no other.

GDAL finds out by itself what a file is, whatever its name. Some of its formats only point at other
files, databases and addresses (VRT, GDALG, WFS …): a file somebody uploads would read whatever this
process may read. Everything but the formats in `ALLOWED` is therefore unloaded before the first
file is opened.
"""

from pathlib import Path
from tempfile import gettempdir
from typing import Any

import pyogrio
from geopandas import GeoDataFrame
from pandas import DataFrame
from pyogrio._ogr import _register_drivers

ALLOWED = frozenset({"ESRI Shapefile", "GPKG", "GeoJSON", "KML", "LIBKML", "TopoJSON", "OSM"})
"""OSM reads no file but its own; only what begins as an .osm.pbf gets as far (`signatures.py`)."""


class UnsafeFormats(RuntimeError):
    """This GDAL keeps formats that could be made to read anything: no layer is opened."""


def _unload_others() -> frozenset[str]:
    """Unload what is not allowed; what is left of it all the same."""
    unwanted = ",".join(sorted(set(pyogrio.list_drivers()) - ALLOWED))
    # GDAL would put its temporary files into whatever folder this is started in.
    pyogrio.set_gdal_config_options({"GDAL_SKIP": unwanted, "CPL_TMPDIR": gettempdir()})
    _register_drivers()
    return frozenset(pyogrio.list_drivers()) - ALLOWED


_LEFT = _unload_others()


def list_layers(path: Path) -> list[str]:
    """Names of the layers in a file."""
    _refuse_others()
    return [str(name) for name, _ in pyogrio.list_layers(path)]


def described(path: Path, layer: str) -> tuple[list[str], str]:
    """Names of a layer's columns, and the sort of its shapes ("LineString", "Unknown" …)."""
    _refuse_others()
    info = pyogrio.read_info(path, layer=layer)
    return [str(field) for field in info["fields"]], str(info["geometry_type"])


def read_frame(path: Path, **options: Any) -> GeoDataFrame | DataFrame:
    """A layer with its shapes; without a geometry column, a plain frame."""
    _refuse_others()
    frame: GeoDataFrame | DataFrame = pyogrio.read_dataframe(path, **options)
    return frame


def _refuse_others() -> None:
    if _LEFT:
        raise UnsafeFormats(f"GDAL keeps {', '.join(sorted(_LEFT))}")
