"""The dashboard (圏域の一覧表): what each area has, beside what it had a year before."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from dateutil.relativedelta import relativedelta
from pandas import DataFrame, Series
from sqlmodel import Session

from api.actions.count_people import NOT_YET_OR_ANY_MORE
from api.actions.load_community import Community, NoPopulation, load_community
from api.actions.openings import UNKNOWN_A_WEEK, openings_a_week
from api.actions.report_coverage import (
    CoverageReport,
    Question,
    community_for,
    counted_places,
    measure,
    pairs_of,
    spread_people,
)
from api.actions.site_places import USUAL_CAPACITY
from api.store import frames
from api.store.visible import Viewer, head_counts
from geo.catchment import BANDS, floating_catchment, with_transport

NATIONAL_GOAL = 0.08
"""Of people aged 65 and over, who should come to a gathering place (通いの場の参加率の目標)."""
NATIONAL_DENSITY = 366
"""Places per 100,000 people of 65 and over in 2019 (厚生労働省の調査)."""
YEARS_BACK = 4
SUMS = ("people_65", "people_75", "places", "capacity", "capacity_unknown", "participants")
MORE_SUMS = ("participants_unknown", "stale", "covered", "supporters")


@dataclass(frozen=True)
class Dashboard:
    """The figures of a day.

    `areas` (index: area id, then None for 圏域なし, then "total"): name, and the columns of
    `_figures`; missing is not known, never 0. `before`: people_65, places and ratio a year ago.
    `trend`: index as `areas`, a column a year, ratios.
    """

    report: CoverageReport
    areas: DataFrame
    before: DataFrame | None
    trend: DataFrame

    @property
    def community(self) -> Community:
        """What was loaded."""
        return self.report.community


def report_dashboard(session: Session, code: str, viewer: Viewer, question: Question) -> Dashboard:
    """The figures as of the question's day, and how they were. Raises what loading raises."""
    report, areas = _figures(session, code, viewer, question)
    earlier: dict[int, DataFrame] = {}
    for back in range(1, YEARS_BACK + 1):
        then = question.on - relativedelta(years=back)
        found = _as_it_was(session, code, viewer, question, then)
        if found is not None:
            earlier[then.year] = found
    trend = DataFrame({year: table["ratio"] for year, table in sorted(earlier.items())})
    trend = trend.reindex(areas.index).assign(**{str(question.on.year): areas["ratio"]})
    return Dashboard(report, areas, earlier.get(question.on.year - 1), trend)


def _as_it_was(
    session: Session, code: str, viewer: Viewer, question: Question, then: date
) -> DataFrame | None:
    """People, places and coverage of an earlier day; None where no survey is as old as that."""
    asked = Question(**{**vars(question), "on": then})
    community = community_for(session, code, viewer, asked)
    if community.survey_date is None or community.survey_date > then:
        return None
    report = measure(community, asked)
    index = pd.Index([*community.areas.index, None], dtype=object)
    table = DataFrame({"people_65": report.areas["population"].to_numpy()}, index=index)
    table["places"] = report.areas["places"].to_numpy()
    table["ratio"] = report.areas["ratio"].to_numpy()
    total = {"people_65": report.total["population"], "places": report.total["places"]}
    last = DataFrame([total | {"ratio": report.total["ratio"]}], index=["total"])
    return pd.concat([table, last.astype(float)])


def _figures(
    session: Session, code: str, viewer: Viewer, question: Question
) -> tuple[CoverageReport, DataFrame]:
    community = community_for(session, code, viewer, question)
    report = measure(community, question)
    index = pd.Index([*community.areas.index, None], dtype=object)
    table = DataFrame({"name": [*community.areas["name"], "圏域なし"]}, index=index)
    table["people_65"] = report.areas["population"].to_numpy()
    table["people_75"] = _people_75(session, code, viewer, question, index)
    table["covered"] = report.areas["covered"].to_numpy()
    table["mean_distance_m"] = report.areas["mean_distance_m"].to_numpy()
    table["supporters"] = _supporters(session, code, viewer, community, index)
    places = counted_places(community.places, question)
    table = table.join(_of_places(places, index))
    table["seats_per_100"] = _access(community, question, index)
    return report, _with_shares(_with_total(table, report))


