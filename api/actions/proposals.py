"""Proposals (改訂案): changes to published records that wait for the first tier."""

from datetime import datetime
from typing import Any

from pandas import DataFrame
from sqlmodel import Session

from api.actions.records import Row
from api.actions.registers import Register
from api.models import Proposal
from api.models.columns import table_of
from api.store import frames
from api.store.changes import Hand
from api.store.plain_values import from_text, to_text
from api.store.visible import OFFICE, visible
from api.store.writing import write_records

OPEN = ("draft", "submitted", "returned")


def open_proposal(session: Session, code: str, register: Register, id_: int) -> Row | None:
    """The proposal a record has waiting, with its `values` as columns hold them."""
    table = table_of(Proposal)
    found = _read(
        session,
        code,
        table.c.entity == register.entity,
        table.c.entity_id == id_,
        table.c.state.in_(OPEN),
    )
    return found[-1] if found else None


def submitted_proposals(session: Session, code: str) -> list[Row]:
    """Every proposal that waits to be looked at."""
    return _read(session, code, table_of(Proposal).c.state == "submitted")


def _read(session: Session, code: str, *where: Any) -> list[Row]:
    found = frames.read(session, visible(Proposal, OFFICE, code, *where))
    return [row for _, row in frames.each(found)]


def proposed_values(register: Register, proposal: Row) -> dict[str, Any]:
    """The columns a proposal would change, with their new values."""
    return from_text(table_of(register.model), proposal["proposed"])


def put_proposal(
    session: Session,
    hand: Hand,
    register: Register,
    stored: Row,
    changed: dict[str, Any],
    *,
    state: str,
    now: datetime,
    existing: Row | None,
) -> int:
    """Store what somebody would change in a published record; the proposal's number."""
    values = {
        "id": existing["id"] if existing else None,
        "entity": register.entity,
        "entity_id": stored["id"],
        "base_version": stored["version"],
        "proposed": to_text(changed),
        "state": state,
        "author_id": hand.account_id,
        "author": hand.actor,
        "saved_at": now,
        "remark": existing["remark"] if existing else None,
    }
    written = write_one(session, hand, values, existing)
    return written


def close_proposal(
    session: Session, hand: Hand, proposal: Row, state: str, now: datetime, remark: str | None
) -> None:
    """Publish, return or withdraw: it keeps who decided, when, and why."""
    values = {
        "id": proposal["id"],
        "state": state,
        "reviewer": hand.actor,
        "reviewed_at": now,
        "remark": remark,
    }
    write_one(session, hand, values, proposal)


def write_one(session: Session, hand: Hand, values: Row, existing: Row | None) -> int:
    """Insert or change one proposal."""
    known = DataFrame([existing] if existing else [], columns=list(values), dtype=object)
    incoming = DataFrame([values], dtype=object)
    written = write_records(session, hand, Proposal, incoming, known, erase=True)
    return int(written["id"].iloc[0])
