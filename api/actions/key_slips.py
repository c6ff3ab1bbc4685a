"""Key in what stood on paper slips (紙の用紙): one after the other, each with its number."""

import json
from collections.abc import Mapping
from typing import Any

from api.accounts.roles import Right
from api.actions.answer_voice import VoiceChanged
from api.actions.follow_voices import change
from api.actions.locating import Land
from api.actions.records import Row
from api.actions.registers.fields import Day, Line, WrongFields, read
from api.actions.save_record import Pen
from api.actions.send_suggestion import WAITING, enter, free_number, is_free
from api.actions.show_history import local
from api.actions.voice_form import VoiceForm, settle
from api.actions.voice_numbers import read_number
from api.actions.voices import Voice, find_voice, reply_of, voices_of
from api.models import Reply, Suggestion
from api.models.columns import table_of
from api.store.changes import name_deed, open_deed

ENTITY = "suggestion"


class SlipForm(VoiceForm):
    """What stands on a slip, with the number that may be printed on it and the day."""

    number: Line = None
    heard_on: Day = None


def key_slip(pen: Pen, raw: Mapping[str, Any]) -> str:
    """Enter a slip; its number, the printed one or a new one. Raises `WrongFields`."""
    form = read(SlipForm, raw)
    pen = pen.begin()
    try:
        columns = _columns(pen, form)
        number = _number(pen, form) or free_number(pen.session, pen.tenant.code)
        hand = open_deed(pen.session, pen.hand, "slip", entity=ENTITY)
        more = {"channel": "slip", "keyed_by": pen.member.account_id, "received_at": pen.now}
        added = enter(pen.session, hand, columns | more | {"has_photo": False}, number)
        name_deed(pen.session, hand, added)
        pen.session.commit()
        return number
    finally:
        pen.session.rollback()


def correct_slip(pen: Pen, voice_id: int, version: int | None, raw: Mapping[str, Any]) -> None:
    """Put right what was keyed in. Raises WrongFields, NoSuchRecord, VoiceChanged."""
    form = read(SlipForm, raw)
    pen = pen.begin()
    try:
        stored = _slip(pen, voice_id, version)
        number = _number(pen, form, stored["number"]) or stored["number"]
        _write(pen, stored, _columns(pen, form) | {"number": number}, {"number": number})
    finally:
        pen.session.rollback()


def remove_slip(pen: Pen, voice_id: int, version: int | None) -> None:
    """Take back what was keyed in by mistake; the number on the slip is free again.

    Raises
    ------
    NoSuchRecord, VoiceChanged
    """
    pen = pen.begin()
    try:
        stored = _slip(pen, voice_id, version)
        gone = {"state": "withdrawn", "number": free_number(pen.session, pen.tenant.code)}
        _write(pen, stored, gone, gone)
    finally:
        pen.session.rollback()


def keyed_today(pen: Pen, land: Land) -> list[Voice]:
    """The slips this member has keyed in today, the last first."""
    mine = table_of(Suggestion).c.keyed_by == pen.member.account_id
    found = voices_of(pen.session, pen.member.viewer, land, mine)
    return [voice for voice in found if local(voice.row["received_at"]).date() == pen.today]


def _write(pen: Pen, stored: Row, said: Row, told: Row) -> None:
    hand = open_deed(pen.session, pen.hand, "slip", entity=ENTITY, entity_id=stored["id"])
    reply = reply_of(pen.session, pen.tenant.code, stored["id"])
    if "heard_on" in said:
        told = told | {"received_on": said["heard_on"]}
    change(pen.session, hand, Suggestion, stored, said)
    change(pen.session, hand, Reply, reply, told)
    pen.finish()


def _slip(pen: Pen, voice_id: int, version: int | None) -> Row:
    stored = find_voice(pen.session, pen.member.viewer, pen.tenant.code, voice_id)
    if stored["version"] != version or stored["status"] not in WAITING:
        raise VoiceChanged("この用紙には、もう答えたか、ほかの人が書きこみました。")
    if stored["channel"] != "slip":
        raise VoiceChanged("住民が自分で送った声は、書きかえられません。")
    return stored


def _number(pen: Pen, form: SlipForm, own: str | None = None) -> str | None:
    """The number printed on the slip; None: none was typed."""
    if form.number is None:
        return None
    number = read_number(form.number)
    if number is None:
        raise WrongFields({"number": "番号を、用紙の印刷のとおりに入れてください（8文字）。"})
    if number != own and not is_free(pen.session, pen.tenant.code, number):
        raise WrongFields({"number": "この番号は、もう打ちこまれています。"})
    return number


def _columns(pen: Pen, form: SlipForm) -> Row:
    """What is stored; whoever keys it in must be in charge of where it points."""
    land = pen.land()
    day = form.heard_on or pen.today
    if day > pen.today:
        raise WrongFields({"heard_on": "日付が、きょうより先です。"})
    columns = settle(land, VoiceForm(**form.model_dump(exclude={"number", "heard_on"})))
    if not pen.member.may(Right.EVERYWHERE):
        _refuse_elsewhere(pen, land, columns)
    return columns | {"heard_on": day}


def _refuse_elsewhere(pen: Pen, land: Land, columns: Row) -> None:
    code = land.area_of_town.get(columns["town_id"])
    areas = {code} if code else set(json.loads(columns["areas"] or "[]"))
    if not areas:
        raise WrongFields({"area": "圏域を選んでください。"})
    if not areas <= pen.member.areas:
        raise WrongFields({"town_id": "この町は、あなたの担当ではありません。"})


def values_of(voice: Row) -> Row:
    """What the form shows of a slip that was keyed in."""
    areas = json.loads(voice["areas"] or "[]")
    shown = {name: voice.get(name) for name in SlipForm.model_fields if name != "area"}
    return shown | {"area": areas[0] if areas else "", "heard_on": voice["heard_on"].isoformat()}
