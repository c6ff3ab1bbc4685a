"""Reading services (生活支援サービス): lists of care providers, lists that coordinators keep."""

from collections.abc import Mapping

import pandas as pd
from pandas import DataFrame, Series

from api.exchange.cells import each_distinct, is_unknown, phones, plain
from api.exchange.cells import whole_numbers as read_whole_numbers
from api.exchange.cells import yes_no as read_yes_no
from api.exchange.dates import times
from api.exchange.places import addresses, dated, external_ids, joined_notes, said, urls
from api.exchange.reading import Desk, Reading
from api.exchange.service_kinds import KindsRead, read_service_kinds
from api.exchange.shapes import points_of
from api.exchange.source import Source
from api.exchange.weekdays import weekdays
from web.words import open_days

COLUMN_NAMES = (
    "code external_id name kana kind kinds areas organization target fee capacity_people "
    "monthly_users_people has_room transport schedule_note address lon lat phone url note "
    "opened_on closed_on confirmed_on"
)
COLUMNS = COLUMN_NAMES.split()
TEXTS = ("kana", "kind", "areas", "organization", "target", "fee")
LABELS = {
    "capacity_people": "定員",
    "monthly_users_people": "利用者数",
    "transport": "送迎",
    "has_room": "空き",
}
FULL_WORDS = (
    "無 無し なし × x 満員 満床 定員 満 いっぱい 空きなし 空き無し 不可 受入不可 停止 中止 0"
)
ROOM_WORDS = (
    "有 有り あり ○ 〇 ◯ ◎ 空きあり 空き有り 余裕あり 可 可能 受入可 受入可能 受付中 募集中 △ "
    "わずか 残りわずか 若干 若干名 1"
)
ASK_WORDS = "要相談 応相談 要問合せ 要問い合わせ 要確認 問い合わせ お問い合わせください"
FULL, ROOM, ASK = (frozenset(words.split()) for words in (FULL_WORDS, ROOM_WORDS, ASK_WORDS))


def read_services(
    source: Source,
    *,
    constants: Mapping[str, str] | None = None,
    mapping: Mapping[str, str] | None = None,
) -> Reading:
    """One row a line of the file; `kinds` is a `KindsRead`, `areas` as the file words it.

    Raises
    ------
    Unreadable : no column of names.
    """
    desk = Desk.open(source, constants, mapping)
    names = desk.names("名称の列（名称、サービス名、事業所名 など）が見つかりません。")
    codes = desk.codes()
    texts = {column: said(desk.text(column)) for column in TEXTS}
    frame = points_of(desk).assign(
        code=codes,
        name=names,
        external_id=_numbers(desk, codes),
        kinds=_kinds(texts["kind"]),
        address=_address(desk),
        phone=phones(desk.raw("phone")),
        url=urls(desk),
        schedule_note=_when(desk),
        **texts,
        **_figures(desk),
        **dated(desk),
    )
    return desk.close(DataFrame(frame[COLUMNS]), codes)


def _numbers(desk: Desk, codes: Series) -> Series:
    """The publisher's ID with its code block, else the ten digits of 事業所番号."""
    own = external_ids(desk, codes)
    office = plain(desk.raw("office_number")).str.replace(r"[\s-]", "", regex=True)
    office = office.where(office.str.fullmatch(r"[0-9A-Z]{10}").fillna(False).astype(bool))
    return (codes + "/" + own).where(own.notna(), office)


def _kinds(texts: Series) -> Series:
    read = [KindsRead(()) if pd.isna(text) else read_service_kinds(str(text)) for text in texts]
    return Series(read, index=texts.index, dtype=object)


def _address(desk: Desk) -> Series:
    """The address with its building: a service has one line for both."""
    whole, building = addresses(desk), said(desk.text("building"))
    return (whole + " " + building).fillna(whole)


def _when(desk: Desk) -> Series:
    """Days, hours and remarks as one line of words."""
    days, left = weekdays(desk.raw("weekdays"))
    words = days.map(open_days, na_action="ignore").where(left.isna(), left)
    opens, bad_open = times(desk.raw("opens_at"))
    closes, bad_close = times(desk.raw("closes_at"))
    hours = (opens.fillna("") + "〜" + closes.fillna("")).where(opens.notna() | closes.notna())
    notes = [
        words.astype("str"),
        hours.astype("str"),
        desk.text("opens_at").where(bad_open),
        desk.text("closes_at").where(bad_close),
        said(desk.text("schedule_note")),
    ]
    return joined_notes(notes)


def _figures(desk: Desk) -> dict[str, Series]:
    """Numbers of people, 送迎 and 空き; whatever cannot be read so goes into the note."""
    found: dict[str, Series] = {}
    notes = [said(desk.text("note"))]
    for column in ("capacity_people", "monthly_users_people"):
        values, bad = read_whole_numbers(desk.raw(column))
        negative = (values < 0).fillna(False).astype(bool)
        desk.tell(negative, column, "人数が負の数です。")
        found[column] = values.mask(negative)
        if column == "capacity_people":
            notes.append(LABELS[column] + ": " + desk.text(column).where(bad))
        else:
            # How many use it is for the offices only: words about it must not go into the note.
            desk.tell(bad, column, "人数として読めないので、使いません。", "warning")
    for column, (values, bad) in {
        "transport": read_yes_no(desk.raw("transport")),
        "has_room": rooms(desk.raw("has_room")),
    }.items():
        found[column] = values
        notes.append(LABELS[column] + ": " + desk.text(column).where(bad))
    return {**found, "note": joined_notes(notes)}


def rooms(cells: Series) -> tuple[Series, Series]:
    """Whether there is room (空き) as boolean, and which cells say something else."""
    texts = plain(cells).str.lower().str.replace(r"\s", "", regex=True)
    read = each_distinct(texts, _room)
    bad = read.map(lambda answer: isinstance(answer, str)).astype(bool)
    return read.where(~bad, None).astype("boolean"), bad


def _room(text: str) -> object:
    if text in FULL or text in ROOM:
        return text in ROOM
    return pd.NA if is_unknown(text) or text in ASK else "?"
