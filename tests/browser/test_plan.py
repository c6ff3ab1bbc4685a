"""A planner in a real browser: finds sites, adds two by tapping, compares, prints."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from browser_office import Office, open_office
from pdf_sheets import ReadSheet
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine

from api.actions.demo import CODE

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def office(
    store: Engine, chromium: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    """Give a copy of the sample municipality, served; tani may plan."""
    with open_office(store, chromium, tmp_path_factory.mktemp("plan")) as office:
        yield office


def begin(page: Page, home: str, name: str) -> None:
    page.goto(f"{home}/{CODE}/plan/")
    page.get_by_label("名前必須").fill(name)
    page.get_by_role("button", name="作る", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def tap(page: Page, across: float, down: float) -> None:
    """Put a pin on the plan's map, where no sign stands."""
    box = page.locator("#plan-map")
    expect(box.locator(".plan-sign").first).to_be_attached()
    box.scroll_into_view_if_needed()
    at = box.bounding_box()
    assert at is not None
    page.mouse.click(at["x"] + at["width"] * across, at["y"] + at["height"] * down)
    expect(page.locator("[data-plan-said]")).to_contain_text("位置を示しました")


def gained(page: Page) -> int:
    words = page.locator(".plan-headline").inner_text()
    found = re.search(r"([\d,]+) 人ふえて", words)
    return int(found[1].replace(",", "")) if found else 0


def test_a_planner_adds_two_sites_compares_and_prints(office: Office) -> None:
    with office.sits("tani", size=(1280, 900)) as tani:
        page = tani.page
        begin(page, office.home, "山の手に二つ")
        for across, down in ((0.14, 0.30), (0.30, 0.14)):
            tap(page, across, down)
            page.get_by_label("名前", exact=True).first.fill(f"新しい家{across}")
            page.get_by_role("button", name="置く", exact=True).click()
            expect(page.locator(".message.done")).to_contain_text("保存しました")
        expect(page.locator(".plan-moves li")).to_have_count(2)
        expect(page.locator(".plan-sign.added")).to_have_count(2)
        assert not tani.violations()
        page.goto(f"{office.home}/{CODE}/plan/siting?sites=2")
        best = page.locator(".plan-headline").inner_text()
        page.get_by_role("button", name="計画案にする").click()
        assert f"{gained(page):,} 人に届きます" in best
        first = page.url.split("?")[0]
        paper = page.request.get(f"{first}/plan.pdf")
        assert len(ReadSheet(paper.body()).pages) == 2
        page.get_by_role("button", name="見くらべる").click()
        expect(page.locator(".plan-pair section")).to_have_count(2)
        assert not tani.violations()


def test_what_closes_is_one_tap_away(office: Office) -> None:
    with office.sits("tani", size=(1280, 900)) as tani:
        page = tani.page
        begin(page, office.home, "一つ閉じる")
        page.locator(".plan-sign.stay").first.click(force=True)
        expect(page.locator("[data-plan-said]")).to_contain_text("を選びました")
        page.get_by_role("button", name="この場所を閉じる").click()
        expect(page.locator(".plan-moves li")).to_have_count(1)
        expect(page.locator(".plan-sign.closed")).to_have_count(1)


def test_a_place_of_the_plan_is_dragged_and_put_down(office: Office) -> None:
    with office.sits("tani", size=(1280, 900)) as tani:
        page = tani.page
        begin(page, office.home, "引きずる")
        again = page.get_by_role("button", name="ここに置き直す")
        tap(page, 0.14, 0.30)
        expect(again).to_be_hidden()
        page.get_by_role("button", name="置く", exact=True).click()
        sign = page.locator(".plan-sign.added")
        expect(sign).to_be_attached()
        sign.scroll_into_view_if_needed()
        at = sign.bounding_box()
        assert at is not None
        before = page.locator("#plan-map").get_attribute("data-plan")
        page.mouse.move(at["x"] + 22, at["y"] + 22)
        page.mouse.down()
        page.mouse.move(at["x"] + 70, at["y"] + 60, steps=6)
        page.mouse.up()
        expect(page.locator("[data-plan-said]")).to_contain_text("を動かしました")
        again.click()
        expect(page.locator(".message.done")).to_contain_text("保存しました")
        expect(page.locator(".plan-moves li")).to_have_count(1)
        assert page.locator("#plan-map").get_attribute("data-plan") != before


def test_on_a_phone_every_figure_says_what_it_is(office: Office) -> None:
    with office.sits("tani", size=(390, 844)) as tani:
        page = tani.page
        page.goto(f"{office.home}/{CODE}/plan/siting?sites=1")
        cell = page.locator("table.rows tbody td").first
        label = cell.evaluate("e => getComputedStyle(e, '::before').content")
        beside = cell.evaluate("e => parseFloat(getComputedStyle(e).paddingLeft)")
        assert "人口" in label and beside > 100


@pytest.mark.parametrize("size", [(390, 844), (1280, 900)])
@pytest.mark.parametrize("path", ["", "siting", "losses", "dashboard", "foundings"])
def test_every_page_fits_and_axe_finds_nothing(
    office: Office, path: str, size: tuple[int, int]
) -> None:
    with office.sits("tani", size=size) as tani:
        tani.page.goto(f"{office.home}/{CODE}/plan/{path}")
        tani.page.wait_for_load_state()
        assert not tani.violations()
        assert tani.wider_than_the_window() == []
