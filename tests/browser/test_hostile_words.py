"""Names, phones and addresses that try to run: they are shown as text, and nothing runs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from browser_page import BrowserPage

pytestmark = pytest.mark.browser

Opener = Callable[..., BrowserPage]
CODE = "99202"
LETTERS = "<script>alert(1)</script>\"'&<img src=x onerror=alert(1)>"


@pytest.fixture
def hostile(tab: Opener) -> BrowserPage:
    """Give the hostile municipality's page."""
    return tab().open(f"/{CODE}/")


def assert_nothing_slipped_in(page: BrowserPage) -> None:
    assert page.get("document.querySelectorAll('main img, body > img').length") == 0
    assert page.get("[...document.scripts].filter(s => s.textContent === 'alert(1)').length") == 0
    assert page.get("document.querySelectorAll('[href^=\"javascript:\"], [onerror]').length") == 0


def test_names_stand_on_the_page_as_they_were_written(hostile: BrowserPage) -> None:
    assert LETTERS in hostile.find(".where").inner_text()
    assert LETTERS in hostile.find(".asof").inner_text()
    assert LETTERS in hostile.page.title()
    assert [row[0] for row in hostile.table()] == [LETTERS, "西圏域"]
    assert LETTERS in hostile.find("[data-gap]").first.inner_text()
    assert LETTERS in hostile.find(".area-name").all_inner_texts()
    assert "<img src=x onerror=alert(1)>駅" in hostile.find(".mark").all_inner_texts()
    assert_nothing_slipped_in(hostile)


def test_cards_the_choice_and_the_list_show_letters_only(hostile: BrowserPage) -> None:
    lat, lon = 34.33, 134.04
    hostile.go_to(lat, lon, 17)
    hostile.page.mouse.move(*hostile.point(lat, lon))
    assert hostile.find(".leaflet-tooltip").inner_text() == f"{LETTERS} ほか1か所"
    hostile.tap(lat, lon)
    hostile.find(".leaflet-popup .choices button").filter(has_text="alert").click()
    card = hostile.find(".leaflet-popup")
    assert card.locator("h3").inner_text() == LETTERS
    assert card.locator("dl").inner_text().count(LETTERS) == 3
    assert_nothing_slipped_in(hostile)
    hostile.find("#place-list > summary").click()
    hostile.find("#place-list tbody tr").first.wait_for()
    assert LETTERS in hostile.find("#place-list tbody").inner_text()
    assert_nothing_slipped_in(hostile)


def test_a_phone_or_page_that_would_run_is_no_link(hostile: BrowserPage) -> None:
    # Whatever an import lets through, the card makes links of numbers and web pages alone.
    hostile.get(
        """async () => {
          const details = await Yori.needDetails();
          details.phone[0] = details.url[0] = "javascript:alert(1)";
          Yori.openPlace(0);
        }"""
    )
    card = hostile.find(".leaflet-popup")
    card.locator("h3").wait_for()
    assert_nothing_slipped_in(hostile)
    for link in card.locator("dd a").all():
        link.click()
    assert hostile.page.url.startswith(hostile.home)


def test_another_answer_brings_letters_only(hostile: BrowserPage) -> None:
    with hostile.answered():
        hostile.find("select[name=distance]").select_option("300")
    assert LETTERS in hostile.find("[data-gap]").first.inner_text()
    hostile.find(".gap-number").first.click()
    assert_nothing_slipped_in(hostile)


@pytest.mark.parametrize("path", ["/", f"/{CODE}/areas/1", f"/{CODE}/areas/<script>alert(1)"])
def test_other_pages_show_letters_only(tab: Opener, path: str) -> None:
    page = tab()
    page.refused = lambda _: False  # the browser complains about a 404 itself
    page.open(path)
    assert "alert(1)" in page.find("main").inner_text()
    assert_nothing_slipped_in(page)
