"""Services and lists as a resident meets them: on a phone, on a tablet, at a desk, in grey."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from browser_page import DESKTOP, PHONE, BrowserPage, until

from api.actions.demo import CODE

pytestmark = pytest.mark.browser
Opener = Callable[..., BrowserPage]

TABLET = (820, 1180)
SERVICES = f"/{CODE}/services"
PAGES = (SERVICES, f"{SERVICES}?kind=meals", f"{SERVICES}?area=99201-6", f"/{CODE}/list")
LOOKS = """states => {
  const canvas = Yori.view.map.getPane("overlayPane").querySelector("canvas");
  const box = canvas.getBoundingClientRect();
  const frame = Yori.view.map.getContainer().getBoundingClientRect();
  const ink = canvas.getContext("2d"), scale = canvas.width / box.width, found = {};
  Object.keys(Yori.view.areas).forEach(code => {
    const state = Yori.view.answer.areas[code].state;
    const spot = Yori.view.ground.areas.label[Yori.view.ground.areas.code.indexOf(code)];
    const at = Yori.view.map.latLngToContainerPoint([spot[1], spot[0]]);
    const x = Math.round((at.x + frame.x - box.x - 20) * scale);
    const y = Math.round((at.y + frame.y - box.y - 20) * scale);
    const dots = ink.getImageData(x, y, 40, 40).data, grey = [];
    for (let i = 0; i < dots.length; i += 4) {
      grey.push(0.3 * dots[i] + 0.59 * dots[i + 1] + 0.11 * dots[i + 2]);
    }
    const mean = grey.reduce((a, b) => a + b) / grey.length;
    const spread = Math.sqrt(grey.reduce((a, b) => a + (b - mean) ** 2, 0) / grey.length);
    found[state] = [mean, spread];
  });
  return found;
}"""


@pytest.mark.parametrize("size", [PHONE, TABLET, DESKTOP])
@pytest.mark.parametrize("path", PAGES)
def test_everything_fits_and_axe_finds_nothing(
    tab: Opener, path: str, size: tuple[int, int]
) -> None:
    page = tab(size).open(path)
    assert page.wider_than_the_window() == []
    assert page.violations() == ""


def test_the_looks_differ_in_grey(tab: Opener) -> None:
    page = tab(DESKTOP).open(f"{SERVICES}?kind=meals")
    page.get("() => { Yori.view.map.setZoom(13, {animate: false}); }")
    page.settle()
    found = page.get(LOOKS)
    assert set(found) == {"none", "full", "room", "unknown"}
    pairs = [(mean, spread) for mean, spread in found.values()]
    apart = [
        abs(a[0] - b[0]) + abs(a[1] - b[1]) for n, a in enumerate(pairs) for b in pairs[n + 1 :]
    ]
    assert min(apart) > 8


def test_another_service_is_answered_without_reloading(
    tab: Opener,
) -> None:
    page = tab(DESKTOP).open(f"{SERVICES}?kind=meals")
    title = page.find("#panel h1").inner_text()
    page.get("() => { window.stays = true; }")
    page.find("select[name=kind]").select_option("watching")
    until(lambda: page.find("#panel h1").inner_text() != title, "the answer changes")
    assert page.get("window.stays") is True
    assert page.find("#panel h1").inner_text().startswith("見守り")
    assert page.get("location.search") == "?kind=watching"
    states = {area["state"] for area in page.get("Yori.view.answer.areas").values()}
    assert states == {"room"}


def test_a_tap_on_an_area_tells_its_state(tab: Opener) -> None:
    page = tab(DESKTOP).open(f"{SERVICES}?kind=meals")
    lon, lat = page.get(
        'Yori.view.ground.areas.label[Yori.view.ground.areas.code.indexOf("99201-3")]'
    )
    page.tap(lat, lon)
    card = page.find(".leaflet-popup")
    card.wait_for()
    assert "川東圏域" in card.inner_text()
    assert "配食：提供なし" in card.inner_text()


def test_a_phone_number_can_be_tapped(tab: Opener) -> None:
    page = tab(PHONE).open(f"/{CODE}/areas/99201-1/list")
    link = page.find(".resources .tel").first
    assert str(link.get_attribute("href")).startswith("tel:099900")
    box = link.bounding_box()
    assert box is not None and box["height"] >= 44


def test_without_javascript_form_table_and_list_still_answer(
    tab: Opener,
) -> None:
    page = tab(PHONE, java_script_enabled=False)
    page.page.goto(page.home + SERVICES)
    page.page.select_option("select[name=kind]", "meals")
    page.page.click("text=この条件で見る")
    assert "配食：提供なし 2圏域" in page.find("#panel h1").inner_text()
