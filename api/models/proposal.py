"""Proposal (改訂案): changes to a published record that wait for the first tier."""

from datetime import datetime

from sqlmodel import SQLModel

from api.models.columns import office


class Proposal(SQLModel, table=True):
    """What a second-tier coordinator would change (改訂案); the public sees the old until then."""

    id: int | None = office(default=None, primary_key=True)
    municipality_code: str = office(foreign_key="municipality.code", index=True)
    entity: str = office()
    entity_id: int = office(index=True)
    base_version: int = office()
    """The record's version it starts from."""
    proposed: str = office()
    """The changed columns as JSON."""
    state: str = office(default="draft", index=True)
    """draft, submitted, published, returned 差し戻し, withdrawn."""
    author_id: int | None = office(default=None, foreign_key="account.id")
    author: str = office()
    saved_at: datetime = office()
    reviewer: str | None = office(default=None)
    reviewed_at: datetime | None = office(default=None)
    remark: str | None = office(default=None)
    """Why it was sent back."""
    version: int = office(default=1)
