"""The desk's registers (台帳): find, add, correct places, services, supporters, organizations."""

from datetime import date
from typing import Annotated, Literal
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from api.accounts.roles import Right
from api.actions.find_records import NOWHERE, Search, find_records, stale_before
from api.actions.log_viewings import log_viewings
from api.actions.proposals import proposed_values
from api.actions.records import (
    find_record,
    office_settings,
)
from api.actions.registers import register_named
from api.actions.registers.fields import WrongFields
from api.actions.save_record import (
    version_of,
)
from api.actions.show_form import empty_values
from api.actions.touch_record import close_record, confirm_record, reopen_record
from api.actions.voices import prefilled
from api.models.kinds import (
    ORGANIZATION_KINDS,
    PLACE_KIND_LABELS,
    SERVICE_KIND_LABELS,
    STATES,
    SUPPORTER_STATUSES,
)
from api.routes.desk import DeskDep, FormDep, NotGranted, RecordDep
from api.routes.handing_on import land_of, pen_of, version_in
from api.routes.record_form import form_page, save_form, taken_up, voice_beside, waiting_for

router = APIRouter(prefix="/{code}/desk", include_in_schema=False)
RegisterKey = Literal["places", "services", "supporters", "organizations"]
RegisterPath = Annotated[RegisterKey, Path(description="Which register (台帳)")]
RecordId = Annotated[int, Path(ge=1, le=2**31 - 1)]
VoiceQuery = Annotated[int | None, Query(ge=1, le=2**31 - 1)]
"""The suggestion (住民の声) a form is opened from."""


def search_of(
    q: str = "",
    area: str = "",
    kind: str = "",
    state: str = "",
    stale: bool = False,
    closed: bool = False,
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> Search:
    """What the list's form asks for."""
    return Search(q[:100], area or None, kind or None, state or None, stale, closed, page)


KINDS: dict[str, dict[str, str]] = {
    "places": {kind.value: label for kind, label in PLACE_KIND_LABELS.items()},
    "services": {kind.value: label for kind, label in SERVICE_KIND_LABELS.items()},
    "supporters": SUPPORTER_STATUSES,
    "organizations": ORGANIZATION_KINDS,
}
SearchDep = Annotated[Search, Depends(search_of)]
SEARCHED = ("q", "area", "kind", "state", "stale", "closed", "page")
"""What an address of a list may ask."""


def asked_in(request: Request) -> dict[str, str]:
    """What a list's address asks."""
    asked = request.query_params.items()
    return {name: text for name, text in asked if name in SEARCHED and text}


@router.get("/{register}/")
def list_page(desk: DeskDep, register: RegisterPath, search: SearchDep) -> Response:
    """The list of a register, with its search."""
    kept, land = register_named(register), land_of(desk)
    months = office_settings(desk.session, desk.tenant)["stale_months"]
    found = find_records(
        desk.session,
        desk.member.viewer,
        land,
        kept,
        search,
        stale_before=stale_before(desk.today, months),
    )
    if kept.personal:
        log_viewings(pen_of(desk), kept, [row["id"] for row in found.rows], "一覧")
    for row in found.rows:
        row["confirmable"] = desk.member.may_confirm_in(row["in_areas"])
    asked = asked_in(desk.request)
    return desk.page(
        "list.html",
        register=kept,
        search=search,
        found=found,
        land=land,
        months=months,
        kinds=KINDS[kept.key],
        states=STATES,
        can_add=desk.member.may(Right.RECORD),
        query=lambda page: urlencode(asked | {"page": page}),
        asked=urlencode(asked),
        nowhere=NOWHERE,
    )


@router.get("/{register}/new")
def new_page(
    desk: RecordDep,
    register: RegisterPath,
    lon: Annotated[float | None, Query(ge=-180, le=180, allow_inf_nan=False)] = None,
    lat: Annotated[float | None, Query(ge=-90, le=90, allow_inf_nan=False)] = None,
    voice: VoiceQuery = None,
) -> Response:
    """The form for a new record, with the point that was tapped, or what a resident has said."""
    kept = register_named(register)
    if kept.personal and not desk.member.may(Right.PEOPLE):
        raise NotGranted("担い手は、圏域の担当者が書きます。")
    values = empty_values(kept)
    if "lon" in values:
        values |= {"lon": lon, "lat": lat}
    if "areas" in values and not desk.member.may(Right.EVERYWHERE):
        values |= {"areas": sorted(desk.member.areas)}
    heard = voice_beside(desk, kept, voice)
    if heard is not None:
        values |= prefilled(kept, heard.row)
    return form_page(desk, kept, None, values, version=None, voice=heard)


@router.post("/{register}/new")
def add(desk: RecordDep, register: RegisterPath, form: FormDep) -> Response:
    """Add a record."""
    return save_form(desk, register_named(register), form, None)


@router.get("/{register}/{record}")
def record_page(
    desk: DeskDep, register: RegisterPath, record: RecordId, voice: VoiceQuery = None
) -> Response:
    """One record: to correct for whoever may, to read for others."""
    kept = register_named(register)
    stored = find_record(desk.session, desk.member.viewer, desk.code, kept, record)
    if kept.personal:
        log_viewings(pen_of(desk), kept, [record], "詳細")
    waiting = waiting_for(desk, kept, stored)
    there = stored | (proposed_values(kept, waiting) if waiting else {})
    return form_page(
        desk,
        kept,
        stored,
        kept.values(there),
        version=version_of(stored, waiting),
        waiting=waiting,
        voice=voice_beside(desk, kept, voice),
    )


@router.post("/{register}/{record}")
def correct(desk: RecordDep, register: RegisterPath, record: RecordId, form: FormDep) -> Response:
    """Correct a record."""
    return save_form(desk, register_named(register), form, record)


@router.post("/{register}/{record}/confirm")
def confirm(desk: RecordDep, register: RegisterPath, record: RecordId, form: FormDep) -> Response:
    """Somebody has made sure of it today."""
    kept = register_named(register)
    confirm_record(pen_of(desk), kept, record)
    if form.one("back"):
        asked = dict(parse_qsl(form.one("asked")[:2000]))
        kept_words = {name: asked[name] for name in SEARCHED if name in asked}
        return desk.go(f"{kept.key}/", "confirmed", **kept_words)
    return desk.go(f"{kept.key}/{record}", "confirmed")


@router.post("/{register}/{record}/close")
def close(desk: RecordDep, register: RegisterPath, record: RecordId, form: FormDep) -> Response:
    """It is not there any more from a day on."""
    kept = register_named(register)
    try:
        day = date.fromisoformat(form.one("closed_on"))
    except ValueError:
        raise WrongFields({"closed_on": "終了の日を入れてください。"}) from None
    also = taken_up(kept, form)
    became = close_record(pen_of(desk), kept, record, version_in(form), day, also)
    return desk.go(f"{kept.key}/{record}", "submitted" if became == "submitted" else "closed")


@router.post("/{register}/{record}/reopen")
def reopen(desk: RecordDep, register: RegisterPath, record: RecordId, form: FormDep) -> Response:
    """It is there again."""
    kept = register_named(register)
    became = reopen_record(pen_of(desk), kept, record, version_in(form))
    return desk.go(f"{kept.key}/{record}", "submitted" if became == "submitted" else "reopened")
