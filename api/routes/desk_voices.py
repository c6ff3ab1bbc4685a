"""Suggestions at the desk (住民の声): the queue, one of them, and what becomes of it."""

import re
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from api.actions.answer_voice import (
    NeedForm,
    decline,
    decline_many,
    look_into,
    mark_printable,
    merge,
    note_need,
)
from api.actions.log_viewings import log_looks
from api.actions.registers.fields import WrongFields
from api.actions.save_record import Pen
from api.actions.show_history import deeds_about
from api.actions.town_choices import town_choices
from api.actions.voices import (
    find_voice,
    list_voices,
    places_to_correct,
    reply_of,
    sent_photo,
    show_voice,
    voices_of,
)
from api.models import Suggestion
from api.models.columns import table_of
from api.models.kinds import NEED_KINDS, SUGGESTION_STATUSES
from api.routes.desk import PRIVATE, Desk, Form, FormDep, PeopleDep
from api.routes.handing_on import land_of, pen_of, version_in
from api.routes.photos import JPEG
from api.store.pictures import Size as PhotoSize

router = APIRouter(prefix="/{code}/desk/voices", include_in_schema=False)
VoiceId = Annotated[int, Path(ge=1, le=2**31 - 1)]
Size = Annotated[PhotoSize, Path()]
MARK = re.compile(r"(?P<number>[0-9]{1,9}):(?P<version>[0-9]{1,9})", re.ASCII)
"""A box that was checked in the queue: which suggestion, and the version that was read."""
ENTITY = "suggestion"
ASKED = (*NeedForm.model_fields, "reason", "into", "merge_reply")


@router.get("/")
def queue(desk: PeopleDep, answered: bool = False) -> Response:
    """What waits, the oldest first; or what was answered."""
    return _queue(desk, answered=answered)


@router.post("/decline")
def refuse_many(desk: PeopleDep, form: FormDep) -> Response:
    """Change nothing about all that were marked, and say why: after a flood, say."""
    marked = (MARK.fullmatch(text) for text in form.many("voice"))
    versions = {int(mark["number"]): int(mark["version"]) for mark in marked if mark}
    try:
        decline_many(pen_of(desk), versions, form.one("reason"))
    except WrongFields as wrong:
        return _queue(desk, wrong.problems, form)
    return desk.go("voices/", "saved")


def _queue(
    desk: Desk,
    wrong: dict[str, str] | None = None,
    form: Form | None = None,
    *,
    answered: bool = False,
) -> Response:
    found = list_voices(desk.session, desk.member.viewer, land_of(desk), waiting=not answered)
    log_looks(pen_of(desk), ENTITY, [voice.row["id"] for voice in found], "一覧")
    return desk.page(
        "voices.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
        voices=found,
        answered=answered,
        wrong=wrong or {},
        marked=form.many("voice") if form else [],
        reason=form.one("reason") if form else "",
    )


@router.get("/{voice}")
def voice_page(desk: PeopleDep, voice: VoiceId) -> Response:
    """One suggestion, and what may become of it."""
    return _page(desk, voice)


@router.get("/{voice}/photo/{size}.jpg")
def photo(desk: PeopleDep, voice: VoiceId, size: Size) -> Response:
    """The photo that came with it, for whoever may see the suggestion."""
    found = sent_photo(desk.session, desk.member.viewer, desk.code, voice, size)
    return Response(found, media_type=JPEG, headers=PRIVATE)


@router.get("/{voice}/correct")
def correct(
    desk: PeopleDep, voice: VoiceId, place: Annotated[int, Query(ge=1, le=2**31 - 1)]
) -> Response:
    """On to the form of the place it is about."""
    find_voice(desk.session, desk.member.viewer, desk.code, voice)
    return desk.go(f"places/{place}", voice=str(voice))


@router.post("/{voice}/look")
def look(desk: PeopleDep, voice: VoiceId, form: FormDep) -> Response:
    """Say that it is being looked into."""
    return _answer(desk, voice, form, partial(look_into, version=version_in(form)))


@router.post("/{voice}/decline")
def refuse(desk: PeopleDep, voice: VoiceId, form: FormDep) -> Response:
    """Change nothing, and say why."""
    how = partial(decline, version=version_in(form), reason=form.one("reason"))
    return _answer(desk, voice, form, how)


@router.post("/{voice}/merge")
def join(desk: PeopleDep, voice: VoiceId, form: FormDep) -> Response:
    """Treat it as one with another."""
    how = partial(
        merge, version=version_in(form), into=form.one("into"), reply=form.one("merge_reply")
    )
    return _answer(desk, voice, form, how)


@router.post("/{voice}/need")
def need(desk: PeopleDep, voice: VoiceId, form: FormDep) -> Response:
    """Store it as a need."""
    said = {name: form.last(name) for name in NeedForm.model_fields if name in form.texts}
    return _answer(desk, voice, form, partial(note_need, version=version_in(form), raw=said))


@router.post("/{voice}/print")
def printable(desk: PeopleDep, voice: VoiceId, form: FormDep) -> Response:
    """Say which words may stand on paper."""
    how = partial(mark_printable, version=version_in(form), text=form.one("printable"))
    return _answer(desk, voice, form, how)


def _answer(desk: Desk, voice: int, form: Form, how: Callable[[Pen, int], None]) -> Response:
    try:
        how(pen_of(desk), voice)
    except WrongFields as wrong:
        return _page(desk, voice, wrong.problems, form)
    return desk.go(f"voices/{voice}", "saved")


def _page(
    desk: Desk, number: int, wrong: dict[str, str] | None = None, form: Form | None = None
) -> Response:
    viewer, land = desk.member.viewer, land_of(desk)
    row = find_voice(desk.session, viewer, desk.code, number)
    log_looks(pen_of(desk), ENTITY, [number], "詳細")
    table = table_of(Suggestion)
    others = voices_of(desk.session, viewer, land, table.c.merged_into.is_(None))
    asked = {name: form.last(name) for name in form.texts} if form else {}
    return desk.page(
        "voice.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
        voice=show_voice(desk.session, land, row),
        reply=reply_of(desk.session, desk.code, number),
        statuses=SUGGESTION_STATUSES,
        places=places_to_correct(desk.session, land, row),
        others=[other for other in others if other.row["id"] != number][:100],
        joined=voices_of(desk.session, viewer, land, table.c.merged_into == number),
        kinds=NEED_KINDS,
        towns=town_choices(land),
        deeds=deeds_about(desk.session, desk.member, desk.code, ENTITY, number),
        wrong=wrong or {},
        typed=dict.fromkeys(ASKED, "")
        | {"words": row["words"] or "", "town_id": row["town_id"] or ""}
        | asked,
    )
