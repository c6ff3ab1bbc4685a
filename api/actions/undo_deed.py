"""Undo a deed (取り消し): a save, a publishing, or a whole import, whatever it changed, in one go.

What somebody has changed again since is not overwritten: it is told, and stays.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import shapely
from pandas import DataFrame
from sqlalchemy import Table, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from api.accounts.roles import Right
from api.actions.deed_parts import DeedPart, deed_numbered, old_values, parts_of, records_of
from api.actions.find_municipality import find_municipality
from api.actions.handouts import refuse_handout
from api.actions.later_changes import Later, changed_again
from api.actions.records import NotYours, find_record, refuse_others, refuse_strangers
from api.actions.redraw import redraw
from api.actions.registers import BY_ENTITY, find_keys_of
from api.actions.save_record import Pen
from api.actions.show_history import OF_FILES, may_undo
from api.actions.undo_in_public import (
    CannotUndo,
    propose_old_values,
    refuse_withdrawing,
    withdraw_proposals,
)
from api.models import Deed, Handout, Intake, Municipality
from api.models.columns import table_of
from api.store import frames, history
from api.store.changes import Hand, log_changes, open_deed
from api.store.visible import KEEPER, PERSONAL, visible
from api.store.writing import take_away, write_records

SHAPING = frozenset({"municipality", "town", "area", "areascheme", "areatown"})
WITHDRAWN = "withdrawn"


@dataclass
class UndoConflict(Exception):
    """Some of what the deed changed has been changed again since."""

    deed_id: int
    later: list[Later] = field(default_factory=list)


def undo_deed(pen: Pen, deed_id: int, *, keep_later: bool = False) -> str:
    """Take everything back that a deed changed; what became of it: undone, or submitted.

    `keep_later`: what was changed again since stays as it is, and the rest goes back.

    Raises
    ------
    NoSuchDeed, CannotUndo
    UndoConflict : something was changed again since, and `keep_later` was not asked for.
    """
    pen = pen.begin()
    try:
        deed = deed_numbered(pen.session, pen.tenant.code, deed_id)
        if deed["undone_by_id"] is not None:
            raise CannotUndo("これは、もう取り消されています。")
        if not may_undo(pen.member, deed):
            raise CannotUndo("これを取り消せるのは、した本人か、第1層・管理者だけです。")
        parts = parts_of(pen.session, pen.tenant.code, deed_id)
        _refuse_erased(pen, deed, parts)
        _refuse_others(pen, deed, parts)
        later = [found for part in parts for found in changed_again(pen, part, deed_id)]
        if later and not keep_later:
            raise UndoConflict(deed_id, later)
        hand = open_deed(
            pen.session,
            pen.hand,
            "undo-import" if deed["what"] in OF_FILES else "undo",
            entity=deed["entity"],
            entity_id=deed["entity_id"],
            undoes_id=deed_id,
        )
        waits = _take_back(pen, hand, parts, {(each.entity, each.entity_id) for each in later})
        _mark(pen.session, deed_id, hand)
        if any(part.table.name in SHAPING for part in parts):
            redraw(pen.session, find_municipality(pen.session, pen.tenant.code))
        pen.finish()
        return "submitted" if waits else "undone"
    except IntegrityError as used:
        raise CannotUndo(
            "ほかの記録が使っているため、取り消せません。先に、あとから入れたものを取り消してください。"
        ) from used
    finally:
        pen.session.rollback()


def _refuse_erased(pen: Pen, deed: dict[str, Any], parts: list[DeedPart]) -> None:
    """What somebody has asked to be erased does not come back, nor what was answered to it."""
    record = (str(deed["entity"]), str(deed["entity_id"]))
    erasing = history.deeds(KEEPER, pen.tenant.code, record=record, what=["erase"], most=1)
    if not parts or not frames.read(pen.session, erasing).empty:
        raise CannotUndo("本人の求めにより消したことがふくまれるため、もどせません。")


def _refuse_others(pen: Pen, deed: dict[str, Any], parts: list[DeedPart]) -> None:
    """Whoever has handed an area over takes nothing back there any more."""
    if pen.member.may(Right.EVERYWHERE):
        return
    refuse = refuse_strangers if deed["what"] == "confirm" else refuse_others
    land, about = pen.land(), BY_ENTITY.get(deed["entity"] or "")
    if about is not None and deed["entity_id"] is not None:
        # What was taken back may be brought again.
        viewer = replace(pen.member.viewer, withdrawn=True)
        record = find_record(pen.session, viewer, pen.tenant.code, about, int(deed["entity_id"]))
        refuse(pen.member, land, about, record)
    for part in parts:
        _refuse_part(pen, part, refuse)


def _refuse_part(pen: Pen, part: DeedPart, refuse: Callable[..., None]) -> None:
    register = BY_ENTITY.get(part.table.name)
    if part.model is Handout:
        for row in records_of(pen, part).values():
            refuse_handout(pen.member, row["area_code"])
    elif register is None and part.model in PERSONAL:
        _refuse_unseen(pen, part)
    elif register is not None:
        now = records_of(pen, part)
        old = [row | old_values(part, number) for number, row in now.items()]
        for row in (*now.values(), *old):
            refuse(pen.member, pen.land(), register, row)


def _refuse_unseen(pen: Pen, part: DeedPart) -> None:
    """What people said is taken back by whoever is in charge of it still."""
    numbers = [int(number) for number in part.after]
    viewer = replace(pen.member.viewer, withdrawn=True)
    here = part.table.c.id.in_(numbers)
    seen = frames.read(pen.session, visible(part.model, viewer, pen.tenant.code, here, only=["id"]))
    if len(seen) < len(numbers):
        raise NotYours("これは、あなたの担当ではありません。")


def _take_back(pen: Pen, hand: Hand, parts: list[DeedPart], kept: set[tuple[str, str]]) -> bool:
    """Put everything back but what is `kept`; whether some of it waits to be looked through."""
    waits = False
    for part in parts:
        now = {
            n: row for n, row in records_of(pen, part).items() if (part.table.name, n) not in kept
        }
        added = [row for n, row in now.items() if part.before[n] is None]
        changed = {n: row for n, row in now.items() if part.before[n] is not None}
        # What was added goes first: it may stand where something else has to come back.
        if "state" in part.table.columns:
            _withdraw(pen, hand, part, added)
        else:
            take_away(pen.session, hand, part.model, _frame(part.table, added))
        waits |= _restore(pen, hand, part, changed)
    return waits


def _restore(pen: Pen, hand: Hand, part: DeedPart, rows: dict[str, dict[str, Any]]) -> bool:
    """Put the columns that the deed changed back; records with the same columns in one go."""
    waits = False
    alike: dict[tuple[str, ...], tuple[list[Any], list[Any]]] = {}
    for number, row in rows.items():
        old = old_values(part, number)
        values = old | _derived(part, row | old)
        register = BY_ENTITY.get(part.table.name)
        if register is not None:
            wanted, values = values, propose_old_values(pen, hand, register, row, values)
            waits |= wanted is not values
        if not values:
            continue
        if part.model is Municipality:
            _restore_municipality(pen, hand, row, values)
            continue
        incoming, existing = alike.setdefault(tuple(sorted(values)), ([], []))
        incoming.append({"id": row["id"], **values})
        existing.append({"id": row["id"], **{name: row[name] for name in values}})
    for incoming, existing in alike.values():
        write_records(
            pen.session,
            hand,
            part.model,
            DataFrame(incoming, dtype=object),
            DataFrame(existing, dtype=object),
            erase=True,
        )
    return waits


def _derived(part: DeedPart, row: dict[str, Any]) -> dict[str, Any]:
    """Columns the log does not hold, from those it does."""
    values: dict[str, Any] = {}
    if "wkb" in part.table.columns:
        shape = None if row["wkb"] is None else shapely.from_wkb(row["wkb"])
        values |= {str(name): value for name, value in frames.stored([shape]).iloc[0].items()}
    register = BY_ENTITY.get(part.table.name)
    return values | (find_keys_of(register, row) if register else {})


def _restore_municipality(
    pen: Pen, hand: Hand, row: dict[str, Any], values: dict[str, Any]
) -> None:
    table, code = table_of(Municipality), pen.tenant.code
    pen.session.connection().execute(update(table).where(table.c.code == code).values(values))
    now = {name: row[name] for name in values}
    log_changes(pen.session, hand, Municipality, [code], [now], [values])


def _withdraw(pen: Pen, hand: Hand, part: DeedPart, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    register = BY_ENTITY.get(part.table.name)
    if register is not None:
        refuse_withdrawing(pen, register, rows)
        withdraw_proposals(pen, hand, register, rows)
    existing = DataFrame([{"id": row["id"], "state": row["state"]} for row in rows], dtype=object)
    write_records(pen.session, hand, part.model, existing.assign(state=WITHDRAWN), existing)


def _frame(table: Table, rows: list[dict[str, Any]]) -> DataFrame:
    return DataFrame(rows, columns=list(table.columns.keys()), dtype=object)


def _mark(session: Session, deed_id: int, hand: Hand) -> None:
    deed, intake = table_of(Deed), table_of(Intake)
    session.connection().execute(
        update(deed).where(deed.c.id == deed_id).values(undone_by_id=hand.deed_id)
    )
    session.connection().execute(
        update(intake).where(intake.c.deed_id == deed_id).values(undone=True)
    )
