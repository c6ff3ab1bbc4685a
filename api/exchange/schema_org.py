"""A place in the words of schema.org, for search engines (JSON-LD)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from api.exchange.schedules import LAST, Schedule, Sitting
from api.exchange.weekdays import WEEK

TOKYO = ZoneInfo("Asia/Tokyo")
DAYS = dict(
    zip(
        WEEK,
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        strict=True,
    )
)


def place_data(
    url: str,
    row: Mapping[str, Any],
    *,
    municipality: tuple[str, str | None],
    lon_lat: tuple[float, float] | None,
    phone: str,
    picture: str,
) -> dict[str, Any]:
    """A `Place` from public columns; what nobody knows, or what is withheld, is left out.

    `municipality`: its name and its prefecture. `phone`: digits as a phone dials them.
    """
    name, prefecture = municipality
    told = row["location_kind"] == "point"
    data = {
        "@type": "Place",
        "@id": f"{url}#place",
        "url": url,
        "name": row["name"],
        "alternateName": row["kana"],
        "description": row["note"],
        "image": picture,
        "telephone": phone,
        "maximumAttendeeCapacity": row["capacity_people"],
        "address": _known(
            {
                "@type": "PostalAddress",
                "addressCountry": "JP",
                "addressRegion": prefecture,
                "addressLocality": name,
                "streetAddress": row["address"] if told else None,
            }
        ),
        "geo": lon_lat
        and {"@type": "GeoCoordinates", "longitude": lon_lat[0], "latitude": lon_lat[1]},
    }
    return _known(data)


def event_data(
    url: str, name: str, organizer: str | None, schedule: Schedule, days: Sequence[date]
) -> dict[str, Any]:
    """The regular openings of a place as an `EventSeries`, from the first of the next `days` on."""
    hours = next(((s.opens_at, s.closes_at) for s in schedule.sittings), (None, None))
    data = {
        "@type": "EventSeries",
        "@id": f"{url}#days",
        "name": name,
        "url": url,
        "location": {"@id": f"{url}#place"},
        "organizer": organizer and {"@type": "Organization", "name": organizer},
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "startDate": _start(days[0], hours[0]),
        "eventSchedule": [
            _known(each)
            for sitting in schedule.sittings
            for each in _schedules(schedule, sitting, days[0])
        ],
    }
    return _known(data)


def graph(*things: Mapping[str, Any]) -> dict[str, Any]:
    """Several things as one document."""
    return {"@context": "https://schema.org", "@graph": list(things)}


def _start(day: date, opens_at: str | None) -> str:
    if opens_at is None:
        return day.isoformat()
    return datetime.combine(day, time.fromisoformat(opens_at), TOKYO).isoformat()


def _schedules(schedule: Schedule, sitting: Sitting, first: date) -> Iterator[dict[str, Any]]:
    """One `Schedule` a week of the month (第2, 第4), for it holds one number only."""
    shared = {
        "@type": "Schedule",
        "startTime": sitting.opens_at,
        "endTime": sitting.closes_at,
        "scheduleTimezone": TOKYO.key,
        "byMonth": _months_on(schedule),
        "exceptDate": [day.isoformat() for day in schedule.dates_off if day >= first],
    }
    days = [f"https://schema.org/{DAYS[letter]}" for letter in sitting.weekdays]
    if sitting.month_days:
        yield {**shared, "repeatFrequency": "P1M", "byMonthDay": list(sitting.month_days)}
        return
    weeks = sitting.weeks or (None,)
    for week in weeks:
        monthly = week is not None
        yield {
            **shared,
            "repeatFrequency": "P1M" if monthly else f"P{sitting.every_weeks}W",
            "byDay": days,
            "byMonthWeek": -1 if week == LAST else week,
        }


def _months_on(schedule: Schedule) -> list[int]:
    if not schedule.months_off:
        return []
    return [month for month in range(1, 13) if month not in schedule.months_off]


def _known(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, "", [], ())}
