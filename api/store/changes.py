"""The change log (変更履歴): written beside every change, in its transaction."""

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Table, insert, update
from sqlmodel import Session, SQLModel

from api.models import Change, ChangedOffice, ChangedPersonal, ChangedPublic, Municipality

SIDE_TABLES: dict[str, type[SQLModel]] = {
    "public": ChangedPublic,
    "office": ChangedOffice,
    "personal": ChangedPersonal,
}

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Hand:
    """Whose hand makes the changes: who, for which municipality, with which import."""

    municipality_code: str
    actor: str
    intake_id: int | None = None


def log_changes(
    session: Session,
    hand: Hand,
    model: type[SQLModel],
    ids: Sequence[int | str],
    before: Sequence[Values] | None,
    after: Sequence[Values],
) -> None:
    """Write one line per record and class of data; `before` is None for new records.

    Values of a class go to its side table only; a class in which nothing changed has no line.
    Lengths of `ids`, `before`, `after` agree.
    """
    table: Table = model.__table__  # type: ignore[attr-defined]
    old_values: Sequence[Values | None] = before or [None] * len(ids)
    for data_class, side in SIDE_TABLES.items():
        names = [c.name for c in table.columns if c.info.get("class") == data_class]
        lines = [
            (record, _only(names, old), _only(names, new))
            for record, old, new in zip(ids, old_values, after, strict=True)
        ]
        lines = [(record, old, new) for record, old, new in lines if (old or {}) != (new or {})]
        if lines:
            _write(session, hand, table.name, data_class, side, lines)


def _only(names: Sequence[str], values: Values | None) -> dict[str, Any] | None:
    if values is None:
        return None
    return {name: _plain(values[name]) for name in names if values.get(name) is not None}


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.hex()
    return value.isoformat() if isinstance(value, date) else value


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
            "entity": entity,
            "entity_id": str(record),
            "data_class": data_class,
            "digest": digest(salt, before, after),
        }
        for salt, (record, before, after) in zip(salts, lines, strict=True)
    ]
    table: Table = Change.__table__  # type: ignore[attr-defined]
    new = insert(table).returning(table.c.id, sort_by_parameter_order=True)
    numbers = session.connection().execute(new, heads).scalars().all()
    session.connection().execute(
        insert(side),
        [
            {"change_id": number, "salt": salt, "before": before, "after": after}
            for number, salt, (_, before, after) in zip(numbers, salts, lines, strict=True)
        ],
    )


def digest(salt: str, before: Values | None, after: Values | None) -> str:
    """SHA-256 over the salt and the values, in one canonical writing."""
    text = json.dumps([salt, before, after], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def raise_revision(session: Session, code: str) -> None:
    """Count one more change of the municipality: every ETag and cache follows from it."""
    table: Table = Municipality.__table__  # type: ignore[attr-defined]
    session.connection().execute(
        update(table).where(table.c.code == code).values(revision=table.c.revision + 1)
    )
