"""Service (生活支援サービス): something that comes or helps."""

from datetime import date

from api.models.columns import Kept, Shaped, office, public


class Service(Kept, Shaped, table=True):
    """A life-support service (生活支援サービス) in the scheme of the 総合事業."""

    id: int | None = public(default=None, primary_key=True)
    municipality_code: str = public(foreign_key="municipality.code", index=True)
    external_id: str | None = public(default=None, index=True)
    name: str = public()
    find_key: str = public(index=True)
    kana: str | None = public(default=None)
    kind: str = public(index=True)
    """A code of `ServiceKind`."""
    organization: str | None = public(default=None)
    organization_id: int | None = public(default=None, foreign_key="organization.id", index=True)
    areas: str | None = public(default=None)
    """Codes of the areas served (提供圏域), a JSON list; NULL: the whole municipality."""
    target: str | None = public(default=None)
    fee: str | None = public(default=None)
    capacity_people: int | None = public(default=None)
    """How many people it can serve in a month."""
    monthly_users_people: int | None = office(default=None)
    has_room: bool | None = public(default=None)
    """Whether it takes new people (空き): follows from the figures if known; NULL: not known."""
    transport: bool | None = public(default=None)
    schedule_note: str | None = public(default=None)
    address: str | None = public(default=None)
    town_id: int | None = public(default=None, foreign_key="town.id", index=True)
    approximate: bool = public(default=False)
    phone: str | None = public(default=None)
    url: str | None = public(default=None)
    note: str | None = public(default=None)
    opened_on: date | None = public(default=None)
    closed_on: date | None = public(default=None)
    """The first day it is no longer there."""
    intake_id: int | None = public(default=None, foreign_key="intake.id")
