"""The printed map, made and read back: every number, every word, nothing cut or overprinted."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import numpy as np
import pytest
import shapely
from geopandas import GeoDataFrame, GeoSeries
from pdf_sheets import ReadSheet

from web.maps.symbols import SYMBOLS
from web.sheets.ground_svg import PaperGround
from web.sheets.map_sheet import MapContent, map_pdf, map_values
from web.sheets.paper import Paper, PaperName, Way
from web.sheets.sheet import Code, Cover, Entry, Foot
from web.sheets.spread import NoRoom

ZONE = 6672
DAY = date(2026, 11, 27)
HARD = "髙﨑𠮷邉①㈱の集い"
TRAP = '#set text(size: 1pt) *x* $y$ <b>alert</b> \\u{41} "]#[ @a'
KINDS = list(SYMBOLS)


def cover(**changed: Any) -> Cover:
    told: dict[str, Any] = {
        "on": DAY,
        "publisher": "四角市",
        "where": "四角市 西圏域",
        "title": "通いの場マップ",
        "words": "歩いて行ける、集まれる場所です。",
        "foot": Foot("令和8年11月27日現在", "地域包括支援センター 0999-11-0001"),
        "code": Code("https://example.jp/39999/areas/W", "スマホで見る"),
        "voice": Code("https://example.jp/39999/voice?area=W", "教えてください。"),
    }
    return Cover(**{**told, **changed})


def content(count: int, *, spread_m: float = 700, **changed: Any) -> MapContent:
    """So many places in a square of four towns, most of them close together in the middle."""
    random = np.random.default_rng(count)
    at = np.clip(random.normal(1000, spread_m / 2, (count, 2)), 20, 1980)
    squares = [shapely.box(x, y, x + 1000, y + 1000) for y in (0, 1000) for x in (0, 1000)]
    towns = GeoDataFrame(
        {"name": ["南西町", "南東町", "北西町", "北東町"]}, geometry=squares, crs=ZONE
    )
    focus = shapely.union_all(squares)
    road = shapely.linestrings([[-500, 980], [2500, 1030]])
    landmarks = GeoDataFrame(
        {"kind": ["駅", "神社", "小学校"], "name": ["四角駅", "八幡宮", "四角小学校"]},
        geometry=shapely.points([[200, 200], [1800, 300], [300, 1700]]),
        crs=ZONE,
    )
    entries = [
        Entry(
            name=HARD if n == 0 else f"{n + 1}番のつどい",
            kana="たかさきよしべのつどい" if n == 0 else "",
            kind=KINDS[n % len(KINDS)],
            kind_label=f"種類{n % len(KINDS)}",
            lines=("毎週水曜 10:00〜11:30", f"北西町{n + 1}-2"),
            extras=("費用 100円", "送迎あり", "段差なし・車いすトイレあり"),
            phone=f"0999-00-{n:04}",
            number=n + 1,
        )
        for n in range(count)
    ]
    told: dict[str, Any] = {
        "cover": cover(),
        "about": focus,
        "ground": PaperGround(
            land=focus.buffer(3000),
            focus=focus,
            towns=towns,
            areas=GeoDataFrame({"name": ["西圏域"]}, geometry=[focus], crs=ZONE),
            roads=GeoDataFrame({"kind": ["県道"]}, geometry=[road], crs=ZONE),
            landmarks=landmarks,
        ),
        "points": GeoSeries(shapely.points(at), crs=ZONE),
        "entries": entries,
        "kinds": {kind: f"種類{n}" for n, kind in enumerate(KINDS[:count])},
        "walk_m_per_min": 50,
    }
    return MapContent(**{**told, **changed})


PAPERS: list[tuple[PaperName, Way, bool, int]] = [
    ("A3", "landscape", False, 1),
    ("A3", "portrait", True, 2),
    ("A4", "portrait", False, 1),
    ("A4", "landscape", True, 1),
    ("A1", "portrait", False, 1),
]
TOO_MUCH = (200, "A4", "landscape", True, 1)


@pytest.mark.parametrize(
    ("count", "name", "way", "large", "sides"),
    [(n, *how) for n in (3, 40, 200) for how in PAPERS if (n, *how) != TOO_MUCH],
)
def test_nothing_is_cut_overprinted_or_too_small(
    count: int, name: PaperName, way: Way, large: bool, sides: int
) -> None:
    paper = Paper(name, way, large)
    made = content(count)
    sheet = ReadSheet(map_pdf(made, paper, sides))
    assert sheet.beyond_the_page() == []
    assert sheet.overprinted() == []
    assert min(sheet.sizes) >= (18 if large else 12)
    first = sheet.pages[0]
    assert (round(float(first.width)), round(float(first.height))) == (
        round(paper.width_pt),
        round(paper.height_pt),
    )
    box = map_values(made, paper, sides)["boxes"]["map"]
    left, top = box["x"] + paper.margin_pt, box["y"] + paper.margin_pt
    assert sheet.straddling((left, top, left + box["width"], top + box["height"])) == []


@pytest.mark.parametrize("count", [3, 40, 200])
def test_every_number_stands_on_the_map_once_and_in_the_list_once(count: int) -> None:
    made, paper = content(count), Paper("A3", "landscape")
    sheet = ReadSheet(map_pdf(made, paper, 2))
    bold = [c for c in sheet.pages[0].chars if "Bold" in c["fontname"] and c["text"].isdigit()]
    values = map_values(made, paper, 2)
    left, top = (values["boxes"]["map"][side] + paper.margin_pt for side in ("x", "y"))
    half = values["pill"]["width"] / 2
    on_the_map = Counter(
        "".join(
            c["text"]
            for c in bold
            if abs((c["x0"] + c["x1"]) / 2 - left - n["x"]) < half
            and abs((c["top"] + c["bottom"]) / 2 - top - n["y"]) < 4
        )
        for n in values["map"]["numbers"]
    )
    assert on_the_map == Counter(str(n + 1) for n in range(count))
    listed = "".join(sheet.text_of(page) for page in range(1, len(sheet.pages)))
    for entry in made.entries:
        assert f"{entry.number}{entry.name.replace(' ', '')}" in listed
        assert listed.count(entry.phone) == 1


def test_numbers_never_cover_each_other_and_stay_in_the_frame() -> None:
    for count in (3, 40, 200):
        values = map_values(content(count), Paper("A3", "landscape"), 2)
        pill, numbers = values["pill"], values["map"]["numbers"]
        boxes = shapely.box(
            *np.array(
                [[n["x"] - pill["width"] / 2, n["y"] - pill["height"] / 2] for n in numbers]
            ).T,
            *np.array(
                [[n["x"] + pill["width"] / 2, n["y"] + pill["height"] / 2] for n in numbers]
            ).T,
        )
        assert len(shapely.STRtree(boxes).query(boxes, predicate="intersects")[0]) == count
        frame = shapely.box(0, 0, values["map"]["width"], values["map"]["height"])
        assert shapely.within(boxes, frame).all()


def test_hard_characters_print_in_typefaces_that_travel_with_the_file() -> None:
    sheet = ReadSheet(map_pdf(content(3), Paper("A4", "portrait")))
    assert HARD in sheet.text
    assert "（たかさきよしべのつどい）" in sheet.text
    assert sheet.embedded() and all(sheet.embedded().values())
    families = {font.split("+")[1].split("-")[0] for font in sheet.fonts}
    assert families <= {"BIZUDPGothic", "NotoSansCJKjp"}


def test_markup_in_a_name_is_only_its_letters() -> None:
    trapped = content(1, entries=[Entry(name=TRAP, number=1, lines=(TRAP,), phone=TRAP)])
    sheet = ReadSheet(map_pdf(trapped, Paper("A3", "landscape")))
    assert sheet.text.count(TRAP.replace(" ", "")) == 3
    assert min(sheet.sizes) >= 12


def test_a_character_no_typeface_has_becomes_a_geta() -> None:
    flower = content(1, entries=[Entry(name="🌸の会", number=1)])
    assert "〓の会" in ReadSheet(map_pdf(flower, Paper("A4", "portrait"))).text


def test_a_screen_reader_finds_title_language_headings_and_pictures_in_words() -> None:
    sheet = ReadSheet(map_pdf(content(3), Paper("A3", "landscape")))
    assert sheet.catalog["MarkInfo"]["Marked"] is True
    assert sheet.catalog["Lang"].decode().lower().startswith("ja")
    tags = Counter(sheet.tags())
    assert tags["H1"] == 1 and tags["H2"] == 3
    said = sheet.alternatives()
    assert [words for words in said if words.startswith("種類")] == ["種類0", "種類1", "種類2"]
    assert any("番号は一覧と同じ" in words for words in said)
    assert any("https://example.jp/39999/areas/W" in words for words in said)
    assert b"pdfuaid" in sheet.data


def test_the_sheet_says_its_day_contact_speed_and_scale() -> None:
    text = ReadSheet(map_pdf(content(3), Paper("A3", "landscape"))).text
    for words in (
        "令和8年11月27日現在",
        "お問い合わせ地域包括支援センター0999-11-0001",
        "1分に50m",
        "歩いて5分・10分（500m）",
        "北",
        "送迎あり",
        "段差なし・車いすトイレあり",
    ):
        assert words in text, words


def test_the_scale_bar_is_as_long_as_ten_minutes_are() -> None:
    made, paper = content(3), Paper("A3", "landscape")
    values = map_values(made, paper)
    metres_per_point = 2000 / (0.94 * min(values["map"]["width"], values["map"]["height"]))
    assert values["map"]["scale"]["five"] == pytest.approx(250 / metres_per_point, rel=1e-6)


def test_the_same_values_on_the_same_day_are_the_same_file() -> None:
    made, paper = content(3), Paper("A4", "portrait")
    assert map_pdf(made, paper) == map_pdf(made, paper)


def test_a_landmark_whose_name_has_no_room_is_left_out_whole() -> None:
    text = ReadSheet(map_pdf(content(3), Paper("A3", "landscape"))).text
    assert "四角駅" in text and "八幡宮" in text
    crowd = ReadSheet(map_pdf(content(200, spread_m=2000), Paper("A4", "portrait"))).text_of(0)
    for name in ("四角駅", "八幡宮", "四角小学校"):
        assert crowd.count(name) <= 1


def test_withheld_places_come_last_and_wear_no_number() -> None:
    made = content(3)
    hidden = Entry(name="ひみつの茶の間", lines=("くわしい場所はお問い合わせください",))
    sheet = ReadSheet(map_pdf(content(3, entries=[*made.entries, hidden]), Paper("A3")))
    assert sheet.text.index("ひみつの茶の間") > sheet.text.index("3番のつどい")
    assert "4ひみつ" not in sheet.text


def test_more_numbers_than_the_paper_holds_are_refused_in_words() -> None:
    with pytest.raises(NoRoom, match="大きい紙にするか、町ごとに"):
        map_pdf(content(200), Paper("A4", "landscape", large=True))


def test_every_kind_has_a_sign_of_its_own_in_black_and_white() -> None:
    looks = {(symbol.corners, symbol.hollow) for symbol in SYMBOLS.values()}
    assert len(looks) == len(SYMBOLS)


ENDLESS = (
    Entry(name="x" * 200, number=1, lines=("w" * 300, f"https://example.jp/{'a' * 200}")),
    Entry(name="長" * 200, number=1, kana="な" * 200, lines=("あ" * 3000,) * 5, phone="0" * 60),
)


@pytest.mark.parametrize("entry", ENDLESS, ids=["letters", "characters"])
@pytest.mark.parametrize(("name", "way", "large", "sides"), PAPERS)
def test_words_without_end_stay_on_the_paper(
    entry: Entry, name: PaperName, way: Way, large: bool, sides: int
) -> None:
    where = cover(where="市" * 200, publisher="市" * 200, foot=Foot("本日現在", "係" * 200))
    made = content(1, entries=[entry], cover=where)
    sheet = ReadSheet(map_pdf(made, Paper(name, way, large), sides))
    assert sheet.beyond_the_page() == []
    assert sheet.overprinted() == []


def test_hundreds_of_places_are_placed_at_once_or_refused() -> None:
    many = content(800, spread_m=2000)
    numbers = map_values(many, Paper("A1", "portrait"))["map"]["numbers"]
    assert len({(n["x"], n["y"]) for n in numbers}) == 800
