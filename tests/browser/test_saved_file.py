"""The map as one file, opened from a USB stick with the network off."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from browser_page import PHONE, BrowserPage
from sqlalchemy import Engine
from sqlmodel import Session

from api.actions.demo import CODE
from api.actions.draw_map import view_map
from api.actions.draw_page import draw_file
from api.actions.report_coverage import Question
from api.clock import today
from api.settings import Settings
from api.store.visible import RESIDENT

pytestmark = pytest.mark.browser

Opener = Callable[..., BrowserPage]


@pytest.fixture(scope="module")
def saved(store: Engine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the sample's map as a file."""
    with Session(store) as session:
        view = view_map(session, CODE, RESIDENT, Question(on=today()))
        html = draw_file(session, view, RESIDENT, Settings(tile_url="https://tiles.example/{z}"))
    path = tmp_path_factory.mktemp("stick") / "地図.html"
    path.write_text(html, "utf-8")
    return path


@pytest.fixture
def page(tab: Opener, saved: Path) -> BrowserPage:
    """Give the file as a browser without any network shows it."""
    return tab(offline=True).open(saved.as_uri())


def test_the_file_asks_for_nothing(page: BrowserPage, saved: Path) -> None:
    page.find("#place-list > summary").click()
    page.find("#place-list tbody tr").first.wait_for()
    assert [path for path in page.asked if not path.endswith(".html")] == []
    fetched = r"""(?:src|href)=["']?(?:https?:)?//|url\(["']?(?:https?:)?//|@import"""
    html = saved.read_text("utf-8")
    links = re.sub(r"<script>.*?</script>", "", html, flags=re.DOTALL)
    assert re.findall(fetched, links) == []
    assert page.get("performance.getEntriesByType('resource').length") == 0


def test_the_file_draws_the_whole_map(page: BrowserPage) -> None:
    assert page.colours() > 50
    assert len(page.drawn_places()) == 124
    assert page.find(".area-name").count() == 6
    assert page.find("#panel h1").inner_text().startswith("歩いて通える人は")
    assert page.wider_than_the_window() == []


def test_choices_in_the_file_hide_places_and_say_that_figures_stay(page: BrowserPage) -> None:
    assert "数字と空白は変わりません" in page.find(".frozen").inner_text()
    figures, reach = page.headline(), page.get("Yori.view.reach.shown")
    page.find("select[name=weekday]").select_option("日")
    sundays = page.drawn_places()
    assert 0 < len(sundays) < 124
    page.find(".kinds > summary >> nth=0").click()
    page.find("[name=kind][value=hall]").check()
    assert page.drawn_places() < sundays
    assert page.headline() == figures
    assert page.get("Yori.view.reach.shown") == reach
    page.find("[data-all-kinds]").check()
    page.find("select[name=weekday]").select_option("")
    assert len(page.drawn_places()) == 124


def test_in_the_file_gaps_areas_and_cards_work(page: BrowserPage) -> None:
    with page.moved():
        page.find("[data-gap='2']").click()
    with page.moved():
        page.find(".figures-table [data-area]").first.click()
    page.find("#place-list > summary").click()
    page.find("#place-list tbody button").first.click()
    page.find(".leaflet-popup dl").wait_for()


def test_the_file_leaves_axe_nothing_to_say(page: BrowserPage) -> None:
    assert page.violations() == ""


def test_the_file_fits_a_phone(tab: Opener, saved: Path) -> None:
    page = tab(PHONE, offline=True).open(saved.as_uri())
    assert page.wider_than_the_window() == []
    assert page.find(".area-name").count() == 6
