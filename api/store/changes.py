"""The change log (変更履歴): written beside every change, in its transaction."""

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, insert, update
from sqlmodel import Session, SQLModel

from api.models import Change, ChangedOffice, ChangedPersonal, ChangedPublic, Deed, Municipality
from api.models.columns import table_of
from api.store.plain_values import plain

SIDE_TABLES: dict[str, type[SQLModel]] = {
    "public": ChangedPublic,
    "office": ChangedOffice,
    "personal": ChangedPersonal,
}

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Hand:
    """Whose hand makes the changes: who, for which municipality, in which deed and import."""

    municipality_code: str
    actor: str
    intake_id: int | None = None
    account_id: int | None = None
    deed_id: int | None = None


def open_deed(
    session: Session,
    hand: Hand,
    what: str,
    *,
    entity: str | None = None,
    entity_id: int | str | None = None,
    undoes_id: int | None = None,
) -> Hand:
    """Enter one thing somebody does (操作) into the log; its changes are written with the hand."""
    table = table_of(Deed)
    new = insert(table).values(
        municipality_code=hand.municipality_code,
        at=datetime.now(UTC),
        account_id=hand.account_id,
        actor=hand.actor,
        what=what,
        entity=entity,
        entity_id=None if entity_id is None else str(entity_id),
        undoes_id=undoes_id,
    )
    (number,) = session.connection().execute(new).inserted_primary_key or (None,)
    return replace(hand, deed_id=number)


def name_deed(session: Session, hand: Hand, entity_id: int) -> None:
    """Say which record a deed was about that has only now got its number."""
    table = table_of(Deed)
    session.connection().execute(
        update(table).where(table.c.id == hand.deed_id).values(entity_id=str(entity_id))
    )


def log_changes(
    session: Session,
    hand: Hand,
    model: type[SQLModel],
    ids: Sequence[int | str],
    before: Sequence[Values] | None,
    after: Sequence[Values] | None,
) -> None:
    """Write one line per record and class of data.

    `before` is None for new records, `after` for records that are taken away.

    Values of a class go to its side table only; a class in which nothing changed has no line.
    Lengths of `ids`, `before`, `after` agree.
    """
    table = table_of(model)
    old_values: Sequence[Values | None] = before or [None] * len(ids)
    new_values: Sequence[Values | None] = after or [None] * len(ids)
    for data_class, side in SIDE_TABLES.items():
        names = [c.name for c in table.columns if c.info.get("class") == data_class]
        lines = [
            (record, _only(names, old), _only(names, new))
            for record, old, new in zip(ids, old_values, new_values, strict=True)
        ]
        lines = [(record, old, new) for record, old, new in lines if (old or {}) != (new or {})]
        if lines:
            _write(session, hand, table.name, data_class, side, lines)


def _only(names: Sequence[str], values: Values | None) -> dict[str, Any] | None:
    if values is None:
        return None
    return {name: plain(values[name]) for name in names if values.get(name) is not None}


def _write(
    session: Session,
    hand: Hand,
    entity: str,
    data_class: str,
    side: type[SQLModel],
    lines: Sequence[tuple[int | str, dict[str, Any] | None, dict[str, Any] | None]],
) -> None:
    now = datetime.now(UTC)
    salts = [secrets.token_hex(16) for _ in lines]
    heads = [
        {
            "municipality_code": hand.municipality_code,
            "at": now,
            "actor": hand.actor,
            "intake_id": hand.intake_id,
            "deed_id": hand.deed_id,
            "entity": entity,
            "entity_id": str(record),
            "data_class": data_class,
            "digest": digest(salt, before, after),
        }
        for salt, (record, before, after) in zip(salts, lines, strict=True)
    ]
    table = table_of(Change)
    new = insert(table).returning(table.c.id, sort_by_parameter_order=True)
    numbers = session.connection().execute(new, heads).scalars().all()
    session.connection().execute(
        insert(side),
        [
            {"change_id": number, "salt": salt, "before": before, "after": after}
            for number, salt, (_, before, after) in zip(numbers, salts, lines, strict=True)
        ],
    )


def forget_values(session: Session, lines: Sequence[int]) -> None:
    """Delete the values of these lines of the log in every class, and their salts.

    What is left tells who changed which record when, and a digest that nobody can try words on.
    """
    for side in SIDE_TABLES.values():
        values = table_of(side)
        session.connection().execute(delete(values).where(values.c.change_id.in_(lines)))


def digest(salt: str, before: Values | None, after: Values | None) -> str:
    """SHA-256 over the salt and the values, in one canonical writing."""
    text = json.dumps([salt, before, after], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def raise_revision(session: Session, code: str) -> None:
    """Count one more change of the municipality: every ETag and cache follows from it."""
    _set_revision(session, code, 1)


def take_turn(session: Session, code: str) -> bool:
    """Let whoever writes into this municipality at the same moment wait; False: there is none.

    The first statement of the transaction writes. Whatever was read before would be a look at the
    past that SQLite lets nobody write to, so an open transaction ends here.
    """
    session.rollback()
    return _set_revision(session, code, 0) > 0


def _set_revision(session: Session, code: str, step: int) -> int:
    table = table_of(Municipality)
    raised = update(table).where(table.c.code == code).values(revision=table.c.revision + step)
    return session.connection().execute(raised).rowcount
