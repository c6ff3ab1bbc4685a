"""Files held between a rehearsal and the import (預かったファイル): from their table alone."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select
from sqlmodel import Session

from api.models import HeldFile
from api.models.columns import table_of

HELD = table_of(HeldFile)


def hold(session: Session, rows: list[dict[str, Any]], *, older_than: datetime) -> None:
    """Store files; those that nobody came back for are dropped."""
    session.connection().execute(delete(HELD).where(HELD.c.held_at < older_than))
    session.connection().execute(insert(HELD), rows)


def held(session: Session, code: str, account_id: int, parcel: str) -> list[tuple[str, bytes]]:
    """Names and contents of a parcel, for whoever brought it."""
    rows = (
        select(HELD.c.name, HELD.c.content)
        .where(
            HELD.c.municipality_code == code,
            HELD.c.account_id == account_id,
            HELD.c.parcel == parcel,
        )
        .order_by(HELD.c.id)
    )
    return [(str(name), bytes(content)) for name, content in session.connection().execute(rows)]


def let_go(session: Session, code: str, parcel: str) -> None:
    """Drop a parcel."""
    of = (HELD.c.municipality_code == code) & (HELD.c.parcel == parcel)
    session.connection().execute(delete(HELD).where(of))
