"""Asking another question: one request, and map, headline, table and list change together."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from urllib.parse import urlencode

import openpyxl
import pytest
from browser_page import BrowserPage

from api.actions.demo import CODE
from web.words import percent

pytestmark = pytest.mark.browser

Opener = Callable[..., BrowserPage]
Question = dict[str, list[str]]
COMBINATIONS: list[tuple[str, list[str]]] = [
    ("日", []),
    ("", ["exercise"]),
    ("火", ["salon", "cafe"]),
    ("土", ["community_center"]),
    ("木", ["other", "hobby"]),
]
API = f"/api/v1/municipalities/{CODE}"


def assert_answers(page: BrowserPage, question: Question) -> None:
    """Everything on the page says what the API says, and the map draws the API's places."""
    query = urlencode(question, doseq=True)
    said = page.json(f"{API}/coverage?{query}")
    total = said["total"]
    ratio = percent(total["ratio"])
    assert page.headline() == [ratio, f"{total['uncovered']:,}", f"{total['places']:,}"]
    assert page.find("#panel h1").inner_text() == f"歩いて通える人は {ratio}"
    keys = ("population", "ratio", "uncovered", "places")
    assert page.table() == [
        [area["name"], *(str(area[key]) for key in keys)] for area in said["areas"]
    ]
    ranks = [str(gap["rank"]) for gap in said["gaps"]]
    assert page.listed_gaps() == [
        [rank, f"{gap['population']:,}"] for rank, gap in zip(ranks, said["gaps"], strict=True)
    ]
    assert page.get("Object.keys(Yori.view.gap)") == ranks
    assert set(ranks[:10]) <= set(page.numbers_on_the_map()) <= set(ranks)
    places = page.json(f"{API}/places?{query}")["features"]
    assert page.drawn_places() == {place["id"] for place in places}
    assert page.get("Yori.view.reach.shown") == page.get("Yori.view.signs.shown")


def test_the_first_page_says_what_the_api_says(sample: BrowserPage) -> None:
    assert_answers(sample, {})


def test_a_weekday_changes_everything_with_one_request(sample: BrowserPage) -> None:
    before, drawing = sample.headline(), sample.drawing()
    sample.asked.clear()
    with sample.answered():
        sample.find("select[name=weekday]").select_option("水")
    assert len([path for path in sample.asked if "/panel?" in path]) == 1
    assert [path for path in sample.asked if "details" not in path and "/panel?" not in path] == []
    assert_answers(sample, {"weekday": ["水"]})
    assert sample.headline() != before
    assert sample.drawing() != drawing


def test_the_map_draws_the_places_the_server_counts(sample: BrowserPage) -> None:
    sample.find(".kinds > summary >> nth=0").click()
    for weekday, kinds in COMBINATIONS:
        if sample.find("select[name=weekday]").input_value() != weekday:
            with sample.answered():
                sample.find("select[name=weekday]").select_option(weekday)
        if not sample.find("[data-all-kinds]").is_checked():
            with sample.answered():
                sample.find("[data-all-kinds]").check()
        for kind in kinds:
            with sample.answered():
                sample.find(f"[name=kind][value={kind}]").check()
        assert_answers(sample, {"weekday": [weekday], "kind": kinds})


def test_distance_and_age_change_figures_reach_and_shading(sample: BrowserPage) -> None:
    drawing = sample.drawing()
    with sample.answered():
        sample.find("select[name=distance]").select_option("1000")
    assert_answers(sample, {"distance": ["1000"]})
    assert sample.get("Yori.view.reach.metres") == 1000
    assert sample.drawing() != drawing
    with sample.answered():
        sample.find("select[name=age]").select_option("75")
    assert_answers(sample, {"distance": ["1000"], "age": ["75"]})
    assert sample.find("#legend-people").inner_text() == "75歳以上の人の多さ"


def test_the_address_keeps_the_question(sample: BrowserPage) -> None:
    sample.find(".kinds > summary >> nth=0").click()
    with sample.answered():
        sample.find("select[name=weekday]").select_option("金")
    with sample.answered():
        sample.find("[name=kind][value=hall]").check()
    before = [sample.headline(), sample.table(), sample.drawn_places()]
    sample.page.reload()
    sample.wait_for_map()
    assert [sample.headline(), sample.table(), sample.drawn_places()] == before
    assert sample.find("select[name=weekday]").input_value() == "金"
    assert sample.find("[name=kind][value=hall]").is_checked()
    assert not sample.find("[data-all-kinds]").is_checked()
    assert_answers(sample, {"weekday": ["金"], "kind": ["hall"]})


def test_all_kinds_is_the_way_back(sample: BrowserPage) -> None:
    sample.find(".kinds > summary >> nth=0").click()
    with sample.answered():
        sample.find("[name=kind][value=hall]").check()
    assert sample.find(".kinds-chosen").inner_text() == "1種類"
    with sample.answered():
        sample.find("[data-all-kinds]").check()
    assert sample.find(".kinds-chosen").inner_text() == "すべて"
    assert_answers(sample, {})


def test_what_the_form_cannot_say_stays_in_the_question(tab: Opener) -> None:
    page = tab().open(f"/{CODE}/?walking=estimate&detour=1.5")
    with page.answered():
        page.find("select[name=weekday]").select_option("水")
    assert_answers(page, {"walking": ["estimate"], "detour": ["1.5"], "weekday": ["水"]})


