"""Reading supporters (担い手). Personal data: of an address only the town is ever looked at."""

import json
import re
from collections.abc import Mapping

import pandas as pd
from pandas import DataFrame, Series

from api.exchange.cells import each_distinct, phones, plain
from api.exchange.dates import dates
from api.exchange.places import external_ids, joined_notes, said
from api.exchange.reading import Desk, Reading
from api.exchange.source import Source
from api.exchange.weekdays import weekdays
from api.models.kinds import SUPPORTER_SKILLS, SUPPORTER_STATUSES

COLUMN_NAMES = (
    "code external_id name kana phone email town address areas skills weekdays hours trainings "
    "status registered_on organization note confirmed_on"
)
COLUMNS = COLUMN_NAMES.split()
SKILL_WORDS = {
    "talking": "話し相手|傾聴|お話|おしゃべり",
    "watching": "見守り|みまもり|声かけ|安否",
    "shopping": "買い?物",
    "housework": "家事|掃除|洗濯|片付け|片づけ",
    "garbage": "ごみ|ゴミ",
    "garden": "草取り|草刈り|庭|剪定|植木",
    "driving": "運転|送迎|移送|車の",
    "escort": "付き?添い?|同行",
    "cooking": "料理|調理|配食|食事",
    "exercise": "体操|運動",
    "hobby": "趣味|特技|手芸|囲碁|将棋|音楽|書道|折り紙",
    "repair": "修理|修繕|大工|電球",
    "phone": "スマホ|パソコン|携帯|タブレット",
    "running": "世話役|世話人|運営|受付|企画",
}
STATUS_WORDS = {
    "left": "辞|退会|引退|終了|抹消",
    "resting": "休止|休会|休み|停止",
    "registered": "登録のみ|待機|未活動|登録$|登録済",
    "active": "活動|現役|稼働|有効",
}
SKILLS, STATUSES = (
    {kind: re.compile(words) for kind, words in table.items()}
    for table in (SKILL_WORDS, STATUS_WORDS)
)
PARTS = re.compile(r"[、,;/\n|]")
MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def read_supporters(
    source: Source,
    *,
    constants: Mapping[str, str] | None = None,
    mapping: Mapping[str, str] | None = None,
) -> Reading:
    """One row a person; `skills` as a JSON list of codes, `town` and `address` as written.

    Raises
    ------
    Unreadable : no column of names.
    """
    desk = Desk.open(source, constants, mapping)
    names = desk.names("氏名の列（氏名、名前 など）が見つかりません。", "氏名を入れてください。")
    codes = desk.codes()
    own = external_ids(desk, codes)
    days, days_left = weekdays(desk.raw("weekdays"))
    skills, skills_left = _skills(said(desk.text("skills")))
    frame = DataFrame(
        {
            "code": codes,
            "external_id": (codes + "/" + own).where(own.notna()),
            "name": names,
            "phone": phones(desk.raw("phone")),
            "email": _mails(desk),
            "skills": skills,
            "weekdays": days,
            "hours": joined_notes([said(desk.text("hours")), days_left]),
            "trainings": desk.text("trainings").str.replace(r"\s*[;；、]\s*", "\n", regex=True),
            "status": _statuses(desk),
            "note": joined_notes([said(desk.text("note")), "できること: " + skills_left]),
            **{name: said(desk.text(name)) for name in ("kana", "town", "areas", "organization")},
            "address": desk.text("address"),
            **_days(desk),
        }
    )
    return desk.close(DataFrame(frame[COLUMNS]), codes)


def _skills(texts: Series) -> tuple[Series, Series]:
    """What somebody can do as codes, and the words that say something else."""
    read = [(None, None) if pd.isna(text) else _skills_in(str(text)) for text in texts]
    codes, left = zip(*read, strict=True) if read else ((), ())
    return (
        Series(list(codes), index=texts.index, dtype=object),
        Series(list(left), index=texts.index, dtype="str"),
    )


def _skills_in(text: str) -> tuple[str | None, str | None]:
    found: set[str] = set()
    left: list[str] = []
    for piece in filter(None, map(str.strip, PARTS.split(text.replace("，", ",")))):
        parts = [piece] if _skill(piece) else piece.split("・")
        if all(map(_skill, piece.split("・"))):
            parts = piece.split("・")
        for part in parts:
            skill = _skill(part)
            found |= {skill} if skill else set()
            left += [] if skill else [part]
    codes = [code for code in SUPPORTER_SKILLS if code in found]
    return json.dumps(codes, ensure_ascii=False) if codes else None, "、".join(left) or None


def _skill(text: str) -> str | None:
    exact = {label: code for code, label in SUPPORTER_SKILLS.items()}
    known = text.strip() if text.strip() in SUPPORTER_SKILLS else exact.get(text.strip())
    return known or next((code for code, words in SKILLS.items() if words.search(text)), None)


def _statuses(desk: Desk) -> Series:
    texts = said(desk.text("status"))
    read = Series(each_distinct(plain(texts), _status), dtype="str")
    desk.tell(
        texts.notna() & read.isna(),
        "status",
        "状態として読めません（活動中、登録のみ、休止中、辞めた）。新しい人は「活動中」とします。",
        "warning",
    )
    return read


def _status(text: str) -> str | None:
    exact = {label: code for code, label in SUPPORTER_STATUSES.items()}
    known = text if text in SUPPORTER_STATUSES else exact.get(text)
    return known or next((code for code, words in STATUSES.items() if words.search(text)), None)


def _mails(desk: Desk) -> Series:
    texts = said(plain(desk.raw("email")))
    right = texts.str.fullmatch(MAIL.pattern).fillna(False).astype(bool)
    # What was read stays out of the message: it is somebody's.
    nothing = Series("", index=texts.index)
    expected = "メールアドレスではないので、使いません。"
    desk.tell(texts.notna() & ~right, "email", expected, "warning", read=nothing)
    return texts.where(right)


def _days(desk: Desk) -> dict[str, Series]:
    found: dict[str, Series] = {}
    for column in ("registered_on", "confirmed_on"):
        found[column], bad = dates(desk.raw(column))
        expected = "日付として読めません（例: 2026-02-01、令和8年2月1日）。"
        desk.tell(bad, column, expected, "warning")
    return found
