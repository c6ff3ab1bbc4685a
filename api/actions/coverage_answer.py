"""The answer about coverage as programs read it: one shape for the command line and the API."""

import math
from collections.abc import Iterator
from datetime import date
from typing import Any, Self

from geopandas import GeoDataFrame, GeoSeries
from pandas import Series
from pydantic import BaseModel, ConfigDict, Field

from api.actions.load_community import Community
from api.actions.report_coverage import OFF_ROAD_M, CoverageReport
from api.store import frames
from geo.belonging import belongs_to
from geo.coverage import whole_people
from web.words import future_year, wareki

NO_AREA = "圏域なし"
NO_TOWN = "町なし"


class Figures(BaseModel):
    """Coverage (カバー率) of one area, town or the whole; counts are persons."""

    code: str | None = Field(description="The area's code; null for the whole and for 圏域なし")
    name: str
    population: int
    covered: int = Field(description="Within the distance of an open place, persons")
    uncovered: int
    ratio: float | None = Field(description="covered / population, 0–1; null where nobody lives")
    places: int
    mean_distance_m: float | None = Field(
        description="Mean way to the nearest place over all its people, metres; null without one"
    )

    @classmethod
    def of(cls, code: Any, name: Any, row: Series) -> Self:
        """Dress one row of a coverage table."""
        return cls(
            code=code,
            name=name,
            population=int(row["population"]),
            covered=int(row["covered"]),
            uncovered=int(row["uncovered"]),
            ratio=_number(row["ratio"], 4),
            places=int(row["places"]),
            mean_distance_m=_number(row["mean_distance_m"], 1),
        )


class Gap(BaseModel):
    """A gap (空白): neighbouring people no open place is near to."""

    rank: int
    area: str
    towns: list[str] = Field(description="Most people first")
    population: int
    nearest_place: str | None
    distance_m: float | None = Field(description="From (lon, lat) to that place, metres")
    lon: float
    lat: float


class SourceNote(BaseModel):
    """Who published a kind of data (出典) and the date of its facts."""

    credit: str
    date: date | None


class CoverageAnswer(BaseModel):
    """Who can walk to a gathering place, and where the blanks are."""

    model_config = ConfigDict(json_schema_extra={"title": "CoverageAnswer"})

    municipality: str = Field(description="全国地方公共団体コード, five digits")
    name: str
    distance_m: float
    age: str
    walking: str
    spread: str
    on: date
    scheme: str
    survey_date: date | None
    year: int | None = Field(description="The year to come that was asked for; null: today")
    variant: str | None = Field(description="Which projection of that year")
    notes: list[str] = Field(description="おおよそ, 推計, left out: what a reader must know")
    sources: dict[str, SourceNote]
    total: Figures
    areas: list[Figures]
    towns: list[Figures] | None = None
    gaps: list[Gap]


def answer(report: CoverageReport, *, by_town: bool = False) -> CoverageAnswer:
    """Dress a report for programs."""
    question, community = report.question, report.community
    return CoverageAnswer(
        municipality=community.tenant.code,
        name=community.tenant.name,
        distance_m=question.distance_m,
        age=community.age,
        walking=question.walking,
        spread=question.spread,
        on=question.on,
        scheme=community.scheme,
        survey_date=community.survey_date,
        year=community.future.year,
        variant=community.future.variant if community.future.year else None,
        notes=notes(report),
        sources={
            kind: SourceNote(credit=source.credit, date=source.dated)
            for kind, source in community.sources.items()
        },
        total=Figures.of(None, community.tenant.name, report.total),
        areas=area_figures(report),
        towns=town_figures(report) if by_town else None,
        gaps=gap_figures(report),
    )


def area_figures(report: CoverageReport) -> list[Figures]:
    """A row an area, then 圏域なし where anybody or any place is in none."""
    areas = report.community.areas
    rows = [
        Figures.of(areas.at[area, "code"], areas.at[area, "name"], row)
        for area, row in report.areas.iloc[:-1].iterrows()
    ]
    return [*rows, *_rest(NO_AREA, report.areas.iloc[-1])]


def town_figures(report: CoverageReport) -> list[Figures]:
    """A row a town that has people, then mesh cells and others in no town."""
    towns = report.community.towns
    counted = set(report.community.people["town_id"].dropna())
    rows = [
        Figures.of(towns.at[town, "key_code"], towns.at[town, "name"], row)
        for town, row in report.towns.iloc[:-1].iterrows()
        if town in counted or row["places"]
    ]
    return [*rows, *_rest(NO_TOWN, report.towns.iloc[-1])]


def when_people(community: Community) -> str:
    """令和8年2月1日, or 2040年（令和22年）の推計（市の目標）: of when the people are."""
    future = community.future
    if future.year is None:
        return wareki(community.survey_date)
    return future_year(future.year) + (f"（{future.variant}）" if future.variant else "")


