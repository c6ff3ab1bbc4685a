"""Supporter (担い手) and Posting (配置): people. Personal data, in tables of their own."""

from datetime import date, datetime

from sqlmodel import SQLModel

from api.models.columns import office, personal, public


class Supporter(SQLModel, table=True):
    """A volunteer (担い手). Where they live is known by town only, never by house."""

    id: int | None = personal(default=None, primary_key=True)
    municipality_code: str = personal(foreign_key="municipality.code", index=True)
    external_id: str | None = personal(default=None, index=True)
    name: str = personal()
    kana: str | None = personal(default=None)
    office_find_key: str = personal(default="")
    phone: str | None = personal(default=None)
    email: str | None = personal(default=None)
    town_id: int | None = personal(default=None, foreign_key="town.id", index=True)
    areas: str | None = personal(default=None)
    """Codes of areas they help in besides their own, a JSON list."""
    skills: str | None = personal(default=None)
    """What they can do, a JSON list of `SupporterSkill` codes."""
    weekdays: str | None = personal(default=None)
    hours: str | None = personal(default=None)
    """When in the day: 午前, 午後, 夜 …, in their words."""
    trainings: str | None = personal(default=None)
    """Training taken (受けた研修), one a line, with its date."""
    status: str = personal(default="active", index=True)
    """A code of `SupporterStatus`: 活動中, 休止中, 登録のみ, 辞めた."""
    registered_on: date | None = personal(default=None)
    organization_id: int | None = personal(default=None, foreign_key="organization.id")
    note: str | None = personal(default=None)
    state: str = personal(default="published")
    """published, or withdrawn (an undone addition): nobody's name is ever published."""
    version: int = personal(default=1)
    confirmed_on: date | None = personal(default=None)
    confirmed_by: str | None = personal(default=None)
    intake_id: int | None = personal(default=None, foreign_key="intake.id")


class Posting(SQLModel, table=True):
    """A trained worker posted at a place (配置): a ライフサポートワーカー, say."""

    id: int | None = personal(default=None, primary_key=True)
    municipality_code: str = personal(foreign_key="municipality.code", index=True)
    place_id: int = personal(foreign_key="place.id", index=True)
    town_id: int | None = personal(default=None, foreign_key="town.id")
    """The place's town: who is in charge there may see the name."""
    name: str = personal()
    role: str = personal()
    trained_on: date | None = personal(default=None)
    """Without a training there is no badge."""
    valid_from: date = personal()
    valid_to: date | None = personal(default=None)
    """The last day."""
    version: int = personal(default=1)


class Badge(SQLModel, table=True):
    """When a place holds the badge (相談バッジ): follows from its postings, names nobody."""

    id: int | None = public(default=None, primary_key=True)
    municipality_code: str = public(foreign_key="municipality.code", index=True)
    place_id: int = public(foreign_key="place.id", index=True)
    valid_from: date = public()
    valid_to: date | None = public(default=None)
    """The last day."""


class Viewing(SQLModel, table=True):
    """One look at a person's record (閲覧記録): who looked, when, at whom, in what way."""

    id: int | None = office(default=None, primary_key=True)
    municipality_code: str = office(foreign_key="municipality.code", index=True)
    at: datetime = office()
    account_id: int | None = office(default=None, foreign_key="account.id")
    actor: str = office()
    entity: str = office()
    entity_id: str = office(index=True)
    how: str = office()
    """一覧, 詳細, 履歴 …"""
