"""What sheets are made of: type, readings, labels, the frame, QR codes."""

from __future__ import annotations

import pytest
import shapely
from geopandas import GeoSeries

from web.sheets.frame import CLOSEST_M_PER_PT, MapFrame, svg_paths
from web.sheets.labels import Wanted, place_labels, width_of
from web.sheets.paper import MM, Paper
from web.sheets.readings import reading_beside
from web.sheets.sheet import Code, code_json
from web.sheets.typeset import MISSING, in_type

ZONE = 6672


@pytest.mark.parametrize(
    ("text", "set_"),
    [
        ("髙﨑𠮷邉①㈱", "髙﨑𠮷邉①㈱"),
        ("か\u3099くえん", "がくえん"),
        ("葛\U000e0100飾", "葛飾"),
        ("花🌸見", f"花{MISSING}見"),
        ("あ\u200bい\x07う", "あいう"),
        ("一行\n二行", "一行\n二行"),
        ("全角\u3000空白", "全角\u3000空白"),
        ("tel: 090-0000", "tel: 090-0000"),
    ],
)
def test_text_is_set_as_far_as_there_is_type_for_it(text: str, set_: str) -> None:
    assert in_type(text) == set_


@pytest.mark.parametrize(
    ("name", "kana", "beside"),
    [
        ("生石集会所", "オイシシュウカイショ", "おいししゅうかいしょ"),
        ("中央公民館", "チュウオウコウミンカン", ""),
        ("ふれあいサロン", "フレアイサロン", ""),
        ("いきいき百歳体操", "イキイキヒャクサイタイソウ", ""),
        ("生石集会所", None, ""),
        ("なぎさ㈱の家", "ﾅｷﾞｻ", ""),
    ],
)
def test_a_reading_stands_beside_a_name_that_is_hard(
    name: str, kana: str | None, beside: str
) -> None:
    assert reading_beside(name, kana) == beside


def test_paper_is_as_large_as_it_says() -> None:
    lying = Paper("A3", "landscape")
    assert (lying.width_pt / MM, lying.height_pt / MM) == pytest.approx((420, 297))
    assert Paper("A1", "portrait").width_pt / MM == pytest.approx(594)
    assert Paper("A4", large=True).type.body == 18
    assert min(Paper(name).type.body for name in ("A4", "A3", "A1")) == 12


def test_the_frame_shows_the_ground_in_one_scale_with_north_up() -> None:
    frame = MapFrame.around(shapely.box(0, 0, 4000, 2000), 500, 500)
    assert frame.m_per_pt == pytest.approx(4000 / (500 * 0.94))
    south_west, north_east = frame.onto_paper(GeoSeries(shapely.points([[0, 0], [4000, 2000]])))
    assert south_west == pytest.approx([15, 250 + 2000 / frame.m_per_pt / 2])
    assert north_east == pytest.approx([485, 250 - 2000 / frame.m_per_pt / 2])


def test_one_point_is_not_blown_up_to_the_whole_frame() -> None:
    assert MapFrame.around(shapely.Point(5, 5), 500, 500).m_per_pt == CLOSEST_M_PER_PT


def test_shapes_become_paths_with_their_holes() -> None:
    holed = shapely.difference(shapely.box(0, 0, 9, 9), shapely.box(3, 3, 6, 6))
    both = shapely.GeometryCollection([shapely.LineString([(0, 0), (1, 2)]), shapely.Point(5, 5)])
    paths = svg_paths([holed, shapely.LineString([(0, 0), (-1.26, 2)]), both, None])
    assert paths[0].count("M") == 2 and paths[0].count("Z") == 2
    assert paths[1:] == ["M0 0L-1.3 2", "M0 0L1 2", ""]


def test_a_name_goes_where_there_is_room_or_stays_away() -> None:
    wanted = [Wanted("駅前", ((50, 50),), sign="駅"), Wanted("役所前", ((52, 50),), sign="役所")]
    (station,) = place_labels(wanted, [], (100, 100), 12)
    assert (station.text, station.anchor) == ("駅前", "left")
    taken = [(62.0, 0.0, 100.0, 100.0)]
    (left,) = place_labels(wanted[:1], taken, (100, 100), 12)
    assert left.anchor == "right"
    assert place_labels(wanted[:1], [(0.0, 0.0, 100.0, 100.0)], (100, 100), 12) == []


def test_a_name_is_never_cut_by_the_frame() -> None:
    edge = Wanted("とても長い名前の郵便局", ((95, 50),), sign="郵便局")
    for label in place_labels([edge], [], (100, 100), 12):
        assert label.left >= 0 and label.left + label.width <= 100


def test_widths_are_never_too_small() -> None:
    assert width_of("漢字", 10) == 20
    assert width_of("Wi-Fi", 10) >= 30


def test_a_code_says_in_words_where_it_leads() -> None:
    made = code_json(Code("https://example.jp/39999/areas/W", "スマホで見る"))
    assert made is not None
    assert "<svg" in made["svg"]
    assert "https://example.jp/39999/areas/W" in made["alt"]
    assert code_json(None) is None
