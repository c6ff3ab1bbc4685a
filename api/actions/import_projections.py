"""Import projections (将来推計人口): one record a year, variant and mesh cell or municipality."""

from pandas import DataFrame, RangeIndex, Series

from api.actions.importing import Bench, reject_duplicates
from api.actions.mesh_cells import our_cells
from api.models import Projection

FIGURES = ["people", "people_65", "people_75"]
KEY = ["year", "variant", "mesh_code"]
BECAME = ("unchanged", "updated", "inserted")
"""What became of a row of the file is the most that became of one of its records."""


def import_projections(bench: Bench) -> Series:
    """Store people by year and variant; which variant counts is asked for by name later."""
    rows = bench.reading.frame
    if rows.empty:
        return Series(dtype=object)
    known = bench.known(Projection)
    if rows["mesh_code"].notna().any():
        rows = our_cells(bench, rows, known[KEY], ["year", "variant"])
    if rows.empty:
        return Series(dtype=object)
    rows = rows.assign(year=rows["year"].astype(int), town_id=None)
    rows = rows.astype(object).where(rows.notna(), None)
    stands = _one_row_each(bench, rows)
    records = rows[rows.index.isin(stands.unique())]
    row_of = Series(records.index, index=RangeIndex(len(records)))
    written = _write(bench, records.set_axis(RangeIndex(len(records))), known)
    most = written["status"].map(BECAME.index).groupby(row_of).max().map(BECAME.__getitem__)
    return most.reindex(stands.index, fill_value="unchanged")


def _one_row_each(bench: Bench, rows: DataFrame) -> Series:
    """For each row of the file, the row that stands for it; see `reject_duplicates`."""
    of_file = rows.groupby(level=0)
    content = DataFrame({"said": of_file[[*KEY, *FIGURES]].apply(lambda part: repr(part.values))})
    column = "mesh_code" if rows["mesh_code"].notna().any() else "year"
    shown = of_file[column].first()
    return reject_duplicates(
        bench, of_file["identity"].first(), content.assign(**{column: shown}), column
    )


def _write(bench: Bench, records: DataFrame, known: DataFrame) -> DataFrame:
    there = {
        (year, variant, mesh): record
        for record, year, variant, mesh, town in zip(
            *(known[name] for name in ("id", *KEY, "town_id")), strict=True
        )
        if town is None
    }
    keys = zip(*(records[name] for name in KEY), strict=True)
    numbers = Series([there.get(key) for key in keys], index=records.index, dtype=object)
    incoming = records[[*KEY, "town_id", *FIGURES]].assign(id=numbers)
    return bench.write(Projection, incoming, known)
