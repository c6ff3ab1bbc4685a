"""An A3 sheet of 40 places against headless Chromium printing the same content to PDF."""

import os
import subprocess
from contextlib import ExitStack
from dataclasses import replace
from html import escape
from itertools import count
from pathlib import Path

from playwright.sync_api import Page
from sqlmodel import Session

from api.actions.load_sheet import SheetLand, focus_on, load_sheet_land
from api.actions.print_map import in_map_order, map_content, print_map
from api.actions.sheet_words import SheetOrder, cover
from api.clock import today
from api.store.visible import RESIDENT
from benchmarks.browser import chromium
from benchmarks.made_city import CODE, set_up_city
from benchmarks.measuring import PeerMissing, in_turn, seconds
from benchmarks.results import Report, Row
from web.sheets.map_sheet import map_values
from web.sheets.paper import Paper

PLACES, TIMES = 40, 9
LIMIT, LIMIT_S = 1 / 10, 0.5
SWITCHES = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking")
ORDER = SheetOrder(paper=Paper("A3", "landscape"), base_url="https://example.jp")


def run(folder: Path) -> Report:
    """Measure one sheet; every round another title, so that nothing kept from before helps."""
    engine = set_up_city(folder / "sheet.sqlite", PLACES)
    round_ = count(1)
    with Session(engine) as session, ExitStack() as stack:
        land = load_sheet_land(session, CODE, RESIDENT, today())
        html = page_of(land)
        pages: list[Page] = []

        def ours() -> float:
            named = replace(land, tenant=replace(land.tenant, name=f"見本市{next(round_)}"))
            return seconds(lambda: print_map(named, ORDER))

        def warm() -> float:
            if not pages:
                pages.append(stack.enter_context(chromium()).new_page())
            named = html.replace(land.tenant.name, f"見本市{next(round_)}")
            return seconds(lambda: _printed(pages[0], named))

        def started() -> float:
            return seconds(lambda: _printed_by_a_new_one(folder, html))

        def from_the_store() -> None:
            print_map(load_sheet_land(session, CODE, RESIDENT, today()), ORDER)

        sheet, (running, new) = in_turn(TIMES, ours, warm, started)
        whole, _ = in_turn(TIMES, lambda: seconds(from_the_store))
        size = len(print_map(land, ORDER))
    engine.dispose()
    return Report(
        f"A3 sheet of {PLACES} places against Chromium's print to PDF",
        [
            Row("one sheet; a Chromium started for it", "s", sheet, new, at_most=LIMIT),
            Row("one sheet; a Chromium that runs already", "s", sheet, running),
            Row("one sheet, warm", "s", sheet, at_most=LIMIT_S, beside_peer=False),
            Row("— with the municipality read from the store", "s", whole),
        ],
        [
            "Ours from loaded frames: numbers pulled apart, labels placed, ground drawn, typeset, "
            f"tagged (PDF/UA-1), {size:,} bytes. The peer is handed one page with our ground as "
            "SVG, our numbers and labels where we put them, and the list in columns: it need not "
            "work any of that out, and says nothing of what a screen reader needs.",
        ],
    )


def page_of(land: SheetLand) -> str:
    """The same content as one page of HTML."""
    focus = focus_on(land, "")
    said = cover(land, focus, ORDER, "通いの場マップ", "")
    content = map_content(land, focus, in_map_order(land, focus), said)
    values = map_values(content, ORDER.paper)
    drawn, boxes = values["map"], values["boxes"]
    words = "".join(
        f'<span style="left:{word["x"]}pt;top:{word["y"]}pt">{escape(word["text"])}</span>'
        for word in drawn["words"]
    )
    entries = "".join(
        f"<section><h2>{e['number']} {escape(e['name'])}</h2>"
        + "".join(f"<p>{escape(line)}</p>" for line in [*e["lines"], *e["extras"], e["phone"]])
        + "</section>"
        for e in values["entries"]
    )
    first = boxes["first"]
    return f"""<!doctype html><html lang="ja"><meta charset="utf-8"><title>{values["title"]}</title>
<style>@page {{ size: A3 landscape; margin: 11mm }} body {{ margin: 0; font: 12pt "BIZ UDPGothic" }}
h2 {{ font-size: 14pt; margin: 0 }} p {{ margin: 0 }} section {{ break-inside: avoid }}
#map {{ position: relative; float: left; overflow: hidden; width: {drawn["width"]}pt;
height: {drawn["height"]}pt }} #map span {{ position: absolute }}
#list {{ columns: {first["count"]}; margin-left: {first["x"]}pt }}</style>
<h1>{values["head"]["title"]}</h1><div id="map">{drawn["svg"]}{words}</div>
<div id="list">{entries}</div></html>"""


def _printed(page: Page, html: str) -> bytes:
    page.set_content(html)
    return page.pdf(prefer_css_page_size=True, print_background=True, tagged=True)


def _printed_by_a_new_one(folder: Path, html: str) -> None:
    page, made = folder / "sheet.html", folder / "sheet.pdf"
    page.write_text(html, encoding="utf-8")
    program = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    asked = [program, *SWITCHES, f"--print-to-pdf={made}", page.as_uri()]
    try:
        subprocess.run(asked, check=True, capture_output=True, timeout=60)
    except (OSError, subprocess.SubprocessError) as missing:
        raise PeerMissing(f"No Chromium that prints (make browser): {missing}") from missing
