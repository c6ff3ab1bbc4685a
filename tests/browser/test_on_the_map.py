"""Moving about the map, its layers, and what a tap tells."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from browser_page import PHONE, BrowserPage, until

from api.actions.demo import CODE
from web.words import percent

pytestmark = pytest.mark.browser

Opener = Callable[..., BrowserPage]
API = f"/api/v1/municipalities/{CODE}"
LAYERS = ("people", "reach", "gaps", "areas", "roads", "places")


def third_gap(page: BrowserPage) -> dict[str, Any]:
    gap: dict[str, Any] = page.json(f"{API}/coverage")["gaps"][2]
    return gap


def test_a_click_on_a_gap_in_the_list_moves_the_map_there(sample: BrowserPage) -> None:
    gap = third_gap(sample)
    with sample.moved():
        sample.find("[data-gap='3']").click()
    assert sample.sees(gap["lat"], gap["lon"])
    assert sample.where()[2] > 12


def test_the_map_flies_where_movement_is_welcome(tab: Opener) -> None:
    page = tab()
    page.page.emulate_media(reduced_motion="no-preference")
    page.open(f"/{CODE}/")
    gap = third_gap(page)
    with page.moved():
        page.find("[data-gap='3']").click()
    assert page.sees(gap["lat"], gap["lon"])


def test_a_gap_of_the_list_is_reached_by_keyboard_alone(sample: BrowserPage) -> None:
    sample.find(".downloads a").last.focus()
    sample.page.keyboard.press("Tab")
    assert sample.get("document.activeElement.dataset.gap") == "1"
    for _ in range(2):
        sample.page.keyboard.press("Tab")
    with sample.moved():
        sample.page.keyboard.press("Enter")
    gap = third_gap(sample)
    assert sample.sees(gap["lat"], gap["lon"])


def test_a_number_on_the_map_is_reached_by_keyboard_and_says_its_gap(sample: BrowserPage) -> None:
    gap = third_gap(sample)
    number = sample.find(".gap-number").filter(has_text="3").first
    assert number.get_attribute("tabindex") == "0"
    assert number.get_attribute("role") == "button"
    assert f"{gap['population']:,}人" in (number.get_attribute("aria-label") or "")
    number.focus()
    with sample.moved():
        sample.page.keyboard.press("Enter")
    assert sample.sees(gap["lat"], gap["lon"])


def test_every_control_can_be_reached_with_the_tab_key(sample: BrowserPage) -> None:
    wanted = set(
        sample.get(
            """wanted => [...document.querySelectorAll(wanted)]
              .filter(e => e.checkVisibility()).map((e, i) => (e.dataset.stop = String(i)))""",
            "select, summary, input, [data-gap], [data-sort], .gap-number, .enlarge, .panel a",
        )
    )
    reached = set()
    for _ in range(len(wanted) + 60):
        sample.page.keyboard.press("Tab")
        reached.add(sample.get("document.activeElement.dataset.stop || ''"))
    assert wanted <= reached


def test_a_click_on_an_area_of_the_table_moves_the_map(sample: BrowserPage) -> None:
    with sample.moved():
        sample.find(".figures-table tbody button").nth(4).click()
    assert sample.where()[2] > 11


def test_on_a_phone_a_gap_of_the_list_brings_the_map_into_sight(tab: Opener) -> None:
    page = tab(PHONE).open(f"/{CODE}/")
    with page.moved():
        page.find("[data-gap='3']").click()
    until(lambda: abs((page.find("#map-frame").bounding_box() or {"y": 999})["y"]) < 2, "the map")


def test_a_layer_goes_and_comes_back_as_it_was(sample: BrowserPage) -> None:
    with_it = sample.drawing()
    for layer in LAYERS:
        sample.find(f"[data-layer={layer}]").uncheck()
        assert sample.drawing() != with_it, layer
        assert sample.find(".gap-number").count() == (0 if layer == "gaps" else 10)
        assert sample.find(".area-name").count() == (0 if layer == "areas" else 6)
        sample.find(f"[data-layer={layer}]").check()
        assert (sample.drawing() == with_it) is True, layer


def test_a_hidden_layer_stays_hidden_when_the_question_changes(sample: BrowserPage) -> None:
    sample.find("[data-layer=gaps]").uncheck()
    sample.find("[data-layer=places]").uncheck()
    with sample.answered():
        sample.find("select[name=weekday]").select_option("水")
    assert sample.find(".gap-number").count() == 0
    assert sample.get("Yori.view.map.hasLayer(Yori.view.signs)") is False
    for layer in ("gaps", "places"):
        sample.find(f"[data-layer={layer}]").check()
    assert sample.find(".gap-number").count() >= 10
    assert sample.get("Yori.view.map.hasLayer(Yori.view.signs)") is True


def test_the_legend_has_a_sign_for_every_kind_on_the_map(sample: BrowserPage) -> None:
    places = sample.json(f"{API}/places")["features"]
    labels = {place["properties"]["kind_label"] for place in places}
    assert set(sample.find(".legend .signs li").all_inner_texts()) == labels
    assert sample.find(".legend .signs svg").count() == len(labels)


def a_place(page: BrowserPage) -> dict[str, Any]:
    """A place that stands alone, with capacity and phone."""
    every = page.json(f"{API}/places")["features"]
    spots = [place["geometry"]["coordinates"] for place in every]
    for place in every:
        lon, lat = place["geometry"]["coordinates"]
        near = sum(abs(x - lon) < 4e-4 and abs(y - lat) < 4e-4 for x, y in spots)
        facts = place["properties"]
        if near == 1 and facts["capacity_people"] and facts["phone"]:
            return dict(place)
    raise AssertionError("the sample has no such place")


def test_a_tap_on_a_place_tells_when_where_phone_and_capacity(sample: BrowserPage) -> None:
    place = a_place(sample)
    facts, (lon, lat) = place["properties"], place["geometry"]["coordinates"]
    sample.go_to(lat, lon, 16)
    sample.tap(lat, lon)
    card = sample.find(".leaflet-popup")
    card.locator("h3").wait_for()
    assert card.locator("h3").inner_text() == facts["name"]
    terms = dict(zip(*(card.locator(part).all_inner_texts() for part in ("dt", "dd")), strict=True))
    hours = "〜".join(facts[name].removeprefix("0") for name in ("opens_at", "closes_at"))
    assert hours in terms["いつ"]
    assert facts["address"] in terms["どこ"]
    assert terms["電話"] == facts["phone"]
    assert (
        card.locator("dd a").first.get_attribute("href") == f"tel:{facts['phone'].replace('-', '')}"
    )
    assert terms["定員"] == f"{facts['capacity_people']}人"
    assert card.locator(".leaflet-popup-close-button").get_attribute("aria-label") == "とじる"
    card.locator(".leaflet-popup-close-button").click()
    until(lambda: card.count() == 0, "the card closes")


def test_several_places_on_one_spot_are_a_choice(sample: BrowserPage) -> None:
    spots: dict[tuple[float, float], list[str]] = {}
    for place in sample.json(f"{API}/places")["features"]:
        lon, lat = place["geometry"]["coordinates"]
        spots.setdefault((lat, lon), []).append(place["properties"]["name"])
    (lat, lon), names = max(spots.items(), key=lambda spot: len(spot[1]))
    assert len(names) > 1
    sample.go_to(lat, lon, 18)
    sample.tap(lat, lon)
    choices = sample.find(".leaflet-popup .choices button")
    choices.first.wait_for()
    assert set(names) <= set(choices.all_inner_texts())
    choices.filter(has_text=names[1]).click()
    assert sample.find(".leaflet-popup dl").is_visible()
    assert sample.find(".leaflet-popup h3").inner_text() == names[1]


def test_a_place_of_the_list_opens_its_card(sample: BrowserPage) -> None:
    sample.find("#place-list > summary").click()
    sample.find("#place-find").fill("なぎさ")
    button = sample.find("#place-list tbody button").first
    button.click()
    sample.find(".leaflet-popup h3").wait_for()
    assert sample.find(".leaflet-popup h3").inner_text() == button.inner_text()


def test_a_tap_on_a_town_tells_its_people(sample: BrowserPage) -> None:
    sample.find("[data-layer=places]").uncheck()
    gap = third_gap(sample)
    sample.go_to(gap["lat"], gap["lon"], 15)
    towns = sample.json(f"{API}/coverage?by=town")["towns"]
    sample.find("[data-layer=gaps]").uncheck()
    sample.tap(gap["lat"], gap["lon"])
    card = sample.find(".leaflet-popup")
    card.locator("h3").wait_for()
    name = card.locator("h3").inner_text()
    (town,) = [town for town in towns if town["name"] == name]
    assert card.locator("dd").first.inner_text() == f"{town['population']:,}人"
    assert card.locator("dd").last.inner_text() == f"{town['uncovered']:,}人"


def test_an_area_page_shows_its_towns_and_gaps(tab: Opener) -> None:
    page = tab().open(f"/{CODE}/areas/99201-5")
    said = page.json(f"{API}/coverage")
    (area,) = [area for area in said["areas"] if area["code"] == "99201-5"]
    mine = [str(gap["rank"]) for gap in said["gaps"] if gap["area"] == area["name"]]
    assert page.headline() == [
        percent(area["ratio"]), f"{area['uncovered']:,}", str(area["places"])
    ]  # fmt: skip
    assert [rank for rank, _ in page.listed_gaps()] == mine
    assert page.numbers_on_the_map() and set(page.numbers_on_the_map()) <= set(mine)
    rows = page.table()
    assert sum(int(row[1]) for row in rows) == area["population"]
    assert sum(int(row[3]) for row in rows) == area["uncovered"]
    first = next(gap for gap in said["gaps"] if gap["area"] == area["name"])
    assert page.sees(first["lat"], first["lon"])
    with page.answered():
        page.find("select[name=weekday]").select_option("日")
    (area,) = [
        a for a in page.json(f"{API}/coverage?weekday=日")["areas"] if a["code"] == "99201-5"
    ]
    assert page.headline()[1] == f"{area['uncovered']:,}"
    assert page.find(".where").inner_text().endswith(area["name"])


def test_the_map_can_be_enlarged_and_made_small_again(sample: BrowserPage) -> None:
    button = sample.find("[data-enlarge]")
    button.click()
    assert not sample.find("#panel").is_visible()
    assert button.get_attribute("aria-pressed") == "true"
    assert sample.wider_than_the_window() == []
    button.click()
    assert sample.find("#panel").is_visible()
