"""Reading places (通いの場・拠点): lists of facilities in any generation of columns."""

from collections.abc import Mapping
from functools import lru_cache

from pandas import DataFrame, Series

from api.exchange.cells import (
    is_unknown,
    phones,
    plain,
    sure,
    whole_numbers,
    yes_no,
)
from api.exchange.dates import dates, hours, hours_within, times
from api.exchange.reading import Desk, Reading
from api.exchange.schedule_columns import combined
from api.exchange.schedules import to_json
from api.exchange.shapes import points_of
from api.exchange.source import Source
from api.exchange.weekdays import weekdays

COLUMN_NAMES = (
    "code external_id name kana kind address building lon lat phone organization weekdays opens_at "
    "closes_at schedule schedule_note capacity_people participants_people fee transport "
    "accessibility url note opened_on closed_on confirmed_on"
)
COLUMNS = COLUMN_NAMES.split()
TEXTS = ("kana", "kind", "building", "organization", "fee", "accessibility")
LABELS = {"capacity_people": "定員", "participants_people": "参加者数", "transport": "送迎"}


def read_places(
    source: Source,
    *,
    constants: Mapping[str, str] | None = None,
    mapping: Mapping[str, str] | None = None,
) -> Reading:
    """One row a place; columns as in `COLUMNS`, `kind` as the file words it.

    What cannot be read as a number, a day or a time is kept as text in `note` or `schedule_note`.
    `schedule` is there where `schedule_note` was understood as a rule, and says all of it.

    Raises
    ------
    Unreadable : no column of names.
    """
    desk = Desk.open(source, constants, mapping)
    if not desk.has("name") and "organization" in desk.columns:
        # Lists of salons often name the group only (団体名).
        desk.columns["name"] = desk.columns["organization"]
    names = desk.names("名称の列（名称、施設名、name など）が見つかりません。")
    codes = desk.codes()
    frame = points_of(desk).assign(
        code=codes,
        name=names,
        external_id=external_ids(desk, codes),
        address=addresses(desk),
        phone=phones(desk.raw("phone")),
        url=urls(desk),
        **{column: said(desk.text(column)) for column in TEXTS},
        **_schedule(desk),
        **_figures(desk),
        **dated(desk),
    )
    return desk.close(frame[COLUMNS], codes)


def said(texts: Series) -> Series:
    """Text, NA where it only says that nothing is known (-, 不明)."""
    return texts.mask(sure(texts.map(is_unknown, na_action="ignore")))


def external_ids(desk: Desk, codes: Series) -> Series:
    """The publisher's ID; one only together with its code block (全国地方公共団体コード)."""
    return plain(desk.raw("external_id")).where(codes.notna())


ADDRESS_PARTS = ("address_prefecture", "address_city", "address_town", "address_number")


def addresses(desk: Desk) -> Series:
    """The whole address, put together from its parts where the file has parts only."""
    whole = desk.text("address")
    if whole.notna().all() or not any(desk.has(part) for part in ADDRESS_PARTS[1:]):
        return whole
    parts = [desk.text(part).fillna("") for part in ADDRESS_PARTS]
    joined = [_joined(row) for row in zip(*parts, strict=True)]
    return whole.fillna(Series(joined, index=whole.index, dtype="str"))


def _joined(parts: tuple[str, ...]) -> str | None:
    """One address from its parts; a part may repeat what stands before it (宇都宮市の例)."""
    address = ""
    for part in parts:
        address = part if address and part.startswith(address) else address + part
    # A prefecture and a city alone say nothing about where a place is.
    return address if parts[2] or parts[3] or any(c.isdecimal() for c in parts[1]) else None


def urls(desk: Desk) -> Series:
    """Web addresses; anything but http and https is no link to hand on."""
    texts = said(plain(desk.raw("url")))
    texts = texts.mask(sure(texts.str.startswith("www.")), "http://" + texts)
    right = sure(texts.str.match(r"https?://\S+$"))
    desk.tell(
        texts.notna() & ~right,
        "url",
        "ホームページの番地（https://…）ではないので、使いません。",
        "warning",
    )
    return texts.where(right)


