"""What a deed changed (操作の中身): table by table, from the log, and the records as they are."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Table
from sqlmodel import Session, SQLModel

from api.actions.save_record import Pen
from api.actions.show_history import as_values
from api.actions.undo_in_public import CannotUndo
from api.models import Municipality
from api.models.columns import table_of
from api.store import frames, history
from api.store.plain_values import typed
from api.store.visible import KEEPER, READABLE, visible


class NoSuchDeed(LookupError):
    """The log holds no such deed."""


@dataclass
class DeedPart:
    """The changes of a deed to one table: records by number, before and after."""

    model: type[SQLModel]
    before: dict[str, dict[str, Any] | None] = field(default_factory=dict)
    after: dict[str, dict[str, Any] | None] = field(default_factory=dict)

    @property
    def table(self) -> Table:
        """The table these records lie in."""
        return table_of(self.model)


def deed_numbered(session: Session, code: str, deed_id: int) -> dict[str, Any]:
    """One deed of the log. Raises `NoSuchDeed`."""
    found = frames.read(session, history.deeds(KEEPER, code, ids=[deed_id]))
    if found.empty:
        raise NoSuchDeed("この記録は見つかりません。")
    return next(row for _, row in frames.each(found))


def parts_of(session: Session, code: str, deed_id: int) -> list[DeedPart]:
    """What the deed changed, table by table, all classes of data together."""
    models = {str(model.__tablename__): model for model in READABLE}
    parts: dict[str, DeedPart] = {}
    for data_class in sorted(KEEPER.classes):
        rows = history.changes(KEEPER, code, data_class, [deed_id])
        for _, row in frames.each(frames.read(session, rows)):
            if row["entity"] not in models:
                raise CannotUndo("この記録は、取り消せない種類のものです。")
            part = parts.setdefault(row["entity"], DeedPart(models[row["entity"]]))
            for side in ("before", "after"):
                known = getattr(part, side)
                known.setdefault(row["entity_id"], None)
                if row[side] is not None:
                    known[row["entity_id"]] = (known[row["entity_id"]] or {}) | as_values(row[side])
    order = [table.name for table in SQLModel.metadata.sorted_tables]
    return sorted(parts.values(), key=lambda part: -order.index(part.table.name))


def records_of(pen: Pen, part: DeedPart) -> dict[str, dict[str, Any]]:
    """The records as they are now, by number, also those taken back already."""
    key = next(iter(part.table.primary_key.columns))
    numbers = list(part.after)
    found = {}
    for start in range(0, len(numbers), 500):
        some: list[Any] = numbers[start : start + 500]
        if part.model is not Municipality:
            some = [int(number) for number in some]
        rows = visible(part.model, KEEPER, pen.tenant.code, key.in_(some))
        for _, row in frames.each(frames.read(pen.session, rows)):
            found[str(row[key.name])] = row
    return found


def old_values(part: DeedPart, number: str) -> dict[str, Any]:
    """The columns of a record that the deed changed, with what they held before."""
    before, after = part.before[number], part.after[number] or {}
    if before is None:
        return {}
    names = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    return typed(part.table, {name: before.get(name) for name in names})
