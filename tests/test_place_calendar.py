"""Calendars of places: what other programs make of them is exactly our own days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rruleset, rrulestr
from desk_client import engine_of
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar
from small_town import CODE, by_name
from sqlalchemy import insert, update
from sqlmodel import Session
from starlette.testclient import TestClient
from test_schedules import regular, schedules

from api.actions.open_days import OpenDays, open_days
from api.clock import today
from api.exchange.calendars import CalendarPlace, place_calendar
from api.exchange.schedule_dates import dates_between
from api.exchange.schedules import Schedule, Sitting, to_json
from api.main import create_app
from api.models import Change, Pause, Place
from api.models.columns import table_of

pytestmark = pytest.mark.databases("sqlite")

FIRST, LAST = date(2026, 11, 1), date(2028, 10, 31)
TOKYO = ZoneInfo("Asia/Tokyo")
SALON = CalendarPlace(
    "place-1@39999", "サロン", "北西町1", "毎週", "https://a/", 3,
    datetime(2026, 11, 1, 1, 2, 3, tzinfo=UTC), (133.5, 33.0),
)  # fmt: skip
WEDNESDAYS = Schedule(
    sittings=(Sitting(weekdays="水", weeks=(2, 4), opens_at="10:00", closes_at="11:30"),),
    holidays_off=True,
    months_off=(8,),
)


def read(text: bytes) -> tuple[Any, list[Any]]:
    calendar = Calendar.from_ical(text)
    return calendar, calendar.walk("VEVENT")


def moments(event: Any, name: str) -> list[date | datetime]:
    found = event.get(name)
    lists = found if isinstance(found, list) else [found] if found is not None else []
    return [each.dt for one in lists for each in one.dts]


def in_japan(moment: date | datetime) -> datetime:
    """A moment on the clock in Japan; a whole day begins at midnight."""
    if isinstance(moment, datetime):
        return moment.astimezone(TOKYO).replace(tzinfo=None)
    return datetime.combine(moment, datetime.min.time())


def days_of(event: Any) -> set[date]:
    """The days an event happens on, expanded by dateutil from what the file says."""
    start = in_japan(event["DTSTART"].dt)
    days = rruleset()
    rule = event.get("RRULE")
    if rule is None:
        days.rdate(start)
    else:
        rule["UNTIL"] = [in_japan(rule["UNTIL"][0])]
        days.rrule(rrulestr(rule.to_ical().decode().replace("Z", ""), dtstart=start))  # type: ignore[arg-type]
    for moment in moments(event, "EXDATE"):
        days.exdate(in_japan(moment))
    for moment in moments(event, "RDATE"):
        days.rdate(in_japan(moment))
    return {day.date() for day in days}


def told(schedule: Schedule | None, first: date = FIRST, last: date = LAST) -> list[date]:
    _, events = read(place_calendar(SALON, schedule, first, last))
    return sorted({day for event in events for day in days_of(event)})


@given(schedules())
def test_a_calendar_names_the_days_of_the_schedule_over_two_years(schedule: Schedule) -> None:
    assert told(schedule) == dates_between(schedule, FIRST, LAST)


spans = st.tuples(st.dates(date(2026, 1, 1), date(2028, 12, 31)), st.integers(0, 200))


@given(regular, st.lists(spans, max_size=3))
def test_pauses_are_left_out_of_a_calendar(
    schedule: Schedule, paused: list[tuple[date, int]]
) -> None:
    pauses = [(first, first + timedelta(days=length)) for first, length in paused]
    days = OpenDays(schedule, True, pauses=list(pauses))
    open_on = [
        day
        for day in dates_between(schedule, FIRST, LAST)
        if not any(first <= day <= last for first, last in pauses)
    ]
    assert days.between(FIRST, LAST) == open_on
    assert told(days.as_rule()) == open_on


def test_a_day_of_the_month_and_a_holiday() -> None:
    found = told(WEDNESDAYS, date(2027, 2, 1), date(2027, 2, 28))
    assert found == [date(2027, 2, 10), date(2027, 2, 24)]
    holiday = Schedule(sittings=(Sitting(month_days=(11,)),), holidays_off=True)
    assert told(holiday, date(2027, 2, 1), date(2027, 3, 31)) == [date(2027, 3, 11)]


def test_an_event_says_its_hours_in_japan_and_where_it_ends() -> None:
    text = place_calendar(SALON, WEDNESDAYS, FIRST, LAST).decode()
    assert "DTSTART;TZID=Asia/Tokyo:20261111T100000" in text
    assert "DTEND;TZID=Asia/Tokyo:20261111T113000" in text
    assert "UNTIL=20281031T145959Z" in text
    assert "BEGIN:VTIMEZONE\r\nTZID:Asia/Tokyo" in text
    assert "SEQUENCE:3" in text and "LAST-MODIFIED:20261101T010203Z" in text


def test_days_without_hours_are_whole_days() -> None:
    (event,) = read(
        place_calendar(SALON, Schedule(sittings=(Sitting(weekdays="月"),)), FIRST, LAST)
    )[1]
    assert event["DTSTART"].dt == date(2026, 11, 2)
    assert event["DTEND"].dt == date(2026, 11, 3)
    assert event["RRULE"]["UNTIL"] == [LAST]


def test_midnight_is_the_next_day() -> None:
    late = Schedule(sittings=(Sitting(weekdays="月", opens_at="20:00", closes_at="24:00"),))
    (event,) = read(place_calendar(SALON, late, FIRST, LAST))[1]
    assert event["DTEND"].dt == datetime(2026, 11, 3, tzinfo=TOKYO)


def test_names_of_events_stay_when_another_opening_ends() -> None:
    both = Schedule(sittings=(Sitting(weekdays="月"), Sitting(weekdays="火")))
    names = [event["UID"] for event in read(place_calendar(SALON, both, FIRST, LAST))[1]]
    assert names == ["1-place-1@39999", "2-place-1@39999"]


@pytest.mark.parametrize(
    "words", ["a\r\nBEGIN:VEVENT", "a\nATTACH:file", "x" * 300, "１;,\\:\"'", "\x00\x1b"]
)
def test_words_cannot_leave_their_line(words: str) -> None:
    place = CalendarPlace("u", words, words, words, "https://a/", 0, SALON.changed, None)
    text = place_calendar(place, WEDNESDAYS, FIRST, LAST)
    lines = text.decode().split("\r\n")
    assert all(len(line.encode()) <= 75 for line in lines)
    assert sum(line == "BEGIN:VEVENT" for line in lines) == 1
    assert not any(line.startswith("ATTACH") for line in lines)
    _, (event,) = read(text)
    clean = " ".join("".join(c if c.isprintable() else " " for c in words).split())
    assert str(event["SUMMARY"]) == clean


# --- what a place's record says -----------------------------------------------------------------


def row(**values: Any) -> dict[str, Any]:
    names = (
        "schedule",
        "weekdays",
        "opens_at",
        "closes_at",
        "schedule_note",
        "opened_on",
        "closed_on",
    )
    return {**dict.fromkeys(names), **values}


def test_weekdays_of_a_list_are_days_and_with_a_remark_only_probable() -> None:
    bare = open_days(row(weekdays="月", opens_at="10:00"))
    assert bare.sure and bare.as_rule() is not None
    remarked = open_days(row(weekdays="月", schedule_note="お盆休み"))
    assert not remarked.sure and remarked.as_rule() is None
    assert remarked.between(FIRST, FIRST + timedelta(days=2)) == [date(2026, 11, 2)]


def test_a_place_without_days_has_none() -> None:
    nothing = open_days(row())
    assert nothing.schedule is None
    assert nothing.between(FIRST, LAST) == []


def test_hours_past_midnight_keep_their_days() -> None:
    assert open_days(row(weekdays="月", opens_at="20:00", closes_at="02:00")).between(
        FIRST, date(2026, 11, 3)
    ) == [date(2026, 11, 2)]


def test_begin_end_and_a_pause_without_an_end_limit_the_days() -> None:
    daily = to_json(Schedule(sittings=(Sitting(weekdays="月火水木金土日"),)))
    days = open_days(
        row(schedule=daily, opened_on=date(2026, 11, 3), closed_on=date(2026, 11, 9)),
        [(date(2026, 11, 5), date(2026, 11, 5)), (date(2026, 11, 7), None)],
    )
    assert [day.day for day in days.between(FIRST, LAST)] == [3, 4, 6]


# --- as it is served ----------------------------------------------------------------------------


@pytest.fixture
def visitor(a_small_town: Session) -> TestClient:
    app = create_app(engine_of(a_small_town))
    app.dependency_overrides[today] = lambda: date(2026, 11, 20)
    return TestClient(app)


def put(session: Session, name: str, **values: Any) -> int:
    place = by_name(session, Place)[name]
    table = table_of(Place)
    session.connection().execute(update(table).where(table.c.id == place["id"]).values(values))
    session.commit()
    return int(place["id"])


def test_a_place_is_served_as_a_calendar(a_small_town: Session, visitor: TestClient) -> None:
    number = put(a_small_town, "ひだまりサロン", schedule=to_json(WEDNESDAYS), phone="0999-00-0001")
    answer = visitor.get(f"/{CODE}/places/{number}.ics")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    _, (event,) = read(answer.content)
    assert event["UID"] == f"1-place-{number}@{CODE}.yoridokoro"
    assert event["URL"] == f"http://testserver/{CODE}/places/{number}"
    assert str(event["LOCATION"]).endswith("北西町1")
    assert "0999-00-0001" in event["DESCRIPTION"]
    assert date(2026, 11, 11) in days_of(event), "from the first of the month"
    etag = {"If-None-Match": answer.headers["etag"]}
    assert visitor.get(f"/{CODE}/places/{number}.ics", headers=etag).status_code == 304


def test_nobody_knows_the_days(a_small_town: Session, visitor: TestClient) -> None:
    number = by_name(a_small_town, Place)["南東集会所"]["id"]
    answer = visitor.get(f"/{CODE}/places/{number}.ics")
    assert answer.status_code == 200
    calendar, events = read(answer.content)
    assert events == []
    assert "曜日はお問い合わせください" in calendar["DESCRIPTION"]
    assert calendar.walk("VTIMEZONE"), "a calendar of nothing at all is no calendar"


def test_a_pause_is_in_the_calendar(a_small_town: Session, visitor: TestClient) -> None:
    number = put(a_small_town, "ひだまりサロン", schedule=to_json(WEDNESDAYS))
    values = {"municipality_code": CODE, "place_id": number, "version": 1}
    days = {"valid_from": date(2026, 12, 1), "valid_to": date(2026, 12, 10)}
    a_small_town.connection().execute(insert(table_of(Pause)).values({**values, **days}))
    a_small_town.commit()
    _, (event,) = read(visitor.get(f"/{CODE}/places/{number}.ics").content)
    assert {date(2026, 11, 25), date(2026, 12, 23)} <= days_of(event)
    assert date(2026, 12, 9) not in days_of(event)


@pytest.mark.databases("sqlite", "postgres")
def test_the_version_comes_from_the_log_of_public_changes(
    a_small_town: Session,
) -> None:
    number = put(a_small_town, "ひだまりサロン", schedule=to_json(WEDNESDAYS))
    client = TestClient(create_app(engine_of(a_small_town)))

    def version() -> tuple[int, datetime]:
        event = read(client.get(f"/{CODE}/places/{number}.ics").content)[1][0]
        return event["SEQUENCE"], event["LAST-MODIFIED"].dt

    before, _ = version()
    log = {"municipality_code": CODE, "actor": "a", "entity": "place", "entity_id": str(number)}
    at = datetime(2027, 1, 2, 3, 4, 5, tzinfo=UTC)
    for data_class in ("office", "public"):
        values = {**log, "at": at, "data_class": data_class, "digest": "d"}
        a_small_town.connection().execute(insert(table_of(Change)).values(values))
    table = table_of(Place)
    a_small_town.connection().execute(update(table).values(note="x"))
    a_small_town.commit()
    client.app.state.answers._kept.clear()  # type: ignore[attr-defined]
    assert version() == (before + 1, at)


def test_a_closed_place_has_no_calendar(a_small_town: Session, visitor: TestClient) -> None:
    number = put(a_small_town, "ひだまりサロン", closed_on=date(2026, 11, 20))
    assert visitor.get(f"/{CODE}/places/{number}.ics").status_code == 410
