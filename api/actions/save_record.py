"""Save a record of the registry (台帳に書く): add, correct, submit; nobody's words are lost."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from pandas import DataFrame
from sqlmodel import Session

from api.accounts.members import Member
from api.accounts.roles import Right
from api.actions.find_municipality import Tenant, find_municipality
from api.actions.follow_voices import follow_published
from api.actions.locating import Land
from api.actions.proposals import close_proposal, open_proposal, proposed_values, put_proposal
from api.actions.records import Row, find_record, office_settings, refuse_others
from api.actions.registers import Register
from api.actions.registers.fields import RecordForm
from api.models.columns import table_of
from api.store.changes import Hand, name_deed, open_deed, raise_revision, take_turn
from api.store.visible import Withheld
from api.store.writing import write_records

OFFICE_NOTES = frozenset({"contact_name", "contact_phone", "office_note", "monthly_users_people"})
"""Facts no resident sees: they need nobody's leave."""


@dataclass
class EditConflict(Exception):
    """Somebody else has saved the record meanwhile: both versions, and nothing lost."""

    register: Register
    record_id: int
    version: int
    """The version that is stored now."""
    yours: dict[str, Any] = field(default_factory=dict)
    theirs: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Saved:
    """What became of a save."""

    record_id: int
    became: str
    """published, submitted, draft, same."""


@dataclass(frozen=True)
class Pen:
    """Whoever writes, when, in which municipality."""

    session: Session
    tenant: Tenant
    member: Member
    today: date
    now: datetime

    @property
    def hand(self) -> Hand:
        """Their hand in the log."""
        return self.hand_of(self.member.account_id, self.member.name)

    def hand_of(self, account_id: int | None, name: str) -> Hand:
        """Somebody's hand in the log."""
        return Hand(self.tenant.code, name, account_id=account_id)

    def land(self) -> Land:
        """The municipality's towns and areas."""
        return Land(self.session, self.tenant, self.today)

    def begin(self) -> "Pen":
        """Take this writer's turn; the municipality is read again, as it is now."""
        take_turn(self.session, self.tenant.code)
        tenant = find_municipality(self.session, self.tenant.code)
        return Pen(self.session, tenant, self.member, self.today, self.now)

    def finish(self) -> None:
        """Keep what was written."""
        raise_revision(self.session, self.tenant.code)
        self.session.commit()


def save_record(
    pen: Pen,
    register: Register,
    form: RecordForm,
    *,
    record_id: int | None = None,
    version: int | None = None,
    submit: bool = True,
    confirmed: bool = False,
    also: Callable[[Pen, Saved], None] | None = None,
) -> Saved:
    """Add a record (`record_id` None), or change one that was read at `version`.

    Whoever may not publish leaves what is public as it is: their change waits as a proposal
    (改訂案), or their new record as a draft. `confirmed`: somebody has just made sure of it.
    `also`: what is written in the same transaction, once it is known what became of the record.

    Raises
    ------
    NoSuchRecord, NotYours, EditConflict, WrongFields
    Withheld : a person's record, by somebody who sees no people.
    """
    if register.personal and not pen.member.may(Right.PEOPLE):
        raise Withheld(f"{pen.member.role} may not write about people")
    pen = pen.begin()
    try:
        saved = _Saving(pen, register, submit=submit, confirmed=confirmed).save(
            form, record_id, version
        )
        if saved.became == "same":
            pen.session.rollback()
        else:
            if also is not None:
                also(pen, saved)
            if saved.became == "published":
                tell_senders(pen, register, saved.record_id)
            pen.finish()
        return saved
    finally:
        pen.session.rollback()


def tell_senders(pen: Pen, register: Register, record_id: int) -> None:
    """A place is public as it is now: residents whose correction that was can read so."""
    if register.key == "places":
        follow_published(pen.session, pen.hand, record_id, pen.today)


def may_publish(pen: Pen, register: Register) -> bool:
    """Whether what they save is published at once: by their role, or by the municipality."""
    if register.personal or pen.member.may(Right.PUBLISH):
        return True
    return not office_settings(pen.session, pen.tenant)["reviewed"]


