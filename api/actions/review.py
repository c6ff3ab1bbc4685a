"""Look through what was submitted (提出の確認): the first tier sees differences, and publishes."""

from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from pandas import DataFrame
from sqlmodel import Session

from api.accounts.members import Member
from api.actions.field_words import Difference, differences
from api.actions.find_records import area_words
from api.actions.locating import Land
from api.actions.proposals import (
    close_proposal,
    open_proposal,
    proposed_values,
    put_proposal,
    submitted_proposals,
)
from api.actions.records import NoSuchRecord, Row, areas_of_records, find_record
from api.actions.registers import BY_ENTITY, REGISTERS, Register
from api.actions.save_record import EditConflict, Pen, tell_senders, version_of, write_row
from api.actions.show_form import empty_values, show_form
from api.actions.show_history import local
from api.models.columns import table_of
from api.store import frames, history
from api.store.changes import open_deed
from api.store.visible import visible
from web.words import moment


@dataclass(frozen=True)
class Submitted:
    """One thing that waits: a new record, or changes to a published one."""

    register: Register
    record_id: int
    version: int
    name: str
    area: str
    author: str
    when: str
    is_new: bool
    changed_since: bool
    """The published record has changed since the proposal was begun."""
    differences: list[Difference] = field(default_factory=list)


def list_submitted(session: Session, member: Member, land: Land) -> list[Submitted]:
    """Everything that waits to be looked through, the oldest first."""
    code = land.tenant.code
    waiting = []
    for proposal in submitted_proposals(session, code):
        with suppress(NoSuchRecord):  # taken back meanwhile: nothing is left to publish
            waiting.append(_changed(session, member, land, proposal))
    for register in REGISTERS.values():
        if not register.personal:
            waiting += _new_records(session, member, land, register)
    return waiting


def _changed(session: Session, member: Member, land: Land, proposal: Row) -> Submitted:
    register = BY_ENTITY[proposal["entity"]]
    stored = find_record(session, member.viewer, land.tenant.code, register, proposal["entity_id"])
    values = proposed_values(register, proposal)
    sections = show_form(session, member.viewer, land, register, {})
    before = {name: stored.get(name) for name in values}
    return Submitted(
        register=register,
        record_id=stored["id"],
        version=version_of(stored, proposal),
        name=stored["name"],
        area=_area(land, register, stored),
        author=proposal["author"],
        when=moment(local(proposal["saved_at"])),
        is_new=False,
        changed_since=stored["version"] != proposal["base_version"],
        differences=differences(sections, land, before, values),
    )


def _new_records(
    session: Session, member: Member, land: Land, register: Register
) -> list[Submitted]:
    where = table_of(register.model).c.state == "submitted"
    rows = frames.read(session, visible(register.model, member.viewer, land.tenant.code, where))
    if rows.empty:
        return []
    sections = show_form(session, member.viewer, land, register, {})
    found = []
    for _, row in frames.each(rows):
        author, when = _written_by(session, member, land.tenant.code, register, row["id"])
        found.append(
            Submitted(
                register=register,
                record_id=row["id"],
                version=version_of(row, None),
                name=row["name"],
                area=_area(land, register, row),
                author=author,
                when=when,
                is_new=True,
                changed_since=False,
                differences=differences(sections, land, _untouched(register, row), row),
            )
        )
    return found


def _untouched(register: Register, row: Row) -> Row:
    """What nobody has filled in: the form's own defaults, and what follows from submitting."""
    follows = ("state", "confirmed_on", "confirmed_by", "public_area")
    return empty_values(register) | {name: row.get(name) for name in follows}


def _area(land: Land, register: Register, row: Row) -> str:
    return area_words(
        land, areas_of_records(land, register, DataFrame([row], dtype=object)).iloc[0]
    )


def _written_by(
    session: Session, member: Member, code: str, register: Register, record_id: int
) -> tuple[str, str]:
    record = (register.entity, str(record_id))
    deeds = frames.read(session, history.deeds(member.viewer, code, record=record, most=1))
    if deeds.empty:
        return "", ""
    return str(deeds["actor"].iloc[0]), moment(local(deeds["at"].iloc[0]))


def publish_record(pen: Pen, register: Register, record_id: int, version: int | None) -> None:
    """Publish what was submitted; the public sees it with the next look.

    Raises
    ------
    NoSuchRecord, EditConflict
    """
    pen = pen.begin()
    try:
        stored, waiting = _submitted(pen, register, record_id, version)
        hand = open_deed(
            pen.session, pen.hand, "publish", entity=register.entity, entity_id=record_id
        )
        if waiting is not None:
            write_row(pen.session, hand, register, stored, proposed_values(register, waiting))
            close_proposal(pen.session, hand, waiting, "published", pen.now, None)
        else:
            write_row(pen.session, hand, register, stored, {"state": "published"})
        tell_senders(pen, register, record_id)
        pen.finish()
    finally:
        pen.session.rollback()


def return_record(
    pen: Pen, register: Register, record_id: int, version: int | None, remark: str
) -> None:
    """Send it back to whoever wrote it, with a word why; nothing is published.

    Raises
    ------
    NoSuchRecord, EditConflict
    """
    pen = pen.begin()
    try:
        stored, waiting = _submitted(pen, register, record_id, version)
        about: dict[str, Any] = {"entity": register.entity, "entity_id": record_id}
        hand = open_deed(pen.session, pen.hand, "return", **about)
        if waiting is None:
            write_row(pen.session, hand, register, stored, {"state": "draft"})
            waiting = _slip(pen, register, stored | {"version": stored["version"] + 1})
        close_proposal(pen.session, hand, waiting, "returned", pen.now, remark or None)
        pen.finish()
    finally:
        pen.session.rollback()


def _slip(pen: Pen, register: Register, stored: Row) -> Row:
    """A proposal without changes, that carries the remark back to a new record's author."""
    record = (register.entity, str(stored["id"]))
    deeds = frames.read(
        pen.session,
        history.deeds(pen.member.viewer, pen.tenant.code, record=record, what=("add", "edit")),
    )
    nobody: Row = {"account_id": None, "actor": ""}
    author = next((row for _, row in frames.each(deeds)), nobody)
    hand = pen.hand_of(author["account_id"], author["actor"])
    put_proposal(
        pen.session, hand, register, stored, {}, state="submitted", now=pen.now, existing=None
    )
    slip = open_proposal(pen.session, pen.tenant.code, register, stored["id"])
    if slip is None:
        raise NoSuchRecord(f"この{register.word}は見つかりません。")
    return slip


def _submitted(
    pen: Pen, register: Register, record_id: int, version: int | None
) -> tuple[Row, Row | None]:
    code, session = pen.tenant.code, pen.session
    stored = find_record(session, pen.member.viewer, code, register, record_id)
    waiting = open_proposal(session, code, register, record_id)
    if stored["state"] != "submitted" and (waiting is None or waiting["state"] != "submitted"):
        raise NoSuchRecord("この提出は、もう確認されたか、取り下げられました。")
    now = version_of(stored, waiting)
    if version != now:
        there = stored | (proposed_values(register, waiting) if waiting else {})
        values = register.values(there)
        raise EditConflict(register, record_id, now, yours=values, theirs=values)
    return stored, waiting
