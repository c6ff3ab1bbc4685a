"""What the pages look like before anybody has touched them, on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from browser_page import DESKTOP, PHONE, BrowserPage, until
from playwright.sync_api import ViewportSize

from api.actions.demo import CODE
from web.words import percent

pytestmark = pytest.mark.browser

Opener = Callable[..., BrowserPage]
Box = dict[str, float]
HALF = (640, 400)
"""A desktop window at 200%."""
BIGGER_LETTERS = "html { font-size: 200% } body { font-size: 32px }"
AREA = f"/{CODE}/areas/99201-1"
NOWHERE = f"/{CODE}/areas/nowhere"


def boxes(page: BrowserPage, selector: str) -> list[Box]:
    """Where the things on the page stand, in pixels."""
    found = page.find(selector)
    every = (found.nth(n).bounding_box() for n in range(found.count()))
    return [
        {"x": box["x"], "y": box["y"], "width": box["width"], "height": box["height"]}
        for box in every
        if box
    ]


def apart(a: Box, b: Box) -> bool:
    """Whether two boxes do not cover each other."""
    beside = a["x"] + a["width"] <= b["x"] or b["x"] + b["width"] <= a["x"]
    return beside or a["y"] + a["height"] <= b["y"] or b["y"] + b["height"] <= a["y"]


def test_the_map_is_drawn(untouched: BrowserPage) -> None:
    assert untouched.colours() > 50
    assert len(untouched.drawn_places()) == 124
    assert untouched.find(".area-name").count() == 6


def test_the_map_opens_on_where_the_people_are(untouched: BrowserPage) -> None:
    assert untouched.get("Yori.view.map.getBounds().contains(Yori.view.sources.bounds)")


def test_the_table_of_areas_fits_beside_the_map_and_on_a_phone(untouched: BrowserPage) -> None:
    assert untouched.get(
        """() => { const box = document.querySelector(".figures-table").parentElement;
          return box.scrollWidth - box.clientWidth; }"""
    ) <= 0  # fmt: skip


def test_nothing_is_wider_than_the_window(untouched: BrowserPage) -> None:
    assert untouched.wider_than_the_window() == []


def test_names_on_the_map_are_whole_and_do_not_cover_each_other(untouched: BrowserPage) -> None:
    (frame,) = boxes(untouched, "#map-frame")
    names = boxes(untouched, ".area-name, .mark, .town-name")
    left, right = frame["x"], frame["x"] + frame["width"]
    for name in names:
        if left < name["x"] + name["width"] / 2 < right:
            assert left <= name["x"]
            assert name["x"] + name["width"] <= right
    for n, name in enumerate(names):
        assert all(apart(name, other) for other in names[n + 1 :])
        assert all(apart(name, number) for number in boxes(untouched, ".gap-number"))


def test_axe_has_nothing_to_say_about_the_map_page(untouched: BrowserPage) -> None:
    assert untouched.violations() == ""


def test_the_panel_follows_the_map_on_a_phone_and_stands_beside_it_on_a_desk(
    untouched: BrowserPage,
) -> None:
    (frame,), (panel,) = boxes(untouched, "#map-frame"), boxes(untouched, "#panel")
    on_a_phone = untouched.page.viewport_size == ViewportSize(width=PHONE[0], height=PHONE[1])
    edge, side = ("y", "height") if on_a_phone else ("x", "width")
    assert panel[edge] >= frame[edge] + frame[side]
    assert frame["height"] > 350
    folded = untouched.find(".legend").get_attribute("open") is None
    assert folded == on_a_phone


def test_signs_stand_on_the_canvas_where_the_places_are(sample: BrowserPage) -> None:
    # The last in the file is drawn last: nothing covers it.
    last = sample.json(f"/api/v1/municipalities/{CODE}/places")["features"][-1]
    lon, lat = last["geometry"]["coordinates"]
    sample.go_to(lat, lon, 15)
    kind = last["properties"]["kind"]
    colour = sample.get("kind => Yori.view.sources.symbols[kind].colour", kind)
    assert "#{:02x}{:02x}{:02x}".format(*sample.pixel(lat, lon)) == colour
    sample.find("[data-layer=places]").uncheck()
    sample.settle()
    assert "#{:02x}{:02x}{:02x}".format(*sample.pixel(lat, lon)) != colour


@pytest.mark.parametrize("path", [f"/{CODE}/", AREA, "/99202/", "/99203/", "/", NOWHERE])
def test_zoomed_nothing_is_lost_sideways_and_axe_has_nothing_to_say(tab: Opener, path: str) -> None:
    page = tab(HALF)
    if path == NOWHERE:
        page.refused = lambda _: False  # the browser complains about the 404 itself
    page.open(path)
    for width, height in (HALF, PHONE, DESKTOP):
        page.page.set_viewport_size(ViewportSize(width=width, height=height))
        page.settle()
        assert page.wider_than_the_window() == []
    assert page.violations() == ""


def test_a_problem_page_speaks_japanese(tab: Opener) -> None:
    page = tab(java_script_enabled=False)
    page.refused = lambda _: False
    page.page.goto(page.home + NOWHERE)
    assert page.find("h1").inner_text() == "ページが見つかりません"
    assert "nowhere" in page.find("main").inner_text()


def test_nothing_is_lost_sideways_with_letters_twice_the_size(sample: BrowserPage) -> None:
    sample.page.add_style_tag(content=BIGGER_LETTERS)
    assert sample.wider_than_the_window() == []


def test_with_everything_open_axe_has_nothing_to_say(sample: BrowserPage) -> None:
    for folded in (".kinds > summary >> nth=0", ".kinds > summary >> nth=1"):
        sample.find(folded).click()
    sample.get("() => Yori.openPlace(0)")
    sample.find(".leaflet-popup h3").wait_for()
    sample.find("#place-list > summary").click()
    sample.find("#place-list tbody tr").first.wait_for()
    opacity = "getComputedStyle(document.querySelector('.leaflet-popup')).opacity"
    until(lambda: sample.get(opacity) == "1", "the card has faded in")
    assert sample.violations() == ""


def test_targets_are_large_enough_for_an_unsteady_finger(tab: Opener) -> None:
    page = tab(PHONE).open(f"/{CODE}/")
    for folded in (".kinds > summary >> nth=0", ".kinds > summary >> nth=1", ".legend > summary"):
        page.find(folded).click()
    small = page.get(
        """() => [...document.querySelectorAll("select, summary, label, button, .panel a")]
          .filter(e => e.offsetWidth && !e.closest(".ways label") &&
            e.getBoundingClientRect().height < 43.5).map(e => e.textContent)"""
    )
    assert small == []


def test_without_javascript_figures_table_and_form_work(tab: Opener) -> None:
    page = tab(java_script_enabled=False)
    page.page.goto(f"{page.home}/{CODE}/")
    said = page.json(f"/api/v1/municipalities/{CODE}/coverage")
    assert percent(said["total"]["ratio"]) in page.find("h1").inner_text()
    page.find("select[name=weekday]").select_option("日")
    page.find("select[name=distance]").select_option("300")
    page.find("form button").click()
    page.page.wait_for_url("**weekday=**")
    said = page.json(f"/api/v1/municipalities/{CODE}/coverage?weekday=日&distance=300")
    figures = [percent(said["total"]["ratio"]), f"{said['total']['uncovered']:,}"]
    assert page.find("#panel .figures b").all_inner_texts()[:2] == figures
    assert page.find(".figures-table tbody tr").count() == len(said["areas"])
    for useless in (".enlarge", ".legend", "#place-list"):
        assert not page.find(useless).is_visible()
