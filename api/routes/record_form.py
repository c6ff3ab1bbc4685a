"""The form of one record (入力画面): shown, saved, and shown again with what is in its way."""

import json
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from http import HTTPStatus
from typing import Any

from fastapi import Response

from api.accounts.roles import Right
from api.actions.answer_voice import VoiceChanged, take_up
from api.actions.log_viewings import log_looks, log_viewings
from api.actions.proposals import open_proposal, proposed_values
from api.actions.records import NotYours, Row, areas_of, find_record, why_not
from api.actions.registers import Register
from api.actions.registers.fields import WrongFields, read
from api.actions.save_record import EditConflict, Pen, Saved, may_publish, save_record
from api.actions.show_conflict import show_conflict
from api.actions.show_form import empty_values, show_form
from api.actions.show_values import in_words
from api.actions.voices import Voice, find_voice, show_voice
from api.models.kinds import STATES
from api.routes.desk import Desk, Form
from api.routes.handing_on import land_of, pen_of, version_in


def waiting_for(desk: Desk, register: Register, stored: Row | None) -> Row | None:
    """The change of a record that is not published yet."""
    if stored is None or register.personal:
        return None
    return open_proposal(desk.session, desk.code, register, stored["id"])


def save_form(desk: Desk, register: Register, form: Form, record: int | None) -> Response:
    """Save what the form says; where something is in its way, it comes back with all in it."""
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
            also=taken_up(register, form),
        )
    except WrongFields as wrong:
        return _wrong(desk, register, record, raw, wrong, form)
    except VoiceChanged as answered:
        told = WrongFields({WrongFields.NOTHING: f"{answered}この記録は、もう一度保存できます。"})
        return _wrong(desk, register, record, raw, told, form, HTTPStatus.CONFLICT)
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
            voice=voice_beside(desk, register, voice_in(form.one("voice"))),
            said=said_beside(form),
            **page,
        )
    return _after(desk, register, saved)


LED_TO = ("places", "supporters")
"""Registers whose records a suggestion (住民の声) may lead to."""
SAID = ("reply", "photo_passed", "photo_caption")
"""Fields that are about the suggestion, not about the record."""


def voice_in(text: str) -> int | None:
    """The number of the suggestion a form was opened from."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def taken_up(register: Register, form: Form) -> Callable[[Pen, Saved], None] | None:
    """What ties the suggestion a form was opened from to the record that is saved."""
    number = voice_in(form.one("voice"))
    if number is None or register.key not in LED_TO:
        return None
    return partial(
        take_up,
        register=register,
        voice_id=number,
        reply=form.one("reply"),
        caption=form.one("photo_caption") if form.one("photo_passed") else None,
    )


def said_beside(form: Form) -> dict[str, str]:
    """What was typed about the suggestion itself, by the names of its fields."""
    return {name: form.one(name) for name in SAID}


def voice_beside(desk: Desk, register: Register, number: int | None) -> Voice | None:
    """The suggestion whose words stand beside the form. Raises `NoSuchRecord`, `Withheld`."""
    if number is None or register.key not in LED_TO:
        return None
    row = find_voice(desk.session, desk.member.viewer, desk.code, number)
    log_looks(pen_of(desk), "suggestion", [number], "詳細")
    voice = show_voice(desk.session, land_of(desk), row)
    return voice if voice.waits else None


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
    return form_page(
        desk,
        register,
        stored,
        empty_values(register) | raw,
        version=form.one("version"),
        waiting=waiting_for(desk, register, stored),
        wrong=wrong.problems,
        status=status,
        confirmed=bool(form.one("confirmed")),
        base=form.one("base"),
        voice=voice_beside(desk, register, voice_in(form.one("voice"))),
        said=said_beside(form),
    )


def form_page(
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
    voice: Voice | None = None,
    said: Mapping[str, str] | None = None,
) -> Response:
    """`confirmed`: whether the box is ticked; a new record has just been made sure of.

    `base`: what the form that comes back began from; empty: it begins here. `voice`: the
    suggestion (住民の声) whose words stand beside it; `said`: what was typed about that.
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
        closing=_closing(waiting, proposed),
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
        voice=voice,
        said=said or dict.fromkeys(SAID, ""),
    )


def _closing(waiting: Row | None, proposed: Row) -> str | date | None:
    """The end that was submitted and waits; "": reopening; None: neither."""
    if waiting is None or waiting["state"] != "submitted" or "closed_on" not in proposed:
        return None
    return proposed["closed_on"] or ""
