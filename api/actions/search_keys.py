"""What searching compares, for imported rows (検索の列): of all that will be stored, folded."""

from pandas import DataFrame, Series

from api.actions.registers import OFFICE_SEARCHED
from api.exchange.names import find_keys

PUBLIC_SEARCHED = ("name", "kana", "address")


def search_keys(rows: DataFrame, ids: Series, known: DataFrame) -> DataFrame:
    """`find_key` and `office_find_key` of each row, as the desk's forms fill them.

    Parameters
    ----------
    rows : what the file says; a missing value leaves the stored one.
    ids : the stored record each row is, missing for a new one.
    known : the stored records, column `id`.
    """
    stored = known.set_index("id")
    public = _joined(rows, ids, stored, PUBLIC_SEARCHED)
    office = _joined(rows, ids, stored, OFFICE_SEARCHED)
    return DataFrame(
        {"find_key": find_keys(public), "office_find_key": find_keys(public + office)},
        index=rows.index,
    )


def _joined(
    rows: DataFrame, ids: Series, stored: DataFrame, columns: tuple[str, ...]
) -> "Series[str]":
    texts = Series("", index=rows.index, dtype=object)
    for column in columns:
        there = stored[column].to_dict() if column in stored.columns else {}
        was = Series([there.get(record) for record in ids], index=rows.index, dtype=object)
        said = rows[column].astype(object) if column in rows else was
        texts = texts + " " + said.where(said.notna(), was).fillna("").astype(str)
    return texts
