"""Sheets of a whole municipality: what stands on them, in which order, and how one gets them."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
import shapely
from command_line import CommandLine
from databases import SqliteShelf
from pdf_sheets import ReadSheet
from sqlalchemy import Engine
from sqlmodel import Session
from starlette.testclient import TestClient

from api.actions.demo import CODE, set_up_demo
from api.actions.load_sheet import focus_on, places_of
from api.actions.print_sheet import IN_THE_ARCHIVE, Press, SheetKind
from api.actions.sheet_words import SheetOrder, cover
from api.main import create_app
from api.settings import Settings
from api.store.engine import open_engine
from web.sheets.paper import Paper

TODAY = date(2026, 11, 27)
BASE = "https://example.lg.jp"
CENTRE, HILL = f"{CODE}-1", f"{CODE}-5"


def the_sample(engine: Engine) -> None:
    with Session(engine) as session:
        set_up_demo(session, Settings().data_dir / "boundaries", TODAY, lambda _: None)


@pytest.fixture(scope="module")
def engine_of_sample(sqlite_shelf: SqliteShelf) -> Iterator[Engine]:
    engine = open_engine(sqlite_shelf.kept(the_sample))
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def press(engine_of_sample: Engine) -> Iterator[Press]:
    with Session(engine_of_sample) as session:
        yield Press.open(session, CODE, TODAY)


@pytest.fixture
def visitor(engine_of_sample: Engine) -> Iterator[TestClient]:
    app = create_app(engine_of_sample, Settings(public_url=BASE))
    with TestClient(app, base_url="http://testserver") as client:
        yield client


def printed(press: Press, kind: SheetKind, area: str = CENTRE, **how: object) -> ReadSheet:
    order = SheetOrder(area, base_url=BASE, **{"paper": Paper("A4", "portrait"), **how})  # type: ignore[arg-type]
    return ReadSheet(press.print(kind, order))


def plain(text: str) -> str:
    return text.replace(" ", "").replace("\u3000", "")


AREAS = [f"{CODE}-{n}" for n in range(1, 7)]


@pytest.mark.parametrize("area", AREAS)
def test_each_place_lies_in_the_area_it_is_listed_under_or_is_flagged(
    press: Press, area: str
) -> None:
    focus = focus_on(press.land, area)
    places = places_of(press.land, focus)
    assert len(places) and focus.shape is not None
    placed = places[places.geometry.notna()]
    astray = ~shapely.intersects(focus.shape, placed.geometry.to_numpy())
    assert (astray == placed["outside"].to_numpy()).all()


@pytest.mark.parametrize("area", AREAS)
def test_a_map_tells_every_place_of_its_area_and_no_other(press: Press, area: str) -> None:
    text = plain(printed(press, SheetKind.map, area).text)
    mine = set(places_of(press.land, focus_on(press.land, area))["name"])
    others = set(press.land.places["name"]) - mine
    for name in mine:
        assert plain(name) in text, name
    told = [name for name in others if plain(name) in text]
    assert [n for n in told if not any(plain(n) in plain(m) for m in mine)] == []


@pytest.mark.parametrize(("kind", "paper", "sides"), IN_THE_ARCHIVE)
def test_every_sheet_of_the_archive_is_whole(
    press: Press, kind: SheetKind, paper: Paper, sides: int
) -> None:
    for area in (CENTRE, HILL, ""):
        sheet = printed(press, kind, area, paper=paper, sides=sides)
        assert sheet.beyond_the_page() == []
        assert sheet.overprinted() == []
        assert min(sheet.sizes) >= paper.type.body
        assert all(sheet.embedded().values())


def test_the_list_of_a_map_stands_in_the_order_of_the_week_if_asked(press: Press) -> None:
    sheet = printed(press, SheetKind.map, order="week", sides=2)
    whens = re.findall(r"毎週([月火水木金土日])曜", sheet.text)
    days = ["月火水木金土日".index(day) for day in whens]
    assert days == sorted(days) and len(set(days)) > 3


def test_in_the_order_of_the_map_numbers_run_from_the_north(press: Press) -> None:
    focus = focus_on(press.land, CENTRE)
    places = places_of(press.land, focus).set_index("name").geometry
    text = printed(press, SheetKind.map, sides=2).text
    order = sorted((text.index(plain(name)), name) for name in places.index if plain(name) in text)
    north = [places[name].y for _, name in order if places[name] is not None]
    assert north[0] > north[-1]
    assert sum(a < b for a, b in pairwise(north)) < len(north) / 2


def test_the_calendar_puts_each_opening_under_its_day(press: Press) -> None:
    text = printed(press, SheetKind.calendar).text
    days = ["ほとんど毎日", *(f"{day}曜日" for day in "月火水木金土日"), "日をたしかめてから"]
    at = [text.index(day) for day in days]
    assert at == sorted(at)
    rows = places_of(press.land, focus_on(press.land, CENTRE))
    for name, weekdays in zip(rows["name"], rows["weekdays"], strict=True):
        if weekdays and len(weekdays) == 1:
            n = "月火水木金土日".index(weekdays) + 1
            assert at[n] < text.index(plain(name)) < at[n + 1], name


def test_a_place_open_on_two_days_stands_under_both(press: Press) -> None:
    rows = places_of(press.land, focus_on(press.land, CENTRE))
    twice = rows[rows["weekdays"].map(lambda days: bool(days) and len(days) == 2)]
    assert len(twice)
    text = printed(press, SheetKind.calendar).text
    for name in twice["name"]:
        alike = [n for n in rows["name"] if plain(name) in plain(n)]
        assert text.count(plain(name)) >= 2 * len(alike[:1])


def test_the_leaflet_says_whom_to_phone_for_what(press: Press) -> None:
    text = printed(press, SheetKind.leaflet).text
    assert text.index("どこに相談したらよいか迷ったら") < text.index("食事を届けてほしい")
    assert text.index("食事を届けてほしい") < text.index("配食ひまわり弁当")
    assert "電話0999-00-5877" in text


def test_the_sheet_of_a_town_tells_what_one_can_walk_to(press: Press) -> None:
    (town,) = press.towns_named(CENTRE, ["錦町"])
    text = printed(press, SheetKind.map, towns=(town,)).text
    assert "汐見野市錦町" in text and "町から歩いて20分ほど" in text
    focus = focus_on(press.land, CENTRE, (town,))
    assert focus.shape is not None
    near = press.land.places[press.land.places.geometry.distance(focus.shape) <= 1000]
    far = press.land.places[press.land.places.geometry.distance(focus.shape) > 1000]
    assert all(plain(name) in text for name in near["name"])
    others = {*far["phone"].dropna()} - {*near["phone"].dropna()}
    assert others and not any(f"電話{phone}" in text for phone in others)


def test_a_sheet_says_how_old_it_is_whom_to_ask_and_where_facts_come_from(press: Press) -> None:
    text = printed(press, SheetKind.map).text
    assert "令和8年11月27日現在" in text
    assert "お問い合わせ地域包括支援センター中央・港0999-00-3652" in text
    assert "出典：見本の市（架空のデータ）" in text
    assert "圏域の境はおおよそです" in text


def test_codes_lead_to_the_same_area_and_to_its_voice(press: Press) -> None:
    said = " ".join(printed(press, SheetKind.map).alternatives())
    assert f"{BASE}/{CODE}/areas/{CENTRE}" in said
    assert f"{BASE}/{CODE}/voice?area={CENTRE}" in said
    assert f"{BASE}/{CODE}/areas/{CENTRE}/list" in " ".join(
        printed(press, SheetKind.list).alternatives()
    )


def test_a_code_of_an_area_in_japanese_is_an_address_all_the_same(press: Press) -> None:
    named = replace(press.land, areas=press.land.areas.replace({"code": {CENTRE: "中央 1/2"}}))
    said = cover(named, focus_on(named, "中央 1/2"), SheetOrder(base_url=BASE), "", "")
    assert said.code is not None
    assert said.code.url == f"{BASE}/{CODE}/areas/%E4%B8%AD%E5%A4%AE%201%2F2"


def test_without_an_address_no_code_leads_to_nowhere(press: Press) -> None:
    order = SheetOrder(CENTRE, paper=Paper("A4", "portrait"))
    said = ReadSheet(press.print(SheetKind.map, order)).alternatives()
    assert said and not any("QR" in words for words in said)


# How one gets them


def test_a_browser_shows_the_sheet_and_keeps_it(visitor: TestClient) -> None:
    answer = visitor.get(f"/{CODE}/sheets/{CENTRE}.pdf?paper=A4&way=portrait&print=large")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].startswith("inline")
    assert min(ReadSheet(answer.content).sizes) >= 18
    again = visitor.get(
        f"/{CODE}/sheets/{CENTRE}.pdf?paper=A4&way=portrait&print=large",
        headers={"If-None-Match": answer.headers["etag"]},
    )
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("nowhere.pdf", 404),
        (f"{CENTRE}.pdf?town=999999", 404),
        (f"{CENTRE}.pdf?paper=B5", 422),
        (f"{CENTRE}.pdf?sides=3", 422),
        (f"{CENTRE}.pdf?sheet=everything", 422),
    ],
)
def test_what_cannot_be_printed_is_said_in_japanese(
    visitor: TestClient, query: str, status: int
) -> None:
    answer = visitor.get(f"/{CODE}/sheets/{query}")
    assert answer.status_code == status
    assert "<h1>" in answer.text and re.search("[ぁ-ん]", answer.text)


def test_the_form_leads_to_the_address_of_the_sheet(visitor: TestClient) -> None:
    asked = {"place": f"{CENTRE}/3", "sheet": "calendar", "paper": "", "way": "", "sides": "1"}
    answer = visitor.get(f"/{CODE}/sheets/print", params=asked, follow_redirects=False)
    assert answer.status_code == 303
    to = answer.headers["location"]
    assert to.startswith(f"/{CODE}/sheets/{CENTRE}.pdf?") and "town=3" in to
    assert visitor.get(to).headers["content-type"] == "application/pdf"


def test_all_sheets_come_as_one_archive(visitor: TestClient, tmp_path: Path) -> None:
    answer = visitor.get(f"/{CODE}/sheets.zip")
    kept = tmp_path / "sheets.zip"
    kept.write_bytes(answer.content)
    with zipfile.ZipFile(kept) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        folders = Counter(name.split("/")[0] for name in names)
        assert folders == {
            **dict.fromkeys(
                ("中央圏域", "港圏域", "川東圏域", "川西圏域", "緑が丘圏域", "山の手・島圏域"), 6
            ),
            "汐見野市": 7,
        }
        assert all(archive.read(name).startswith(b"%PDF") for name in names)


@pytest.fixture
def shell(yoridokoro: CommandLine, engine_of_sample: Engine) -> CommandLine:
    with Session(engine_of_sample) as session:
        return yoridokoro.on(session)


def test_the_command_writes_a_sheet(shell: CommandLine, tmp_path: Path) -> None:
    out = tmp_path / "地図.pdf"
    ran = shell("sheet", out, "--area", HILL, "--paper", "A4", "--on", "2026-11-27", "--url", BASE)
    assert (ran.code, ran.out.split("（")[0]) == (0, "地図.pdf を書き出しました")
    assert "緑が丘圏域" in ReadSheet(out.read_bytes()).text
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".part"] == []


def test_the_command_says_when_no_code_can_be_printed(shell: CommandLine, tmp_path: Path) -> None:
    assert "QRコードは付けていません" in shell("sheet", tmp_path / "a.pdf", "--area", HILL).err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--area", "nope"), "圏域「nope」はありません"),
        (("--area", HILL, "--town", "無い町"), "「無い町」という町"),
        (("--paper", "A4", "--large", "--way", "landscape"), "大きい紙にするか、町ごとに"),
    ],
)
def test_the_command_refuses_in_words_and_writes_nothing(
    shell: CommandLine, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    out = tmp_path / "a.pdf"
    ran = shell("sheet", out, *words)
    assert ran.code == 2 and said in ran.err
    assert not out.exists()


def test_the_kit_of_a_workshop_is_complete(shell: CommandLine, tmp_path: Path) -> None:
    out = tmp_path / "kit.zip"
    assert shell("kit", out, "--area", HILL, "--slips", "5", "--url", BASE).code == 0
    with zipfile.ZipFile(out) as archive:
        sheets = {name: ReadSheet(archive.read(name)) for name in archive.namelist()}
    wall, tiles, _, cards, slips = sheets.values()
    assert len(wall.pages) == 1 and round(float(wall.pages[0].width)) in (1684, 2384)
    assert [n for n in range(1, 5) if f"{n}枚目" in tiles.text] == [1, 2, 3, 4]
    numbers = re.findall(r"受付番号([0-9A-Z]{4}-[0-9A-Z]{4})", slips.text)
    assert len(set(numbers)) == 5 and len(slips.pages) == 3
    for words in (
        "この場所が、地図にのっていない",
        "わたしも、手伝えます",
        "くわしく教えてください",
    ):
        assert slips.text.count(words) == 5
    assert cards.text.count("ここに、ほしい") >= 8
    for sheet in sheets.values():
        assert sheet.overprinted() == [] and min(sheet.sizes) >= 12
        # What reaches from one of the four sheets into the next is cut at the edge of both.
        assert sheet is tiles or sheet.beyond_the_page() == []
