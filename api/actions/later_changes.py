"""What was changed again after a deed (あとからの変更): undoing it would lose somebody's work."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from api.actions.deed_parts import DeedPart, records_of
from api.actions.field_words import ENTITIES, differences
from api.actions.locating import Land
from api.actions.registers import BY_ENTITY, Register
from api.actions.save_record import Pen
from api.actions.show_form import SectionView, show_form
from api.actions.show_history import as_values, local
from api.store import frames, history
from api.store.plain_values import plain
from api.store.visible import KEEPER, PERSONAL
from web.words import moment

DELETED = "消したもの"
HIDDEN = "（個人情報）"


@dataclass(frozen=True)
class Later:
    """Something that was changed again after the deed, and would be lost by undoing it."""

    entity: str
    entity_id: str
    name: str
    label: str
    """The field, as its form calls it."""
    meant: str = ""
    """What the deed had left there, in words."""
    now: str = ""
    who: str = ""
    when: str = ""


def changed_again(pen: Pen, part: DeedPart, deed_id: int) -> list[Later]:
    """Every value of these records that is not any more what the deed left there.

    A record that the deed had added is compared with all that was written down of it since: what
    it had left empty counts too.
    """
    now, since = records_of(pen, part), _since(pen, part, deed_id)
    words = _Words(pen, part)
    found: list[Later] = []
    for number, after in part.after.items():
        row, before = now.get(number), part.before[number]
        if after is None:
            found.append(Later(part.table.name, number, words.name(number, None), DELETED))
        elif row is not None and before is None:
            later = since.get(number)
            if later is not None:
                found += words.told(number, row, after, later.values, later)
        elif row is not None and before is not None:
            names = {n for n in {*before, *after} if before.get(n) != after.get(n)}
            names &= set(part.table.columns.keys())
            there = {name: plain(row[name]) for name in names}
            meant = {name: after.get(name) for name in names}
            found += words.told(number, row, meant, there, since.get(number))
    return found


@dataclass(frozen=True)
class _Since:
    """What a record says after all later deeds, and whose was the last."""

    values: dict[str, Any]
    actor: str
    at: Any


def _since(pen: Pen, part: DeedPart, deed_id: int) -> dict[str, _Since]:
    known: dict[str, _Since] = {}
    for data_class in sorted(KEEPER.classes):
        rows = history.changes_since(KEEPER, pen.tenant.code, data_class, part.table.name, deed_id)
        for _, row in frames.each(frames.read(pen.session, rows)):
            number = row["entity_id"]
            if number not in part.after:
                continue
            older = known.get(number, _Since(dict(part.after[number] or {}), "", row["at"]))
            before, after = as_values(row["before"]), as_values(row["after"])
            fresh = {name: after.get(name) for name in {*before, *after}}
            known[number] = _Since(older.values | fresh, row["actor"], row["at"])
    return known


@dataclass(frozen=True)
class _Words:
    """The words of one table's records."""

    pen: Pen
    part: DeedPart

    @property
    def register(self) -> Register | None:
        return BY_ENTITY.get(self.part.table.name)

    def name(self, number: str, row: Mapping[str, Any] | None) -> str:
        hidden = self.part.model in PERSONAL
        name = HIDDEN if hidden or row is None else str(row.get("name", f"{number}番"))
        return f"{ENTITIES.get(self.part.table.name, '')} {name}"

    def told(
        self,
        number: str,
        row: Mapping[str, Any],
        meant: Mapping[str, Any],
        there: Mapping[str, Any],
        since: _Since | None,
    ) -> Iterator[Later]:
        """One line a field, or a single one where no form knows the columns."""
        if all(there.get(name) == meant.get(name) for name in {*meant, *there}):
            return
        line = Later(self.part.table.name, number, self.name(number, row), "")
        if since is not None:
            line = replace(line, who=since.actor, when=moment(local(since.at)))
        fields = differences(self.sections, self.land, meant, there)
        hidden = self.part.model in PERSONAL
        for each in fields:
            values = {} if hidden else {"meant": each.before, "now": each.after}
            yield replace(line, label=each.label, **values)
        if not fields:
            yield replace(line, label="内容")

    @cached_property
    def land(self) -> Land:
        return self.pen.land()

    @cached_property
    def sections(self) -> list[SectionView]:
        if self.register is None:
            return []
        pen = self.pen
        return show_form(pen.session, pen.member.viewer, self.land, self.register, {})
