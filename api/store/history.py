"""Read the change log (変更履歴): deeds with the values before and after, class by class.

The only module that selects from the log's tables. A class of values the viewer does not hold is
never read; whose personal values they may see, they say through the records themselves.
"""

from collections.abc import Collection, Mapping

from sqlalchemy import Select, false, func, or_, select

from api.models import Change, Deed
from api.models.columns import table_of
from api.store.changes import SIDE_TABLES
from api.store.visible import Viewer


def deeds(
    viewer: Viewer,
    code: str,
    *,
    ids: Collection[int] | None = None,
    record: tuple[str, str] | None = None,
    what: Collection[str] | None = None,
    actor: str | None = None,
    before: int | None = None,
    most: int = 50,
) -> Select[tuple[object, ...]]:
    """SELECT the deeds (操作), newest first: of everything, or of those that touched one record.

    `before`: only deeds with a smaller number, to page on.
    """
    deed, change = table_of(Deed), table_of(Change)
    rows = select(deed).where(deed.c.municipality_code == code)
    if "office" not in viewer.classes:
        rows = rows.where(false())
    if ids is not None:
        rows = rows.where(deed.c.id.in_(ids))
    if record is not None:
        touched = select(change.c.deed_id).where(
            change.c.municipality_code == code,
            change.c.entity == record[0],
            change.c.entity_id == record[1],
        )
        about = (deed.c.entity == record[0]) & (deed.c.entity_id == record[1])
        rows = rows.where(or_(about, deed.c.id.in_(touched)))
    if what is not None:
        rows = rows.where(deed.c.what.in_(what))
    if actor is not None:
        rows = rows.where(deed.c.actor == actor)
    if before is not None:
        rows = rows.where(deed.c.id < before)
    return rows.order_by(deed.c.id.desc()).limit(most)


def changes(
    viewer: Viewer,
    code: str,
    data_class: str,
    deed_ids: Collection[int],
    *,
    record: tuple[str, str] | None = None,
    most: int | None = None,
) -> Select[tuple[object, ...]]:
    """SELECT the changes of one class of data in these deeds, with their values."""
    change, side = table_of(Change), table_of(SIDE_TABLES[data_class])
    rows = (
        select(
            change.c.id,
            change.c.deed_id,
            change.c.entity,
            change.c.entity_id,
            change.c.data_class,
            side.c.before,
            side.c.after,
        )
        .join(side, side.c.change_id == change.c.id)
        .where(change.c.municipality_code == code, change.c.deed_id.in_(deed_ids))
    )
    if data_class not in viewer.classes:
        rows = rows.where(false())
    if record is not None:
        rows = rows.where(change.c.entity == record[0], change.c.entity_id == record[1])
    return rows.order_by(change.c.id).limit(most)


def last_deed(code: str) -> Select[tuple[object, ...]]:
    """SELECT the number of the newest deed in the municipality `code`; NULL: none yet."""
    deed = table_of(Deed)
    return select(func.max(deed.c.id)).where(deed.c.municipality_code == code)


def deed_numbered(code: str, number: int) -> Select[tuple[object, ...]]:
    """SELECT the number of a deed, if it is one of the municipality `code`."""
    deed = table_of(Deed)
    return select(deed.c.id).where(deed.c.municipality_code == code, deed.c.id == number)


def changes_since(
    viewer: Viewer, code: str, data_class: str, entity: str, deed_id: int
) -> Select[tuple[object, ...]]:
    """SELECT what later deeds changed in records of one table, in order, with who and when."""
    deed, change, side = table_of(Deed), table_of(Change), table_of(SIDE_TABLES[data_class])
    columns = (change.c.entity_id, change.c.deed_id, side.c.before, side.c.after)
    rows = (
        select(*columns, deed.c.actor, deed.c.at)
        .join(side, side.c.change_id == change.c.id)
        .join(deed, deed.c.id == change.c.deed_id)
        .where(
            change.c.municipality_code == code,
            change.c.entity == entity,
            change.c.deed_id > deed_id,
        )
    )
    if data_class not in viewer.classes:
        rows = rows.where(false())
    return rows.order_by(change.c.id)


def brought_by_imports(
    viewer: Viewer, code: str, entity: str, entity_ids: Collection[str]
) -> Select[tuple[object, ...]]:
    """SELECT the public values that imports wrote into these records."""
    change, side = table_of(Change), table_of(SIDE_TABLES["public"])
    rows = (
        select(change.c.entity_id, side.c.after)
        .join(side, side.c.change_id == change.c.id)
        .where(
            change.c.municipality_code == code,
            change.c.entity == entity,
            change.c.entity_id.in_(entity_ids),
            change.c.intake_id.is_not(None),
        )
    )
    return rows if "public" in viewer.classes else rows.where(false())


def lines_about(code: str, entity: str, ids: Collection[str]) -> Select[tuple[int]]:
    """SELECT the numbers of all lines about these records; none of their values."""
    change = table_of(Change)
    return (
        select(change.c.id)
        .where(
            change.c.municipality_code == code,
            change.c.entity == entity,
            change.c.entity_id.in_(ids),
        )
        .order_by(change.c.id)
    )


def first_written(viewer: Viewer, code: str, entity: str) -> Select[tuple[object, ...]]:
    """SELECT when each record of a table was first written down."""
    change = table_of(Change)
    rows = select(change.c.entity_id, func.min(change.c.at).label("at")).where(
        change.c.municipality_code == code, change.c.entity == entity
    )
    if "office" not in viewer.classes:
        rows = rows.where(false())
    return rows.group_by(change.c.entity_id).order_by(change.c.entity_id)


def public_versions(
    viewer: Viewer, code: str, records: Mapping[str, Collection[int]]
) -> Select[tuple[object, ...]]:
    """SELECT how often public values of these records changed, and when last, by entity."""
    change = table_of(Change)
    ours = [
        (change.c.entity == entity) & change.c.entity_id.in_([str(number) for number in numbers])
        for entity, numbers in records.items()
    ]
    rows = select(
        change.c.entity, func.count().label("versions"), func.max(change.c.at).label("at")
    ).where(
        change.c.municipality_code == code, change.c.data_class == "public", or_(false(), *ours)
    )
    if "public" not in viewer.classes:
        rows = rows.where(false())
    return rows.group_by(change.c.entity).order_by(change.c.entity)


def touched(viewer: Viewer, code: str, deed_ids: Collection[int]) -> Select[tuple[object, ...]]:
    """SELECT how many records of which entity each of these deeds touched."""
    change = table_of(Change)
    rows = select(
        change.c.deed_id,
        change.c.entity,
        func.count(change.c.entity_id.distinct()).label("records"),
    ).where(change.c.municipality_code == code, change.c.deed_id.in_(deed_ids))
    if "office" not in viewer.classes:
        rows = rows.where(false())
    by = (change.c.deed_id, change.c.entity)
    return rows.group_by(*by).order_by(*by)


def actors(viewer: Viewer, code: str) -> Select[tuple[str]]:
    """SELECT everybody the log names."""
    deed = table_of(Deed)
    rows = select(deed.c.actor).where(deed.c.municipality_code == code).distinct()
    if "office" not in viewer.classes:
        rows = rows.where(false())
    return rows.order_by(deed.c.actor)
