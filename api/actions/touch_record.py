"""Small deeds on one record: confirmed (確認した), closed (終了), reopened (再開)."""

from collections.abc import Callable
from datetime import date
from typing import Any

from api.actions.proposals import open_proposal, proposed_values, put_proposal
from api.actions.records import (
    NoSuchRecord,
    Row,
    find_record,
    refuse_others,
    refuse_strangers,
)
from api.actions.registers import Register
from api.actions.registers.fields import WrongFields
from api.actions.save_record import (
    EditConflict,
    Pen,
    Saved,
    may_publish,
    version_of,
    write_row,
)
from api.models.columns import table_of
from api.store.changes import open_deed


def confirm_record(pen: Pen, register: Register, record_id: int) -> None:
    """Note that somebody has made sure of it today; it needs nobody's leave.

    Raises
    ------
    NoSuchRecord, NotYours
    """
    today = {"confirmed_on": pen.today, "confirmed_by": pen.member.name}
    _touch(pen, register, record_id, "confirm", lambda _stored, _pen: today)


def close_record(
    pen: Pen,
    register: Register,
    record_id: int,
    version: int | None,
    closed_on: date,
    also: Callable[[Pen, Saved], None] | None = None,
) -> str:
    """Close a record from that day on; what became of it: published or submitted.

    `also`: what is written in the same transaction.

    Raises
    ------
    NoSuchRecord, NotYours, EditConflict, WrongFields
    """

    def closing(stored: Row, _pen: Pen) -> dict[str, Any]:
        if stored["opened_on"] is not None and closed_on <= stored["opened_on"]:
            raise WrongFields({"closed_on": "終了の日が、始まった日より前です。"})
        return {"closed_on": closed_on}

    return _touch(
        pen, register, record_id, "close", closing, version=version, waits=True, also=also
    )


def reopen_record(pen: Pen, register: Register, record_id: int, version: int | None) -> str:
    """Take the closing back.

    Raises
    ------
    NoSuchRecord, NotYours, EditConflict
    """
    return _touch(
        pen,
        register,
        record_id,
        "reopen",
        lambda _stored, _pen: {"closed_on": None},
        version=version,
        waits=True,
    )


def _touch(
    pen: Pen,
    register: Register,
    record_id: int,
    what: str,
    change: Callable[[Row, Pen], dict[str, Any]],
    *,
    version: int | None = None,
    waits: bool = False,
    also: Callable[[Pen, Saved], None] | None = None,
) -> str:
    if waits and "closed_on" not in table_of(register.model).columns:
        raise NoSuchRecord(f"{register.word}には、終了の日がありません。")
    pen = pen.begin()
    try:
        code, session = pen.tenant.code, pen.session
        stored = find_record(session, pen.member.viewer, code, register, record_id)
        refuse = refuse_others if waits else refuse_strangers
        refuse(pen.member, pen.land(), register, stored)
        waiting = None
        if waits:
            waiting = open_proposal(session, code, register, record_id)
            _refuse_older(register, stored, waiting, version)
        changed = change(stored, pen)
        about: dict[str, Any] = {"entity": register.entity, "entity_id": record_id}
        if waits and stored["state"] == "published" and not may_publish(pen, register):
            hand = open_deed(session, pen.hand, "submit", **about)
            together = (proposed_values(register, waiting) if waiting else {}) | changed
            put_proposal(
                session,
                hand,
                register,
                stored,
                together,
                state="submitted",
                now=pen.now,
                existing=waiting,
            )
            if also is not None:
                also(pen, Saved(record_id, "submitted"))
            pen.finish()
            return "submitted"
        write_row(session, open_deed(session, pen.hand, what, **about), register, stored, changed)
        if also is not None:
            also(pen, Saved(record_id, "published"))
        pen.finish()
        return "published"
    finally:
        pen.session.rollback()


def _refuse_older(
    register: Register, stored: Row, waiting: Row | None, version: int | None
) -> None:
    now = version_of(stored, waiting)
    if version != now:
        values = register.values(stored)
        raise EditConflict(register, stored["id"], now, yours=values, theirs=values)
