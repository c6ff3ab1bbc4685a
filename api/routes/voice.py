"""What residents say (住民の声): the page, the number they get, and what became of it.

Nobody is tracked: no cookie is set, no address is stored, and the number is in no address.
"""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse

from api.accounts.flooding import Flooding, TooMuch
from api.accounts.form_tokens import HastyForm, StaleForm, hand_out, take_back
from api.actions.draw_ground import draw_ground
from api.actions.locating import Land
from api.actions.registers.fields import LONGEST_PERSON, LONGEST_SAID, WrongFields, read
from api.actions.send_suggestion import (
    NoSuchNumber,
    QueueFull,
    Sending,
    reply_to,
    send_suggestion,
)
from api.actions.town_choices import town_choices
from api.actions.voice_form import VoiceForm, place_number, place_shown
from api.actions.voice_numbers import in_print, read_number
from api.exchange.json_text import json_text
from api.models.kinds import SUGGESTION_KINDS, SUGGESTION_QUESTIONS, SUGGESTION_STATUSES
from api.routes.deps import NowDep
from api.routes.desk import PRIVATE, AnyFormDep, ForeignForm, Form, refuse_foreign
from api.routes.visit import Visit, VisitDep
from web.assets import BUILD
from web.pages import fill

router = APIRouter(prefix="/{code}/voice", include_in_schema=False)
MOST_FIELDS = 20
SENDING = ("suggestion", "suggestion-day")
"""Whose allowances one suggestion uses up."""
AGAIN = "もう一度「送る」を押してください。書いたものは、そのまま残っています。"
MISREAD = "番号は、英字と数字あわせて8文字です。もう一度、確かめてください。"
WAYS: dict[type[Exception], HTTPStatus] = {
    HastyForm: HTTPStatus.TOO_MANY_REQUESTS,
    TooMuch: HTTPStatus.TOO_MANY_REQUESTS,
    QueueFull: HTTPStatus.SERVICE_UNAVAILABLE,
    WrongFields: HTTPStatus.UNPROCESSABLE_ENTITY,
    StaleForm: HTTPStatus.FORBIDDEN,
    ForeignForm: HTTPStatus.FORBIDDEN,
}
"""What keeps a form from being taken, and how that is answered."""


@router.get("")
def voice_page(
    visit: VisitDep,
    now: NowDep,
    area: Annotated[str, Query(max_length=60)] = "",
    place: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
) -> Response:
    """The questions, with what the QR code told of where somebody stands."""
    return _form_page(visit, now, {"area": area, "place_id": place or ""})


@router.post("")
def send(visit: VisitDep, now: NowDep, form: AnyFormDep) -> Response:
    """Take in what a resident says, and tell the number."""
    asked = {name: form.one(name) for name in VoiceForm.model_fields}
    try:
        number = _send(visit, now, form, asked)
    except tuple(WAYS) as kept:
        return _form_page(visit, now, asked, kept, form.one("token"))
    return _page(visit, "voice_sent.html", number=in_print(number))


@router.get("/status")
def status_page(visit: VisitDep) -> Response:
    """Where a number is entered."""
    return _status_page(visit)


@router.post("/status")
def look_up(visit: VisitDep, now: NowDep, form: AnyFormDep) -> Response:
    """What became of a suggestion; a number nobody has is slow to guess."""
    typed, flood = form.one("number")[:40], _flooding(visit)
    try:
        refuse_foreign(visit.request)
        flood.refuse("wrong-number", visit.code, _address(visit.request), now)
        number = read_number(typed)
        reply = reply_to(visit.session, visit.code, number) if number else None
    except (ForeignForm, TooMuch) as refused:
        wrong = str(refused) or "ページを開き直してから、もう一度お試しください。"
        return _status_page(visit, typed, wrong, WAYS[type(refused)])
    except NoSuchNumber as unknown:
        flood.count("wrong-number", visit.code, _address(visit.request), now)
        return _status_page(visit, typed, str(unknown), HTTPStatus.NOT_FOUND)
    if reply is None:
        return _status_page(visit, typed, MISREAD, HTTPStatus.UNPROCESSABLE_ENTITY)
    return _page(
        visit,
        "voice_status.html",
        reply=reply,
        said=SUGGESTION_STATUSES[reply["status"]],
        typed=typed,
        wrong="",
    )


