"""Where the next places should go, from the command line (yoridokoro site)."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli_options import (
    Age,
    AgeOption,
    DetourOption,
    DistanceOption,
    InformalOption,
    KindOption,
    MunicipalityOption,
    OnOption,
    SchemeOption,
    SlopesOption,
    Spread,
    SpreadOption,
    VariantOption,
    Walking,
    WalkingOption,
    WeekdayOption,
    YearOption,
    number,
    question_of,
)
from api.cli_store import opened

if TYPE_CHECKING:
    from api.actions.siting_answer import ChosenSite, SitingAnswer

MOST_TOWNS = 5


class Goal(StrEnum):
    """To what end sites are chosen."""

    reach = "reach"
    fewest = "fewest"
    walk = "walk"
    fair = "fair"


class AnswerFormat(StrEnum):
    """How the answer is written."""

    table = "table"
    json = "json"


def site(
    sites: Annotated[
        int,
        typer.Argument(metavar="N", min=1, max=100, help="いくつ選ぶか（fewest では、多くても）"),
    ],
    goal: Annotated[
        Goal,
        typer.Option(
            help="reach 多くの人に届く・fewest 少ない数で・walk 歩く道のりを短く・fair 公平に"
        ),
    ] = Goal.reach,
    share: Annotated[
        float, typer.Option(min=0, max=1, callback=number, help="fewest で届かせる割合")
    ] = 0.8,
    fixed: Annotated[list[str] | None, typer.Option(help="かならず選ぶ候補地の名前")] = None,
    forbid: Annotated[list[str] | None, typer.Option(help="選ばない候補地の名前")] = None,
    without: Annotated[
        list[str] | None, typer.Option(help="なくなるものとする通いの場の名前")
    ] = None,
    capacity: Annotated[bool, typer.Option("--capacity", help="定員までしか受けられない")] = False,
    apart: Annotated[
        float,
        typer.Option(min=0, max=50_000, callback=number, help="これより近くに置かない（m）"),
    ] = 0,
    seconds: Annotated[
        float,
        typer.Option(
            "--time-limit",
            "--seconds",
            min=1,
            max=3_600,
            callback=number,
            help="証明をさがす時間（秒）",
        ),
    ] = 60,
    distance: DistanceOption = 500,
    age: AgeOption = Age.over_65,
    walking: WalkingOption = Walking.straight,
    detour: DetourOption = 1.3,
    spread: SpreadOption = Spread.point,
    kind: KindOption = None,
    weekday: WeekdayOption = None,
    on: OnOption = None,
    scheme: SchemeOption = None,
    informal: InformalOption = False,
    slopes: SlopesOption = False,
    year: YearOption = None,
    variant: VariantOption = None,
    format_: Annotated[
        AnswerFormat, typer.Option("--format", help="書き出す形")
    ] = AnswerFormat.table,
    municipality: MunicipalityOption = None,
) -> None:
    """次の通いの場をどこに置くと、いちばんよいかを答えます。"""
    from api.actions.find_municipality import the_municipality
    from api.actions.site_places import SiteQuestion, site_places
    from api.actions.siting_answer import siting_answer
    from api.store.visible import OFFICE_PUBLISHED

    question = question_of(
        distance,
        age,
        walking,
        detour,
        spread,
        kind,
        weekday,
        on,
        scheme,
        informal=informal,
        slopes=slopes,
        year=year,
        variant=variant,
    )
    asked = SiteQuestion(
        sites,
        goal.value,
        share,
        fixed=tuple(fixed or ()),
        forbidden=tuple(forbid or ()),
        without=tuple(without or ()),
        capacity=capacity,
        apart_m=apart,
        seconds=seconds,
    )
    with opened() as session:
        code = the_municipality(session, municipality)
        report = site_places(session, code, OFFICE_PUBLISHED, question, asked)
        found = siting_answer(report)
    typer.echo(found.model_dump_json(indent=2) if format_ is AnswerFormat.json else _table(found))


def _table(found: "SitingAnswer") -> str:
    lines = [
        f"いま届いている人 {found.reached_today:,} / {found.population:,} 人、"
        f"新しく届く人 {found.newly_reached:,} 人",
        *(f"{each.rank:>3}  {each.newly_reached:>7,} 人  {_site(each)}" for each in found.chosen),
        "数と届く人：" + "、".join(f"{p.sites}か所 {p.newly_reached:,}" for p in found.curve),
    ]
    if found.goal == "fair":
        lines += [
            f"  {area.name} {area.before:,} → {area.after:,} / {area.population:,} 人"
            for area in found.areas
        ]
    return "\n".join([*lines, *(f"・{note}" for note in found.notes)])


def _site(each: "ChosenSite") -> str:
    towns = "、".join(f"{town.town} {town.people:,}" for town in each.towns[:MOST_TOWNS])
    more = " ほか" if len(each.towns) > MOST_TOWNS else ""
    return f"{each.name}（{towns}{more}）" if towns else each.name
