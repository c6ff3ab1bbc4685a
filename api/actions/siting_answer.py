"""What the siting of places says, for programs and people (配置の答え)."""

from collections.abc import Iterator
from math import isfinite
from typing import Any

from pydantic import BaseModel, Field

from api.actions.coverage_answer import NO_AREA, notes_of_future
from api.actions.scenarios import Move
from api.actions.site_places import FARTHEST, GOALS, SitingReport
from api.actions.siting_candidates import named
from api.actions.siting_gains import in_whole_people_of
from api.actions.try_scenario import closing
from api.store import frames


class TownReached(BaseModel):
    """People of one town whom a site newly reaches."""

    town: str
    people: int


class ChosenSite(BaseModel):
    """One of the chosen sites."""

    rank: int
    name: str
    newly_reached: int = Field(description="Persons it adds to those before it")
    lon: float
    lat: float
    towns: list[TownReached]


class AreaRaised(BaseModel):
    """People of one area who reach a place today, and who will."""

    name: str
    population: int
    before: int
    after: int


class CurvePoint(BaseModel):
    """What so many sites newly reach at best."""

    sites: int
    newly_reached: int
    optimal: bool


class SitingAnswer(BaseModel):
    """Where the next places should go."""

    municipality: str
    goal: str
    newly_reached: int = Field(description="Persons whom no place reaches today")
    reached_today: int
    population: int
    optimal: bool = Field(description="Proven: no other choice is better")
    gap: float = Field(description="How far the bound is from the objective, a share; 0 if proven")
    objective: float
    bound: float
    greedy: float | None = Field(
        description="The same objective, sites chosen one by one; null where that meets no share"
    )
    chosen: list[ChosenSite]
    areas: list[AreaRaised]
    curve: list[CurvePoint]
    seconds: float
    candidates: int
    notes: list[str]


def siting_answer(report: SitingReport) -> SitingAnswer:
    """Dress a report."""
    choice = report.choice
    return SitingAnswer(
        municipality=report.community.tenant.code,
        goal=report.asked.goal,
        newly_reached=report.newly_reached,
        reached_today=report.reached_today,
        population=report.population,
        optimal=choice.optimal,
        gap=round(choice.gap, 6),
        objective=round(choice.objective, 3),
        bound=round(choice.bound, 3),
        greedy=round(choice.greedy, 3) if isfinite(choice.greedy) else None,
        chosen=chosen_sites(report),
        areas=_areas(report),
        seconds=round(report.seconds, 3),
        curve=[CurvePoint(**_known(row)) for _, row in frames.each(report.curve)],
        candidates=report.candidates,
        notes=siting_notes(report),
    )


def _known(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in CurvePoint.model_fields}


def chosen_sites(report: SitingReport) -> list[ChosenSite]:
    """The sites in order, with the towns each newly reaches, most people first."""
    degrees: Any = report.chosen.geometry.to_crs(frames.DEGREES)
    names = report.community.towns["name"]
    return [
        ChosenSite(
            rank=int(rank),
            name=str(row["name"]),
            newly_reached=int(row["newly_reached"]),
            lon=round(point.x, 6),
            lat=round(point.y, 6),
            towns=[
                TownReached(town=str(names.get(town, "町なし")), people=round(people))
                for town, people in _towns_of(report, int(rank))
            ],
        )
        for point, (rank, row) in zip(degrees, frames.each(report.chosen), strict=True)
    ]


def _towns_of(report: SitingReport, rank: int) -> list[tuple[Any, float]]:
    mine = report.towns[report.towns["rank"] == rank]
    return list(zip(mine["town_id"], mine["people"], strict=True))


def _areas(report: SitingReport) -> list[AreaRaised]:
    """Areas in their order, people in none last, where there are any."""
    names = report.community.areas["name"]
    people = in_whole_people_of(report.areas)
    return [
        AreaRaised(name=str(names.get(area, NO_AREA)), **row)
        for area, row in frames.each(people)
        if row["population"]
    ]


def siting_notes(report: SitingReport) -> list[str]:
    """What a reader must know, in plain Japanese."""
    asked, choice = report.asked, report.choice
    notes = [f"目標：{GOALS[asked.goal]}。", *_about_the_goal(report)]
    if report.inhabited:
        notes.append("候補地が取り込まれていないので、人の住むところすべてを候補にしました。")
    else:
        notes.append(f"候補地 {report.candidates:,} か所から選びました。")
    if choice.optimal:
        notes.append("これより良い選び方がないことを、計算で確かめました。")
    else:
        notes.append(
            "時間内に確かめきれませんでした"
            f"（最大で {choice.gap:.1%} 良い案が、ほかにあるかもしれません）。"
        )
    notes += _settled_beforehand(report)
    notes.append(_beside_greedy(report))
    if asked.capacity:
        notes.append(
            "定員までしか受けられないものとして数えました（定員のわからない候補地は20人）。"
            "この数え方は拠り所のものです。"
        )
    if asked.apart_m:
        notes.append(f"通いの場どうしを、{asked.apart_m:,.0f}m より近くには置きません。")
    credits = dict.fromkeys(source.credit for source in report.community.sources.values())
    return [*notes, *notes_of_future(report.community), "出典：" + "、".join(credits)]


def _settled_beforehand(report: SitingReport) -> Iterator[str]:
    """What was not left open: sites that have to be, sites that may not, places that go."""
    asked = report.asked
    for names, words in (
        (asked.fixed, "かならず選ぶ候補地"),
        (asked.forbidden, "選ばない候補地"),
        (asked.without, "なくなるものとした通いの場"),
    ):
        if names:
            yield f"{words}：{'、'.join(names)}。"


def _about_the_goal(report: SitingReport) -> Iterator[str]:
    """How the goal counts, where its name does not say so."""
    if report.asked.goal != "reach":
        yield "「数と届く人」は、目標が何であっても、その数でいちばん多く届くときの人数です。"
    if report.asked.goal == "fair":
        yield (
            "届いている人の割合がいちばん低い圏域をできるだけ高くし、次に低い圏域、その次と比べて"
            "選びました。同じなら、届く人の多いほうです。"
        )
    if report.asked.goal == "walk" and report.population:
        mean_m = report.choice.objective / report.population
        farthest_m = FARTHEST * report.question.distance_m
        yield (
            f"歩く道のりは、一人あたり平均 {mean_m:,.0f}m になります"
            f"（{farthest_m:,.0f}m より遠い人は {farthest_m:,.0f}m として数えます）。"
        )


def _beside_greedy(report: SitingReport) -> str:
    """What choosing one by one would have given."""
    unit = {"walk": "人×m", "fewest": " か所"}.get(report.asked.goal, " 人")
    choice = report.choice
    if not isfinite(choice.greedy):
        return "一か所ずつ順に選ぶ簡単な方法では、決めた割合に届きません。"
    less_fair = report.asked.goal == "fair" and choice.greedy > choice.objective
    return (
        f"一か所ずつ順に選ぶ簡単な方法では {choice.greedy:,.0f}{unit}、"
        f"この答えは {choice.objective:,.0f}{unit}です"
        f"{'（簡単な方法は、圏域のあいだの差が大きくなります）' if less_fair else ''}。"
    )


def sites_as_moves(report: SitingReport) -> list[Move]:
    """The chosen sites, and the places that go, as moves of a scenario (計画案)."""
    places = report.community.places
    going = named(places, report.asked.without, "通いの場")
    added = [
        Move(do="add", name=each.name, lon=each.lon, lat=each.lat) for each in chosen_sites(report)
    ]
    return [*closing(report.community, going), *added]
