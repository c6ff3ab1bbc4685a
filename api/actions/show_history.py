"""The history of a record (これまでの変更) and the log of the municipality (変更の記録)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pandas import DataFrame
from sqlmodel import Session

from api.accounts.members import Member
from api.accounts.roles import Right
from api.actions.field_words import DEEDS, ENTITIES, Difference, differences, related_differences
from api.actions.locating import Land
from api.actions.registers import Register
from api.actions.show_form import SectionView, show_form
from api.clock import TOKYO
from api.store import frames, history
from api.store.visible import Viewer
from web.words import moment

OF_FILES = frozenset({"import", "undo-import"})
"""Deeds that brought whole files in or took them back: they ask for the right to import."""
UNDOABLE = OF_FILES | frozenset(
    {"add", "edit", "draft", "submit", "publish", "return", "confirm", "close", "reopen"}
    | {"pause", "photo", "undo"}
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


def history_of(
    session: Session, member: Member, land: Land, register: Register, record_id: int
) -> list[DeedView]:
    """Everything that was done to one record, the newest first, with what changed."""
    viewer, code = member.viewer, land.tenant.code
    record = (register.entity, str(record_id))
    deeds = frames.read(session, history.deeds(viewer, code, record=record, most=500))
    values = _values(session, viewer, code, deeds, record)
    related = _related(session, viewer, code, deeds[deeds["entity"] == register.entity])
    sections = show_form(session, viewer, land, register, {})
    return [
        _view(
            row,
            member,
            differences=_told(sections, values.get(row["id"])) + related.get(row["id"], []),
        )
        for _, row in frames.each(deeds)
    ]


def _related(
    session: Session, viewer: Viewer, code: str, deeds: DataFrame
) -> dict[int, list[Difference]]:
    """Per deed about the record what changed in its pauses, photos and badges; never in people."""
    found: dict[int, list[Difference]] = {}
    for data_class in ("public", "office"):
        rows = history.changes(viewer, code, data_class, deeds["id"].tolist())
        for _, row in frames.each(frames.read(session, rows)):
            told = related_differences(
                row["entity"], as_values(row["before"]), as_values(row["after"])
            )
            found.setdefault(row["deed_id"], []).extend(told)
    return found


def log_of(
    session: Session, member: Member, code: str, *, before: int | None = None, most: int = 50
) -> list[DeedView]:
    """What was done in the municipality, the newest first: who, when, how many records of what.

    Values stay in the records' own histories, where each viewer sees what is theirs.
    """
    deeds = frames.read(session, history.deeds(member.viewer, code, before=before, most=most))
    counts = frames.read(session, history.touched(member.viewer, code, deeds["id"].tolist()))
    return [
        _view(row, member, counts=_counts(counts[counts["deed_id"] == row["id"]]))
        for _, row in frames.each(deeds)
    ]


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


def _told(
    sections: list[SectionView], values: tuple[dict[str, Any], dict[str, Any]] | None
) -> list[Difference]:
    return differences(sections, *values) if values else []


def _view(
    row: Mapping[str, Any],
    member: Member,
    *,
    counts: dict[str, int] | None = None,
    differences: list[Difference] | None = None,
) -> DeedView:
    about = (row["entity"], row["entity_id"]) if row["entity"] and row["entity_id"] else None
    return DeedView(
        deed_id=row["id"],
        what=DEEDS.get(row["what"], row["what"]),
        actor=row["actor"],
        when=moment(local(row["at"])),
        undone=row["undone_by_id"] is not None,
        may_undo=row["undone_by_id"] is None and may_undo(member, row),
        counts=counts or {},
        differences=differences or [],
        about=about,
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
