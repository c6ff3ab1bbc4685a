"""What a route may ask for by type; each either answers or raises."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated, Literal

from fastapi import Depends, Path, Query, Request
from pydantic import AfterValidator
from sqlmodel import Session

from api.actions.report_coverage import (
    Question,
    Spread,
    Walking,
    functions_named,
    kinds_named,
)
from api.clock import now, today
from api.settings import Settings

Weekday = Literal["月", "火", "水", "木", "金", "土", "日"]


FIRST_DAY, LAST_DAY = date(1920, 1, 1), date(2199, 12, 31)


def in_our_time(day: date | None) -> date | None:
    """A day years can be counted from and to; any other is refused."""
    if day is not None and not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError("a day between 1920 and 2199")
    return day


def session(request: Request) -> Iterator[Session]:
    """One database session per request."""
    with Session(request.app.state.engine) as opened:
        yield opened


def settings(request: Request) -> Settings:
    """The settings the application was built with."""
    found: Settings = request.app.state.settings
    return found


SessionDep = Annotated[Session, Depends(session)]
SettingsDep = Annotated[Settings, Depends(settings)]
TodayDep = Annotated[date, Depends(today)]
NowDep = Annotated[datetime, Depends(now)]
CodeDep = Annotated[
    str, Path(description="全国地方公共団体コード, five digits, without its check digit")
]


def question(
    today: TodayDep,
    distance: Annotated[
        float, Query(ge=1, le=50_000, allow_inf_nan=False, description="How far, metres")
    ] = 500.0,
    age: Annotated[
        Literal["65", "75", "all"] | None,
        Query(description="65歳以上, 75歳以上, or everybody; 65 where ages are known"),
    ] = None,
    walking: Annotated[
        Walking,
        Query(
            description="straight line; estimate: straight × detour (推計); or along roads (道路)"
        ),
    ] = "straight",
    detour: Annotated[float, Query(ge=1, le=5, allow_inf_nan=False)] = 1.3,
    spread: Annotated[
        Spread, Query(description="People at their record's point, or over its area")
    ] = "point",
    kind: Annotated[list[str], Query(description="Only these kinds: code or Japanese label")] = [],  # noqa: B006
    weekday: Annotated[
        list[Weekday | Literal[""]], Query(description="Only places open on one of these days")
    ] = [],  # noqa: B006
    function: Annotated[
        list[str], Query(description="Only places that are one of these to people: code or label")
    ] = [],  # noqa: B006
    confirmed: Annotated[
        bool, Query(description="Only places confirmed within the municipality's months")
    ] = False,
    informal: Annotated[bool, Query(description="Count informal places (なじみの場) too")] = False,
    slopes: Annotated[
        bool, Query(description="Along roads, count going up and down as longer (勾配)")
    ] = False,
    on: Annotated[
        date | None,
        AfterValidator(in_our_time),
        Query(description="As of this day; today by default"),
    ] = None,
    scheme: Annotated[str | None, Query(description="区域区分; the first one by default")] = None,
    year: Annotated[
        int | Literal[""] | None, Query(description="A year to come: people of a projection")
    ] = None,
    variant: Annotated[
        str | None, Query(description="Which projection, where there are several", max_length=60)
    ] = None,
) -> Question:
    """The question about coverage as the query asks it."""
    return Question(
        on=on or today,
        distance_m=distance,
        age=age,
        walking=walking,
        detour=detour,
        spread=spread,
        kinds=kinds_named(text for text in kind if text),
        weekdays=tuple(day for day in "月火水木金土日" if day in weekday),
        scheme=scheme or None,
        functions=functions_named(text for text in function if text),
        confirmed=confirmed,
        informal=informal,
        slopes=slopes,
        year=year or None,
        variant=variant or None,
        dated=on is not None,
    )


QuestionDep = Annotated[Question, Depends(question)]
