"""Export a register (今の一覧をExcelで): what a list shows, every page of it."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from sqlmodel import Session

from api.actions.find_records import Search, select_records, stale_before
from api.actions.locating import Land
from api.actions.records import office_settings
from api.actions.register_table import mark_of, register_table
from api.actions.registers import Register
from api.exchange.register_files import TableFormat, table_file
from api.store.visible import Viewer
from web.words import wareki

NOTES = (
    "直したら、拠り所の「取り込み」か、一覧の「表をもどす」でもどしてください。"
    "書き込む前に、どこが変わるかを一行ずつ見られます。",
    "新しいものは、下の空いた行に書いてください。消したい行は、行ごと消すのではなく"
    "「終了した日」を入れてください（通いの場とサービス）。",
    "右はしの「拠り所番号」と「拠り所控え」は、もどすときに使います。変えないでください。",
    "空らんにすると、その項目は消えます。",
)


@dataclass(frozen=True)
class Exported:
    """A file that leaves: its name, its bytes, and which records are in it."""

    name: str
    content: bytes
    records: list[int]


def export_register(
    session: Session,
    viewer: Viewer,
    land: Land,
    register: Register,
    search: Search,
    form: TableFormat,
) -> Exported:
    """The records a list shows, as the viewer may see them."""
    months = office_settings(session, land.tenant)["stale_months"]
    rows = select_records(
        session, viewer, land, register, search, stale_before=stale_before(land.on, months)
    )
    table = register_table(session, viewer, land, register)
    whole = table.table(rows, mark_of(session, land.tenant.code, _asked(search)))
    title = f"{land.tenant.name}_{register.word}"
    content = table_file(
        form, whole, table.columns, title=register.word, notes=[*_about(land, register), *NOTES]
    )
    name = f"{title}_{_day(land.on)}.{form}"
    return Exported(name, content, [int(number) for number in rows["id"]])


def _about(land: Land, register: Register) -> list[str]:
    secret = "個人情報がはいっています。取り扱いに注意してください。" if register.personal else ""
    office = "" if register.personal else "公開していないこと（庁内メモなど）もはいっています。"
    when = f"{land.tenant.name}　{register.word}　{wareki(land.on)}に書き出しました。"
    return [when, secret or office]


def _asked(search: Search) -> str:
    """What the list was asked, so that what is missing in the file can be told."""
    said = {
        "q": search.words,
        "area": search.area,
        "kind": search.kind,
        "state": search.state,
        "stale": "1" if search.stale else None,
        "closed": "1" if search.closed else None,
    }
    return urlencode({name: value for name, value in said.items() if value})


def _day(day: date) -> str:
    return day.isoformat().replace("-", "")
