"""A resident's suggestion, from the phone or a paper slip to the desk, the map and the lookup."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from browser_office import Office, open_office
from browser_page import PHONE, BrowserPage
from playwright.sync_api import Browser, Page, ViewportSize, expect
from sqlalchemy import Engine, update
from sqlmodel import Session

from api.actions.demo import CODE
from api.models import Municipality
from api.models.columns import table_of

pytestmark = pytest.mark.browser
DESK_SIZE = (1280, 800)


@pytest.fixture(scope="module")
def office(
    store: Engine, chromium: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    """Give a copy of the sample municipality, served, with a coordinator and a chief."""
    with open_office(store, chromium, tmp_path_factory.mktemp("voice")) as office:
        yield office


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def phone(request: pytest.FixtureRequest, office: Office) -> Iterator[BrowserPage]:
    """Give a resident's phone, with JavaScript and without."""
    context = office.chromium.new_context(
        viewport=ViewportSize(width=PHONE[0], height=PHONE[1]),
        locale="ja-JP",
        java_script_enabled=request.param,
        has_touch=True,
    )
    tab = BrowserPage.of(context, office.home)
    yield tab
    assert context.cookies() == []
    context.close()
    tab.check_quiet()


def clean(tab: BrowserPage) -> None:
    assert tab.violations() == ""
    assert tab.wider_than_the_window() == []


def on_the_phone(tab: BrowserPage, kind: str, words: str, town: str) -> str:
    """Answer the questions and send; the number."""
    page = tab.open(f"/{CODE}/voice").page
    page.get_by_label(kind).check()
    page.get_by_label("くわしく教えてください").fill(words)
    page.get_by_label("どのあたりですか").select_option(label=town)
    page.wait_for_timeout(3100)  # nobody is that fast, and the page knows
    page.get_by_role("button", name="送る").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("受け取りました")
    return page.locator(".number-big").inner_text()


def looked_up(tab: BrowserPage, number: str) -> str:
    page = tab.open(f"/{CODE}/voice/status").page
    page.get_by_label("受付番号").fill(number.lower())
    page.get_by_role("button", name="見る").click()
    return page.locator(".reply").inner_text()


def scripted(tab: BrowserPage) -> bool:
    return tab.page.locator("html.scripted").count() > 0


def test_a_suggestion_goes_from_the_phone_to_the_map_and_back_to_its_sender(
    office: Office, phone: BrowserPage
) -> None:
    name = "川べりの縁側" if phone.open(f"/{CODE}/voice") and scripted(phone) else "川べりの広場"
    number = on_the_phone(
        phone, "地図にのっていない", f"{name}で毎週あつまっています", "駅北一丁目"
    )
    assert "受け取りました" in looked_up(phone, number)
    with office.sits("oka") as desk:
        desk.page.get_by_role("link", name=re.compile("住民の声が")).click()
        desk.page.locator("li", has_text=name).get_by_role("link", name="地図にのって").click()
        desk.page.get_by_role("link", name="新しく書く").click()
        expect(desk.page.locator(".voice-beside")).to_contain_text(name)
        desk.page.get_by_label("名前", exact=False).first.fill(name)
        desk.page.get_by_label("住所", exact=True).fill("駅北一丁目 2")
        desk.page.get_by_label("声を送った人に伝える言葉").fill("地図にのせました。")
        desk.page.get_by_role("button", name="提出する", exact=True).click()
        expect(desk.page.locator(".message.done")).to_contain_text("提出しました")
    assert "確認中" in looked_up(phone, number)
    with office.sits("tani") as chief:
        chief.page.goto(f"{office.home}/{CODE}/desk/inbox/")
        entry = chief.page.locator("section", has_text=name).last
        entry.get_by_role("button", name="公開する").click()
        expect(chief.page.locator(".message.done")).to_contain_text("公開しました")
    told = looked_up(phone, number)
    assert "地図になおしました" in told and "地図にのせました。" in told
    assert name in phone.json(f"/{CODE}/map/places.json")["name"]


