"""Assignment (担当): who is in charge of an area; Training (研修) of the coordinators."""

from datetime import date

from sqlmodel import SQLModel

from api.models.columns import office


class Assignment(SQLModel, table=True):
    """Who is in charge of an area, from when to when, for which body (担当)."""

    id: int | None = office(default=None, primary_key=True)
    municipality_code: str = office(foreign_key="municipality.code", index=True)
    area_code: str = office(index=True)
    """By code, not by row: redrawn areas keep whoever is in charge."""
    duty: str = office(default="coordinator")
    """coordinator 第2層SC, or center 地域包括支援センター."""
    account_id: int | None = office(default=None, foreign_key="account.id", index=True)
    person: str | None = office(default=None)
    """The name as it was then; history keeps it after the account is gone."""
    body: str | None = office(default=None)
    """社協, 包括 …"""
    valid_from: date = office()
    valid_to: date | None = office(default=None)
    """The last day."""
    version: int = office(default=1)


class Training(SQLModel, table=True):
    """A course a coordinator took (SC研修), and when somebody should ask how it goes."""

    id: int | None = office(default=None, primary_key=True)
    municipality_code: str = office(foreign_key="municipality.code", index=True)
    account_id: int = office(foreign_key="account.id", index=True)
    person: str = office()
    course: str = office()
    kind: str = office()
    """before 配置前, follow_up フォローアップ, other."""
    held_on: date = office()
    follow_up_due: date | None = office(default=None)
    followed_up_on: date | None = office(default=None)
    version: int = office(default=1)
