"""Places that are there today, in words for residents (今日ある場), with the days of a week."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from pandas import DataFrame, Series
from sqlmodel import Session

from api.actions.find_municipality import Tenant
from api.actions.list_resources import when_in_words, where_in_words
from api.actions.open_days import Span, open_days, pauses_by_place
from api.actions.open_places import paused_on
from api.actions.place_areas import areas_of_places
from api.actions.service_supply import offered_on
from api.models import Place
from api.models.kinds import PlaceKind
from api.store import frames
from api.store.visible import Viewer, visible

WEEK_DAYS = 7


@dataclass(frozen=True)
class ToldPlace:
    """One place as somebody at home is told of it."""

    id: int
    name: str
    kind: PlaceKind
    informal: bool
    when: str
    where: str
    area: str
    fee: str
    transport: bool | None
    access: str
    phone: str
    approximate: bool
    days: tuple[date, ...] | None
    """The days it opens within seven from today; None: nobody knows its days."""
    sure: bool
    """Whether those days may be promised."""
    distance_m: float | None = None


@dataclass(frozen=True)
class PlacesToday:
    """Places a viewer may see that are there on a day and do not pause."""

    rows: DataFrame
    """Public columns (index: id)."""
    records: Mapping[int, Mapping[str, Any]]
    """The same, one by one."""
    area_codes: Series
    area_names: Mapping[str, str]
    pauses: Mapping[int, list[Span]]
    on: date

    def told(self, number: int, distance_m: float | None = None) -> ToldPlace:
        """One of them in words."""
        row = self.records[number]
        days = open_days(row, self.pauses.get(number, []))
        week = days.between(self.on, self.on + timedelta(days=WEEK_DAYS - 1))
        return ToldPlace(
            id=number,
            name=row["name"],
            kind=PlaceKind(row["kind"]),
            informal=bool(row["informal"]),
            when=when_in_words(row),
            where=where_in_words(row),
            area=self.area_names.get(self.area_codes[number] or "", ""),
            fee=row["fee"] or "",
            transport=row["transport"],
            access=row["accessibility"] or "",
            phone=row["phone"] or "",
            approximate=bool(row["approximate"]),
            days=None if days.schedule is None else tuple(week),
            sure=days.sure,
            distance_m=distance_m,
        )


def load_places(
    session: Session, viewer: Viewer, tenant: Tenant, areas: DataFrame, on: date
) -> PlacesToday:
    """Load the places of a municipality; `areas` (index: id) as they hold on that day."""
    rows = places_there(session, viewer, tenant.code, on)
    return PlacesToday(
        rows=rows,
        records=dict(frames.each(rows)),
        area_codes=areas_of_places(tenant, areas, rows),
        area_names=dict(zip(areas["code"], areas["name"], strict=True)),
        pauses=pauses_by_place(session, viewer, tenant.code),
        on=on,
    )


def places_there(session: Session, viewer: Viewer, code: str, on: date) -> DataFrame:
    """Columns (index: id) of the places that have begun, are not closed and do not pause."""
    rows = frames.read(session, visible(Place, viewer, code)).set_index("id")
    paused = paused_on(session, viewer, code, on)
    return rows[offered_on(rows, on) & ~rows.index.isin(paused)]