@dataclass(frozen=True)
class _Saving:
    pen: Pen
    register: Register
    submit: bool
    confirmed: bool

    def save(self, form: RecordForm, record_id: int | None, version: int | None) -> Saved:
        land = self.pen.land()
        columns = self.register.columns(land, form) | self._confirmation()
        if record_id is None:
            refuse_others(self.pen.member, land, self.register, columns)
            return self._add(columns)
        stored = self._find(record_id)
        refuse_others(self.pen.member, land, self.register, stored, stored | columns)
        waiting = self._waiting(record_id)
        self._refuse_older(form, stored, waiting, version)
        columns |= as_shown(self.register, stored, columns) | self._proposed_end(waiting)
        changed = changed_columns(stored, columns)
        if self._must_wait(stored):
            return self._propose(stored, changed, waiting)
        if waiting:
            close_proposal(
                self.pen.session, self.pen.hand, waiting, "published", self.pen.now, None
            )
        return self._change(stored, changed, waiting)

    def _proposed_end(self, waiting: Row | None) -> dict[str, Any]:
        """A closing or reopening that waits beside the fields: no form shows it, none drops it."""
        if waiting is None or waiting["state"] == "returned":
            return {}
        proposed = proposed_values(self.register, waiting)
        return {"closed_on": proposed["closed_on"]} if "closed_on" in proposed else {}

    def _find(self, record_id: int) -> Row:
        pen = self.pen
        return find_record(
            pen.session, pen.member.viewer, pen.tenant.code, self.register, record_id
        )

    def _waiting(self, record_id: int) -> Row | None:
        if self.register.personal:
            return None
        return open_proposal(self.pen.session, self.pen.tenant.code, self.register, record_id)

    def _refuse_older(
        self, form: RecordForm, stored: Row, waiting: Row | None, version: int | None
    ) -> None:
        """The version somebody read counts the record's changes and its proposal's."""
        now = version_of(stored, waiting)
        if version is not None and version == now:
            return
        there = stored | (proposed_values(self.register, waiting) if waiting else {})
        raise EditConflict(
            self.register,
            stored["id"],
            now,
            yours=form.model_dump(),
            theirs=self.register.values(there),
        )

    def _confirmation(self) -> dict[str, Any]:
        if not self.confirmed:
            return {}
        return {"confirmed_on": self.pen.today, "confirmed_by": self.pen.member.name}

    def _must_wait(self, stored: Row) -> bool:
        return stored["state"] == "published" and not may_publish(self.pen, self.register)

    def _state(self) -> str:
        if not self.submit and not self.register.personal:
            return "draft"
        return "published" if may_publish(self.pen, self.register) else "submitted"

    def _add(self, columns: dict[str, Any]) -> Saved:
        state = self._state()
        hand = open_deed(self.pen.session, self.pen.hand, "add", entity=self.register.entity)
        incoming = DataFrame([{"id": None, **columns, "state": state}], dtype=object)
        written = write_records(
            self.pen.session, hand, self.register.model, incoming, incoming.iloc[:0]
        )
        number = int(written["id"].iloc[0])
        name_deed(self.pen.session, hand, number)
        return Saved(number, state)

    def _propose(self, stored: Row, changed: dict[str, Any], waiting: Row | None) -> Saved:
        """Leave what is public, and keep the change beside it; the office's own notes go in."""
        notes = {name: value for name, value in changed.items() if name in OFFICE_NOTES}
        changed = {name: value for name, value in changed.items() if name not in OFFICE_NOTES}
        if notes:
            write_row(self.pen.session, self._deed(stored, "edit"), self.register, stored, notes)
            stored = stored | notes | {"version": stored["version"] + 1}
        if not changed and waiting is None:
            return Saved(stored["id"], "published" if notes else "same")
        state = "submitted" if self.submit else "draft"
        hand = self._deed(stored, "submit" if self.submit else "draft")
        put_proposal(
            self.pen.session,
            hand,
            self.register,
            stored,
            changed,
            state=state,
            now=self.pen.now,
            existing=waiting,
        )
        return Saved(stored["id"], state)

    def _change(self, stored: Row, changed: dict[str, Any], waiting: Row | None) -> Saved:
        state = stored["state"]
        if state != "published":
            state = self._state()
            if state != stored["state"]:
                changed = changed | {"state": state}
        if not changed:
            return Saved(stored["id"], "published" if waiting else "same")
        write_row(self.pen.session, self._deed(stored, "edit"), self.register, stored, changed)
        return Saved(stored["id"], state)

    def _deed(self, stored: Row, what: str) -> Hand:
        return open_deed(
            self.pen.session,
            self.pen.hand,
            what,
            entity=self.register.entity,
            entity_id=stored["id"],
        )


def version_of(stored: Row, waiting: Row | None) -> int:
    """One number that rises when the record or its proposal changes."""
    return int(stored["version"]) + (int(waiting["version"]) * 1_000_000 if waiting else 0)


def as_shown(register: Register, stored: Row, columns: Row) -> Row:
    """What a form showed and nobody touched, as it is stored.

    The days a file brought are shown as a schedule: saving another field does not make one.
    """
    shown = {**register.shown(stored), **register.values(stored)}
    untouched = {
        name: stored[name]
        for name, value in shown.items()
        if name in columns and columns[name] == value
    }
    # A point nobody has moved stays as exact, or as approximate (おおよそ), as it was.
    if columns.get("wkb") is not None and columns["wkb"] == stored.get("wkb"):
        untouched["approximate"] = stored["approximate"]
    return untouched


def changed_columns(stored: Row, columns: dict[str, Any]) -> dict[str, Any]:
    """Those columns that would change, and what is derived from them."""
    return {name: value for name, value in columns.items() if stored.get(name) != value}


def write_row(
    session: Session, hand: Hand, register: Register, stored: Row, changed: dict[str, Any]
) -> None:
    """Change one record, with its line in the log."""
    names = [name for name in changed if name in table_of(register.model).columns]
    existing = DataFrame([{name: stored.get(name) for name in ("id", *names)}], dtype=object)
    incoming = DataFrame(
        [{"id": stored["id"], **{name: changed[name] for name in names}}], dtype=object
    )
    write_records(session, hand, register.model, incoming, existing, erase=True)
