"""Place (通いの場・拠点): somewhere to go."""

from datetime import date
from typing import Literal

from api.models.columns import Kept, Shaped, office, public

PublishingState = Literal["draft", "submitted", "published", "withdrawn"]
LocationKind = Literal["point", "area", "contact"]


class Place(Kept, Shaped, table=True):
    """A gathering place (通いの場・拠点): kind, schedule, capacity, how to reach it."""

    id: int | None = public(default=None, primary_key=True)
    municipality_code: str = public(foreign_key="municipality.code", index=True)
    external_id: str | None = public(default=None, index=True)
    """The publisher's own ID with its code block ("372013/0001"); a running number is none."""
    name: str = public()
    find_key: str = public(index=True)
    """Name, kana and address folded for LIKE (NFKC, kana, old forms of characters)."""
    kana: str | None = public(default=None)
    kind: str = public(default="other", index=True)
    address: str | None = public(default=None)
    building: str | None = public(default=None)
    town_id: int | None = public(default=None, foreign_key="town.id", index=True)
    approximate: bool = public(default=False)
    """Stands at its town's point because the file gave an address only (おおよそ)."""
    phone: str | None = public(default=None)
    organization: str | None = public(default=None)
    weekdays: str | None = public(default=None)
    """Days it opens, in the order 月火水木金土日 ("月水金"); NULL: not known."""
    opens_at: str | None = public(default=None)
    closes_at: str | None = public(default=None)
    schedule_note: str | None = public(default=None)
    capacity_people: int | None = public(default=None)
    participants_people: int | None = public(default=None)
    fee: str | None = public(default=None)
    transport: bool | None = public(default=None)
    """送迎: whether people are picked up; NULL: not known."""
    accessibility: str | None = public(default=None)
    url: str | None = public(default=None)
    note: str | None = public(default=None)
    opened_on: date | None = public(default=None)
    closed_on: date | None = public(default=None)
    """The first day it is no longer there."""
    schedule: str | None = public(default=None)
    """When it meets, as the JSON of `exchange.schedules`; `weekdays` and hours follow from it."""
    functions: str | None = public(default=None)
    """What it is to people (機能: たまり場, 相談 …), a JSON list of `PlaceFunction` codes."""
    audience: str | None = public(default=None)
    """多世代, 高齢の方, 要介護の方 (`Audience`)."""
    informal: bool = public(default=False)
    """なじみの場: people gather there of themselves; not counted as coverage unless asked."""
    location_kind: str = public(default="point")
    """What the public learns of where it is: the point, its area only, or a contact only."""
    public_area: str | None = public(default=None)
    """Code of the area told instead of the point."""
    office_address: str | None = office(default=None)
    office_lon: float | None = office(default=None)
    office_lat: float | None = office(default=None)
    """Where it really is, while the public point is withheld (degrees)."""
    organization_id: int | None = public(default=None, foreign_key="organization.id", index=True)
    intake_id: int | None = public(default=None, foreign_key="intake.id")
