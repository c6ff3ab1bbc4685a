"""Report coverage (カバー率): who can walk to an open place, per area and town, and the gaps."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
import pandas as pd
from geopandas import GeoDataFrame
from pandas import DataFrame, Index, Series
from sqlmodel import Session

from api.actions.load_community import Age, Community, load_community
from api.exchange.kinds import place_kind
from api.models.kinds import PLACE_FUNCTIONS, PlaceKind
from api.store.visible import Viewer
from geo.coverage import coverage_by, in_whole_people, mean_distance_m
from geo.demand import at_points, spread_over
from geo.gaps import gap_zones
from geo.reach import Pairs, pairs_by_road, pairs_straight
from geo.walking import by_road, straight

WEEKDAYS = dict(
    zip("月火水木金土日", ("mon", "tue", "wed", "thu", "fri", "sat", "sun"), strict=True)
)
Walking = Literal["straight", "estimate", "roads"]
Spread = Literal["point", "area"]
OFF_ROAD_M = 300.0
"""Whoever lives farther from any road lives where the roads have not been imported."""


class UnknownKind(ValueError):
    """No kind of place goes by that word."""


def kinds_named(words: Iterable[str]) -> tuple[str, ...]:
    """Codes of kinds of places from codes or Japanese labels, in one order.

    Raises
    ------
    UnknownKind : naming the labels there are.
    """
    found = {word: place_kind(word) for word in words}
    if unknown := [word for word, kind in found.items() if kind is None]:
        labels = "、".join(kind.label for kind in PlaceKind)
        raise UnknownKind(f"「{unknown[0]}」という種類はありません。種類は {labels} です。")
    return tuple(kind.value for kind in PlaceKind if kind in found.values())


class UnknownWeekday(ValueError):
    """Not a day of the week."""


def weekdays_named(words: Iterable[str]) -> tuple[str, ...]:
    """Days in the order 月火水木金土日 from 水, 水曜日, 月水金, 月・水・金 or wed.

    Raises
    ------
    UnknownWeekday
    """
    days: set[str] = set()
    for word in words:
        found = {day for day, english in WEEKDAYS.items() if word.lower().startswith(english)}
        letters = set(re.sub(r"曜日?|[・、,\s]", "", word))
        if not (found or (letters and letters <= set(WEEKDAYS))):
            raise UnknownWeekday(f"「{word}」は曜日ではありません（月 火 水 木 金 土 日）。")
        days |= found or letters
    return tuple(day for day in WEEKDAYS if day in days)


@dataclass(frozen=True)
class Question:
    """What is asked: how far, who, how they walk, which places, on which day."""

    on: date
    distance_m: float = 500.0
    age: Age | None = "65"
    """None: 65 and over where that is known, else everybody."""
    walking: Walking = "straight"
    detour: float = 1.3
    spread: Spread = "point"
    kinds: tuple[str, ...] = ()
    weekdays: tuple[str, ...] = ()
    """Of 月火水木金土日; a place whose days are not known stays in."""
    scheme: str | None = None
    functions: tuple[str, ...] = ()
    """Only places that are one of these to people (できること)."""
    confirmed: bool = False
    """Only places somebody has confirmed lately; the one thing that excludes what is not known."""
    informal: bool = False
    """Count also where people gather of themselves (なじみの場)."""
    slopes: bool = False
    """Along roads, going up and down counts (勾配): metres on the flat that cost as much."""
    year: int | None = None
    """A year to come: people are those of a projection."""
    variant: str | None = None
    """Which projection, where a file holds several; None: the first."""
    dated: bool = False
    """The day was asked for by name, so that addresses go on naming it."""


@dataclass(frozen=True)
class CoverageReport:
    """The answer, as frames in the plane zone.

    `areas`, `towns` (index: id, last row missing: in none): `population, covered, uncovered`
    (whole persons), `ratio`, `mean_distance_m`, `places`. `total`: the same as a Series.
    `gaps`: see `geo.gaps.gap_zones`. `counted`: index of the places that count.
    """

    question: Question
    community: Community
    areas: DataFrame
    towns: DataFrame
    total: Series
    gaps: GeoDataFrame
    counted: Index
    without_schedule: int
    """Counted places whose weekdays nobody knows, when weekdays were asked for."""
    far_from_roads: int
    """People (whole persons) farther than `OFF_ROAD_M` from any road, when roads are walked."""
    cut_off: int
    """People whose roads lead to no place that counts."""


def report_coverage(
    session: Session, code: str, viewer: Viewer, question: Question
) -> CoverageReport:
    """Answer `question` for the municipality `code` as `viewer` may know it.

    Raises
    ------
    NoSuchMunicipality, NoLandYet, NoPopulation, NoSuchScheme, NoRoadsYet
    ValueError : a distance or detour nobody could walk.
    """
    return measure(community_for(session, code, viewer, question), question)


def community_for(session: Session, code: str, viewer: Viewer, question: Question) -> Community:
    """What `question` is asked of, loaded once. Raises what `load_community` raises."""
    return load_community(
        session,
        code,
        viewer,
        age=question.age,
        on=question.on,
        scheme=question.scheme,
        roads=question.walking == "roads",
        slopes=question.slopes,
        year=question.year,
        variant=question.variant,
    )


def spread_people(community: Community, question: Question) -> GeoDataFrame:
    """Everybody as weighted points, put where the question says people live."""
    if question.spread == "point":
        return at_points(community.people)
    return spread_over(community.people, community.footprints)


def walk_to(
    demand: GeoDataFrame, places: GeoDataFrame, community: Community, question: Question
) -> DataFrame:
    """How far everybody walks to the nearest place, in the way that is asked for."""
    if question.walking == "roads" and community.roads is not None:
        roads = community.roads
        return by_road(demand, places, roads.network, barriers=roads.barriers)
    return straight(demand, places, detour=detour_of(question))


def pairs_of(
    demand: GeoDataFrame, places: GeoDataFrame, community: Community, question: Question
) -> Pairs:
    """Who can walk to which places, in the way and as far as is asked for."""
    if question.walking == "roads" and community.roads is not None:
        roads, far = community.roads, question.distance_m
        return pairs_by_road(demand, places, roads.network, far, barriers=roads.barriers)
    return pairs_straight(demand, places, question.distance_m, detour=detour_of(question))


def detour_of(question: Question) -> float:
    """The factor on the straight line; 1 where it is not multiplied."""
    return question.detour if question.walking == "estimate" else 1.0


def measure(community: Community, question: Question) -> CoverageReport:
    """Answer `question` on what has been loaded already; reads nothing more."""
    places = counted_places(community.places, question)
    demand = spread_people(community, question)
    walk = walk_to(demand, places, community, question)
    distance_m = question.distance_m
    areas = coverage_by(
        demand, walk, by="area_id", labels=community.areas.index, distance_m=distance_m
    )
    towns = coverage_by(
        demand, walk, by="town_id", labels=community.towns.index, distance_m=distance_m
    )
    mean_m = mean_distance_m(demand, walk)
    areas, towns = in_whole_people(areas), in_whole_people(towns)
    areas["places"] = _places_by(places["area_id"], areas.index)
    towns["places"] = _places_by(places["town_id"], towns.index)
    return CoverageReport(
        question=question,
        community=community,
        areas=areas,
        towns=towns,
        total=_total(areas, len(places), mean_m),
        gaps=gap_zones(demand, walk, footprints=community.footprints, distance_m=distance_m),
        counted=places.index,
        **_beyond_roads(demand, walk),
        without_schedule=int(places["weekdays"].isna().sum()) if question.weekdays else 0,
    )


def _beyond_roads(demand: GeoDataFrame, walk: DataFrame) -> dict[str, int]:
    """How many people the roads do not serve, where they are walked."""
    if "off_road_m" not in walk:
        return {"far_from_roads": 0, "cut_off": 0}
    far, cut = walk["off_road_m"] > OFF_ROAD_M, np.isinf(walk["distance_m"])
    return {
        "far_from_roads": round(float(demand.loc[far, "people"].sum())),
        "cut_off": round(float(demand.loc[cut, "people"].sum())),
    }


def functions_named(words: Iterable[str]) -> tuple[str, ...]:
    """Codes of what a place is to people, from codes or Japanese labels, in one order.

    Raises
    ------
    UnknownKind : naming the labels there are.
    """
    asked = set(words)
    known = {code for code, label in PLACE_FUNCTIONS.items() if asked & {code, label}}
    if unknown := sorted(asked - known - {PLACE_FUNCTIONS[code] for code in known}):
        labels = "、".join(PLACE_FUNCTIONS.values())
        raise UnknownKind(f"「{unknown[0]}」という「できること」はありません。{labels}です。")
    return tuple(code for code in PLACE_FUNCTIONS if code in known)


def counted_places(places: GeoDataFrame, question: Question) -> GeoDataFrame:
    """The places that count in coverage: なじみの場 only where that is asked for."""
    if not question.informal:
        places = places[~places["informal"]]
    return narrowed_places(places, question)


def narrowed_places(places: GeoDataFrame, question: Question) -> GeoDataFrame:
    """The places the options leave in; an unknown weekday never excludes."""
    if question.functions:
        wanted = set(question.functions)
        places = places[places["functions"].map(lambda codes: bool(wanted & {*codes})).astype(bool)]
    if question.confirmed:
        places = places[~places["stale"]]
    if question.kinds:
        places = places[places["kind"].isin(question.kinds)]
    if question.weekdays:
        asked = set(question.weekdays)
        places = places[places["weekdays"].map(lambda days: days is None or bool(asked & {*days}))]
    return places


def _places_by(belongs: Series, index: Index) -> Series:
    counts = belongs.value_counts(dropna=False)
    known = counts[counts.index.notna()]
    column = Series(index, index=index).map(known).fillna(0).astype(int)
    column.iloc[-1] = int(belongs.isna().sum())
    return column


def _total(areas: DataFrame, places: int, mean_distance_m: float) -> Series:
    sums = areas[["population", "covered", "uncovered"]].sum()
    ratio = sums["covered"] / sums["population"] if sums["population"] else math.nan
    rest = Series({"ratio": ratio, "mean_distance_m": mean_distance_m, "places": places})
    total: Series = pd.concat([sums, rest])
    return total
