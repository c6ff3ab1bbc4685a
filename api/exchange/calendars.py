"""The days of a place for a phone's own calendar (カレンダー配信): iCalendar, RFC 5545."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, vRecur, vText

from api.exchange.schedule_rules import ruled
from api.exchange.schedules import MIDNIGHT, Hours, Schedule, hours

TOKYO = ZoneInfo("Asia/Tokyo")
ZONE = Timezone.from_tzinfo(TOKYO, "Asia/Tokyo", first_date=date(2000, 1, 1))
END_OF_DAY = time(23, 59, 59)
REFRESH = timedelta(days=1)
Moment = date | datetime


@dataclass(frozen=True)
class CalendarPlace:
    """What a calendar tells of a place besides its days."""

    uid: str
    """Names the place the world over, and stays."""
    name: str
    where: str
    about: str
    url: str
    version: int
    """Rises with every change of what is public."""
    changed: datetime
    lon_lat: tuple[float, float] | None


def place_calendar(
    place: CalendarPlace, schedule: Schedule | None, first: date, last: date
) -> bytes:
    """The days of a place from `first` to `last`, each regular opening as one repeating event.

    Without a schedule the calendar says in its description that nobody knows the days, and holds
    the time zone alone: subscribers stay, and get the days once they are known.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Yoridokoro//JP")
    calendar.add("version", "2.0")
    calendar.add("name", _text(place.name))
    calendar.add("x-wr-calname", _text(place.name))
    calendar.add("x-wr-timezone", TOKYO.key)
    calendar.add("description", _text(place.about))
    calendar.add("url", place.url)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add_component(ZONE)
    if schedule is not None and first <= last:
        for number, lines in ruled(schedule, first, last):
            calendar.add_component(_event(place, number, lines, _span(schedule, number)))
    text: bytes = calendar.to_ical()
    return text


def _span(schedule: Schedule, number: int | None) -> Hours:
    if number is None:
        return hours(schedule) or (None, None)
    sitting = schedule.sittings[number]
    return sitting.opens_at, sitting.closes_at


def _event(place: CalendarPlace, number: int | None, lines: str, span: Hours) -> Event:
    said = dict(line.split(":", 1) for line in lines.split("\n"))
    by_day = span[0] is None
    event = Event()
    event.add("uid", f"{'extra' if number is None else number + 1}-{place.uid}")
    event.add("summary", _text(place.name))
    event.add("dtstamp", place.changed)
    event.add("last-modified", place.changed)
    event.add("sequence", place.version)
    for name, words in (("location", place.where), ("description", place.about)):
        if words:
            event.add(name, _text(words))
    event.add("url", place.url)
    if place.lon_lat is not None:
        event.add("geo", (place.lon_lat[1], place.lon_lat[0]))
    (start,) = _moments(said["DTSTART"], by_day)
    event.add("dtstart", start)
    end = _end(start, span)
    if end is not None:
        event.add("dtend", end)
    if "RRULE" in said:
        event.add("rrule", _rule(said["RRULE"], by_day))
    for name in ("EXDATE", "RDATE"):
        if name in said:
            event.add(name.lower(), list(_moments(said[name], by_day)))
    return event


def _text(words: str) -> vText:
    """Words in one line; said to be text, since some properties are not escaped by themselves."""
    return vText(" ".join("".join(c if c.isprintable() else " " for c in words).split()))


def _moments(text: str, by_day: bool) -> Iterable[Moment]:
    """The moments of a property; whole days where no hour is known."""
    found = (datetime.strptime(part, "%Y%m%dT%H%M%S") for part in text.split(","))
    return [each.date() if by_day else each.replace(tzinfo=TOKYO) for each in found]


def _end(start: Moment, span: Hours) -> Moment | None:
    """When it closes on the first day; not said where nobody knows."""
    if not isinstance(start, datetime):
        return start + timedelta(days=1)
    closes_at = span[1]
    if closes_at is None:
        return None
    if closes_at == MIDNIGHT:
        return datetime.combine(start.date() + timedelta(days=1), time(), TOKYO)
    return datetime.combine(start.date(), time.fromisoformat(closes_at), TOKYO)


def _rule(text: str, by_day: bool) -> vRecur:
    """The rule; its end in UTC, as RFC 5545 wants it beside a start with a zone."""
    rule: vRecur = vRecur.from_ical(text)
    (until,) = rule["UNTIL"]
    rule["UNTIL"] = [
        until.date()
        if by_day
        else datetime.combine(until.date(), END_OF_DAY, TOKYO).astimezone(UTC)
    ]
    return rule
