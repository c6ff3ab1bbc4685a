"""Print what lies on the table of a workshop (話し合いの道具一式): maps, cards, slips, voices.

For a ご近所ケア会議 or 支え合いワークショップ: the big map to write on, cards of the places to lay
on it, slips to take home, and afterwards a sheet of what was heard.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Literal

from api.actions.heard_in_area import Heard
from api.actions.load_sheet import Focus, SheetLand, contact_of, focus_on
from api.actions.print_map import in_map_order, map_content, numbered_entries, print_map
from api.actions.sheet_words import SheetOrder, cover
from api.actions.voice_numbers import in_print, new_number
from api.models.kinds import SUGGESTION_KINDS, SUGGESTION_QUESTIONS
from web.sheets.kit import cards_pdf, slips_pdf
from web.sheets.listing import Section, listing_pdf
from web.sheets.map_sheet import map_pdf
from web.sheets.paper import Paper, Way
from web.sheets.sheet import Entry
from web.sheets.tiles import tiles_pdf
from web.words import wareki

SLIPS = 30
MOST_SLIPS = 400
KEPT_WORDS = "紙にのせる言葉がまだ書かれていない声"
Sheet = tuple[str, Callable[[], bytes]]


def print_kit(
    land: SheetLand, order: SheetOrder, heard: Sequence[Heard] | None, since: date, slips: int
) -> Iterator[Sheet]:
    """Name and maker of each sheet of the kit for an area; `heard`: None before the workshop.

    Raises
    ------
    NoSuchArea, NoLandYet
    """
    focus = focus_on(land, order.area, order.towns)
    yield "1_大きな地図_A1.pdf", partial(print_wall_map, land, focus, order)
    yield "1_大きな地図_A3を4枚はり合わせ.pdf", partial(print_tiles, land, focus, order)
    numbered = replace(order, paper=Paper("A3", "landscape"))
    yield "2_番号のついた地図_A3.pdf", partial(print_map, land, numbered)
    yield "3_置き札.pdf", partial(print_cards, land, focus, order)
    yield "4_声の用紙.pdf", partial(print_slips, land, focus, order, slips)
    if heard is not None:
        yield "5_みなさんの声.pdf", partial(print_heard, land, focus, order, heard, since)


def print_wall_map(land: SheetLand, focus: Focus, order: SheetOrder) -> bytes:
    """The big map (A1) to lay cards on and to write on: the ground alone, without places."""
    said = cover(land, focus, order, "わたしたちの地図", "置き札をならべて、書きこんでください。")
    bare = map_content(land, focus, land.places.iloc[:0], replace(said, voice=None))
    return map_pdf(bare, Paper("A1", _way(bare.about.bounds)), sides=2)


def print_tiles(land: SheetLand, focus: Focus, order: SheetOrder) -> bytes:
    """The same map on four A3 to tape together, where nobody has a printer for A1."""
    said = cover(land, focus, order, "わたしたちの地図", "")
    bare = map_content(land, focus, land.places.iloc[:0], said)
    return tiles_pdf(bare, _way(bare.about.bounds))


def _way(bounds: tuple[float, float, float, float]) -> Way:
    west, south, east, north = bounds
    way: Literal["landscape", "portrait"] = (
        "landscape" if east - west > north - south else "portrait"
    )
    return way


def print_cards(land: SheetLand, focus: Focus, order: SheetOrder) -> bytes:
    """Cards (置き札) of the area's places, numbered as on its map, and blank ones."""
    entries = numbered_entries(land, in_map_order(land, focus))
    placed = [entry for entry in entries if entry.number is not None]
    return cards_pdf(cover(land, focus, order, "置き札", ""), placed, len(placed))


def print_slips(land: SheetLand, focus: Focus, order: SheetOrder, count: int) -> bytes:
    """Slips (声の用紙) with the questions of the phone; each bears a number of its own."""
    contact = contact_of(land, focus)
    said = cover(
        land, focus, order, "あなたの声を聞かせてください", "あてはまるものに書いてください。"
    )
    return slips_pdf(
        said,
        list(SUGGESTION_KINDS.values()),
        SUGGESTION_QUESTIONS,
        [in_print(new_number()) for _ in range(count)],
        f"書いたら、係の人{f'か、{contact} ' if contact else ''}へお渡しください。",
    )


def print_heard(
    land: SheetLand, focus: Focus, order: SheetOrder, heard: Sequence[Heard], since: date
) -> bytes:
    """What was heard (みなさんの声), in words that name nobody, and what became of it."""
    sections = []
    for kind in SUGGESTION_KINDS.values():
        mine = [one for one in heard if one.kind == kind]
        unsaid = sum(one.voices for one in mine if not one.words)
        words = f"ほかに{KEPT_WORDS} {unsaid}件" if unsaid else ""
        entries = [_voice(one) for one in mine if one.words]
        if entries or unsaid:
            sections.append(Section(kind, entries, words))
    total = sum(one.voices for one in heard)
    opening = f"{wareki(since)}から{wareki(land.on)}までにいただいた {total}件です。"
    said = cover(land, focus, order, "みなさんの声", opening)
    return listing_pdf(said, sections, Paper("A4", "portrait"))


def _voice(heard: Heard) -> Entry:
    where = " ".join(filter(None, (heard.town, wareki(heard.heard_on))))
    same = f"同じ声 {heard.voices}件" if heard.voices > 1 else ""
    became = " ".join(filter(None, (heard.state, heard.became)))
    return Entry(
        name=heard.words or "",
        lines=tuple(filter(None, (where, became))),
        extras=tuple(filter(None, (same,))),
    )
