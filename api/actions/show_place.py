"""One published place as everybody may read it (通いの場のページ): in words, with its next days."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session

from api.actions.badges import badged_on
from api.actions.find_municipality import Tenant, find_municipality
from api.actions.find_services import areas_on
from api.actions.keep_photos import public_photos
from api.actions.list_resources import when_in_words, where_in_words
from api.actions.open_days import OpenDays, open_days, pauses_by_place
from api.actions.place_areas import areas_of_places
from api.models import Place
from api.models.columns import table_of
from api.models.kinds import AUDIENCES, PLACE_FUNCTIONS, PlaceKind
from api.store import frames
from api.store.visible import Viewer, visible
from web.words import dialable, wareki, yes_no

NEXT_DAYS = 4
LOOK_AHEAD = timedelta(days=366)


class NoSuchPlace(LookupError):
    """No place of this number is published."""


class PlaceIsClosed(LookupError):
    """A published place that has closed: it was there, and is no more."""


@dataclass(frozen=True)
class ShownPlace:
    """A published place (通いの場) with what follows from its record."""

    tenant: Tenant
    on: date
    id: int
    row: Mapping[str, Any]
    """Its public columns."""
    area: tuple[str, str] | None
    """Code and name of the area it is told to be in."""
    days: OpenDays
    photos: list[list[Any]]
    badge: bool

    @property
    def name(self) -> str:
        """What it is called."""
        return str(self.row["name"])

    @property
    def kind(self) -> PlaceKind:
        """What sort of place it is."""
        return PlaceKind(self.row["kind"])

    @property
    def lon_lat(self) -> tuple[float, float] | None:
        """Its published point (degrees); a withheld one is stored elsewhere."""
        if self.row["wkb"] is None:
            return None
        return float(self.row["min_lon"]), float(self.row["min_lat"])

    @property
    def when(self) -> str:
        """Its days and hours in words."""
        return when_in_words(self.row)

    @property
    def where(self) -> str:
        """Where it is in words, as far as that is told."""
        return where_in_words(self.row)

    @property
    def where_for_others(self) -> str:
        """Its address, else the area; for programs that show no other words beside it."""
        if self.row["location_kind"] == "point":
            return self.where
        return self.area[1] if self.area else ""

    @property
    def next_days(self) -> list[date]:
        """The next days it opens, today among them; none where no dates may be promised."""
        if not self.days.sure:
            return []
        return self.days.between(self.on, self.on + LOOK_AHEAD)[:NEXT_DAYS]

    @property
    def pause(self) -> tuple[date, date | None] | None:
        """First and last day of the pause (休止) that it is in."""
        ends = self.days.last
        if self.row["closed_on"] is None and ends < self.on:
            return ends + timedelta(days=1), None
        now = [p for p in self.days.pauses if p[1] is not None and p[0] <= self.on <= p[1]]
        return now[0] if now else None

    @property
    def facts(self) -> list[tuple[str, str]]:
        """Everything else that is public, term and words; what nobody knows is left out."""
        row = self.row
        people = f"{row['capacity_people']}人" if row["capacity_people"] is not None else ""
        functions = [PLACE_FUNCTIONS.get(code, "") for code in json.loads(row["functions"] or "[]")]
        told = [
            ("費用", row["fee"]),
            ("送迎", yes_no(row["transport"])),
            ("段差・設備", row["accessibility"]),
            ("できること", "・".join(filter(None, functions))),
            ("主な参加者", AUDIENCES.get(row["audience"] or "", "")),
            ("定員", people),
            ("運営", row["organization"]),
            ("相談", "まちかど介護相談所（研修を受けた相談員がいます）" if self.badge else ""),
            ("内容", row["note"]),
        ]
        return [(term, str(words)) for term, words in told if words]

    @property
    def confirmed(self) -> str:
        """When somebody last made sure of all this."""
        day = self.row["confirmed_on"]
        return f"{wareki(day)}に確認しました。" if day else "まだ確認されていません。"

    @property
    def summary(self) -> str:
        """One line about it, for search engines and shared links."""
        area = self.area[1] if self.area else ""
        phone = self.row["phone"] if dialable(self.row["phone"]) else None
        said = (f"{self.kind.label}（{self.tenant.name}{area}）", self.when,
                self.row["address"] and self.where, phone and f"電話 {phone}")  # fmt: skip
        return "。".join(filter(None, said))


def show_place(session: Session, code: str, viewer: Viewer, place_id: int, on: date) -> ShownPlace:
    """The place of this number as it is on a day; one that pauses is shown, and says so.

    Raises
    ------
    NoSuchMunicipality
    NoSuchPlace : nothing of that number is published, or it has not begun yet.
    PlaceIsClosed
    """
    tenant = find_municipality(session, code)
    where = table_of(Place).c.id == place_id
    rows = frames.read(session, visible(Place, viewer, code, where)).set_index("id")
    if rows.empty or (rows["opened_on"].iloc[0] or on) > on:
        raise NoSuchPlace(f"{tenant.name}に、この番号の通いの場は公開されていません。")
    row = next(row for _, row in frames.each(rows))
    if row["closed_on"] is not None and row["closed_on"] <= on:
        raise PlaceIsClosed(f"「{row['name']}」は、{wareki(row['closed_on'])}に終わりました。")
    areas = areas_on(session, code, viewer, on)
    named = dict(zip(areas["code"], areas["name"], strict=True))
    area = areas_of_places(tenant, areas, rows).iloc[0]
    pauses = pauses_by_place(session, viewer, code, place_id)
    return ShownPlace(
        tenant=tenant,
        on=on,
        id=place_id,
        row=row,
        area=(area, named[area]) if area in named else None,
        days=open_days(row, pauses.get(place_id, [])),
        photos=public_photos(session, code, [place_id])[0],
        badge=place_id in badged_on(session, code, on),
    )