def test_without_an_answer_the_old_one_stays_whole(sample: BrowserPage) -> None:
    with sample.answered():
        sample.find("select[name=weekday]").select_option("水")
    panel, drawing, address = sample.find("#panel").inner_html(), sample.drawing(), sample.page.url
    for trouble in ("gone", "broken", "another page"):
        make_trouble(sample, trouble)
        sample.find("select[name=weekday]").select_option("日")
        sample.find("#message").wait_for()
        assert "新しい数字を取り出せませんでした" in sample.find("#message").inner_text()
        sample.find("#panel:not([aria-busy])").wait_for()
        assert sample.find("#panel").inner_html() == panel
        assert (sample.drawing() == drawing) is True
        assert sample.find("select[name=weekday]").input_value() == "水"
        assert sample.page.url == address
        # It is back: the message goes, the answer comes.
        make_trouble(sample, "none")
        with sample.answered():
            sample.find("select[name=weekday]").select_option("日")
        assert not sample.find("#message").is_visible()
        assert_answers(sample, {"weekday": ["日"]})
        with sample.answered():
            sample.find("select[name=weekday]").select_option("水")


def make_trouble(page: BrowserPage, trouble: str) -> None:
    """Let the server be gone, break, or something between answer in its place."""
    page.page.unroute_all()
    page.refused = lambda path: trouble == "gone" and path.endswith("/panel")
    if trouble in ("broken", "another page"):
        status = 500 if trouble == "broken" else 200
        page.page.route("**/panel?*", lambda r: r.fulfill(status=status, body="<p>Gateway</p>"))


def test_of_two_quick_questions_the_last_one_counts(sample: BrowserPage) -> None:
    sample.find("select[name=weekday]").select_option("水")
    with sample.answered():
        sample.find("select[name=weekday]").select_option("土")
    assert_answers(sample, {"weekday": ["土"]})
    assert not sample.find("#message").is_visible()


def test_a_new_answer_is_said_aloud(sample: BrowserPage) -> None:
    assert sample.find("#said").get_attribute("role") == "status"
    with sample.answered():
        sample.find("select[name=weekday]").select_option("日")
    assert sample.find("#said").text_content() == sample.find("#panel h1").inner_text()


def test_the_list_of_places_follows_the_question_and_stays_open(sample: BrowserPage) -> None:
    sample.find("#place-list > summary").click()
    rows = sample.find("#place-list tbody tr")
    rows.first.wait_for()
    assert rows.count() == 124
    with sample.answered():
        sample.find("select[name=weekday]").select_option("日")
    expected = len(sample.json(f"{API}/places?weekday=日")["features"])
    assert 0 < expected < 124
    assert sample.find("#place-list").get_attribute("open") is not None
    assert rows.count() == expected
    assert sample.find("#place-count").inner_text() == f"{expected}か所"


def test_the_list_of_places_finds_by_name_and_address(sample: BrowserPage) -> None:
    with sample.answered():  # the list of a later answer listens too
        sample.find("select[name=weekday]").select_option("水")
    sample.find("#place-list > summary").click()
    sample.find("#place-find").fill("なぎさ")
    rows = sample.find("#place-list tbody tr")
    rows.first.wait_for()
    assert "ふれあいサロン なぎさ" in rows.first.inner_text()
    assert all("なぎさ" in row or "渚" in row for row in rows.all_inner_texts())


def test_a_press_on_a_heading_sorts_and_says_so(sample: BrowserPage) -> None:
    heads = sample.find(".figures-table thead th")
    areas = sample.json(f"{API}/coverage")["areas"]
    for column, key in enumerate(("name", "population", "ratio", "uncovered", "places")):
        values = {area["name"]: area[key] for area in areas}
        for direction, down in (("descending", True), ("ascending", False)):
            heads.nth(column).locator("button").click()
            assert heads.nth(column).get_attribute("aria-sort") == direction
            assert sample.find(".figures-table th[aria-sort]").count() == 1
            shown = [values[row[0]] for row in sample.table()]
            if key != "name":  # names sort as Japanese does, by their reading
                assert shown == sorted(shown, reverse=down)


def test_the_table_can_be_saved_as_the_page_shows_it(sample: BrowserPage) -> None:
    with sample.answered():
        sample.find("select[name=weekday]").select_option("水")
    said = sample.json(f"{API}/coverage?weekday=水")
    expected = [[a["name"], a["population"], a["uncovered"]] for a in said["areas"]]
    with sample.page.expect_download() as saved:
        sample.find(".downloads a").filter(has_text="Excel").click()
    assert saved.value.suggested_filename == "汐見野市_通いの場.xlsx"
    sheet = openpyxl.load_workbook(io.BytesIO(saved.value.path().read_bytes())).worksheets[0]
    rows = [[row[1], row[2], row[4]] for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert rows[:-1] == expected
    assert rows[-1] == ["合計", said["total"]["population"], said["total"]["uncovered"]]
    with sample.page.expect_download() as saved:
        sample.find(".downloads a").filter(has_text="CSV").click()
    text = saved.value.path().read_text("utf-8-sig")
    table = list(csv.reader(io.StringIO(text)))
    assert [[row[1], int(row[2]), int(row[4])] for row in table[1:-1]] == expected