@router.get("/ground.json")
def ground(visit: VisitDep) -> Response:
    """What the map to put a pin on stands on."""
    land = Land(visit.session, visit.tenant, visit.today)
    return visit.answer(None, "application/json", lambda: json_text(draw_ground(land)))


def _send(visit: Visit, now: datetime, form: Form, asked: dict[str, str]) -> str:
    refuse_foreign(visit.request)
    flood, address = _flooding(visit), _address(visit.request)
    for what in SENDING:
        flood.refuse(what, visit.code, address, now)
    if form.one("homepage") or sum(map(len, form.texts.values())) > MOST_FIELDS:
        raise WrongFields({WrongFields.NOTHING: f"うまく受け取れませんでした。{AGAIN}"})
    secret = visit.settings.secret.get_secret_value()
    key = take_back(secret, visit.code, form.one("token"), now)
    photo = next(iter(form.uploads("photo")), None)
    if photo is not None:  # to make it small is work, whether it is taken or not
        flood.refuse("photo", visit.code, address, now)
        flood.count("photo", visit.code, address, now)
    number = send_suggestion(
        visit.session,
        visit.tenant,
        read(VoiceForm, asked),
        Sending(
            form_key=key,
            today=visit.today,
            now=now,
            photo=photo.file.read() if photo is not None else None,
            most_waiting=visit.settings.most_waiting_voices,
        ),
    )
    for what in SENDING:
        flood.count(what, visit.code, address, now)
    return number


def _form_page(
    visit: Visit,
    now: datetime,
    typed: dict[str, Any],
    kept: Exception | None = None,
    token: str = "",
) -> Response:
    """The form, with all that was written and what is in its way."""
    land = Land(visit.session, visit.tenant, visit.today)
    place = place_shown(land, place_number(str(typed["place_id"])))
    secret = visit.settings.secret.get_secret_value()
    return _page(
        visit,
        "voice.html",
        status=HTTPStatus.OK if kept is None else WAYS[type(kept)],
        typed={name: typed.get(name) or "" for name in VoiceForm.model_fields}
        | ({} if place else {"place_id": ""}),
        place=place,
        area=land.area_names.get(str(typed["area"])),
        token=token if isinstance(kept, HastyForm) else hand_out(secret, visit.code, now),
        kinds=SUGGESTION_KINDS,
        questions=SUGGESTION_QUESTIONS,
        towns=town_choices(land),
        wrong=_in_words(kept),
        closed=isinstance(kept, (TooMuch, QueueFull)),
        longest=LONGEST_SAID,
        longest_person=LONGEST_PERSON,
    )


def _in_words(kept: Exception | None) -> dict[str, str]:
    if kept is None:
        return {}
    if isinstance(kept, WrongFields):
        return kept.problems
    return {"": str(kept) or f"ページを開いてから、時間がたっているか、早すぎました。{AGAIN}"}


def _status_page(
    visit: Visit,
    typed: str = "",
    wrong: str = "",
    status: int = HTTPStatus.OK,
) -> Response:
    return _page(visit, "voice_status.html", status, reply=None, said="", typed=typed, wrong=wrong)


def _page(visit: Visit, template: str, status: int = HTTPStatus.OK, **values: Any) -> Response:
    html = fill(
        template,
        build=BUILD,
        code=visit.code,
        municipality=visit.tenant.name,
        contact=visit.tenant.voice_contact,
        **values,
    )
    return HTMLResponse(html, status, headers=PRIVATE)


def _flooding(visit: Visit) -> Flooding:
    found: Flooding = visit.request.app.state.flooding
    return found


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