def _people_75(
    session: Session, code: str, viewer: Viewer, question: Question, index: pd.Index
) -> Series:
    try:
        older = load_community(
            session, code, viewer, age="75", on=question.on, scheme=question.scheme
        )
    except NoPopulation:
        return Series(np.nan, index=index)
    return _summed(older.people["people"], older.people["area_id"], index)


def _summed(values: Series, area: Series, index: pd.Index) -> Series:
    """Sums per area, the last for those in none."""
    known = values[area.notna()].groupby(area[area.notna()]).sum()
    sums = known.reindex(index).fillna(0.0).astype(float)
    sums.iloc[-1] = float(values[area.isna()].sum())
    return sums


def _of_places(places: DataFrame, index: pd.Index) -> DataFrame:
    capacity = places["capacity_people"].astype(float)
    participants = places["participants_people"].astype(float)
    area = places["area_id"]
    ones = Series(1.0, index=places.index)
    columns = {
        "places": ones,
        "capacity": capacity.fillna(0),
        "capacity_unknown": capacity.isna().astype(float),
        "participants": participants.fillna(0),
        "participants_unknown": participants.isna().astype(float),
        "stale": places["stale"].astype(float),
    }
    return DataFrame({name: _summed(values, area, index) for name, values in columns.items()})


def _supporters(
    session: Session, code: str, viewer: Viewer, community: Community, index: pd.Index
) -> Series:
    """People by the area they live in; one or two are told as such where they are shown."""
    counts = frames.read(session, head_counts(viewer, code))
    counts = counts[~counts["status"].isin(NOT_YET_OR_ANY_MORE)]
    area = counts["town_id"].map(community.towns["area_id"])
    return _summed(counts["people"].astype(float), area, index)


def _access(community: Community, question: Question, index: pd.Index) -> Series:
    """Seats a week for a hundred people (E2SFCA)."""
    places = counted_places(community.places, question)
    demand = spread_people(community, question)
    farther = Question(**{**vars(question), "distance_m": BANDS[-1][0]})
    codes = pd.Index(community.areas.index)
    homes = np.asarray(codes.get_indexer(demand["area_id"]), dtype=np.intp)
    spots = np.asarray(codes.get_indexer(places["area_id"]), dtype=np.intp)
    fetches = (places["transport"] == True).to_numpy(dtype=bool)  # noqa: E712
    pairs = with_transport(pairs_of(demand, places, community, farther), homes, spots, fetches)
    room = places["capacity_people"].astype(float).fillna(USUAL_CAPACITY)
    often = openings_a_week(places, question.on).fillna(UNKNOWN_A_WEEK)
    people = demand["people"].to_numpy(dtype=float)
    found = floating_catchment(people, (room * often).to_numpy(dtype=float), pairs)
    seats = Series(found.seats_per_person * people, index=demand.index)
    total = _summed(seats, demand["area_id"], index)
    lived = _summed(demand["people"], demand["area_id"], index)
    return 100 * total / lived.where(lived > 0)


def _with_total(table: DataFrame, report: CoverageReport) -> DataFrame:
    """The total as a last row; 圏域なし only where anybody or anything is."""
    sums = table[[*SUMS, *MORE_SUMS]].sum(min_count=1)
    seats = (table["seats_per_100"] * table["people_65"]).sum() / table["people_65"].sum()
    last = sums.to_dict() | {
        "name": "合計",
        "mean_distance_m": report.total["mean_distance_m"],
        "seats_per_100": seats,
    }
    nobody = table.iloc[-1][["people_65", "places", "supporters"]].astype(float).sum() == 0
    kept = table.iloc[:-1] if nobody else table
    total = DataFrame([last], index=pd.Index(["total"], dtype=object))
    return pd.concat([kept, total])


def _with_shares(table: DataFrame) -> DataFrame:
    people = table["people_65"].astype(float)
    lived = people.where(people > 0)
    known = table["participants_unknown"] < table["places"]
    return table.assign(
        ratio=table["covered"].astype(float) / lived,
        places_per_100k=1e5 * table["places"].astype(float) / lived,
        participation=(table["participants"].astype(float) / lived).where(known),
        supporters_per_1000=1e3 * table["supporters"].astype(float) / lived,
    )
