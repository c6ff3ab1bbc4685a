"""Gathering places one can walk to from one's own town (うちから行ける通いの場)."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal
from urllib.parse import urlencode

from geopandas import GeoDataFrame
from pandas import DataFrame, Series
from sqlmodel import Session

from api.actions.find_municipality import Tenant, find_municipality
from api.actions.find_services import areas_on
from api.actions.locating import NoSuchTown
from api.actions.told_places import PlacesToday, ToldPlace, load_places
from api.models import AreaTown, Town
from api.models.columns import table_of
from api.store import frames
from api.store.visible import Viewer, visible

Within = Literal["", "today", "week"]
NEAR_M, FAR_M = 2_000.0, 6_000.0
"""Forty minutes on foot; what lies beyond is told when asked for."""
MOST, MOST_FAR = 20, 60
FEWEST = 5
"""As many are told however far they are."""
LOOKED_AT = 500
"""Of the nearest so many, whatever days are asked about."""


@dataclass(frozen=True)
class NearQuestion:
    """What somebody asks from home."""

    on: date
    town: int | None = None
    within: Within = ""
    """Only what opens today, or within seven days."""
    far: bool = False
    large: bool = False
    """文字を大きく."""

    def query(self, **changes: Any) -> str:
        """This question as the query of an address."""
        asked = replace(self, **changes)
        told = {
            "town": asked.town,
            "when": asked.within,
            "far": "1" if asked.far else "",
            "large": "1" if asked.large else "",
        }
        words = urlencode({name: value for name, value in told.items() if value})
        return f"?{words}" if words else ""

    def opens(self, place: ToldPlace) -> bool | None:
        """Whether a place opens within the days asked about; None: nobody knows."""
        if not self.within:
            return True
        if place.days is None:
            return None
        return self.on in place.days if self.within == "today" else bool(place.days)


@dataclass(frozen=True)
class HomeTown:
    """A town to start from (お住まいの町)."""

    id: int
    name: str
    approximate: bool
    area_code: str | None


@dataclass(frozen=True)
class Near:
    """The answer, and the towns to ask from."""

    tenant: Tenant
    question: NearQuestion
    areas: dict[str, str]
    """Code → name of every area."""
    towns: list[HomeTown]
    town: HomeTown | None = None
    found: list[ToldPlace] = field(default_factory=list)
    unknown: list[ToldPlace] = field(default_factory=list)
    """As near, but nobody knows their days; only where days were asked about."""
    somewhere: list[ToldPlace] = field(default_factory=list)
    """Places of the town's area whose position is not told."""
    more: bool = False
    """Whether there are others, farther away."""

    @property
    def towns_by_area(self) -> dict[str, list[HomeTown]]:
        """The towns under the name of their area, those in none at the end."""
        named: dict[str, list[HomeTown]] = {code: [] for code in self.areas}
        rest: list[HomeTown] = []
        for town in self.towns:
            named.get(town.area_code or "", rest).append(town)
        titled = [*((self.areas[code], towns) for code, towns in named.items()), ("そのほか", rest)]
        return {title: towns for title, towns in titled if towns}


def near_places(session: Session, code: str, viewer: Viewer, question: NearQuestion) -> Near:
    """The places around the town that was chosen; without one, only the towns to choose from.

    Distances are straight lines from the town's representative point (代表点).

    Raises
    ------
    NoSuchMunicipality, NoSuchTown
    """
    tenant = find_municipality(session, code)
    areas = areas_on(session, code, viewer, question.on)
    towns, points = _towns(session, viewer, tenant, areas)
    names = dict(zip(areas["code"], areas["name"], strict=True))
    near = Near(tenant, question, names, towns)
    if question.town is None:
        return near
    town = next((town for town in towns if town.id == question.town), None)
    if town is None:
        raise NoSuchTown(f"{tenant.name}に、この番号の町はありません。")
    places = load_places(session, viewer, tenant, areas, question.on)
    distances = _distances(places, tenant, points[town.id])
    return _answered(replace(near, town=town), places, distances)


def _towns(
    session: Session, viewer: Viewer, tenant: Tenant, areas: DataFrame
) -> tuple[list[HomeTown], dict[int, tuple[float, float]]]:
    """The towns in the order of their list, the one people know; and their points (degrees)."""
    only = ["id", "name", "lon", "lat", "approximate"]
    rows = frames.read(session, visible(Town, viewer, tenant.code, only=only)).set_index("id")
    ours = table_of(AreaTown).c.area_id.in_(areas.index.tolist())
    drawn = frames.read(session, visible(AreaTown, viewer, tenant.code, ours))
    area_of = dict(zip(drawn["town_id"], drawn["area_id"].map(areas["code"]), strict=True))
    towns = [
        HomeTown(number, row["name"], bool(row["approximate"]), area_of.get(number))
        for number, row in frames.each(rows)
    ]
    return towns, {n: (float(row["lon"]), float(row["lat"])) for n, row in frames.each(rows)}


def _distances(places: PlacesToday, tenant: Tenant, lon_lat: tuple[float, float]) -> Series:
    """Metres from a point (degrees) to every place that tells where it is, the nearest first."""
    there = places.rows[places.rows["wkb"].notna()]
    if there.empty:
        return Series(dtype=float)
    drawn: GeoDataFrame = frames.shaped(there, tenant.zone)
    home = frames.point_in(tenant.zone, *lon_lat)
    return drawn.geometry.distance(home).sort_values(kind="stable")


def _answered(near: Near, places: PlacesToday, distances: Series) -> Near:
    question = near.question
    reach, most = (FAR_M, MOST_FAR) if question.far else (NEAR_M, MOST)
    found: list[ToldPlace] = []
    unknown: list[ToldPlace] = []
    full = False
    for number, distance_m in distances.head(LOOKED_AT).items():
        beyond = distance_m > reach
        full = (beyond and len(found) >= FEWEST) or len(found) == most
        if full:
            break
        place = places.told(int(str(number)), float(distance_m))
        opens = question.opens(place)
        if opens:
            found.append(place)
        elif opens is None and not beyond:
            unknown.append(place)
    somewhere = _somewhere(near, places)
    return replace(near, found=found, unknown=unknown, somewhere=somewhere, more=full)


def _somewhere(near: Near, places: PlacesToday) -> list[ToldPlace]:
    code = near.town.area_code if near.town else None
    told = [
        places.told(number)
        for number, row in places.records.items()
        if row["wkb"] is None and code is not None and places.area_codes[number] == code
    ]
    return [place for place in told if near.question.opens(place) is not False]
