"""What becomes of a suggestion (声への答え): looked into, corrected, noted, merged, declined."""

from collections.abc import Callable, Mapping
from typing import Any

from pandas import DataFrame

from api.actions.anonymous_words import tells_of_somebody
from api.actions.follow_voices import CORRECTING, answer, change
from api.actions.keep_photos import pass_photo_on
from api.actions.records import Row
from api.actions.registers import Register
from api.actions.registers.fields import Choice, Number, RecordForm, Said, WrongFields, read
from api.actions.save_record import Pen, Saved
from api.actions.send_suggestion import WAITING
from api.actions.voice_numbers import read_number
from api.actions.voices import find_voice
from api.models import Need, Suggestion
from api.models.columns import table_of
from api.models.kinds import NEED_KINDS
from api.store import frames
from api.store.changes import Hand, open_deed
from api.store.visible import visible
from api.store.writing import write_records


class VoiceChanged(ValueError):
    """Somebody has changed or answered the suggestion meanwhile (先に答えた人がいる)."""


class NeedForm(RecordForm):
    """What is written down of a need (困りごと)."""

    kind: Choice = None
    words: Said = None
    town_id: Number = None
    anonymous: bool = False
    printable: Said = None
    reply: Said = None


def look_into(pen: Pen, voice_id: int, version: int | None) -> None:
    """Say that somebody is looking into it (確認中). Raises NoSuchRecord, VoiceChanged."""

    def looking(pen: Pen, hand: Hand, voice: Row) -> None:
        answer(pen.session, hand, voice, "looking", None, pen.today)

    _answered(pen, voice_id, version, looking)


def decline(pen: Pen, voice_id: int, version: int | None, reason: str) -> None:
    """Change nothing; the sender reads why. Raises WrongFields, NoSuchRecord, VoiceChanged."""
    words = _said(reason, "reason", "理由を書いてください。送った人が読みます。")

    def declined(pen: Pen, hand: Hand, voice: Row) -> None:
        answer(pen.session, hand, voice, "declined", words, pen.today)

    _answered(pen, voice_id, version, declined)


def decline_many(pen: Pen, versions: Mapping[int, int], reason: str) -> int:
    """Decline all of these at once, by number and the version that was read (まとめて見送る).

    One transaction, and a deed for each, so that each can be undone by itself.

    Raises
    ------
    WrongFields : nothing is chosen, or no reason given.
    NoSuchRecord, VoiceChanged : of any of them; then none is declined.
    """
    words = _said(reason, "reason", "理由を書いてください。送った人が読みます。")
    if not versions:
        raise WrongFields({"voice": "見送る声に、印をつけてください。"})
    pen = pen.begin()
    try:
        for voice_id, version in versions.items():
            voice = _found(pen, voice_id, version)
            _refuse_answered(voice)
            answer(pen.session, _deed(pen, voice_id), voice, "declined", words, pen.today)
        pen.finish()
        return len(versions)
    finally:
        pen.session.rollback()


def merge(pen: Pen, voice_id: int, version: int | None, into: str, reply: str) -> None:
    """Treat it as one with another suggestion, named by its number (ほかの声とあわせる).

    Raises
    ------
    WrongFields, NoSuchRecord, VoiceChanged
    """
    words = read(NeedForm, {"words": reply}).words

    def merged(pen: Pen, hand: Hand, voice: Row) -> None:
        other = _other(pen, voice, into)
        more = {"merged_into": other}
        answer(pen.session, hand, voice, "merged", words, pen.today, **more)

    _answered(pen, voice_id, version, merged)


def note_need(pen: Pen, voice_id: int, version: int | None, raw: Mapping[str, Any]) -> None:
    """Store it as a need (困りごと). Raises WrongFields, NoSuchRecord, VoiceChanged."""
    form = read(NeedForm, raw)
    land = pen.land()
    wrong: dict[str, str] = {}
    if form.kind not in NEED_KINDS:
        wrong["kind"] = "困りごとの種類を選んでください。"
    if form.words is None:
        wrong["words"] = "困りごとを、ひとことで書いてください。"
    elif form.anonymous and (found := tells_of_somebody(form.words)):
        wrong["words"] = found
    if form.town_id is not None and form.town_id not in land.towns.index:
        wrong["town_id"] = "町を選び直してください。"
    if form.printable and (found := tells_of_somebody(form.printable)):
        wrong["printable"] = found
    if wrong:
        raise WrongFields(wrong)

    def noted(pen: Pen, hand: Hand, voice: Row) -> None:
        need = form.model_dump(include={"kind", "words", "anonymous", "town_id"}) | {
            "id": None,
            "areas": voice["areas"] if form.town_id is None else None,
            "heard_on": voice["heard_on"],
            "suggestion_id": voice["id"],
            "status": "open",
            "state": "published",
        }
        incoming = DataFrame([need], dtype=object)
        write_records(pen.session, hand, Need, incoming, incoming.iloc[:0])
        more = {"printable": form.printable} if form.printable else {}
        answer(pen.session, hand, voice, "noted", form.reply, pen.today, **more)

    _answered(pen, voice_id, version, noted)