def _schedule(desk: Desk) -> dict[str, Series]:
    """Days and times, the rule they tell with the remarks, and all remarks as a note."""
    days, left_of_days = weekdays(desk.raw("weekdays"))
    opens, bad_open = times(desk.raw("opens_at"))
    closes, bad_close = times(desk.raw("closes_at"))
    from_span, to_span, bad_span = hours(desk.raw("hours"))
    # 毎週火曜日 10:00～11:30 in one cell: what is sure is taken, and the words stay.
    days_of_when, _ = weekdays(desk.raw("when"))
    from_when, to_when = hours_within(desk.raw("when"))
    closed = desk.text("closed_days")
    remarks = [desk.text("schedule_note"), desk.text("when")]
    left = [
        left_of_days,
        desk.text("opens_at").where(bad_open),
        desk.text("closes_at").where(bad_close),
        desk.text("hours").where(bad_span),
    ]
    columns = {
        "weekdays": days.fillna(days_of_when),
        "opens_at": opens.fillna(from_span).fillna(from_when),
        "closes_at": closes.fillna(to_span).fillna(to_when),
    }
    return {
        **columns,
        "schedule": _schedules(columns, [*remarks, *left], said(closed)),
        "schedule_note": joined_notes([*remarks, "休み: " + closed, *left]),
    }


def _schedules(columns: dict[str, Series], remarks: list[Series], closed: Series) -> Series:
    """The rule that columns and remarks tell together, as it is stored; NA where they do not."""
    read = lru_cache(maxsize=None)(_read_together)
    told = {f"remark{number}": remark for number, remark in enumerate(remarks)}
    cells = DataFrame({**columns, "closed": closed, **told}).astype(object)
    rows = cells.where(cells.notna(), None).itertuples(index=False, name=None)
    return Series([read(row) for row in rows], index=closed.index, dtype="str")


def _read_together(row: tuple[str | None, ...]) -> str | None:
    days, opens_at, closes_at, closed, *remarks = row
    told = [remark for remark in remarks if remark]
    found = combined(days, opens_at, closes_at, told, closed)
    return to_json(found) if found else None


def _figures(desk: Desk) -> dict[str, Series]:
    """Numbers of people and 送迎; a free text (大会議室：120名…) goes into the note."""
    found: dict[str, Series] = {}
    notes = [said(desk.text("note"))]
    for column in ("capacity_people", "participants_people"):
        values, bad = whole_numbers(desk.raw(column))
        negative = sure(values < 0)
        desk.tell(negative, column, "人数が負の数です。")
        found[column] = values.mask(negative)
        notes.append(LABELS[column] + ": " + desk.text(column).where(bad))
    found["transport"], bad = yes_no(desk.raw("transport"))
    notes.append(LABELS["transport"] + ": " + desk.text("transport").where(bad))
    return {**found, "note": joined_notes(notes)}


def dated(desk: Desk) -> dict[str, Series]:
    """When it opened, when it closes, when somebody last made sure of it."""
    found: dict[str, Series] = {}
    for column in ("opened_on", "closed_on", "confirmed_on"):
        found[column], bad = dates(desk.raw(column))
        expected = "日付として読めません（例: 2026-02-01、令和8年2月1日）。"
        # A place that has closed must not stay open because its date was misspelt.
        desk.tell(bad, column, expected, "error" if column == "closed_on" else "warning")
    return found


def joined_notes(notes: list[Series]) -> Series:
    """Several notes of a row as one, each said once; NA where there is none."""
    said = [note for note in notes if note.notna().any()]
    if len(said) < 2:
        return said[0] if said else notes[0]
    rows = zip(*(note.tolist() for note in said), strict=True)
    texts = ["\u3000".join(dict.fromkeys(n for n in row if isinstance(n, str))) for row in rows]
    return Series([t or None for t in texts], index=notes[0].index, dtype="str")
