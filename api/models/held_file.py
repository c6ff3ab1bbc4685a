"""HeldFile (預かったファイル): what somebody brings in, between the rehearsal and the import."""

from datetime import datetime

from sqlalchemy import LargeBinary
from sqlmodel import Field, SQLModel


class HeldFile(SQLModel, table=True):
    """A file waiting for its import (預かったファイル); gone when it is written, or after a day."""

    id: int | None = Field(default=None, primary_key=True)
    municipality_code: str = Field(foreign_key="municipality.code", index=True)
    account_id: int = Field(foreign_key="account.id")
    """Whoever brought it: nobody else may open it."""
    parcel: str = Field(index=True)
    """What the files brought together have in common."""
    name: str
    content: bytes = Field(sa_type=LargeBinary)
    held_at: datetime
