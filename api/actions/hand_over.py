"""The hand-over sheet of an area (引きつぎ書): what is there, whom to call, what has grown old."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from pandas import DataFrame

from api.actions.contacts import contacts_of, fiscal_year, unsure_contacts, year_of_days
from api.actions.count_people import people_by_area
from api.actions.draw_map import NoSuchArea
from api.actions.find_records import (
    area_words,
    is_closed,
    is_stale,
    stale_before,
    waiting_states,
)
from api.actions.list_resources import when_in_words
from api.actions.locating import Land
from api.actions.log_viewings import log_viewings
from api.actions.records import Row, areas_of_records, office_settings
from api.actions.registers import Register, register_named
from api.actions.save_record import Pen
from api.actions.show_charges import AreaCharges, charges_of
from api.exchange.characters import find_key
from api.models import Pause
from api.models.kinds import (
    ORGANIZATION_KINDS,
    PLACE_KIND_LABELS,
    SERVICE_KIND_LABELS,
    STAGES,
    STATES,
    SUPPORTER_SKILLS,
    SUPPORTER_STATUSES,
)
from api.store import frames
from api.store.visible import Viewer, visible

WAITING = {"draft": "下書き", "submitted": "提出済み", "returned": "差し戻し"}
KINDS: dict[str, dict[str, str]] = {
    "places": {kind.value: label for kind, label in PLACE_KIND_LABELS.items()},
    "services": {kind.value: label for kind, label in SERVICE_KIND_LABELS.items()},
    "organizations": ORGANIZATION_KINDS,
}


@dataclass(frozen=True)
class Paused:
    """A place that is closed for a while."""

    place: str
    since: date
    until: date | None
    reason: str
    contact: str


@dataclass(frozen=True)
class Sheet:
    """All of one area on one day."""

    area: str
    on: date
    charges: AreaCharges
    registers: list[tuple[Register, list[Row]]]
    """Places, services and organizations, in the order of kind and reading."""
    people: list[Row] | None
    """Supporters by name; None: whoever looks may not see persons."""
    head_count: str
    """How many supporters live there, for whoever may not see them: 0人, 1〜2人, 3人."""
    pauses: list[Paused]
    contacts: list[Row]
    """What was done with people there this year, and the days to come."""
    stale: int
    """How many records nobody has confirmed for too long."""
    months: int


def hand_over_sheet(pen: Pen, area: str) -> Sheet:
    """The sheet for whoever holds the pen; each person shown is entered into the log.

    Raises
    ------
    NoSuchArea
    """
    land = pen.land()
    if area not in land.area_names:
        raise NoSuchArea("その圏域はありません。")
    viewer = pen.member.viewer
    months = office_settings(pen.session, pen.tenant)["stale_months"]
    before = stale_before(pen.today, months)
    kept = [
        (register, _listed(land, register, _in_area(land, viewer, register, area), before))
        for register in map(register_named, KINDS)
    ]
    places = {row["id"]: row["name"] for row in kept[0][1]}
    return Sheet(
        area=land.area_names[area],
        on=pen.today,
        charges=charges_of(pen.session, land, area),
        registers=kept,
        people=_people(pen, land, viewer, area),
        head_count=people_by_area(land.session, viewer, land)[area],
        pauses=_pauses(land, viewer, places),
        contacts=_contacts(land, viewer, area, places),
        stale=sum(row["stale"] for _, rows in kept for row in rows),
        months=months,
    )


def _in_area(land: Land, viewer: Viewer, register: Register, area: str) -> DataFrame:
    """Records of the area that are still there, with `areas`; those of the whole town too."""
    rows = frames.read(land.session, visible(register.model, viewer, land.tenant.code))
    areas = areas_of_records(land, register, rows)
    here = areas.map(lambda codes: codes is None or area in codes).astype(bool)
    here &= ~is_closed(rows, land.on)
    return rows.assign(areas=areas)[here]


def _listed(land: Land, register: Register, rows: DataFrame, before: date) -> list[Row]:
    labels = KINDS[register.key]
    waits = waiting_states(land.session, land.tenant.code, register)
    listed = [
        row
        | {
            "kind_words": labels.get(row["kind"], row["kind"]),
            "whole": row["areas"] is None,
            "area_words": area_words(land, row["areas"]),
            "state_words": _state_words(row, waits),
            "when": _when(row),
            "where": row.get("office_address") or row["address"] or "",
        }
        for _, row in frames.each(rows.assign(stale=is_stale(rows, before)))
    ]
    order = list(labels)
    return sorted(listed, key=lambda row: (_rank(order, row["kind"]), _reading(row), row["id"]))


def _rank(order: list[str], kind: str) -> int:
    return order.index(kind) if kind in order else len(order)


def _reading(row: Row) -> str:
    return find_key(row["kana"] or row["name"])


def _when(row: Row) -> str:
    return when_in_words(row) if "schedule" in row else str(row.get("schedule_note") or "")


def _state_words(row: Row, waits: dict[int, str]) -> str:
    """下書き, 提出済み; of a published record what of its change waits."""
    if row["state"] != "published":
        return STATES[row["state"]]
    waiting = waits.get(row["id"])
    return f"変更が{WAITING[waiting]}" if waiting else ""


def _contacts(land: Land, viewer: Viewer, area: str, places: dict[int, str]) -> list[Row]:
    """This fiscal year's contacts of the area and its places, also those to come."""
    first, last = year_of_days(fiscal_year(land.on))
    rows = contacts_of(land.session, viewer, land.tenant.code)
    unsure = unsure_contacts(land.session, viewer, land.tenant.code, rows)
    return [
        row
        | {
            "place": places.get(row["place_id"], ""),
            "stage_words": STAGES.get(row["stage"], ""),
            "unsure": row["id"] in unsure,
        }
        for row in rows
        if (row["area_code"] == area or row["place_id"] in places)
        and first <= row["held_on"] <= last
        and not row["cancelled"]
    ]


def _people(pen: Pen, land: Land, viewer: Viewer, area: str) -> list[Row] | None:
    reach = viewer.reach
    if "personal" not in viewer.classes or (reach is not None and area not in reach.areas):
        return None
    supporters = register_named("supporters")
    rows = _in_area(land, viewer, supporters, area)
    people = [row for _, row in frames.each(rows[rows["status"] != "left"])]
    log_viewings(pen, supporters, [row["id"] for row in people], "引きつぎ書")
    return [_person(land, row) for row in sorted(people, key=_reading)]


def _person(land: Land, row: Row) -> Row:
    skills = json.loads(row["skills"]) if row["skills"] else []
    town = None if row["town_id"] is None else land.towns["name"].get(row["town_id"])
    return row | {
        "town": town or "",
        "status_words": SUPPORTER_STATUSES.get(row["status"], row["status"]),
        "skill_words": "・".join(SUPPORTER_SKILLS.get(code, code) for code in skills),
    }


def _pauses(land: Land, viewer: Viewer, places: dict[int, str]) -> list[Paused]:
    rows = frames.read(land.session, visible(Pause, viewer, land.tenant.code))
    found: list[dict[str, Any]] = [row for _, row in frames.each(rows)]
    return [
        Paused(
            place=places[row["place_id"]],
            since=row["valid_from"],
            until=row["valid_to"],
            reason=row["reason"] or "",
            contact=row["restart_contact"] or "",
        )
        for row in found
        if row["place_id"] in places
        and row["valid_from"] <= land.on
        and (row["valid_to"] is None or land.on <= row["valid_to"])
    ]
