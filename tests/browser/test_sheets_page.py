"""The page on which somebody chooses what to print, on a phone, and without scripts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from browser_page import DESKTOP, PHONE, BrowserPage
from pdf_sheets import ReadSheet

from api.actions.demo import CODE

pytestmark = pytest.mark.browser
HOSTILE = "99202"
Opener = Callable[..., BrowserPage]


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_nothing_is_wrong_with_the_page(tab: Opener, size: tuple[int, int]) -> None:
    page = tab(size).open(f"/{CODE}/sheets/")
    assert page.violations() == ""
    assert page.wider_than_the_window() == []
    heights = page.get(
        "[...document.querySelectorAll('main a, main button, main select')]"
        ".map(e => e.getBoundingClientRect().height)"
    )
    assert min(heights) >= 44


def test_a_sheet_is_two_taps_away_without_a_script(tab: Opener) -> None:
    page = tab(PHONE, java_script_enabled=False)
    page.page.goto(f"{page.home}/{CODE}/list")
    page.find(
        ".public-nav a",
    ).filter(has_text="配る紙").click()
    card = page.find(".ready > li").filter(has_text="港圏域")
    href = card.locator("a").first.get_attribute("href")
    answer = page.page.context.request.get(page.home + str(href))
    assert "港圏域" in ReadSheet(answer.body()).text


def test_words_that_try_to_run_are_printed_as_words(tab: Opener) -> None:
    page = tab().open(f"/{HOSTILE}/sheets/")
    for query in ("", "?sheet=calendar", "?sheet=list", "?sheet=leaflet"):
        answer = page.page.context.request.get(f"{page.home}/{HOSTILE}/sheets/1.pdf{query}")
        assert answer.status == 200, query
        assert "<script>alert(1)</script>" in ReadSheet(answer.body()).text


def test_the_form_prints_the_sheet_of_a_town(tab: Opener) -> None:
    page = tab().open(f"/{CODE}/sheets/")
    page.page.get_by_label("どこの紙").select_option(label="錦町（自治会版）")
    page.page.get_by_label("紙の種類").select_option(label="一週間の予定")
    page.page.get_by_label("文字").select_option(value="large")
    form = page.find("form.choose")
    query = form.evaluate("form => new URLSearchParams(new FormData(form)).toString()")
    answer = page.page.context.request.get(f"{page.home}/{CODE}/sheets/print?{query}")
    sheet = ReadSheet(answer.body())
    assert "汐見野市錦町" in sheet.text and "一週間の予定" in sheet.text
    assert min(sheet.sizes) >= 18
