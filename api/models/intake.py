"""Intake (取り込み): one import, so that every figure can name its source and date."""

from datetime import date, datetime

from sqlmodel import SQLModel

from api.models.columns import office, public


class Intake(SQLModel, table=True):
    """One import (取り込み): which files, when, by whom, and what to credit (出典)."""

    id: int | None = public(default=None, primary_key=True)
    municipality_code: str = public(foreign_key="municipality.code", index=True)
    kind: str = public()
    credit: str = public()
    """Who published the data, in the words shown beside the figures (出典)."""
    dated: date | None = public(default=None)
    """The date of the files' facts: the newest file's own date."""
    files: str = office()
    sha256: str = office(default="", index=True)
    """Digest of the file: the same file met again confirms nothing new."""
    imported_at: datetime = office()
    actor: str = office()
    deed_id: int | None = office(default=None, foreign_key="deed.id")
    undone: bool = office(default=False)
    """Taken back as a whole (取り消し): the same file may come again as new."""
