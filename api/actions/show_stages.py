"""The board of stages (関わりの段階): how far areas and places have come, 知られる to 声が届く."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pandas import DataFrame
from sqlmodel import Session

from api.accounts.members import Member
from api.actions.contacts import PLACES, contacts_of, unsure_contacts
from api.actions.locating import Land
from api.actions.records import Row, areas_of_records
from api.models import Place
from api.models.kinds import STAGES
from api.store import frames
from api.store.visible import Viewer, visible

ORDER = list(STAGES)
NO_AREA = "圏域なし"


@dataclass(frozen=True)
class Reached:
    """How far somebody has come: the highest stage, and the first day of each."""

    name: str
    key: str
    """As `where` in the forms."""
    stage: str | None
    """The highest one reached; None: none yet."""
    first_days: dict[str, date] = field(default_factory=dict)


@dataclass(frozen=True)
class AreaStages:
    """An area with its places."""

    area: Reached
    places: list[Reached] = field(default_factory=list)
    others: int = 0
    """Places nobody has written down a contact with."""


def show_stages(session: Session, viewer: Viewer, land: Land) -> list[AreaStages]:
    """Every area, in the people's order, then the places in none.

    An area has reached what was reached in it as a whole or at any of its places. Days to come,
    days taken off, and days nobody says took place do not count.
    """
    code = land.tenant.code
    contacts = contacts_of(session, viewer, code)
    unsure = unsure_contacts(session, viewer, code, contacts)
    held = [
        row
        for row in contacts
        if row["stage"]
        and not row["cancelled"]
        and row["held_on"] <= land.on
        and row["id"] not in unsure
    ]
    places = _places(session, viewer, land)
    names: list[tuple[str | None, str]] = [*land.area_names.items(), (None, NO_AREA)]
    boards = [_area(area, name, places, held) for area, name in names]
    return [b for b in boards if b.area.key != "area:" or b.places]


def where_names(
    session: Session, viewer: Viewer, land: Land, writer: Member | None = None
) -> dict[str, str]:
    """What a contact may be with: areas, then places, by key; only those `writer` may write of."""
    places = _places(session, viewer, land)
    choices = [(f"area:{code}", f"{name}（圏域）", code) for code, name in land.area_names.items()]
    choices += [
        (
            f"place:{row['id']}",
            f"{row['name']}（{land.area_names.get(row['area'], NO_AREA)}）",
            row["area"],
        )
        for _, row in frames.each(places.sort_values(["area", "name"]))
    ]
    return {
        key: words
        for key, words, area in choices
        if writer is None or writer.may_write_in(frozenset({area} if area else ()))
    }


def _places(session: Session, viewer: Viewer, land: Land) -> DataFrame:
    rows = frames.read(session, visible(Place, viewer, land.tenant.code))
    rows = rows[rows["closed_on"].map(lambda day: day is None or land.on < day).astype(bool)]
    areas = areas_of_records(land, PLACES, rows)
    code = areas.map(lambda codes: next(iter(codes), None)).astype(object)
    return rows.assign(area=code.where(code.notna(), None))[["id", "name", "area"]]


def _area(code: str | None, name: str, places: DataFrame, held: list[Row]) -> AreaStages:
    mine = places[places["area"].map(lambda area: area == code).astype(bool)]
    there = set(mine["id"])
    of_area = [
        row
        for row in held
        if row["place_id"] in there or (code is not None and row["area_code"] == code)
    ]
    reached = [
        _reached(row["name"], f"place:{row['id']}", [c for c in held if c["place_id"] == row["id"]])
        for _, row in frames.each(mine)
    ]
    met = [place for place in reached if place.stage is not None]
    return AreaStages(
        area=_reached(name, f"area:{code or ''}", of_area),
        places=sorted(met, key=lambda place: (-ORDER.index(str(place.stage)), place.name)),
        others=len(reached) - len(met),
    )


def _reached(name: str, key: str, contacts: list[dict[str, Any]]) -> Reached:
    first: dict[str, date] = {}
    for row in contacts:
        first.setdefault(row["stage"], row["held_on"])
    stage = max(first, key=ORDER.index, default=None)
    return Reached(name, key, stage, first)
