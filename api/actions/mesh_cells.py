"""Mesh cells (地域メッシュ) of a file: with a right code, none inside another, ours."""

import pandas as pd
import shapely
from pandas import DataFrame, Series

from api.actions.importing import Bench
from api.actions.positions import metres_outside, settle_zone
from geo.belonging import TOLERANCE_M
from geo.mesh import are_mesh_codes, mesh_cells


def our_cells(bench: Bench, rows: DataFrame, known: DataFrame, by: list[str]) -> DataFrame:
    """Rows whose cell's centre is the municipality's; wrong and nested cells are told.

    Rows of one cell may share an index (their row in the file): a cell is told or passed over once.
    `by` are the columns that say when rows count together, as they stand in `known`.
    """
    right = are_mesh_codes(rows["mesh_code"])
    bench.say(
        _once(rows.loc[~right, "mesh_code"]),
        "mesh_code",
        "地域メッシュコード（8桁＝1km、9桁＝500m、10桁＝250m）ではありません。",
    )
    rows = _no_cell_inside_another(bench, rows[right], known, by)
    codes = _once(rows["mesh_code"])
    centres = shapely.centroid(mesh_cells(codes).to_numpy())
    placed = DataFrame(
        {"lon": shapely.get_x(centres), "lat": shapely.get_y(centres)}, index=codes.index
    )
    settle_zone(bench, placed["lon"], placed["lat"])
    outside = metres_outside(bench, placed) > TOLERANCE_M
    if outside.any():
        bench.reading.rows_read -= int(outside.sum())
        bench.notes.append(
            f"{bench.tenant.name}の外にあるメッシュ {int(outside.sum()):,} 行は読みとばしました。"
        )
    return rows[~rows.index.isin(outside.index[outside])]


def _once(codes: Series) -> Series:
    return codes[~codes.index.duplicated()]


def _no_cell_inside_another(
    bench: Bench, rows: DataFrame, known: DataFrame, by: list[str]
) -> DataFrame:
    """Refuse cells that lie in a larger one that counts with them: people would count twice."""
    both = pd.concat([known[known["mesh_code"].notna()], rows[["mesh_code", *by]]])
    there = set(_keys(both, by))
    larger = {(code[:length], when) for code, when in there for length in range(8, len(code))}
    twice = Series(
        [
            (code, when) in larger or any((code[:n], when) in there for n in range(8, len(code)))
            for code, when in _keys(rows, by)
        ],
        index=rows.index,
        dtype=bool,
    )
    nested = twice.index[twice]
    bench.say(
        _once(rows.loc[rows.index.isin(nested), "mesh_code"]),
        "mesh_code",
        "大きさの違うメッシュが同じ場所で重なり、人を二度数えてしまいます。どれか一つの大きさにそろえてください。",
    )
    return rows[~rows.index.isin(nested)]


def _keys(rows: DataFrame, by: list[str]) -> list[tuple[str, str]]:
    when = rows[by].astype(str).agg("|".join, axis=1) if len(rows) else Series(dtype=str)
    return list(zip(rows["mesh_code"].map(str), when, strict=True))
