"""Change (変更履歴): who changed what, when, from what to what.

The log itself holds who, when, which record and a salted digest. The values and the salt lie in a
side table by class of data, so that erasing a person on request deletes the values and leaves the
log whole.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from api.models.columns import office


class Deed(SQLModel, table=True):
    """One thing somebody did (操作): all changes of it are undone together."""

    id: int | None = office(default=None, primary_key=True)
    municipality_code: str = office(foreign_key="municipality.code", index=True)
    at: datetime = office()
    account_id: int | None = office(default=None, foreign_key="account.id")
    actor: str = office()
    what: str = office()
    """A `DeedKind`: add, edit, confirm, close, import, undo …"""
    entity: str | None = office(default=None)
    entity_id: str | None = office(default=None, index=True)
    undoes_id: int | None = office(default=None, foreign_key="deed.id")
    undone_by_id: int | None = office(default=None, foreign_key="deed.id")


class Change(SQLModel, table=True):
    """One change of one record, as far as one class of its data goes (変更履歴)."""

    id: int | None = Field(default=None, primary_key=True)
    municipality_code: str = Field(foreign_key="municipality.code", index=True)
    at: datetime
    actor: str
    intake_id: int | None = Field(default=None, foreign_key="intake.id", index=True)
    deed_id: int | None = Field(default=None, foreign_key="deed.id", index=True)
    entity: str
    entity_id: str = Field(index=True)
    data_class: str
    digest: str
    """SHA-256 over salt, before and after: shows tampering, tells nothing once they are erased."""


class _Values(SQLModel):
    change_id: int = Field(primary_key=True, foreign_key="change.id")
    salt: str
    before: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    after: dict[str, Any] | None = Field(default=None, sa_type=JSON)


class ChangedPublic(_Values, table=True):
    """Values of public columns before and after a change."""


class ChangedOffice(_Values, table=True):
    """Values of office columns before and after a change."""


class ChangedPersonal(_Values, table=True):
    """Values of personal columns before and after a change; rows here may be erased."""
