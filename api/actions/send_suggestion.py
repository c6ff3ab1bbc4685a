"""Take a resident's suggestion in (住民の声), and tell what became of it by its number."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pandas import DataFrame
from sqlmodel import Session

from api.actions.find_municipality import Tenant
from api.actions.locating import Land
from api.actions.records import Row
from api.actions.registers.fields import WrongFields
from api.actions.voice_form import VoiceForm, settle
from api.actions.voice_numbers import new_number
from api.exchange.photos import NotAPhoto, Photo, take_in
from api.models import Reply, Suggestion
from api.models.columns import table_of
from api.store import frames
from api.store.changes import Hand, name_deed, open_deed, take_turn
from api.store.pictures import keep_sent_picture
from api.store.visible import KEEPER, RESIDENT, visible
from api.store.writing import write_records

ACTOR, ENTITY = "resident", "suggestion"
WAITING = ("received", "looking")


class QueueFull(PermissionError):
    """More suggestions wait than anybody can look at: residents are asked to phone (受付の停止)."""


class NoSuchNumber(LookupError):
    """No suggestion bears this number."""


@dataclass(frozen=True)
class Sending:
    """One sending of the form: which copy, when, with which photo."""

    form_key: str
    today: date
    now: datetime
    photo: bytes | None = None
    most_waiting: int = 500


def send_suggestion(session: Session, tenant: Tenant, form: VoiceForm, sending: Sending) -> str:
    """Store what a resident sent; its number. The same copy of the form sent again: the same one.

    Nothing of the sender is stored but what they wrote. The municipality's revision stays: nothing
    that anybody is shown follows from a suggestion, and a flood must not empty the caches.

    Raises
    ------
    WrongFields, QueueFull
    """
    known = _sent_before(session, tenant.code, sending.form_key)
    if known is not None:
        return known
    columns = settle(Land(session, tenant, sending.today), form)
    photo = _photo(sending.photo)
    take_turn(session, tenant.code)
    try:
        known = _sent_before(session, tenant.code, sending.form_key)
        if known is not None:
            return known
        _refuse_when_full(session, tenant.code, sending.most_waiting)
        hand = open_deed(session, Hand(tenant.code, ACTOR), "voice", entity=ENTITY)
        more = {
            "form_key": sending.form_key,
            "channel": "web",
            "heard_on": sending.today,
            "received_at": sending.now,
            "has_photo": photo is not None,
        }
        number = free_number(session, tenant.code)
        added = enter(session, hand, columns | more, number)
        name_deed(session, hand, added)
        if photo is not None:
            keep_sent_picture(session, added, photo.full, photo.thumb)
        session.commit()
        return number
    finally:
        session.rollback()


def _photo(data: bytes | None) -> Photo | None:
    if not data:
        return None
    try:
        return take_in(data)
    except NotAPhoto as refused:
        raise WrongFields({"photo": str(refused)}) from refused


def _sent_before(session: Session, code: str, form_key: str) -> str | None:
    where = table_of(Suggestion).c.form_key == form_key
    found = frames.read(session, visible(Suggestion, KEEPER, code, where, only=["number"]))
    return None if found.empty else str(found["number"].iloc[0])


def _refuse_when_full(session: Session, code: str, most: int) -> None:
    table = table_of(Suggestion)
    waits = (table.c.status.in_(WAITING), table.c.channel == "web", table.c.state == "published")
    if len(frames.read(session, visible(Suggestion, KEEPER, code, *waits, only=["id"]))) >= most:
        raise QueueFull("たくさんの声が届いていて、いまは新しく受け取れません。")


def free_number(session: Session, code: str) -> str:
    """A number that nobody bears yet."""
    number = new_number()
    while not is_free(session, code, number):
        number = new_number()
    return number


def is_free(session: Session, code: str, number: str) -> bool:
    """Whether no suggestion bears the number, not even one that was taken back."""
    where = table_of(Suggestion).c.number == number
    return frames.read(session, visible(Suggestion, KEEPER, code, where, only=["id"])).empty


def enter(session: Session, hand: Hand, columns: Row, number: str) -> int:
    """Write a suggestion and the reply its sender will find; its id."""
    row = {"id": None, "number": number, "status": "received", "state": "published", **columns}
    added = _insert(session, hand, Suggestion, row)
    reply = {
        "id": None,
        "number": number,
        "suggestion_id": added,
        "status": "received",
        "received_on": columns["heard_on"],
        "state": "published",
    }
    _insert(session, hand, Reply, reply)
    return added


def _insert(session: Session, hand: Hand, model: Any, row: Row) -> int:
    incoming = DataFrame([row], dtype=object)
    written = write_records(session, hand, model, incoming, incoming.iloc[:0])
    return int(written["id"].iloc[0])


def reply_to(session: Session, code: str, number: str) -> Row:
    """What the sender may read: status, words, days. Raises `NoSuchNumber`."""
    where = table_of(Reply).c.number == number
    found = frames.read(session, visible(Reply, RESIDENT, code, where))
    if found.empty:
        raise NoSuchNumber("この番号の声は、見つかりません。番号をもう一度、確かめてください。")
    return next(row for _, row in frames.each(found))
