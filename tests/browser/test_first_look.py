"""What the pages look like before anybody has touched them, on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from browser_page import DESKTOP, PHONE, BrowserPage

from api.actions.demo import CODE

pytestmark = pytest.mark.browser

Opener = Callable[..., BrowserPage]
HALF = (640, 400)
"""A desktop window at 200%."""
BIGGER_LETTERS = "html { font-size: 200% } body { font-size: 32px }"
AREA = f"/{CODE}/areas/99201-1"


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_map_is_drawn_and_nothing_is_wider_than_the_window(
    tab: Opener, size: tuple[int, int]
) -> None:
    page = tab(size).open(f"/{CODE}/")
    assert page.colours() > 50
    assert len(page.drawn_places()) == 124
    assert page.find(".area-name").count() == 6
    assert page.wider_than_the_window() == []


def test_signs_stand_on_the_canvas_where_the_places_are(sample: BrowserPage) -> None:
    # The last in the file is drawn last: nothing covers it.
    last = sample.json(f"/api/v1/municipalities/{CODE}/places")["features"][-1]
    lon, lat = last["geometry"]["coordinates"]
    sample.go_to(lat, lon, 15)
    colour = sample.get("kind => Yori.view.sources.symbols[kind].colour", last["properties"]["kind"])
    assert "#{:02x}{:02x}{:02x}".format(*sample.pixel(lat, lon)) == colour


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_names_on_the_map_are_whole_and_do_not_cover_each_other(
    tab: Opener, size: tuple[int, int]
) -> None:
    page = tab(size).open(f"/{CODE}/")
    frame = page.find("#map-frame").bounding_box() or {}
    names = page.find(".area-name, .mark, .town-name, .gap-number")
    boxes = [box for n in range(names.count()) if (box := names.nth(n).bounding_box())]
    right = frame["x"] + frame["width"]
    for box in boxes:
        centre = box["x"] + box["width"] / 2
        if frame["x"] < centre < right:
            assert box["x"] >= frame["x"]
            assert box["x"] + box["width"] <= right
    numbers = page.find(".gap-number").count()
    words = [box for box in boxes[:] if box["width"] != 32]
    assert len(words) == len(boxes) - numbers
    for n, a in enumerate(words):
        for b in words[n + 1 :]:
            beside = a["x"] + a["width"] <= b["x"] or b["x"] + b["width"] <= a["x"]
            assert beside or a["y"] + a["height"] <= b["y"] or b["y"] + b["height"] <= a["y"]


def test_on_a_phone_the_panel_follows_the_map_and_the_legend_is_folded(tab: Opener) -> None:
    page = tab(PHONE).open(f"/{CODE}/")
    frame = page.find("#map-frame").bounding_box() or {}
    panel = page.find("#panel").bounding_box() or {}
    assert panel["y"] >= frame["y"] + frame["height"]
    assert frame["height"] > 380
    assert page.find(".legend").get_attribute("open") is None


def test_on_a_desk_the_panel_stands_beside_the_map(sample: BrowserPage) -> None:
    frame = sample.find("#map-frame").bounding_box() or {}
    panel = sample.find("#panel").bounding_box() or {}
    assert panel["x"] >= frame["x"] + frame["width"]
    assert sample.find("#panel h1").is_visible()


@pytest.mark.parametrize("path", [f"/{CODE}/", AREA, "/99203/", "/", f"/{CODE}/areas/nowhere"])
@pytest.mark.parametrize("size", [HALF, PHONE], ids=["zoomed", "phone"])
def test_nothing_is_lost_sideways_when_zoomed(
    tab: Opener, path: str, size: tuple[int, int]
) -> None:
    page = tab(size)
    if "nowhere" in path:
        page.refused = lambda _: False  # the browser complains about the 404 itself
    page.open(path)
    assert page.wider_than_the_window() == []


def test_nothing_is_lost_sideways_with_letters_twice_the_size(sample: BrowserPage) -> None:
    sample.page.add_style_tag(content=BIGGER_LETTERS)
    assert sample.wider_than_the_window() == []


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_map_page_leaves_axe_nothing_to_say(tab: Opener, size: tuple[int, int]) -> None:
    assert tab(size).open(f"/{CODE}/").violations() == ""


@pytest.mark.parametrize("path", [AREA, "/99202/", "/99203/", "/"])
def test_other_pages_leave_axe_nothing_to_say(tab: Opener, path: str) -> None:
    assert tab().open(path).violations() == ""


def test_a_problem_page_speaks_japanese_and_leaves_axe_nothing_to_say(tab: Opener) -> None:
    page = tab()
    page.refused = lambda _: False  # the browser complains about the 404 itself
    page.open(f"/{CODE}/areas/nowhere")
    assert page.find("h1").inner_text() == "ページが見つかりません"
    assert page.violations() == ""


def test_with_kinds_open_and_a_card_open_axe_has_nothing_to_say(sample: BrowserPage) -> None:
    sample.find(".kinds > summary").click()
    sample.get("() => Yori.openPlace(0)")
    sample.find(".leaflet-popup h3").wait_for()
    sample.find("#place-list > summary").click()
    sample.find("#place-list tbody tr").first.wait_for()
    assert sample.violations() == ""


def test_targets_are_large_enough_for_an_unsteady_finger(tab: Opener) -> None:
    page = tab(PHONE).open(f"/{CODE}/")
    page.find(".kinds > summary").click()
    page.find(".legend > summary").click()
    small = page.get(
        """() => [...document.querySelectorAll("select, summary, label, button, .downloads a")]
          .filter(e => e.offsetWidth && !e.closest("thead, #place-list") &&
            e.getBoundingClientRect().height < 43.5).map(e => e.textContent)"""
    )
    assert small == []


def test_without_javascript_figures_table_and_form_work(tab: Opener) -> None:
    page = tab(java_script_enabled=False)
    page.page.goto(f"{page.home}/{CODE}/")
    said = page.json(f"/api/v1/municipalities/{CODE}/coverage")
    assert f"{said['total']['ratio']:.0%}" in page.find("h1").inner_text()
    page.find("select[name=weekday]").select_option("日")
    page.find("select[name=distance]").select_option("300")
    page.find("form button").click()
    page.page.wait_for_url("**weekday=**")
    said = page.json(f"/api/v1/municipalities/{CODE}/coverage?weekday=日&distance=300")
    figures = [f"{said['total']['ratio']:.0%}", f"{said['total']['uncovered']:,}"]
    assert page.find("#panel .figures b").all_inner_texts()[:2] == figures
    assert page.find(".figures-table tbody tr").count() == len(said["areas"])
    for useless in (".enlarge", ".legend", "#place-list"):
        assert not page.find(useless).is_visible()
