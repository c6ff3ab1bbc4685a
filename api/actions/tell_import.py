"""Tell what an import would change (取り込みの差分): the log of a deed that is not kept yet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from api.actions.field_words import ENTITIES, differences
from api.actions.registers import BY_ENTITY
from api.actions.save_record import Pen
from api.actions.show_form import SectionView, show_form
from api.actions.show_history import as_values
from api.actions.show_values import NOTHING
from api.exchange.aliases import TABLES
from api.store import frames, history
from api.store.visible import KEEPER, visible

PERSONAL_KINDS = frozenset({"supporters"})


@dataclass(frozen=True)
class Changed:
    """One stored record a file would change: what it is called, and each column's values."""

    name: str
    columns: list[tuple[str, str, str]]


@dataclass
class Told:
    """What an import adds, by name, and what it changes, from → to."""

    added: list[str] = field(default_factory=list)
    changed: list[Changed] = field(default_factory=list)
    records: list[int] = field(default_factory=list)
    """The numbers of those that are changed."""


@dataclass
class _Line:
    entity: str
    new: bool
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)


def told_changes(pen: Pen, deed_id: int, kind: str, *, people: bool = False) -> Told:
    """What a deed has changed, record by record, in the words of the registers' forms.

    `people`: whoever reads it may see whom personal records name; else nothing is told of them.
    """
    if kind in PERSONAL_KINDS and not people:
        return Told()
    told = Told()
    sections: dict[str, list[SectionView]] = {}
    lines = _lines(pen, deed_id)
    names = _names(pen, lines)
    for (entity, number), line in lines.items():
        name = line.after.get("name") or names.get((entity, number))
        if line.new:
            told.added += [str(name)] if name else []
            continue
        if entity not in sections:
            sections[entity] = _sections(pen, entity)
        columns = _told(pen, kind, sections[entity], line)
        title = f"{ENTITIES.get(entity, entity)}「{name or number}」"
        told.changed.append(Changed(title, columns))
        told.records += [int(number)] if number.isdecimal() else []
    return told


def _lines(pen: Pen, deed_id: int) -> dict[tuple[str, str], _Line]:
    """The log's lines of all classes of data, one for each record."""
    found: dict[tuple[str, str], _Line] = {}
    for data_class in sorted(KEEPER.classes, reverse=True):  # public first: it has the names
        rows = history.changes(KEEPER, pen.tenant.code, data_class, [deed_id])
        for _, row in frames.each(frames.read(pen.session, rows)):
            key = (row["entity"], row["entity_id"])
            line = found.setdefault(key, _Line(row["entity"], row["before"] is None))
            line.before |= as_values(row["before"])
            line.after |= as_values(row["after"])
    return found


def _names(pen: Pen, lines: Mapping[tuple[str, str], _Line]) -> dict[tuple[str, str], str]:
    """What changed records are called, where the change says nothing of their name."""
    found: dict[tuple[str, str], str] = {}
    for entity in {entity for (entity, _), line in lines.items() if not line.new}:
        register = BY_ENTITY.get(entity)
        if register is not None:
            rows = visible(register.model, KEEPER, pen.tenant.code, only=["id", "name"])
            for _, row in frames.each(frames.read(pen.session, rows)):
                found[entity, str(row["id"])] = row["name"]
    return found


def _sections(pen: Pen, entity: str) -> list[SectionView]:
    register = BY_ENTITY.get(entity)
    if register is None:
        return []
    return show_form(pen.session, pen.member.viewer, pen.land(), register, {})


def _told(
    pen: Pen, kind: str, sections: list[SectionView], line: _Line
) -> list[tuple[str, str, str]]:
    if sections:
        found = differences(sections, pen.land(), line.before, line.after)
        return [(each.label, each.before, each.after) for each in found]
    return _by_headers(kind, line.before, line.after)


def _by_headers(
    kind: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> list[tuple[str, str, str]]:
    labels = {ours: names.split()[0] for ours, names in TABLES[kind].items()}
    names = [n for n in {**before, **after} if before.get(n) != after.get(n)]
    return [
        ("位置・形", "いまの形", "新しい形")
        if name == "wkb"
        else (labels.get(name, name), _said(before.get(name)), _said(after.get(name)))
        for name in names
    ]


def _said(value: object) -> str:
    return NOTHING if value is None else str(value)[:200]
