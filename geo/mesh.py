"""Mesh codes of JIS X 0410 (標準地域メッシュ): from the number of a cell to its outline."""

from typing import Final

import numpy as np
import shapely
from geopandas import GeoSeries
from pandas import Series

from geo.arrays import Floats
from geo.crs import EAST, NORTH, SOUTH, WEST

# 1st mesh: latitude × 1.5 and longitude − 100; 2nd: eighths; 3rd: tenths; then halves, twice.
PATTERN: Final = r"[0-9]{4}[0-7]{2}[0-9]{2}[1-4]{0,2}"
ROWS_PER_DEGREE, COLUMNS_PER_DEGREE = 480, 320  # 250 m cells: 7.5″ high, 11.25″ wide

SIDE_M: Final = {8: 1000.0, 9: 500.0, 10: 250.0}  # by number of digits, as the standard names them


class NotAMesh(ValueError):
    """A code that is not a mesh of 1 km, 500 m or 250 m in Japan."""


def are_mesh_codes(codes: Series) -> Series:
    """Whether each code is a mesh of 1 km (8 digits), 500 m (9) or 250 m (10) in Japan.

    Parameters
    ----------
    codes : text or whole numbers; a missing value is not a code, nor are full-width digits.

    Returns
    -------
    bool, indexed like `codes`.
    """
    text = codes.astype("string")
    fits = text.str.fullmatch(PATTERN).fillna(False).to_numpy(dtype=bool)
    south, west, north, east = _edges(text.where(fits, "00000000"))
    inside = (south >= SOUTH) & (north <= NORTH) & (west >= WEST) & (east <= EAST)
    return Series(fits & inside, index=codes.index, name="is_mesh", dtype=bool)


def mesh_side_m(codes: Series) -> Series:
    """Nominal side of each cell: 1000, 500 or 250 metres, indexed like `codes`.

    Raises
    ------
    NotAMesh : naming the first bad code.
    """
    _require_mesh_codes(codes)
    digits = codes.astype("string").str.len().to_numpy(dtype=int)
    sides = np.select([digits == count for count in SIDE_M], list(SIDE_M.values()))
    return Series(sides, index=codes.index, name="side_m", dtype=float)


def mesh_cells(codes: Series) -> GeoSeries:
    """Outlines of mesh cells (標準地域メッシュ, 2分の1, 4分の1).

    Neighbours share their corners to the last bit, so that cells tile.

    Parameters
    ----------
    codes : as in `are_mesh_codes`.

    Returns
    -------
    Rectangles in EPSG:4326, indexed like `codes`.

    Raises
    ------
    NotAMesh : naming the first bad code.
    """
    _require_mesh_codes(codes)
    south, west, north, east = _edges(codes.astype("string"))
    return GeoSeries(shapely.box(west, south, east, north), index=codes.index, crs="EPSG:4326")


def _require_mesh_codes(codes: Series) -> None:
    bad = codes[~are_mesh_codes(codes)]
    if len(bad):
        raise NotAMesh(f"not a mesh code of 1 km, 500 m or 250 m in Japan: {bad.iloc[0]!r}")


def _edges(text: Series) -> tuple[Floats, ...]:
    """South, west, north and east of well-formed codes, degrees."""
    digits = np.zeros((len(text), 10), dtype=np.int64)
    padded = text.str.pad(10, side="right", fillchar="0").to_numpy(dtype="U10")
    digits[:] = padded.view("U1").reshape(-1, 10).astype(np.int64) if len(text) else 0
    p1, p2, q1, q2, r, s, t, u, half, quarter = digits.T
    # Counted in 250 m cells all edges are whole numbers, and shared ones come out equal.
    row = ((p1 * 10 + p2) * 80 + r * 10 + t) * 4
    column = ((q1 * 10 + q2) * 80 + s * 10 + u) * 4
    for part, step in ((half, 2), (quarter, 1)):
        row += np.where(part >= 3, step, 0)
        column += np.where((part == 2) | (part == 4), step, 0)
    size = 4 >> (np.sign(half) + np.sign(quarter))
    return (
        row / ROWS_PER_DEGREE,
        column / COLUMNS_PER_DEGREE + 100,
        (row + size) / ROWS_PER_DEGREE,
        (column + size) / COLUMNS_PER_DEGREE + 100,
    )