def mark_printable(pen: Pen, voice_id: int, version: int | None, text: str) -> None:
    """Say which words may stand on paper (紙にのせる言葉); empty: none.

    Raises
    ------
    WrongFields : they seem to tell of somebody.
    NoSuchRecord, VoiceChanged
    """
    words = read(NeedForm, {"words": text}).words
    found = tells_of_somebody(words) if words else None
    if found:
        raise WrongFields({"printable": found})

    def marked(pen: Pen, hand: Hand, voice: Row) -> None:
        change(pen.session, hand, Suggestion, voice, {"printable": words})

    _answered(pen, voice_id, version, marked, answered_too=True)


def take_up(
    pen: Pen,
    saved: Saved,
    *,
    register: Register,
    voice_id: int,
    reply: str = "",
    caption: str | None = None,
) -> None:
    """Tie a suggestion to the record it led to, in the transaction of that record.

    `caption`: what the photo shows that came with it, where it becomes one of the place.

    Raises
    ------
    NoSuchRecord, Withheld, VoiceChanged, WrongFields
    """
    voice = find_voice(pen.session, pen.member.viewer, pen.tenant.code, voice_id)
    _refuse_answered(voice)
    hand = _deed(pen, voice_id)
    words = read(NeedForm, {"words": reply}).words
    if register.personal:
        status, more = "calling", {"supporter_id": saved.record_id}
    else:
        status = "mended" if saved.became == "published" else CORRECTING
        more = {"place_id": saved.record_id} if register.key == "places" else {}
        if caption is not None and register.key == "places":
            pass_photo_on(pen, saved.record_id, voice_id, caption)
    answer(pen.session, hand, voice, status, words, pen.today, **more)


def _answered(
    pen: Pen,
    voice_id: int,
    version: int | None,
    write: Callable[[Pen, Hand, Row], None],
    *,
    answered_too: bool = False,
) -> None:
    pen = pen.begin()
    try:
        voice = _found(pen, voice_id, version)
        if not answered_too:
            _refuse_answered(voice)
        write(pen, _deed(pen, voice_id), voice)
        pen.finish()
    finally:
        pen.session.rollback()


def _found(pen: Pen, voice_id: int, version: int | None) -> Row:
    """The suggestion as it was read, and not erased since."""
    voice = find_voice(pen.session, pen.member.viewer, pen.tenant.code, voice_id)
    if voice["version"] != version:
        raise VoiceChanged("ほかの人が、先にこの声に書きこみました。開き直して確かめてください。")
    if voice["status"] == "erased":
        raise VoiceChanged("この声は、送った人の求めにより消してあります。")
    return voice


def _deed(pen: Pen, voice_id: int) -> Hand:
    return open_deed(pen.session, pen.hand, "answer", entity="suggestion", entity_id=voice_id)


def _refuse_answered(voice: Row) -> None:
    if voice["status"] not in WAITING:
        words = (
            "この声には、もう答えてあります。変えるときは、先に「これまで」から取り消してください。"
        )
        raise VoiceChanged(words)


def _other(pen: Pen, voice: Row, into: str) -> int:
    """The suggestion it is merged into: one that stands by itself."""
    number = read_number(into)
    table = table_of(Suggestion)
    found = frames.read(
        pen.session,
        visible(Suggestion, pen.member.viewer, pen.tenant.code, table.c.number == number),
    )
    if number is None or found.empty or int(found["id"].iloc[0]) == voice["id"]:
        raise WrongFields({"into": "あわせる先の声を、選び直してください。"})
    if found["merged_into"].iloc[0] is not None:
        raise WrongFields(
            {"into": "その声は、ほかの声とあわせてあります。あわせた先を選んでください。"}
        )
    return int(found["id"].iloc[0])


def _said(text: str, field: str, missing: str) -> str:
    words = read(NeedForm, {"words": text}).words
    if words is None:
        raise WrongFields({field: missing})
    return words
