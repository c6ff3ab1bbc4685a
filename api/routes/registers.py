"""The desk's registers (台帳): find, add, correct places, services, supporters, organizations."""

import json
from datetime import date
from http import HTTPStatus
from typing import Annotated, Any, Literal
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, Depends, Path, Query, Response

from api.accounts.roles import Right
from api.actions.find_records import NOWHERE, Search, find_records, stale_before
from api.actions.locating import Land
from api.actions.log_viewings import log_viewings
from api.actions.proposals import open_proposal, proposed_values
from api.actions.records import (
    NotYours,
    Row,
    areas_of,
    find_record,
    office_settings,
    why_not,
)
from api.actions.registers import Register, register_named
from api.actions.registers.fields import WrongFields, read
from api.actions.save_record import (
    EditConflict,
    Pen,
    Saved,
    may_publish,
    save_record,
    version_of,
)
from api.actions.show_conflict import show_conflict
from api.actions.show_form import empty_values, show_form
from api.actions.show_values import in_words
from api.actions.touch_record import close_record, confirm_record, reopen_record
from api.models.kinds import (
    ORGANIZATION_KINDS,
    PLACE_KIND_LABELS,
    SERVICE_KIND_LABELS,
    STATES,
    SUPPORTER_STATUSES,
)
from api.routes.desk import Desk, DeskDep, Form, FormDep, NotGranted, RecordDep

router = APIRouter(prefix="/{code}/desk", include_in_schema=False)
RegisterKey = Literal["places", "services", "supporters", "organizations"]
RegisterPath = Annotated[RegisterKey, Path(description="Which register (台帳)")]
RecordId = Annotated[int, Path(ge=1, le=2**31 - 1)]


def land_of(desk: Desk) -> Land:
    """The municipality's towns and areas, today."""
    return Land(desk.session, desk.tenant, desk.today)


def pen_of(desk: Desk) -> Pen:
    """Whoever asks, ready to write."""
    return Pen(desk.session, desk.tenant, desk.member, desk.today, desk.now)


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
    asked = {name: text for name, text in desk.request.query_params.items() if name in SEARCHED}
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
) -> Response:
    """The form for a new record, with the point that was tapped."""
    kept = register_named(register)
    if kept.personal and not desk.member.may(Right.PEOPLE):
        raise NotGranted("担い手は、圏域の担当者が書きます。")
    values = empty_values(kept)
    if "lon" in values:
        values |= {"lon": lon, "lat": lat}
    if "areas" in values and not desk.member.may(Right.EVERYWHERE):
        values |= {"areas": sorted(desk.member.areas)}
    return _form_page(desk, kept, None, values, version=None)


@router.post("/{register}/new")
def add(desk: RecordDep, register: RegisterPath, form: FormDep) -> Response:
    """Add a record."""
    return _save(desk, register_named(register), form, None)


@router.get("/{register}/{record}")
def record_page(desk: DeskDep, register: RegisterPath, record: RecordId) -> Response:
    """One record: to correct for whoever may, to read for others."""
    kept = register_named(register)
    stored = find_record(desk.session, desk.member.viewer, desk.code, kept, record)
    if kept.personal:
        log_viewings(pen_of(desk), kept, [record], "詳細")
    waiting = _waiting(desk, kept, stored)
    there = stored | (proposed_values(kept, waiting) if waiting else {})
    return _form_page(
        desk,
        kept,
        stored,
        kept.values(there),
        version=version_of(stored, waiting),
        waiting=waiting,
    )


@router.post("/{register}/{record}")
def correct(desk: RecordDep, register: RegisterPath, record: RecordId, form: FormDep) -> Response:
    """Correct a record."""
    return _save(desk, register_named(register), form, record)


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
    became = close_record(pen_of(desk), kept, record, version_in(form), day)
    return desk.go(f"{kept.key}/{record}", "submitted" if became == "submitted" else "closed")


@router.post("/{register}/{record}/reopen")
def reopen(desk: RecordDep, register: RegisterPath, record: RecordId, form: FormDep) -> Response:
    """It is there again."""
    kept = register_named(register)
    became = reopen_record(pen_of(desk), kept, record, version_in(form))
    return desk.go(f"{kept.key}/{record}", "submitted" if became == "submitted" else "reopened")


def _waiting(desk: Desk, register: Register, stored: Row | None) -> Row | None:
    if stored is None or register.personal:
        return None
    return open_proposal(desk.session, desk.code, register, stored["id"])


def version_in(form: Form) -> int | None:
    """The version of the record the form was opened with."""
    text = form.one("version")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None


