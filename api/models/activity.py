"""Activity (活動記録): one thing a coordinator did; Pause (休止) of a place."""

from datetime import date

from sqlmodel import SQLModel

from api.models.columns import office, public


class Activity(SQLModel, table=True):
    """A meeting with people of an area (活動記録): how well a place is known and heard there."""

    id: int | None = office(default=None, primary_key=True)
    municipality_code: str = office(foreign_key="municipality.code", index=True)
    place_id: int | None = office(default=None, foreign_key="place.id", index=True)
    area_code: str | None = office(default=None, index=True)
    title: str = office()
    """説明会, おでんの会, 声を聞く会 …"""
    stage: str | None = office(default=None)
    """known 知られる, understood わかってもらう, heard 声が届く (`Stage`)."""
    held_on: date = office()
    people: int | None = office(default=None)
    note: str | None = office(default=None)
    cancelled: bool = office(default=False)
    """Taken off by hand: making the year's dates again leaves it off."""
    series: str | None = office(default=None, index=True)
    """The recurrence it comes from, as the JSON of `exchange.schedules`."""
    version: int = office(default=1)


class Pause(SQLModel, table=True):
    """A place stops for a while (休止): off the public map and out of coverage on those days."""

    id: int | None = public(default=None, primary_key=True)
    municipality_code: str = public(foreign_key="municipality.code", index=True)
    place_id: int = public(foreign_key="place.id", index=True)
    valid_from: date = public()
    valid_to: date | None = public(default=None)
    """The last day; NULL: nobody knows yet."""
    reason: str | None = office(default=None)
    restart_contact: str | None = office(default=None)
    version: int = office(default=1)
