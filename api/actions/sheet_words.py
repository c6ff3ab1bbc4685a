"""What sheets say (紙の言葉): their cover, their codes, and each place in a few lines."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import quote

from api.actions.list_resources import ASK, when_in_words
from api.actions.load_sheet import Focus, SheetLand, contact_of
from api.models.kinds import PlaceKind
from web.sheets.paper import Paper
from web.sheets.readings import reading_beside
from web.sheets.sheet import Code, Cover, Entry, Foot
from web.words import wareki

Order = Literal["map", "week"]


@dataclass(frozen=True)
class SheetOrder:
    """How somebody wants a sheet."""

    area: str = ""
    """Code of the area; empty: the whole municipality."""
    towns: tuple[int, ...] = ()
    """Towns of the area: the sheet of a town (自治会版)."""
    paper: Paper = field(default_factory=Paper)
    sides: int = 1
    order: Order = "map"
    base_url: str = ""
    """Where this installation answers; empty: no QR code leads there."""


def cover(
    land: SheetLand, focus: Focus, order: SheetOrder, title: str, words: str, page: str = ""
) -> Cover:
    """What a sheet says of itself; `page` is the page of the area its code leads to."""
    of = "" if focus.name == land.tenant.name else f" {focus.name}"
    home = f"{order.base_url}/{land.tenant.code}"
    code = quote(focus.area, safe="")
    there = f"{home}/areas/{code}" if code else home
    area = f"?area={code}" if code else ""
    return Cover(
        on=land.on,
        publisher=land.tenant.name,
        where=f"{land.tenant.name}{of}",
        title=title,
        words=words,
        foot=Foot(f"{wareki(land.on)}現在", contact_of(land, focus)),
        code=Code(f"{there}{page}", "スマホで見る") if order.base_url else None,
        voice=Code(f"{home}/voice{area}", VOICE) if order.base_url else None,
    )


VOICE = "ちがうところ、のっていない場所、ほしい助けを、教えてください。"


def place_entry(land: SheetLand, row: Mapping[str, Any], number: int | None = None) -> Entry:
    """A place as a list tells it; what nobody knows is left out."""
    withheld = row["location_kind"] != "point"
    where = ASK if withheld else _joined([short_address(row["address"], land), row["building"]])
    near = [
        "位置はおおよそ" if row["approximate"] else "",
        "圏域のすぐ外" if row["outside"] else "",
    ]
    extras = [
        f"費用 {row['fee']}" if row["fee"] else "",
        "送迎あり" if row["transport"] else "",
        row["accessibility"] or "",
        "なじみの場" if row["informal"] else "",
    ]
    lines = (when_in_words(row), _joined([where, *near]))
    return Entry(
        name=row["name"],
        kana=reading_beside(row["name"], row["kana"]),
        kind=row["kind"],
        kind_label=PlaceKind(row["kind"]).label,
        lines=tuple(filter(None, lines)),
        extras=tuple(filter(None, extras)),
        phone=row["phone"] or "",
        number=number,
        stale=bool(row["stale"]),
    )


def short_address(address: str | None, land: SheetLand) -> str:
    """The address as one says it in the municipality, without its name."""
    if not address:
        return ""
    return address.removeprefix(land.tenant.prefecture or "").removeprefix(land.tenant.name)


def _joined(parts: list[str | None]) -> str:
    return "　".join(filter(None, parts))
