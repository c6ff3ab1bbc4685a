"""The history of a record (これまでの変更) and the log of the municipality (変更の記録)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from pandas import DataFrame
from sqlmodel import Session

from api.accounts.members import Member
from api.accounts.roles import Right
from api.actions.field_words import (
    ACTORS,
    DEEDS,
    ENTITIES,
    Difference,
    differences,
    related_differences,
)
from api.actions.locating import Land
from api.actions.registers import REGISTERS, Register
from api.actions.show_form import show_form
from api.clock import TOKYO
from api.models.columns import table_of
from api.store import frames, history
from api.store.visible import Viewer, visible
from web.words import moment

OF_FILES = frozenset({"import", "undo-import"})
"""Deeds that brought whole files in or took them back: they ask for the right to import."""
UNDOABLE = OF_FILES | frozenset(
    {"add", "edit", "draft", "submit", "publish", "return", "confirm", "close", "reopen"}
    | {"pause", "photo", "handout", "undo", "answer"}
)


@dataclass(frozen=True)
class DeedView:
    """One thing somebody did, as people read it."""

    deed_id: int
    what: str
    actor: str
    when: str
    undone: bool
    may_undo: bool
    counts: dict[str, int] = field(default_factory=dict)
    """How many records of what it touched."""
    differences: list[Difference] = field(default_factory=list)
    about: tuple[str, str] | None = None
    """Entity and number of the record it was about."""
    name: str = ""
    """What that record is called; people are not named."""


def history_of(
    session: Session, member: Member, land: Land, register: Register, stored: Mapping[str, Any]
) -> list[DeedView]:
    """Everything that was done to one record, the newest first, with what changed.

    `stored`: the record as it is; what it said at any moment follows from the log, backwards.
    """
    viewer, code = member.viewer, land.tenant.code
    record = (register.entity, str(stored["id"]))
    deeds = frames.read(session, history.deeds(viewer, code, record=record, most=500))
    values = _values(session, viewer, code, deeds, record)
    related = _related(session, viewer, code, deeds[deeds["entity"] == register.entity])
    sections = show_form(session, viewer, land, register, {})
    then = dict(stored)
    told = []
    for _, row in frames.each(deeds):
        before, after = values.get(row["id"], ({}, {}))
        then |= {name: before.get(name) for name in {*before, *after}}
        more = related.get(row["id"], Related())
        old = {name: then.get(name) for name in more.proposed}
        found = [
            *differences(sections, land, before, after),
            *differences(sections, land, old, more.proposed),
            *more.differences,
        ]
        told.append(_view(row, member, differences=found))
    return told


def deeds_about(
    session: Session, member: Member, code: str, entity: str, record_id: int
) -> list[DeedView]:
    """What was done to something that is in no register, the newest first: who and when."""
    rows = history.deeds(member.viewer, code, record=(entity, str(record_id)))
    return [_view(row, member) for _, row in frames.each(frames.read(session, rows))]


@dataclass
class Related:
    """What a deed changed beside the record itself."""

    differences: list[Difference] = field(default_factory=list)
    proposed: dict[str, Any] = field(default_factory=dict)
    """What somebody would have changed: it waits, or waited."""


def _related(session: Session, viewer: Viewer, code: str, deeds: DataFrame) -> dict[int, Related]:
    """Per deed about the record what changed in its pauses, photos, badges and proposals."""
    found: dict[int, Related] = {}
    for data_class in ("public", "office"):
        rows = history.changes(viewer, code, data_class, deeds["id"].tolist())
        for _, row in frames.each(frames.read(session, rows)):
            related = found.setdefault(row["deed_id"], Related())
            before, after = as_values(row["before"]), as_values(row["after"])
            related.differences += related_differences(row["entity"], before, after)
            waits = after.get("proposed")
            if row["entity"] == "proposal" and waits and waits != before.get("proposed"):
                related.proposed |= json.loads(waits)
    return found


@dataclass(frozen=True)
class LogQuestion:
    """Which part of the log somebody wants to read."""

    actor: str | None = None
    what: str | None = None
    before: int | None = None
    most: int = 50


def log_of(session: Session, member: Member, code: str, asked: LogQuestion) -> list[DeedView]:
    """What was done in the municipality, the newest first: who, when, to which record.

    Values stay in the records' own histories, where each viewer sees what is theirs.
    """
    rows = history.deeds(
        member.viewer,
        code,
        what=[asked.what] if asked.what else None,
        actor=asked.actor,
        before=asked.before,
        most=asked.most,
    )
    deeds = frames.read(session, rows)
    counts = frames.read(session, history.touched(member.viewer, code, deeds["id"].tolist()))
    names = _names(session, member.viewer, code, deeds)
    return [
        _view(
            row,
            member,
            counts=_counts(counts[counts["deed_id"] == row["id"]]),
            name=names.get((row["entity"], row["entity_id"]), ""),
        )
        for _, row in frames.each(deeds)
    ]


def actors_of(session: Session, member: Member, code: str) -> dict[str, str]:
    """Everybody the log names: as it is written, and as people read it."""
    found = frames.read(session, history.actors(member.viewer, code))["actor"]
    return {str(name): ACTORS.get(str(name), str(name)) for name in found}


def _names(
    session: Session, viewer: Viewer, code: str, deeds: DataFrame
) -> dict[tuple[str, str], str]:
    """What the records are called that deeds were about, also those taken back; never people."""
    found = {}
    for register in REGISTERS.values():
        about = deeds.loc[deeds["entity"] == register.entity, "entity_id"].dropna()
        if register.personal or about.empty:
            continue
        table = table_of(register.model)
        here = table.c.id.in_([int(number) for number in about.unique()])
        everything = replace(viewer, withdrawn=True)
        rows = visible(register.model, everything, code, here, only=["id", "name"])
        for _, row in frames.each(frames.read(session, rows)):
            found[(register.entity, str(row["id"]))] = str(row["name"])
    return found


def _counts(rows: DataFrame) -> dict[str, int]:
    return {
        ENTITIES.get(entity, entity): int(number)
        for entity, number in zip(rows["entity"], rows["records"], strict=True)
    }


def _values(
    session: Session, viewer: Viewer, code: str, deeds: DataFrame, record: tuple[str, str]
) -> dict[int, tuple[dict[str, Any], dict[str, Any]]]:
    """Per deed what the record said before and after, of the classes the viewer holds."""
    found: dict[int, tuple[dict[str, Any], dict[str, Any]]] = {}
    for data_class in sorted(viewer.classes):
        rows = history.changes(viewer, code, data_class, deeds["id"].tolist(), record=record)
        for _, row in frames.each(frames.read(session, rows)):
            before, after = found.setdefault(row["deed_id"], ({}, {}))
            before |= as_values(row["before"])
            after |= as_values(row["after"])
    return found


def as_values(stored: Any) -> dict[str, Any]:
    """Values of the log; some databases hand JSON over as text."""
    if stored is None:
        return {}
    return dict(stored) if isinstance(stored, Mapping) else dict(json.loads(stored))


def _view(
    row: Mapping[str, Any],
    member: Member,
    *,
    counts: dict[str, int] | None = None,
    name: str = "",
    differences: list[Difference] | None = None,
) -> DeedView:
    about = (row["entity"], row["entity_id"]) if row["entity"] and row["entity_id"] else None
    return DeedView(
        deed_id=row["id"],
        what=DEEDS.get(row["what"], row["what"]),
        actor=ACTORS.get(row["actor"], row["actor"]),
        when=moment(local(row["at"])),
        undone=row["undone_by_id"] is not None,
        may_undo=row["undone_by_id"] is None and may_undo(member, row),
        counts=counts or {},
        differences=differences or [],
        about=about,
        name=name,
    )


def may_undo(member: Member, deed: Mapping[str, Any]) -> bool:
    """Whether they may take a deed back: their own; with LOG anybody's; a file with IMPORT."""
    if deed["what"] not in UNDOABLE or not member.may(Right.RECORD):
        return False
    if deed["what"] in OF_FILES:
        return member.may(Right.IMPORT)
    return deed["account_id"] == member.account_id or member.may(Right.LOG)


def local(at: datetime) -> datetime:
    """A moment as clocks in Japan show it."""
    return at.astimezone(TOKYO)
