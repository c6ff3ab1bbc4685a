"""Erase what is known of a person when they ask for it (消去の求め): nothing brings it back.

What they said and who they are goes, out of the record and out of the log's values; that there was
a record, and who did what with it when, stays. 個人情報の保護に関する法律 第99条・第100条
(利用停止・消去の請求).
"""

from dataclasses import dataclass, field
from typing import Any

from pandas import DataFrame
from sqlmodel import Session, SQLModel

from api.actions.records import NoSuchRecord, Row
from api.actions.save_record import Pen
from api.models import Need, Photo, Posting, Reply, Suggestion, Supporter
from api.models.columns import table_of
from api.store import frames, history
from api.store.changes import forget_values, open_deed
from api.store.engine import leave_no_traces
from api.store.pictures import drop_picture, drop_sent_picture
from api.store.visible import KEEPER, Viewer, visible
from api.store.writing import write_derived

ERASED = "（消去済み）"


class ChangedMeanwhile(ValueError):
    """Somebody has changed the record since the page was opened (先に変えた人がいる)."""


@dataclass(frozen=True)
class Erasable:
    """A table that holds people, and what stands in a record of somebody who was erased."""

    model: type[SQLModel]
    word: str
    leaves: dict[str, Any]
    goes: str
    """What is erased, as people read it."""
    stays: str


OF_SUPPORTER = (
    *("external_id", "kana", "phone", "email", "town_id", "areas", "skills", "weekdays", "hours"),
    *("trainings", "registered_on", "organization_id", "note", "confirmed_by"),
)
OF_SUGGESTION = (
    *("form_key", "words", "place_name", "name", "phone", "lon", "lat", "printable"),
    "supporter_id",
)
ERASABLE: dict[str, Erasable] = {
    "supporter": Erasable(
        Supporter,
        "担い手",
        {name: None for name in OF_SUPPORTER}
        | {"name": ERASED, "office_find_key": "", "status": "left", "state": "withdrawn"},
        "名前、よみ、電話、メール、町と圏域、できること、研修、メモ",
        "台帳に一人いたこと（番号だけ）と、だれがいつ開いたか・変えたか",
    ),
    "posting": Erasable(
        Posting,
        "相談員の配置",
        {"name": ERASED},
        "名前",
        "この場所に、いつからいつまで一人いたこと（バッジの出る日は変わりません）",
    ),
    "suggestion": Erasable(
        Suggestion,
        "住民の声",
        {name: None for name in OF_SUGGESTION} | {"has_photo": False, "status": "erased"},
        "書かれた言葉、場所の名前、お名前、電話、地図の印、写真、返事の言葉、"
        "書きとめた困りごとの言葉（匿名にしたものを除く）",
        "声が一つ届いたこと（種類・町・日）。受付番号で見ると「求めにより消しました」と出ます",
    ),
    "photo": Erasable(
        Photo,
        "写真",
        {"caption": ERASED, "taken_on": None, "state": "withdrawn"},
        "写真そのものと、その説明",
        "写真が一枚あったことと、だれがいつ入れたか",
    ),
}


@dataclass(frozen=True)
class ToErase:
    """What somebody is about to erase, in words."""

    kind: Erasable
    entity: str
    row: Row
    name: str
    also: list[tuple[str, int]] = field(default_factory=list)
    """Other records that may be of the same person: entity and number."""


def find_erasable(session: Session, viewer: Viewer, code: str, entity: str, number: int) -> ToErase:
    """One record of a person that is still there. Raises `NoSuchRecord`, `Withheld`."""
    kind = ERASABLE[entity]
    table = table_of(kind.model)
    found = frames.read(session, visible(kind.model, viewer, code, table.c.id == number))
    row = next((row for _, row in frames.each(found)), None)
    if row is None or ERASED in (row.get("name"), row.get("caption")):
        raise NoSuchRecord(f"この{kind.word}は見つからないか、もう消してあります。")
    if row.get("status") == "erased":
        raise NoSuchRecord("この声は、もう消してあります。")
    name = row.get("name") or row.get("caption") or row.get("place_name") or ""
    return ToErase(kind, entity, row, name, _also(session, viewer, code, entity, row))


def _also(
    session: Session, viewer: Viewer, code: str, entity: str, row: Row
) -> list[tuple[str, int]]:
    if entity == "suggestion":
        return [("supporter", row["supporter_id"])] if row["supporter_id"] else []
    if entity != "supporter":
        return []
    led_here = table_of(Suggestion).c.supporter_id == row["id"]
    found = frames.read(session, visible(Suggestion, viewer, code, led_here, only=["id"]))
    return [("suggestion", int(number)) for number in found["id"]]


def erase_person(pen: Pen, entity: str, number: int, version: int | None) -> None:
    """Erase one record of a person, its values in the log, and what hangs on it.

    Raises
    ------
    NoSuchRecord, Withheld
    ChangedMeanwhile : nothing is erased.
    """
    pen = pen.begin()
    try:
        found = find_erasable(pen.session, pen.member.viewer, pen.tenant.code, entity, number)
        if found.row["version"] != version:
            words = f"この{found.kind.word}は、ほかの人が先に変えました。まだ何も消していません。"
            raise ChangedMeanwhile(f"{words}開き直して確かめてください。")
        open_deed(pen.session, pen.hand, "erase", entity=entity, entity_id=number)
        _erase(pen, found.kind.model, [number], found.kind.leaves)
        if entity == "suggestion":
            _erase_around_suggestion(pen, number)
        elif entity == "photo":
            drop_picture(pen.session, number)
        pen.finish()
    finally:
        pen.session.rollback()
    leave_no_traces(pen.session)


def _erase_around_suggestion(pen: Pen, number: int) -> None:
    """The photo goes, the office's words, and the needs whose words may still name somebody."""
    drop_sent_picture(pen.session, number)
    answered = table_of(Reply).c.suggestion_id == number
    told = {"words": None, "status": "erased", "answered_on": pen.today}
    _erase(pen, Reply, _numbers(pen, Reply, answered), told)
    table = table_of(Need)
    named = (table.c.suggestion_id == number, table.c.anonymous.is_(False))
    _erase(pen, Need, _numbers(pen, Need, *named), {"words": ERASED})


def _numbers(pen: Pen, model: type[SQLModel], *where: Any) -> list[int]:
    rows = visible(model, KEEPER, pen.tenant.code, *where)
    return [int(number) for number in frames.read(pen.session, rows)["id"]]


def _erase(pen: Pen, model: type[SQLModel], numbers: list[int], leaves: dict[str, Any]) -> None:
    """Write what is left without a line in the log, and take the log's own values away."""
    left = DataFrame([leaves] * len(numbers), index=numbers, dtype=object)
    write_derived(pen.session, model, left)
    about = (pen.tenant.code, table_of(model).name, [str(number) for number in numbers])
    lines = frames.read(pen.session, history.lines_about(*about))
    forget_values(pen.session, [int(line) for line in lines["id"]])
