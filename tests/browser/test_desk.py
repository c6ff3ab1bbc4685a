"""A coordinator's day at the desk, on a tablet held in one hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from browser_office import TABLET, Office, open_office, sign_in
from browser_page import until
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine

from api.actions.demo import CODE

STATION_NORTH = {"longitude": 137.293668, "latitude": 33.894189}
"""駅北一丁目 in 中央圏域."""

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def office(
    store: Engine, chromium: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    """Give a copy of the sample municipality, served, with people to work there."""
    with open_office(store, chromium, tmp_path_factory.mktemp("desk")) as office:
        yield office


def save(page: Page, words: str = "提出する") -> None:
    page.get_by_role("button", name=words, exact=True).click()


def said(page: Page, words: str) -> None:
    expect(page.locator(".message.done")).to_contain_text(words)


def tap_the_map(page: Page) -> None:
    box = page.locator("#pick-map")
    expect(box).to_have_class(re.compile("leaflet-container"))
    box.scroll_into_view_if_needed()
    at = box.bounding_box()
    assert at is not None
    page.touchscreen.tap(at["x"] + at["width"] * 0.4, at["y"] + at["height"] * 0.6)


def new_place(page: Page, name: str) -> None:
    """A coordinator writes a place down, by a tap."""
    page.get_by_role("link", name="＋ 通いの場を足す").first.click()
    page.get_by_label("名前必須").fill(name)
    page.get_by_label("種類", exact=True).select_option(label="サロン・お茶")
    expect(page.locator("#pick-map")).to_have_class(re.compile("leaflet-container"))
    page.get_by_role("button", name="いまいる場所にする").click()
    expect(page.locator("[data-where]")).to_contain_text("中央圏域")


def test_a_day_of_a_coordinator(office: Office) -> None:
    """Add by where the tablet is, say when it meets, correct, confirm, publish, undo."""
    near: dict[str, Any] = {"geolocation": STATION_NORTH, "permissions": ["geolocation"]}
    with office.sits("oka", **near) as oka:
        page = oka.page
        new_place(page, "おでんの会")
        page.get_by_role("button", name="＋ 集まる日を入れる").click()
        for tick in ("第2", "第4", "水", "祝日は休み", "8月"):
            page.locator("[data-schedule-editor]").get_by_label(tick, exact=True).click()
        preview = page.locator("[data-schedule-preview]")
        expect(preview).to_contain_text("第2・第4水曜 10:00〜11:30")
        expect(preview).to_contain_text("8月休み")
        assert re.search(r"次は \d+月\d+日（水）、", preview.inner_text())
        save(page)
        said(page, "提出しました")
        page.get_by_label("費用").fill("百円")
        with page.expect_navigation():  # the page already says that something was submitted
            save(page)
        said(page, "提出しました")
        page.get_by_role("button", name="確認した").click()
        said(page, "確認した日を今日にしました")
        page.get_by_role("link", name="これまでの変更").click()
        expect(page.locator("ins", has_text="百円")).to_be_visible()
        edit = page.locator("section", has=page.locator("ins", has_text="百円"))
        edit.get_by_role("button", name="これを取り消す").click()
        said(page, "取り消しました")
        page.get_by_role("link", name="おでんの会に戻る").click()
        expect(page.get_by_label("費用")).to_have_value("")
    with office.sits("tani") as tani:
        page = tani.page
        page.get_by_role("link", name=re.compile("確認を待っている提出")).click()
        waiting = page.locator("section", has_text="おでんの会")
        expect(waiting).to_contain_text("第2・第4水曜 10:00〜11:30")
        waiting.get_by_role("button", name="公開する").click()
        said(page, "公開しました")
        assert "おでんの会" in str(tani.json(f"/{CODE}/map/places.json"))


def test_a_place_is_put_on_the_map_by_a_tap(office: Office) -> None:
    with office.sits("oka") as oka:
        page = oka.page
        page.goto(f"{office.home}/{CODE}/desk/places/new")
        tap_the_map(page)
        expect(page.locator("[data-where]")).to_contain_text("この場所は")
        assert float(page.locator("[name=lon]").input_value()) == pytest.approx(137.3, abs=0.3)
        tap_the_map(page)
        expect(page.locator(".pick-pin")).to_have_count(1)


def test_two_people_edit_the_same_place_and_nothing_is_lost(office: Office) -> None:
    with office.sits("tani") as first, office.sits("tani") as second:
        for tab in (first, second):
            tab.page.goto(f"{office.home}/{CODE}/desk/places/2")
        first.page.get_by_label("費用").fill("三百円")
        save(first.page, "保存する")
        said(first.page, "保存しました")
        second.page.get_by_label("費用").fill("五百円")
        second.page.get_by_label("定員（人）").fill("１２人")
        second.expected.append("409")
        save(second.page, "保存する")
        page = second.page
        expect(page.get_by_role("heading", level=1)).to_have_text("ほかの人が、先に保存しました")
        expect(page.get_by_text("五百円")).to_be_visible()
        page.get_by_text("三百円").click()
        assert not second.violations()
        page.get_by_role("button", name="この内容で保存").click()
        said(page, "保存しました")
        expect(page.get_by_label("費用")).to_have_value("三百円")
        expect(page.get_by_label("定員（人）")).to_have_value("12")


def test_a_half_filled_form_survives_a_lost_connection(office: Office) -> None:
    with office.sits("oka") as oka:
        page = oka.page
        page.goto(f"{office.home}/{CODE}/desk/places/new")
        page.get_by_label("名前必須").fill("とちゅうの会")
        tap_the_map(page)
        expect(page.locator("[data-where]")).to_contain_text("この場所は")
        oka.refused = lambda _: True
        save(page)
        expect(page.locator("[data-kept]")).to_contain_text("つながりません")
        oka.refused = None
        page.goto(f"{office.home}/{CODE}/desk/places/new")
        page.get_by_role("button", name="書きかけに戻す").click()
        expect(page.get_by_label("名前必須")).to_have_value("とちゅうの会")
        expect(page.locator(".pick-pin")).to_have_count(1)
        page.goto(f"{office.home}/{CODE}/desk/")
        page.locator(".me summary").click()
        page.get_by_role("button", name="サインアウト", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("担当者のサインイン")
        assert page.evaluate("localStorage.length") == 0, "nothing stays on a shared tablet"


def test_a_draft_that_is_taken_up_again_overwrites_nobody(office: Office) -> None:
    with office.sits("tani") as first, office.sits("tani") as second:
        address = f"{office.home}/{CODE}/desk/places/5"
        first.page.goto(address)
        first.page.get_by_label("費用").fill("九百円")
        expect_draft(first.page)
        second.page.goto(address)
        second.page.get_by_label("定員（人）").fill("77")
        save(second.page, "保存する")
        said(second.page, "保存しました")
        first.page.goto(address)
        expect(first.page.locator("[data-kept]")).to_contain_text("そのあとに記録が変わっています")
        first.page.get_by_role("button", name="書きかけに戻す").click()
        first.expected.append("409")
        save(first.page, "保存する")
        expect(first.page.get_by_role("heading", level=1)).to_have_text(
            "ほかの人が、先に保存しました"
        )
        first.page.get_by_role("button", name="この内容で保存").click()
        said(first.page, "保存しました")
        expect(first.page.get_by_label("費用")).to_have_value("九百円")
        expect(first.page.get_by_label("定員（人）")).to_have_value("77")
        assert first.page.evaluate("localStorage.length") == 0, "settled with both versions"


def test_a_choice_between_two_versions_survives_a_lost_connection(office: Office) -> None:
    with office.sits("tani") as first, office.sits("tani") as second:
        for tab in (first, second):
            tab.page.goto(f"{office.home}/{CODE}/desk/places/7")
        first.page.get_by_label("費用").fill("七百円")
        save(first.page, "保存する")
        said(first.page, "保存しました")
        page = second.page
        page.get_by_label("費用").fill("七十円")
        second.expected.append("409")
        save(page, "保存する")
        expect(page.get_by_text("七十円")).to_be_visible()
        second.refused = lambda _: True
        page.get_by_role("button", name="この内容で保存").click()
        expect(page.locator("[data-kept]")).to_contain_text("つながりません")
        expect_draft(page, "七十円")
        second.refused = None
        page.get_by_role("button", name="この内容で保存").click()
        said(page, "保存しました")
        expect(page.get_by_label("費用")).to_have_value("七十円")
        assert page.evaluate("localStorage.length") == 0


def test_whatever_answers_the_form_stays_on_the_screen(office: Office) -> None:
    with office.sits("tani") as tani:
        page = tani.page
        page.goto(f"{office.home}/{CODE}/desk/places/8")
        page.get_by_label("費用").fill("八百円")
        broken = "<!doctype html><main><h1>うまく表示できませんでした</h1></main>"
        page.route("**/desk/places/8", lambda route: route.fulfill(status=500, body=broken))
        tani.expected.append("500")
        save(page, "保存する")
        expect(page.locator("[data-kept]")).to_contain_text("うまく表示できませんでした")
        expect(page.get_by_label("費用")).to_have_value("八百円")


def test_an_unanswered_draft_is_not_written_over(office: Office) -> None:
    with office.sits("tani") as tani:
        page, address = tani.page, f"{office.home}/{CODE}/desk/places/new"
        for words in ("書きかけA", "書きかけB"):
            page.goto(address)
            page.get_by_label("名前必須").fill(words)
            expect_draft(page, words)
        page.goto(address)
        choices = page.locator("[data-kept] button", has_text="書きかけに戻す")
        expect(choices).to_have_count(2)
        choices.last.click()
        expect(page.get_by_label("名前必須")).to_have_value("書きかけA")


def test_nobody_is_offered_what_another_has_half_written(office: Office) -> None:
    with office.sits("tani") as tani:
        page, address = tani.page, f"{office.home}/{CODE}/desk/supporters/new"
        page.goto(address)
        page.get_by_label("名前必須").fill("秘密 花子")
        page.wait_for_timeout(500)
        assert "秘密" in page.evaluate("JSON.stringify(sessionStorage)")
        page.context.clear_cookies()
        sign_in(page, office.home, "oka")
        page.goto(address)
        expect(page.locator("[data-kept]")).to_be_hidden()
        assert "秘密" not in page.evaluate("JSON.stringify(sessionStorage)")


def test_who_signs_in_again_elsewhere_saves_what_is_on_the_screen(office: Office) -> None:
    with office.sits("tani") as tani:
        page = tani.page
        page.goto(f"{office.home}/{CODE}/desk/places/6")
        page.get_by_label("費用").fill("六百円")
        page.context.clear_cookies()
        tani.expected += ["401", "403"]
        save(page, "保存する")
        expect(page.locator("[data-kept]")).to_contain_text("サインインの時間が切れました")
        other = page.context.new_page()
        sign_in(other, office.home, "tani")
        expect(other.get_by_role("heading", level=1)).to_contain_text("机")
        save(page, "保存する")
        said(page, "保存しました")
        expect(page.get_by_label("費用")).to_have_value("六百円")


def expect_draft(page: Page, words: str = "") -> None:
    until(
        lambda: (
            words in page.evaluate("JSON.stringify(localStorage)")
            and page.evaluate("localStorage.length") > 0
        ),
        "the draft is kept",
    )


def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_lost(office: Office) -> None:
    with office.sits("oka") as oka:
        page = oka.page
        page.goto(f"{office.home}/{CODE}/desk/places/new")
        page.get_by_label("定員（人）").fill("たくさん")
        page.get_by_label("費用").fill("百円")
        oka.expected.append("422")
        save(page)
        expect(page.locator("#name-wrong")).to_have_text("入れてください。")
        expect(page.locator("#capacity_people-wrong")).to_have_text("数字で入れてください。")
        expect(page.get_by_label("費用")).to_have_value("百円")
        assert not oka.violations()


PAGES = (
    "", "places/table", "supporters/table",
    "places/", "places/1", "places/new", "services/", "services/new", "organizations/",
    "supporters/", "supporters/new", "inbox/", "log/", "history/places/1", "password", "views/",
    "supporters/1/views", "assignments/", "trainings/", "contacts/", "contacts/dates", "handouts/",
    "handouts/?area=99201-3", "handouts/new", "pauses/",
)  # fmt: skip


@pytest.mark.parametrize("size", [TABLET, (390, 844)], ids=["tablet", "phone"])
def test_every_page_of_the_desk_fits_and_is_fit_for_all(
    office: Office, size: tuple[int, int]
) -> None:
    with office.sits("tani", size) as tani:
        for path in PAGES:
            tani.page.goto(f"{office.home}/{CODE}/desk/{path}")
            tani.page.wait_for_load_state("networkidle")
            assert not tani.wider_than_the_window(), path
            assert not tani.violations(), path


TABLES = ("places/", "supporters/", "log/", "views/", "assignments/", "pauses/", "handouts/")


@pytest.mark.parametrize("path", TABLES)
def test_on_a_phone_every_cell_and_button_of_a_table_lies_on_the_screen(
    office: Office, path: str
) -> None:
    """Each row is a card; a cell says its column, and is still a cell to those who listen."""
    with office.sits("tani", (390, 844)) as tani:
        page = tani.page
        page.goto(f"{office.home}/{CODE}/desk/supporters/1")
        page.goto(f"{office.home}/{CODE}/desk/{path}")
        table = page.get_by_role("table").first
        expect(table.get_by_role("row").nth(1)).to_be_visible()
        beyond = table.locator("tbody :is(th, td, a, button)").evaluate_all(
            "found => found.filter(one => one.getBoundingClientRect().right > 390).length"
        )
        assert beyond == 0
        heads = table.get_by_role("columnheader").all_inner_texts()
        labels = table.locator("tbody tr").first.locator("td[data-label]").all()
        assert labels
        assert all(cell.get_attribute("data-label") in heads for cell in labels)


def test_the_menu_of_the_account_drops_over_the_page(office: Office) -> None:
    with office.sits("tani", (390, 844)) as tani:
        title, rooms = tani.page.get_by_role("heading", level=1), tani.page.locator(".rooms a")
        before = title.bounding_box()
        tani.page.locator(".me summary").click()
        expect(tani.page.get_by_role("button", name="サインアウト", exact=True)).to_be_visible()
        assert title.bounding_box() == before
        tops = rooms.evaluate_all("found => found.map(one => one.getBoundingClientRect().top)")
        assert len(set(tops)) == 1, "all rooms stand in one row"


def test_a_day_of_the_month_can_be_chosen(office: Office) -> None:
    """A sitting is on weekdays or on days of the month; what is said can be done."""
    with office.sits("tani") as tani:
        page = tani.page
        page.goto(f"{office.home}/{CODE}/desk/places/new")
        page.get_by_role("button", name="＋ 集まる日を入れる").click()
        editor = page.locator("[data-schedule-editor]")
        preview = page.locator("[data-schedule-preview]")
        editor.get_by_label("毎月の何日", exact=True).click()
        expect(preview).to_contain_text("毎月の何日か")
        expect(editor.get_by_label("火", exact=True)).to_have_count(0)
        for day in ("25日", "5日"):
            editor.get_by_label("日にちを足す").select_option(label=day)
        expect(preview).to_contain_text("毎月5日・25日 10:00〜11:30")
        assert not tani.violations()
        editor.get_by_role("button", name="5日を消す", exact=True).click()
        expect(preview).to_contain_text("毎月25日 10:00〜11:30")
        editor.get_by_label("毎月の何日", exact=True).click()
        editor.get_by_label("火", exact=True).click()
        expect(preview).to_contain_text("毎週火曜 10:00〜11:30")