def test_the_pages_for_residents_are_clean_on_a_phone(office: Office) -> None:
    context = office.chromium.new_context(
        viewport=ViewportSize(width=PHONE[0], height=PHONE[1]), locale="ja-JP"
    )
    tab = BrowserPage.of(context, office.home)
    tab.expected = ["422"]
    tab.open(f"/{CODE}/voice")
    clean(tab)
    tab.find("summary").click()
    expect(tab.find("#pick-map")).to_have_class(re.compile("leaflet-container"))
    tab.find("#pick-map").click(position={"x": 120, "y": 150})
    expect(tab.find("[data-where]")).to_contain_text("印をつけました")
    clean(tab)
    tab.page.wait_for_timeout(3100)
    tab.page.get_by_role("button", name="送る").click()
    expect(tab.find(".message.wrong").first).to_contain_text("一つ選んでください")
    assert tab.find("[name=lon]").input_value() != "", "the pin is still there"
    clean(tab)
    number = on_the_phone(tab, "手伝えます", "話し相手になれます", "駅北一丁目")
    clean(tab)
    looked_up(tab, number)
    clean(tab)
    context.close()
    tab.check_quiet()


def test_the_desk_pages_are_clean(office: Office) -> None:
    for size in (DESK_SIZE, PHONE):
        with office.sits("tani", size) as desk:
            first_voice(desk.page, office)
            for path in ("voices/", "voices/1", "voices/slips", "needs/", "voices/?answered=1"):
                desk.open(f"/{CODE}/desk/{path}")
                clean(desk)


def test_the_numbers_of_needs_are_clean_for_residents(office: Office) -> None:
    with office.sits("tani", PHONE) as desk:
        first_voice(desk.page, office)
        desk.open(f"/{CODE}/desk/voices/")
        desk.page.locator(".voices h2 a").first.click()
        desk.page.locator("summary", has_text="困りごととして").click()
        desk.page.get_by_label("移動・送迎").check()
        desk.page.get_by_label("どの町のことですか").select_option(label="駅北一丁目")
        desk.page.get_by_role("button", name="書きとめる").click()
        expect(desk.page.locator(".message.done")).to_contain_text("保存しました")
        with Session(office.engine) as session:
            session.connection().execute(update(table_of(Municipality)).values(needs_shown=True))
            session.commit()
        desk.open(f"/{CODE}/needs")
        expect(desk.page.locator(".area-figure")).to_contain_text("1〜2件")
        clean(desk)


def first_voice(page: Page, office: Office) -> None:
    page.goto(f"{office.home}/{CODE}/desk/voices/slips")
    page.locator("[name=kind]").first.check()
    page.get_by_label("くわしく教えてください").fill("バスの時間が変わった")
    page.get_by_role("button", name="入れて、次の用紙へ").click()
    expect(page.locator("[role=status].count")).to_contain_text("入れました")


def test_slips_are_keyed_in_without_leaving_the_keyboard(office: Office) -> None:
    with office.sits("oka", DESK_SIZE) as desk:
        page = desk.page
        page.goto(f"{office.home}/{CODE}/desk/voices/slips")
        page.locator("#heard_on").fill("2026-01-15")
        page.locator("[name=kind]").first.focus()
        for n in range(1, 6):
            expect(page.locator("[name=kind]").first).to_be_focused()
            page.keyboard.press(str(n))
            expect(page.locator("#place_name")).to_be_focused()
            page.keyboard.type(f"場所{n}")
            page.keyboard.press("Enter")
            page.keyboard.type(f"声{n}")
            for _ in range(5):
                page.keyboard.press("Enter")
            expect(page.locator("[role=status].count")).to_contain_text(f"きょう {n} 枚")
            expect(page.locator("#heard_on")).to_have_value("2026-01-15")
        assert page.locator(".slip-last li").count() == 5
        page.get_by_role("button", name=re.compile("を取り消す")).first.click()
        expect(page.locator("[role=status].count")).to_contain_text("きょう 4 枚")
