"""Load what a question about a municipality needs from the store, once, in metres."""

import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

import numpy as np
import shapely
from geopandas import GeoDataFrame, GeoSeries
from pandas import DataFrame, Series
from sqlmodel import Session

from api.actions.badges import badged_on
from api.actions.find_municipality import Tenant, find_municipality
from api.actions.find_records import is_stale, stale_before
from api.actions.load_future import Future, load_future
from api.actions.load_roads import Roads, load_roads
from api.actions.open_places import paused_on
from api.actions.records import office_settings
from api.exchange.schedule_words import in_words as schedule_words
from api.exchange.schedules import from_json
from api.models import Area, AreaScheme, AreaTown, Intake, Place, Population, Town
from api.store import frames
from api.store.schemes import scheme_on
from api.store.visible import Viewer, visible
from geo.belonging import belongs_to
from geo.mesh import mesh_cells

Age = Literal["65", "75", "all"]
PEOPLE: dict[Age, str] = {"65": "people_65", "75": "people_75", "all": "people"}
AGES_IN_WORDS = {"65": "65歳以上", "75": "75歳以上", "all": "全年齢"}


class NoPopulation(LookupError):
    """There are no people yet, or none of the age asked for: that is not the same as nobody."""


class NoSuchScheme(LookupError):
    """The municipality is not divided that way."""


@dataclass(frozen=True)
class Source:
    """Where figures come from (出典) and the date of their facts."""

    credit: str
    dated: date | None


@dataclass(frozen=True)
class Community:
    """One municipality with its towns, areas, people and places; frames in the plane zone.

    `areas` (index: area id): code, name, approximate, geometry.
    `towns` (index: town id): name, area_id, approximate, geometry (polygon, may be missing).
    `people` (index: record id): people, town_id, area_id, geometry (point).
    `footprints` (index: record id): the town's polygon or the mesh cell of each record.
    `places` (index: place id): name, kind, weekdays, schedule_words …, area_id, badge (holds one
    that day), stale (not confirmed lately), functions (codes), informal, geometry (point).
    """

    tenant: Tenant
    age: Age
    ages_known: tuple[Age, ...]
    """Ages that the imported populations can answer."""
    scheme: str
    areas: GeoDataFrame
    towns: GeoDataFrame
    people: GeoDataFrame
    footprints: GeoSeries
    places: GeoDataFrame
    stale_months: int
    """How old a confirmation may be."""
    survey_date: date | None
    by_mesh: bool
    future: Future
    """Years that can be asked for, and the one that was."""
    roads: Roads | None
    """What people walk on, where a question asks for it."""
    unknown_people: int
    """Records whose age groups are withheld or missing (秘匿・不明): left out, and said so."""
    sources: dict[str, Source]


def load_community(
    session: Session,
    code: str,
    viewer: Viewer,
    *,
    age: Age | None,
    on: date,
    scheme: str | None = None,
    roads: bool = False,
    slopes: bool = False,
    year: int | None = None,
    variant: str | None = None,
) -> Community:
    """Load the municipality as `viewer` may see it on the day `on`, with its `roads` if asked for.

    With a `year` its people are those of a projection; places stay as they are on the day.

    Where no age is asked for, people are 65 and over if that is known, else everybody.

    Raises
    ------
    NoSuchMunicipality, NoLandYet, NoPopulation, NoSuchScheme, NoRoadsYet, NoProjection
    """
    tenant = find_municipality(session, code)
    found = _Loader(session, tenant, viewer, on, year, variant).load(age, scheme)
    if not roads:
        return found
    return replace(found, roads=load_roads(session, tenant, viewer, slopes=slopes))


