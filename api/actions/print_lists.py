"""Print the week (一週間の予定), the services (だれに電話するか) and the whole list as sheets."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from pandas import DataFrame

from api.actions.draw_services import room_state
from api.actions.list_resources import Resource, ResourceList, when_in_words
from api.actions.load_sheet import Focus, SheetLand, focus_on, places_of
from api.actions.sheet_words import SheetOrder, cover, place_entry, short_address
from api.exchange.schedule_words import rests_in_words, sitting_in_words
from api.exchange.schedules import Schedule, from_json
from api.models.kinds import SERVICE_NEEDS, ServiceKind
from api.store import frames
from web.sheets.listing import Section, listing_pdf
from web.sheets.readings import reading_beside
from web.sheets.sheet import Entry
from web.words import WEEKDAYS

DAILY, ASK, LATE = "毎", "問", "99:99"
MOST_DAYS = 5


def print_calendar(land: SheetLand, order: SheetOrder) -> bytes:
    """The week's calendar of an area as PDF: every day with what is open, hour by hour.

    What is open on most days is told once, before the days.

    Raises
    ------
    NoSuchArea, NoSuchTown
    """
    focus = focus_on(land, order.area, order.towns)
    places = places_of(land, focus).drop(columns="geometry")
    told: dict[str, list[tuple[str, Entry]]] = {day: [] for day in (DAILY, *WEEKDAYS, "", ASK)}
    for _, row in frames.each(places):
        entry = replace(place_entry(land, row), extras=())
        for day, hour, words in _openings(row):
            told[day].append((hour, _on_a_day(entry, day, words)))
    titles = {
        DAILY: ("ほとんど毎日", ""),
        **{day: (f"{day}曜日", "") for day in WEEKDAYS},
        "": ("毎月きまった日", ""),
        ASK: ("日をたしかめてから", "行く前にお電話ください。"),
    }
    sections = [
        Section(title, _by_hour(told[day]), words) for day, (title, words) in titles.items()
    ]
    said = cover(land, focus, order, "一週間の予定", "祝日などは休みのことがあります。")
    return listing_pdf(said, [section for section in sections if section.entries], order.paper)


def _openings(row: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Under which day it stands, the hour it begins, and when in words."""
    if row["weekdays"] and len(row["weekdays"]) >= MOST_DAYS:
        yield DAILY, row["opens_at"] or LATE, when_in_words(row)
    elif row["schedule"]:
        yield from _sittings(from_json(row["schedule"]))
    elif row["weekdays"]:
        hours = f"{row['opens_at'] or ''}〜{row['closes_at'] or ''}".strip("〜")
        words = _joined(hours, row["schedule_note"])
        yield from ((day, row["opens_at"] or LATE, words) for day in row["weekdays"])
    else:
        yield ASK, LATE, when_in_words(row)


def _sittings(schedule: Schedule) -> Iterator[tuple[str, str, str]]:
    rests = rests_in_words(schedule)
    for sitting in schedule.sittings:
        words = _joined(sitting_in_words(sitting), rests)
        yield from ((day, sitting.opens_at or LATE, words) for day in sitting.weekdays or [""])
    if not schedule.sittings:
        yield "", LATE, rests


def _on_a_day(entry: Entry, day: str, words: str) -> Entry:
    return replace(entry, badge=day if day in WEEKDAYS else "", lines=(words, *entry.lines[1:]))


def _by_hour(found: list[tuple[str, Entry]]) -> list[Entry]:
    return [entry for _, entry in sorted(found, key=lambda pair: (pair[0], pair[1].name))]


def _joined(*parts: str | None) -> str:
    return " ".join(filter(None, parts))


def print_leaflet(land: SheetLand, order: SheetOrder) -> bytes:
    """The leaflet of services of an area as PDF: what one needs, and whom to phone for it.

    Raises
    ------
    NoSuchArea, NoSuchTown
    """
    focus = focus_on(land, order.area, order.towns)
    rows = _served(land.services.services, focus)
    sections = [
        Section(need, [_service(land, row) for _, row in frames.each(rows[rows["kind"] == kind])])
        for kind, need in SERVICE_NEEDS.items()
    ]
    said = cover(
        land, focus, order, "困ったときの電話帳", "くらしの手助けと相談先です。", page="/list"
    )
    return listing_pdf(said, [section for section in sections if section.entries], order.paper)


def _served(services: DataFrame, focus: Focus) -> DataFrame:
    if not focus.area:
        return services
    here = services["areas"].map(lambda codes: codes is None or focus.area in codes)
    return services[here.astype(bool)]


def _service(land: SheetLand, row: Mapping[str, Any]) -> Entry:
    full = room_state(row["has_room"]).label if row["has_room"] is False else ""
    lines = (
        ServiceKind(row["kind"]).label,
        row["target"] and f"対象 {row['target']}",
        row["schedule_note"],
        short_address(row["address"], land),
    )
    extras = (row["fee"] and f"費用 {row['fee']}", full)
    return Entry(
        name=row["name"],
        kana=reading_beside(row["name"], row["kana"]),
        lines=tuple(filter(None, lines)),
        extras=tuple(filter(None, extras)),
        phone=row["phone"] or "",
    )


def print_resources(land: SheetLand, found: ResourceList, order: SheetOrder) -> bytes:
    """The list residents are handed (ささえあいリスト) as PDF: exactly the rows of `found`.

    Raises
    ------
    NoSuchArea
    """
    focus = focus_on(land, order.area)
    sections = [
        Section(f"{section.title}　{kind}", [_resource(land, line, order) for line in lines])
        for section in found.sections
        for kind, lines in section.by_kind.items()
    ]
    said = cover(
        land, focus, order, "ささえあいリスト", f"のっているもの {found.count}件", page="/list"
    )
    return listing_pdf(said, sections, order.paper)


def _resource(land: SheetLand, line: Resource, order: SheetOrder) -> Entry:
    where = short_address(line.where, land)
    area = "" if order.area else line.area
    lines = (
        line.when,
        where,
        area,
        line.target and f"対象 {line.target}",
        line.note,
        f"確認 {line.confirmed}",
    )
    extras = (line.fee and f"費用 {line.fee}", line.room)
    return Entry(
        name=line.name,
        kana=reading_beside(line.name, line.kana),
        lines=tuple(filter(None, lines)),
        extras=tuple(filter(None, extras)),
        phone=line.phone or "",
    )
