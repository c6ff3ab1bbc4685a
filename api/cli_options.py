"""Options the commands share, and the question they make together."""

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer.exceptions import TyperException

if TYPE_CHECKING:
    from api.actions.report_coverage import Question


class Kind(StrEnum):
    """Kinds of data that can be imported."""

    boundary = "boundary"
    towns = "towns"
    areas = "areas"
    population = "population"
    projections = "projections"
    places = "places"
    candidates = "candidates"
    services = "services"
    organizations = "organizations"
    supporters = "supporters"
    roads = "roads"
    landmarks = "landmarks"


class Age(StrEnum):
    """Whose coverage."""

    over_65 = "65"
    over_75 = "75"
    all = "all"


class Walking(StrEnum):
    """How the way on foot is measured."""

    straight = "straight"
    estimate = "estimate"
    roads = "roads"


class Spread(StrEnum):
    """Where a town's people are put."""

    point = "point"
    area = "area"


class By(StrEnum):
    """What a row of the table is."""

    area = "area"
    town = "town"


class Format(StrEnum):
    """How the answer is written."""

    table = "table"
    json = "json"
    csv = "csv"
    geojson = "geojson"


def in_a_folder(path: Path | None) -> Path | None:
    """A file can be written there; better said at the start than after the work."""
    if path is not None and (path.is_dir() or not path.parent.is_dir()):
        raise typer.BadParameter(f"{path} には書き出せません。フォルダーを確かめてください。")
    return path


def number(value: float) -> float:
    """NaN is no number, and passes every comparison with limits."""
    if value != value:
        raise typer.BadParameter("数で入れてください。")
    return value


MunicipalityOption = Annotated[
    str | None, typer.Option("--municipality", help="市町村コード。一つしかなければ要りません。")
]
DistanceOption = Annotated[
    float, typer.Option(min=1, max=50_000, callback=number, help="歩ける距離（m）")
]
AgeOption = Annotated[Age, typer.Option(help="対象の年齢")]
WalkingOption = Annotated[Walking, typer.Option(help="直線、直線に係数をかけた推計、または道路")]
DetourOption = Annotated[float, typer.Option(min=1, max=5, callback=number, help="推計の係数")]
SpreadOption = Annotated[Spread, typer.Option(help="人を点に置くか、町の面に広げるか")]
KindOption = Annotated[list[str] | None, typer.Option("--kind", help="通いの場の種類")]
WeekdayOption = Annotated[
    list[str] | None, typer.Option("--weekday", help="開いている曜日（月火水木金土日）")
]
OnOption = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="いつの時点か")]
InformalOption = Annotated[bool, typer.Option("--informal", help="なじみの場も数えます")]
SlopesOption = Annotated[
    bool, typer.Option("--slopes", help="道路の勾配を、平らな道に直して数えます（roads のとき）")
]
YearOption = Annotated[
    int | None, typer.Option(min=1990, max=2150, help="将来の年（将来推計人口で数えます）")
]
VariantOption = Annotated[str | None, typer.Option(help="どの将来推計か（いくつかあるとき）")]
SchemeOption = Annotated[str | None, typer.Option(help="区域区分の名前")]


def question_of(
    distance: float,
    age: Age,
    walking: Walking,
    detour: float,
    spread: Spread,
    kind: list[str] | None,
    weekday: list[str] | None,
    on: datetime | None,
    scheme: str | None,
    *,
    informal: bool = False,
    slopes: bool = False,
    year: int | None = None,
    variant: str | None = None,
) -> "Question":
    """The question a command asks, from its options."""
    from api.actions.report_coverage import Question, kinds_named, weekdays_named
    from api.clock import today

    return Question(
        on=on.date() if on else today(),
        distance_m=distance,
        age=age.value,
        walking=walking.value,
        detour=detour,
        spread=spread.value,
        kinds=kinds_named(kind or []),
        weekdays=weekdays_named(weekday or []),
        scheme=scheme,
        informal=informal,
        slopes=slopes,
        year=year,
        variant=variant,
    )


def wrong_use(exc: TyperException) -> str:
    """What was wrong with the words after the command, in Japanese: typer speaks English only."""
    kind, param = type(exc).__name__, getattr(exc, "param", None)
    name = param.opts[0] if param is not None and param.opts else ""
    said = exc.format_message()
    if kind == "NoArgsIsHelpError":
        return said
    if kind == "NoSuchOption":
        words = f"「{getattr(exc, 'option_name', '')}」という指定はありません。"
    elif kind == "MissingParameter":
        words = f"「{name}」を書いてください。"
    elif said.isascii() or name:
        own = getattr(exc, "message", "")
        words = f"「{name}」の値は使えません。" + ("" if own.isascii() else own)
        words = words if name else "書き方が違います。コマンドか指定を確かめてください。"
    else:
        words = getattr(exc, "message", said)
    return f"{words}\n使い方は「yoridokoro --help」か「yoridokoro コマンド --help」で見られます。"
