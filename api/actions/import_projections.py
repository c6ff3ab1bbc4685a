"""Import projections (将来推計人口): people in years to come, by mesh cell or for all together."""

from typing import Any

import shapely
from pandas import DataFrame, Series

from api.actions.importing import Bench
from api.actions.positions import metres_outside, settle_zone
from api.models import Projection
from geo.belonging import TOLERANCE_M
from geo.mesh import are_mesh_codes, mesh_cells

FIGURES = ["people", "people_65", "people_75"]
NOT_A_MESH = "地域メッシュコード（8桁＝1km、9桁＝500m、10桁＝250m）ではありません。"


def import_projections(bench: Bench) -> Series:
    """Store people a year and cell (or the whole); met again they are updated, never doubled."""
    rows = bench.reading.frame
    if rows.empty:
        return Series(dtype=object)
    if rows["mesh_code"].notna().any():
        rows = _near(bench, rows)
    figures = _melted(rows)
    known = bench.known(Projection)
    key = _keys(figures)
    again = key.duplicated()
    bench.say(
        Series(figures["year"][again].to_numpy(), index=figures["row"][again].to_numpy()),
        "year",
        "同じ年（と同じメッシュ）の行が、このファイルにもう一つあります。",
    )
    twice = set(figures["row"][again])
    figures, key = figures[~again], key[~again]
    stored = dict(zip(_keys(known), known["id"], strict=True))
    columns = ["year", "variant", "mesh_code", *FIGURES]
    incoming = figures[columns].assign(id=key.map(stored).astype(object), town_id=None)
    incoming = incoming.astype(object).where(incoming.notna(), None)
    written = bench.write(Projection, incoming, known)
    best = Series(written["status"].to_numpy(), index=figures["row"].to_numpy())
    best = best.map({"inserted": 0, "updated": 1, "unchanged": 2}).groupby(level=0).min()
    words = best.map({0: "inserted", 1: "updated", 2: "unchanged"})
    return words.reindex(rows.index, fill_value="unchanged").drop(index=list(twice))


def _melted(rows: DataFrame) -> DataFrame:
    told: list[dict[str, Any]] = [
        {"row": row, "year": year, "variant": variant, "mesh_code": mesh}
        | dict.fromkeys(FIGURES)
        | people
        for row, mesh, figures in zip(rows.index, rows["mesh_code"], rows["figures"], strict=True)
        for year, variant, people in figures
    ]
    return DataFrame(told, columns=["row", "year", "variant", "mesh_code", *FIGURES], dtype=object)


def _keys(rows: DataFrame) -> Series:
    mesh = rows["mesh_code"].where(rows["mesh_code"].notna(), None)
    triples = list(zip(rows["year"], rows["variant"], mesh, strict=True))
    return Series(triples, index=rows.index, dtype=object)


def _near(bench: Bench, rows: DataFrame) -> DataFrame:
    """Cells with a right code whose middle is the municipality's."""
    right = are_mesh_codes(rows["mesh_code"])
    bench.say(rows.loc[~right, "mesh_code"], "mesh_code", NOT_A_MESH)
    rows = rows[right]
    centres = shapely.centroid(mesh_cells(rows["mesh_code"]).to_numpy())
    placed = rows.assign(lon=shapely.get_x(centres), lat=shapely.get_y(centres))
    settle_zone(bench, placed["lon"], placed["lat"])
    outside = metres_outside(bench, placed) > TOLERANCE_M
    if outside.any():
        bench.reading.rows_read -= int(outside.sum())
        bench.notes.append(
            f"{bench.tenant.name}の外にあるメッシュ {int(outside.sum()):,} 行は読みとばしました。"
        )
    return DataFrame(rows[~outside])
