"""Pages for residents on a phone: near home, one place; with scripts, without, by position."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from browser_page import DESKTOP, PHONE, BrowserPage, until
from sqlalchemy import Engine
from sqlmodel import Session

from api.actions.demo import CODE
from api.models import Place, Town
from api.store import frames
from api.store.visible import RESIDENT, visible

pytestmark = pytest.mark.browser
Opener = Callable[..., BrowserPage]

HOSTILE = "99202"
NEAR = f"/{CODE}/near"
PAGES = (NEAR, f"{NEAR}?town=1", f"{NEAR}?town=1&when=week&large=1", f"/{CODE}/places/1",
         f"/{CODE}/places/3?large=1", f"/{HOSTILE}/near", f"/{CODE}/places/999999")  # fmt: skip
STATION = {"latitude": 33.8942, "longitude": 137.2937, "accuracy": 20}


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "none"])
@pytest.mark.parametrize("path", PAGES)
def test_everything_fits_on_a_phone_and_axe_finds_nothing(
    tab: Opener, path: str, scripts: bool
) -> None:
    page = tab(PHONE)
    page.expected = ["404"]
    if not scripts:  # ours stay away; with all scripts off axe could not run either
        page.refused = lambda asked: asked.endswith(".js")
    page.open(path)
    assert page.wider_than_the_window() == []
    assert page.violations() == ""


@pytest.mark.parametrize("path", PAGES[:4])
def test_everything_fits_on_a_desk(tab: Opener, path: str) -> None:
    page = tab(DESKTOP).open(path)
    assert page.wider_than_the_window() == []
    assert page.violations() == ""


def test_targets_are_large_enough(tab: Opener) -> None:
    for path in PAGES[:4]:
        page = tab(PHONE).open(path)
        small = page.get(
            """() => [...document.querySelectorAll("main :is(a, button, summary)")].filter(e => {
              const box = e.getBoundingClientRect();
              return box.width && box.height < 44 && !e.closest("p.note, dd");
            }).map(e => e.textContent)"""
        )
        assert small == [], path


def test_home_is_chosen_and_a_phone_dials_without_scripts(tab: Opener) -> None:
    page = tab(PHONE, java_script_enabled=False).open(NEAR)
    assert not page.find("[data-locate]").is_visible()
    page.find("summary").first.click()
    page.find(".town-list a").first.click()
    assert page.find("h1").inner_text().endswith("行ける通いの場")
    first = page.find("#from-town .near-card").first
    assert "歩いて約" in first.inner_text()
    call = page.find("#from-town .call").first
    assert str(call.get_attribute("href")).startswith("tel:0999")
    page.page.click("#from-town >> text=今日ひらく")
    assert page.get("location.search").endswith("when=today")
    page.page.click("text=文字を大きく")
    assert page.find("main.large").count() == 1
    page.page.click("#from-town >> text=いつでも")
    assert page.find("main.large").count() == 1
    page.find(".near-card h3 a").first.click()
    assert page.find(".place-page").count() == 1


def test_large_letters_are_remembered_on_the_device(tab: Opener) -> None:
    page = tab(PHONE).open(NEAR)
    before = page.find("h1").evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
    page.find("[data-larger]").click()
    assert page.find("h1").evaluate("e => parseFloat(getComputedStyle(e).fontSize)") > before * 1.3
    page.open(f"/{CODE}/places/1")
    assert page.find("main.large").count() == 1
    assert page.find("[data-larger]").inner_text() == "文字をもとの大きさに"
    page.find("[data-larger]").click()
    assert page.open(NEAR).find("main.large").count() == 0


@pytest.fixture
def standing(tab: Opener) -> Iterator[BrowserPage]:
    """Give a phone that stands at the station and has been asked where."""
    page = tab(PHONE, geolocation=STATION, permissions=["geolocation"]).open(NEAR)
    page.asked.clear()
    page.find("[data-locate]").click()
    page.find("#from-here:not([hidden])").wait_for()
    yield page
    assert page.asked == [f"{NEAR}/places.json"], "the position was sent"


def test_the_position_is_measured_in_the_phone_and_never_sent(
    standing: BrowserPage, store: Engine
) -> None:
    with Session(store) as session:
        rows = frames.read(session, visible(Place, RESIDENT, CODE))
    rows = frames.shaped(rows[rows["wkb"].notna()], 6675)
    here = frames.point_in(6675, STATION["longitude"], STATION["latitude"])
    nearest = rows.assign(metres=rows.geometry.distance(here)).sort_values("metres").iloc[0]
    first = standing.find("[data-found] .near-card").first
    assert first.locator("h3").inner_text() == nearest["name"]
    assert first.locator("h3 a").get_attribute("href") == f"/{CODE}/places/{nearest['id']}"
    assert "歩いて約1分" in first.inner_text()
    assert first.locator("svg").count() == 1
    assert standing.violations() == ""
    assert standing.wider_than_the_window() == []
    assert not standing.find("#from-town").is_visible()
    assert standing.get("document.activeElement.id") == "here-title"
    assert standing.get("Object.keys(localStorage).length + document.cookie.length") == 0


def test_a_phone_tells_the_same_as_the_server(tab: Opener, store: Engine) -> None:
    """Standing where a town has its point, both lists are one."""
    with Session(store) as session:
        town = frames.read(session, visible(Town, RESIDENT, CODE)).iloc[4]
    at = {"latitude": town["lat"], "longitude": town["lon"], "accuracy": 500}
    page = tab(PHONE, geolocation=at, permissions=["geolocation"])
    texts = "found => found.map(e => e.textContent.replace(/\\s+/g, ' ').trim())"
    for value, words in (("", "いつでも"), ("today", "今日ひらく"), ("week", "7日のうちにひらく")):
        page.open(f"{NEAR}?town={town['id']}&when={value}")
        wanted = page.find("#from-town .near-card").evaluate_all(texts)
        page.find("[data-locate]").click()
        page.find("#from-here:not([hidden])").wait_for()
        page.find("#from-here .choose").get_by_text(words).click()
        found = page.find("#from-here .near-card").evaluate_all(texts)
        assert len(found) > 3
        assert found == wanted, words
    assert "500 mほどずれているかもしれません" in page.find("[data-accuracy]").inner_text()


def test_whoever_does_not_tell_is_led_to_the_towns(tab: Opener) -> None:
    page = tab(PHONE, permissions=[]).open(NEAR)
    page.find("[data-locate]").click()
    said = page.find("[data-said]")
    until(lambda: "お住まいの町をえらんでください" in said.inner_text(), "it is told")
    assert page.find("#from-town").is_visible()


def test_a_tap_on_the_map_leads_to_the_page_of_the_place(tab: Opener) -> None:
    page = tab().open(f"/{CODE}/")
    number = page.get("Yori.view.places.id[0]")
    page.get("() => Yori.openPlace(0)")
    link = page.find(".leaflet-popup").get_by_text("この場のページ")
    link.wait_for()
    # The map moves until the whole card is in sight; a finger waits for it too.
    page.page.wait_for_function("() => !(Yori.view.map._panAnim || {})._inProgress")
    link.click()
    page.page.wait_for_url(f"**/{CODE}/places/{number}")
    assert page.find(".place-figure").count() == 1


def test_hostile_words_stay_words(tab: Opener, store: Engine) -> None:
    with Session(store) as session:
        rows = frames.read(session, visible(Place, RESIDENT, HOSTILE, only=["id"]))
        towns = frames.read(session, visible(Town, RESIDENT, HOSTILE, only=["id"]))
    at = {"latitude": 34.33, "longitude": 134.04, "accuracy": 10}
    page = tab(PHONE, geolocation=at, permissions=["geolocation"])
    for path in (f"places/{rows['id'][0]}", f"near?town={towns['id'][0]}"):
        page.open(f"/{HOSTILE}/{path}")
        assert "alert(1)" in page.find("main").inner_text()
        assert page.find("main img, main script, main [onerror], a[href^=javascript]").count() == 0
    page.find("[data-locate]").click()
    page.find("#from-here:not([hidden])").wait_for()
    assert "alert(1)" in page.find("#from-here").inner_text()
    assert page.find("main img, main [onerror], a[href^=javascript]").count() == 0