@dataclass(frozen=True)
class _Loader:
    session: Session
    tenant: Tenant
    viewer: Viewer
    on: date
    year: int | None
    variant: str | None

    def load(self, asked_age: Age | None, scheme: str | None) -> Community:
        records, age, unknown, known_ages = self.survey(asked_age)
        surveyed = records["survey_date"].iloc[0]
        records, future = load_future(
            self.session, self.tenant, self.viewer, records, age, self.year, self.variant
        )
        name, areas, area_of = self.divided(scheme)
        towns = self.towns(area_of)
        people, footprints = self.located(records, towns, areas)
        months = int(office_settings(self.session, self.tenant)["stale_months"])
        places = self.places(areas, months)
        return Community(
            tenant=self.tenant,
            age=age,
            ages_known=known_ages,
            scheme=name,
            areas=areas,
            towns=towns,
            people=people,
            footprints=footprints,
            places=places,
            stale_months=months,
            survey_date=surveyed,
            future=future,
            roads=None,
            by_mesh=bool(records["mesh_code"].notna().any()),
            unknown_people=unknown if future.unknown is None else future.unknown,
            sources=self.sources(future, records, towns, areas, places),
        )

    def rows(self, model: Any, *where: Any) -> DataFrame:
        return frames.read(self.session, visible(model, self.viewer, self.tenant.code, *where))

    def survey(self, asked: Age | None) -> tuple[DataFrame, Age, int, tuple[Age, ...]]:
        """The newest survey that knows the age, that age, how many records do not, known ages."""
        records = self.rows(Population)
        if records.empty:
            raise NoPopulation(f"{self.tenant.name}の人口は、まだ取り込まれていません。")
        known_ages = tuple(age for age in PEOPLE if records[PEOPLE[age]].notna().any())
        age = asked or ("65" if "65" in known_ages else "all")
        counted = records[records[PEOPLE[age]].notna()]
        if counted.empty:
            raise NoPopulation(
                f"取り込まれている人口には年齢別の数がないため、{AGES_IN_WORDS[age]}では"
                "答えられません。全年齢（--age all）でなら答えられます。"
            )
        day = _newest(counted["survey_date"].dropna().tolist(), self.on)
        survey = records[records["survey_date"].map(lambda d: d == day)]
        by_town = survey[survey["town_id"].notna()]
        survey = by_town if len(by_town) else survey
        known = survey[PEOPLE[age]].notna()
        people = survey.assign(people=survey[PEOPLE[age]].astype(float))[known]
        return people.set_index("id"), age, int((~known).sum()), known_ages

    def divided(self, scheme: str | None) -> tuple[str, GeoDataFrame, Series]:
        """The scheme's name, its areas, and each town's area."""
        schemes = self.rows(AreaScheme)
        number = scheme_on(schemes, self.on, scheme)
        if number is None and scheme is not None:
            raise NoSuchScheme(f"{self.tenant.name}に区域区分「{scheme}」はありません。")
        if number is None:
            columns = dict.fromkeys(("code", "name", "approximate", "intake_id"), ())
            empty = GeoDataFrame(columns, geometry=[], crs=self.tenant.zone)
            return "", empty, Series(dtype=object)
        row = schemes[schemes["id"] == number].iloc[0]
        areas = self.rows(Area)
        areas = areas[areas["scheme_id"] == row["id"]].sort_values("rank").set_index("id")
        towns = self.rows(AreaTown)
        towns = towns[towns["scheme_id"] == row["id"]]
        return (
            str(row["name"]),
            frames.shaped(areas, self.tenant.zone),
            towns.set_index("town_id")["area_id"],
        )

    def towns(self, area_of: Series) -> GeoDataFrame:
        towns = frames.shaped(self.rows(Town).set_index("id"), self.tenant.zone)
        points = GeoSeries(
            shapely.points(towns["lon"].astype(float), towns["lat"].astype(float)),
            index=towns.index,
            crs=frames.DEGREES,
        )
        towns["area_id"] = Series(towns.index, index=towns.index).map(area_of)
        towns["point"] = points.to_crs(self.tenant.zone)
        return towns

    def located(
        self, records: DataFrame, towns: GeoDataFrame, areas: GeoDataFrame
    ) -> tuple[GeoDataFrame, GeoSeries]:
        """Each record's point, area and footprint: its town's, or for a mesh cell its own."""
        cells = records["mesh_code"].notna()
        footprints = _of_its_town(records, towns.geometry)
        if cells.any():
            footprints[cells] = mesh_cells(records.loc[cells, "mesh_code"]).to_crs(self.tenant.zone)
        own = GeoSeries(
            shapely.points(records["lon"].astype(float), records["lat"].astype(float)),
            index=records.index,
            crs=frames.DEGREES,
        ).to_crs(self.tenant.zone)
        points = own.where(records["lon"].notna(), _of_its_town(records, GeoSeries(towns["point"])))
        points = points.where(~cells, footprints.centroid)
        people = GeoDataFrame(
            {
                "people": records["people"],
                "town_id": records["town_id"],
                "area_id": records["town_id"].map(towns["area_id"]),
            },
            geometry=points,
        )
        if cells.any() and len(areas):
            people.loc[cells, "area_id"] = belongs_to(people[cells], areas)
        return people, footprints

    def places(self, areas: GeoDataFrame, stale_months: int) -> GeoDataFrame:
        """Places open on the day, and not paused, each in the area it lies in."""
        places = self.rows(Place).set_index("id")
        paused = paused_on(self.session, self.viewer, self.tenant.code, self.on)
        there = places["wkb"].notna() & ~places.index.isin(paused)
        places = places[there & _open_on(places, self.on)]
        located = frames.shaped(places, self.tenant.zone)
        drawn = areas[areas.geometry.notna()] if len(areas) else areas
        located["area_id"] = belongs_to(located, drawn) if len(drawn) else None
        located["schedule_words"] = _in_words(located["schedule"])
        badged = badged_on(self.session, self.tenant.code, self.on)
        located["badge"] = located.index.isin(badged)
        located["stale"] = is_stale(located, stale_before(self.on, stale_months))
        located["functions"] = located["functions"].map(_codes).astype(object)
        located["informal"] = located["informal"].astype(bool)
        return located

    def sources(self, future: Future, *used: DataFrame) -> dict[str, Source]:
        """The credit of each kind of data used, by kind; the newest where there are several."""
        intakes = self.rows(Intake).set_index("id")
        numbers: set[int] = {n for frame in used for n in frame["intake_id"].dropna().unique()}
        numbers |= future.intake_ids
        numbers |= {self.tenant.intake_id} if self.tenant.intake_id is not None else set()
        found = {
            str(row["kind"]): Source(row["credit"], row["dated"])
            for _, row in frames.each(intakes.loc[sorted(numbers)])
        }
        if len(future.intake_ids) > 1:  # the years around may be of two files
            credits = intakes.loc[sorted(future.intake_ids), "credit"]
            newest = found["projections"]
            found["projections"] = replace(newest, credit="、".join(dict.fromkeys(credits)))
        return found


def _in_words(schedules: Series) -> Series:
    """第2・第4水曜 10:00〜11:30 …; None where only days and hours of a file are known."""
    words = [schedule_words(from_json(text)) if text else None for text in schedules]
    return Series(words, index=schedules.index, dtype=object)


def _of_its_town(records: DataFrame, shapes: GeoSeries) -> GeoSeries:
    """The shape or point of each record's town; missing for a mesh cell."""
    found = shapes.reindex(records["town_id"].to_numpy())
    return GeoSeries(np.asarray(found), index=records.index, crs=shapes.crs)


def _codes(text: str | None) -> tuple[str, ...]:
    return tuple(json.loads(text)) if text else ()


def _newest(days: Collection[date], on: date) -> date | None:
    """The last survey up to the day asked about; before the first one, the first stands in."""
    if not days:
        return None
    return max((day for day in days if day <= on), default=min(days))


def _open_on(places: DataFrame, on: date) -> "np.ndarray[Any, np.dtype[np.bool_]]":
    """Open on that day; an unknown opening or closing date never excludes."""
    begun = places["opened_on"].map(lambda d: d is None or d <= on)
    gone = places["closed_on"].map(lambda d: d is not None and d <= on)
    return (begun & ~gone).to_numpy(dtype=bool)
