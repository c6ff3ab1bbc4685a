"""Key in paper slips (紙の用紙を打ちこむ): one form, again and again, by the keyboard alone."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from api.accounts.roles import Right
from api.actions.key_slips import (
    SlipForm,
    correct_slip,
    key_slip,
    keyed_today,
    remove_slip,
    values_of,
)
from api.actions.log_viewings import log_looks
from api.actions.registers.fields import WrongFields
from api.actions.town_choices import town_choices
from api.actions.voice_numbers import in_print
from api.actions.voices import find_voice
from api.models.kinds import SUGGESTION_KINDS, SUGGESTION_QUESTIONS
from api.routes.desk import Desk, Form, FormDep, PeopleDep
from api.routes.desk_voices import VoiceId
from api.routes.handing_on import land_of, pen_of, version_in

router = APIRouter(prefix="/{code}/desk/voices/slips", include_in_schema=False)
LAST = 10
"""How many of the last slips are listed."""


@router.get("")
def slips(
    desk: PeopleDep,
    area: Annotated[str, Query(max_length=60)] = "",
    heard_on: Annotated[str, Query(max_length=10)] = "",
    number: Annotated[str, Query(max_length=10)] = "",
) -> Response:
    """The form for the next slip, and the last ones."""
    typed = {"area": area, "heard_on": heard_on or desk.today.isoformat()}
    return _page(desk, typed, keyed=number)


@router.post("")
def key(desk: PeopleDep, form: FormDep) -> Response:
    """Enter a slip, and on to the next."""
    typed = _typed(form)
    try:
        number = key_slip(pen_of(desk), typed)
    except WrongFields as wrong:
        return _page(desk, typed, wrong=wrong.problems)
    kept = {name: typed[name] for name in ("area", "heard_on")}
    return desk.go("voices/slips", number=number, **kept)


@router.get("/{voice}")
def slip_page(desk: PeopleDep, voice: VoiceId) -> Response:
    """One slip, to put right."""
    stored = find_voice(desk.session, desk.member.viewer, desk.code, voice)
    log_looks(pen_of(desk), "suggestion", [voice], "詳細")
    shown = values_of(stored) | {"number": in_print(stored["number"])}
    return _page(desk, shown, slip=voice, version=stored["version"])


@router.post("/{voice}")
def put_right(desk: PeopleDep, voice: VoiceId, form: FormDep) -> Response:
    """Put it right."""
    typed = _typed(form)
    try:
        correct_slip(pen_of(desk), voice, version_in(form), typed)
    except WrongFields as wrong:
        return _page(desk, typed, slip=voice, version=version_in(form), wrong=wrong.problems)
    return desk.go("voices/slips", "saved", **{name: typed[name] for name in ("area", "heard_on")})


@router.post("/{voice}/remove")
def remove(desk: PeopleDep, voice: VoiceId, form: FormDep) -> Response:
    """Take it back."""
    remove_slip(pen_of(desk), voice, version_in(form))
    kept = {name: form.one(name)[:60] for name in ("area", "heard_on")}
    return desk.go("voices/slips", "slip-gone", **kept)


def _typed(form: Form) -> dict[str, str]:
    return {name: form.one(name) for name in SlipForm.model_fields}


def _page(
    desk: Desk,
    typed: dict[str, Any],
    *,
    slip: int | None = None,
    version: int | None = None,
    wrong: dict[str, str] | None = None,
    keyed: str = "",
) -> Response:
    land, member = land_of(desk), desk.member
    everywhere = member.may(Right.EVERYWHERE)
    mine = None if everywhere else member.areas
    areas = {c: n for c, n in land.area_names.items() if mine is None or c in mine}
    today = keyed_today(pen_of(desk), land)
    log_looks(pen_of(desk), "suggestion", [voice.row["id"] for voice in today[:LAST]], "一覧")
    return desk.page(
        "slips.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
        typed={name: typed.get(name) or "" for name in SlipForm.model_fields},
        slip=slip,
        version=version,
        wrong=wrong or {},
        keyed=in_print(keyed) if keyed else "",
        count=len(today),
        last=today[:LAST],
        areas=areas,
        everywhere=everywhere,
        towns=town_choices(land, mine),
        kinds=SUGGESTION_KINDS,
        questions=SUGGESTION_QUESTIONS,
    )