def notes(report: CoverageReport) -> list[str]:
    """What a reader must know about the figures, in plain Japanese."""
    return [
        *notes_of_future(report.community),
        *_notes_of_land(report),
        *_notes_of_measure(report),
        *_notes_of_places(report),
    ]


def notes_of_future(community: Community) -> Iterator[str]:
    """How the people of a year to come were worked out, where one was asked for."""
    future = community.future
    if future.year is not None:
        yield future.note
        yield "通いの場は、いまのまま変わらないものとしました。"


def _notes_of_land(report: CoverageReport) -> Iterator[str]:
    community = report.community
    if community.towns["approximate"].astype(bool).any():
        yield "町の境はおおよそです（町の代表点から作りました）。"
    if len(community.areas) and community.areas["approximate"].astype(bool).any():
        yield "圏域の境はおおよそです（町の一覧から作りました）。"


def _notes_of_measure(report: CoverageReport) -> Iterator[str]:
    question = report.question
    if question.spread == "point":
        yield (
            "人は、人口の表の位置か町の代表点に、みな集まっているものとして数えています。"
            "広い町では実際と違うことがあります。"
        )
    else:
        yield "人は、町の面いっぱいに広がって住んでいるものとして数えています。"
    if question.walking == "estimate":
        yield f"道のりは推計です（直線の {question.detour:g} 倍）。"
    elif question.walking == "roads":
        yield from _notes_of_roads(report)
    else:
        yield "距離は直線で測っています。"


def _notes_of_roads(report: CoverageReport) -> Iterator[str]:
    yield (
        "距離は道路に沿って測り、家から道路までも足しています。"
        "川や線路は、道路のあるところで渡ります。"
    )
    if report.question.slopes:
        yield (
            "坂は、行きと帰りをならして、平らな道に直した長さで数えています"
            "（勾配のわかる道路だけ）。"
        )
    if report.far_from_roads:
        yield (
            f"道路から{OFF_ROAD_M:.0f}mより遠くに、{report.far_from_roads:,}人がいます。"
            "そこには道路のデータが届いていないかもしれません。"
        )
    if report.cut_off:
        yield f"道路でどの通いの場にもつながらない人が、{report.cut_off:,}人います。"


def _notes_of_places(report: CoverageReport) -> Iterator[str]:
    community, question = report.community, report.question
    if (approximate := int(community.places["approximate"].astype(bool).sum())) > 0:
        yield f"{approximate} か所は住所から町の代表点に置いています（おおよそ）。"
    if report.without_schedule:
        yield f"曜日のわからない {report.without_schedule} か所も入れています。"
    if informal := int(community.places["informal"].sum()):
        counts = "も数えています" if question.informal else "は数えていません"
        yield f"なじみの場 {informal} か所{counts}。"
    if question.confirmed:
        months = community.stale_months
        yield f"この{months}か月のあいだに確認された通いの場だけを数えています。"
    if community.unknown_people:
        yield f"年齢別の人数がわからない {community.unknown_people} 件は入っていません。"


def _rest(name: str, row: Series) -> list[Figures]:
    return [Figures.of(None, name, row)] if row["population"] or row["places"] else []


def gap_figures(report: CoverageReport) -> list[Gap]:
    """Every gap, most people first; their whole persons add up to all who are not covered."""
    community, gaps = report.community, report.gaps
    degrees: Any = GeoSeries(gaps["anchor"], crs=community.tenant.zone).to_crs(frames.DEGREES)
    areas, towns = community.areas["name"], community.towns["name"]
    people = whole_people(gaps["people"], float(gaps["people"].sum()))
    around = _around(report)
    return [
        Gap(
            rank=rank,
            area=areas.get(gap["area_id"], NO_AREA),
            towns=[towns[town] for town in gap["town_ids"] if town in towns.index] or around[rank],
            population=int(people[rank]),
            nearest_place=community.places["name"].get(gap["place_id"]),
            distance_m=_number(gap["distance_m"], 1),
            lon=round(degrees[rank].x, 6),
            lat=round(degrees[rank].y, 6),
        )
        for rank, gap in frames.each(gaps)
    ]


def _around(report: CoverageReport) -> dict[Any, list[str]]:
    """What a gap of mesh cells lies in: nobody knows a cell by its number."""
    community, gaps = report.community, report.gaps
    drawn = community.towns[community.towns.geometry.notna()]
    if not community.by_mesh or drawn.empty:
        return {rank: [] for rank in gaps.index}
    anchors = GeoDataFrame(geometry=GeoSeries(gaps["anchor"], crs=community.tenant.zone))
    names = belongs_to(anchors, drawn).map(drawn["name"])
    return {
        rank: [f"{name}のあたり"] if isinstance(name, str) else [] for rank, name in names.items()
    }


def _number(value: Any, digits: int) -> float | None:
    return None if value is None or not math.isfinite(value) else round(float(value), digits)