def _save(desk: Desk, register: Register, form: Form, record: int | None) -> Response:
    raw = raw_values(register, form)
    try:
        saved = save_record(
            pen_of(desk),
            register,
            read(register.form, raw),
            record_id=record,
            version=version_in(form),
            submit=form.one("do") != "draft",
            confirmed=bool(form.one("confirmed")),
        )
    except WrongFields as wrong:
        return _wrong(desk, register, record, raw, wrong, form)
    except NotYours as others:
        if record is not None and not _is_theirs(desk, register, record):
            raise
        where = "lon" if "lon" in register.form.model_fields else "areas"
        refused = WrongFields({where: str(others)})
        return _wrong(desk, register, record, raw, refused, form, HTTPStatus.FORBIDDEN)
    except EditConflict as conflict:
        if register.personal:
            log_viewings(pen_of(desk), register, [conflict.record_id], "同時の書き込み")
        page = show_conflict(
            desk.session, desk.member.viewer, land_of(desk), conflict, form.one("base")
        )
        return desk.page(
            "conflict.html",
            HTTPStatus.CONFLICT,
            register=register,
            base=json.dumps(conflict.theirs, ensure_ascii=False, default=str),
            confirmed=bool(form.one("confirmed")),
            drafted=form.one("do") == "draft",
            **page,
        )
    return _after(desk, register, saved)


def _is_theirs(desk: Desk, register: Register, record: int) -> bool:
    stored = find_record(desk.session, desk.member.viewer, desk.code, register, record)
    return desk.member.may_write_in(areas_of(land_of(desk), register, stored))


def raw_values(register: Register, form: Form) -> dict[str, Any]:
    """The form's fields as they were sent; a list field is a list.

    From the page of an edit conflict each field comes as the JSON of the version that was chosen.
    """
    if form.one("chosen"):
        return _chosen_values(register, form)
    lists = set(register.lists) | {"weekdays"}
    return {
        name: form.many(name) if name in lists else form.last(name)
        for name in register.form.model_fields
        if name in lists or name in form.texts
    }


def _chosen_values(register: Register, form: Form) -> dict[str, Any]:
    found = {}
    for name in register.form.model_fields:
        text = form.one(f"take-{name}") or form.one(f"same-{name}")
        try:
            found[name] = json.loads(text) if text else None
        except (ValueError, RecursionError):
            raise WrongFields({name: "選び直してください。"}) from None
    return {name: value for name, value in found.items() if value is not None}


def _after(desk: Desk, register: Register, saved: Saved) -> Response:
    done = {"published": "saved"}.get(saved.became, saved.became)
    return desk.go(f"{register.key}/{saved.record_id}", done)


def _wrong(
    desk: Desk,
    register: Register,
    record: int | None,
    raw: Row,
    wrong: WrongFields,
    form: Form,
    status: HTTPStatus = HTTPStatus.UNPROCESSABLE_ENTITY,
) -> Response:
    stored = None
    if record is not None:
        stored = find_record(desk.session, desk.member.viewer, desk.code, register, record)
    return _form_page(
        desk,
        register,
        stored,
        empty_values(register) | raw,
        version=form.one("version"),
        waiting=_waiting(desk, register, stored),
        wrong=wrong.problems,
        status=status,
        confirmed=bool(form.one("confirmed")),
        base=form.one("base"),
    )


def _form_page(
    desk: Desk,
    register: Register,
    stored: Row | None,
    values: Row,
    *,
    version: int | str | None,
    waiting: Row | None = None,
    wrong: dict[str, str] | None = None,
    status: HTTPStatus = HTTPStatus.OK,
    confirmed: bool | None = None,
    base: str = "",
) -> Response:
    """`confirmed`: whether the box is ticked; a new record has just been made sure of.

    `base`: what the form that comes back began from; empty: it begins here.
    """
    land, member = land_of(desk), desk.member
    areas = None if stored is None else areas_of(land, register, stored)
    mine = stored is None or member.may_write_in(areas)
    sections = show_form(desk.session, member.viewer, land, register, values, wrong)
    publishes = may_publish(pen_of(desk), register)
    proposed = proposed_values(register, waiting) if waiting else {}
    return desk.page(
        "record.html",
        status,
        register=register,
        stored=stored,
        values=values,
        version=version,
        waiting=waiting,
        closing=(proposed["closed_on"] or "") if "closed_on" in proposed else None,
        reviews=member.may(Right.PUBLISH),
        writable=mine,
        confirmable=stored is not None and member.may_confirm_in(areas),
        why_not="" if mine else why_not(member, land, register, areas),
        confirmed=stored is None if confirmed is None else confirmed,
        sections=sections,
        shown={} if mine else {f.name: in_words(f, f.value) for s in sections for f in s.fields},
        wrong=wrong or {},
        states=STATES,
        base=base or json.dumps(values, ensure_ascii=False, default=str),
        save_words="保存する" if publishes else "提出する",
        drafts=not publishes,
    )
