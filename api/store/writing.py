"""Write a frame of records: new ones in, changed ones changed, the rest left alone."""

from collections.abc import Sequence
from typing import Any

from pandas import DataFrame, Series
from sqlalchemy import Table, bindparam, delete, insert, update
from sqlmodel import Session, SQLModel

from api.models.columns import table_of
from api.store.changes import Hand, log_changes

UNLOGGED = frozenset(
    {"min_lon", "min_lat", "max_lon", "max_lat", "find_key", "office_find_key", "intake_id"}
    | {"version"}
)
"""Columns that follow from others and need no line of their own in the log."""


def write_records(
    session: Session,
    hand: Hand,
    model: type[SQLModel],
    incoming: DataFrame,
    existing: DataFrame,
    *,
    erase: bool = False,
) -> DataFrame:
    """Insert or update `incoming` and log it; say per record what became of it.

    Parameters
    ----------
    incoming : column `id` names the record each row is (missing: a new one); the other columns are
        the model's. A missing value erases a stored one only with `erase`: a file that says nothing
        about something leaves it, a form that somebody emptied does not.
    existing : the stored records, all columns of `incoming`, column `id`.

    Returns
    -------
    Columns `id` and `status` ("inserted", "updated", "unchanged"), indexed like `incoming`.
    """
    fresh = incoming["id"].isna()
    written = DataFrame({"id": incoming["id"], "status": "unchanged"}, dtype=object)
    if fresh.any():
        written.loc[fresh, "id"] = _insert(session, hand, model, incoming[fresh])
        written.loc[fresh, "status"] = "inserted"
    known = incoming[~fresh]
    if len(known):
        changed = _update(session, hand, model, known, existing, erase=erase)
        written.loc[changed.index[changed], "status"] = "updated"
    return written


def take_away(session: Session, hand: Hand, model: type[SQLModel], existing: DataFrame) -> None:
    """Delete records (column `id`) that an undone deed had made; the log holds what they said."""
    if existing.empty:
        return
    table = table_of(model)
    ids = existing["id"].tolist()
    log_changes(
        session,
        hand,
        model,
        ids,
        [_logged(row) for row in records(existing.drop(columns="id"))],
        None,
    )
    session.connection().execute(
        delete(table).where(table.c.id == bindparam("_id")), [{"_id": record} for record in ids]
    )


def write_derived(session: Session, model: type[SQLModel], values: DataFrame) -> None:
    """Update columns (index: id) without a line in the log.

    They only follow from other records, or they stand where somebody's values were erased.
    """
    if values.empty:
        return
    table = table_of(model)
    session.connection().execute(
        update(table).where(table.c.id == bindparam("_id")),
        [
            {"_id": int(record), **row}
            for record, row in zip(values.index, records(values), strict=True)
        ],
    )


def records(frame: DataFrame) -> list[dict[str, Any]]:
    """The rows as plain Python values, missing ones as None."""
    plain = frame.astype(object).where(frame.notna(), None)
    return [
        dict(zip(plain.columns, row, strict=True))
        for row in plain.itertuples(index=False, name=None)
    ]


def _insert(
    session: Session, hand: Hand, model: type[SQLModel], fresh: DataFrame
) -> Sequence[int | str]:
    table = table_of(model)
    values = records(
        fresh.drop(columns="id").assign(
            municipality_code=hand.municipality_code, **_origin(table, hand)
        )
    )
    new = insert(table).returning(table.c.id, sort_by_parameter_order=True)
    ids = session.connection().execute(new, values).scalars().all()
    log_changes(session, hand, model, ids, None, [_logged(row) for row in values])
    return ids


def _update(
    session: Session,
    hand: Hand,
    model: type[SQLModel],
    known: DataFrame,
    existing: DataFrame,
    *,
    erase: bool,
) -> Series:
    table = table_of(model)
    columns = [name for name in known.columns if name != "id"]
    before = existing.set_index("id").loc[known["id"], columns].set_axis(known.index)
    after = known[columns].astype(object)
    if not erase:
        after = after.where(after.notna(), before)
    same = (after == before) | (after.isna() & before.isna())
    changed = ~same.all(axis=1)
    if changed.any():
        ids = known.loc[changed, "id"].tolist()
        after, before = after[changed], before[changed]
        after = after.assign(**_origin(table, hand))
        newer = update(table).where(table.c.id == bindparam("_id"))
        if "version" in table.columns:
            newer = newer.values(version=table.c.version + 1)
        session.connection().execute(
            newer, [{"_id": record, **row} for record, row in zip(ids, records(after), strict=True)]
        )
        log_changes(
            session,
            hand,
            model,
            ids,
            [_logged(row) for row in records(before)],
            [_logged(row) for row in records(after)],
        )
    return changed


def _origin(table: Table, hand: Hand) -> dict[str, int | None]:
    # What somebody corrects by hand still comes from the file it came from.
    known = hand.intake_id is not None and "intake_id" in table.columns
    return {"intake_id": hand.intake_id} if known else {}


def _logged(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in UNLOGGED}
