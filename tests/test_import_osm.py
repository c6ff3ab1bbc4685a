"""Importing roads and landmarks from an extract of OpenStreetMap (.osm.pbf)."""

import os
from pathlib import Path

import pyogrio
import pytest
import shapely
from command_line import CommandLine
from osm_extracts import Extract
from shapely.geometry.base import BaseGeometry
from small_town import CODE, NAME, bring, on_paper, rows_of
from sqlmodel import Session

from api.actions.import_ground import SURROUNDINGS_M
from api.actions.importing import Outcome
from api.actions.init_municipality import init_municipality
from api.exchange import osm
from api.exchange.problems import Unreadable
from api.models import Intake, Landmark, Road
from api.models.landmark_kinds import LANDMARK_KINDS

ALONG = [(0.0, 1000.0), (2000.0, 1000.0)]


def tally(outcome: Outcome) -> tuple[int, int, int, int]:
    counts = (outcome.inserted, outcome.updated, outcome.unchanged, outcome.rejected)
    assert sum(counts) == outcome.rows_read
    return counts


def kinds(session: Session) -> dict[str | None, str]:
    return {row["name"]: row["kind"] for row in rows_of(session, Landmark)}


def shape(session: Session, name: str) -> BaseGeometry:
    (row,) = [row for row in rows_of(session, Landmark) if row["name"] == name]
    return on_paper(row["wkb"])


@pytest.fixture
def pbf(tmp_path: Path) -> Extract:
    return Extract(tmp_path / "city.osm.pbf")


# --- roads ---------------------------------------------------------------------------------------


def test_roads_people_walk_on_go_in_and_no_others(four_towns: Session, pbf: Extract) -> None:
    with pbf as file:
        walked = [
            {"highway": "residential", "name": "本通り"},
            {"highway": "steps", "name": "石段"},
            {"highway": "trunk", "name": "国道"},
            {"highway": "trunk_link", "name": "歩道のある連絡路", "sidewalk": "both"},
            {"highway": "footway", "name": "私道だが通れる", "access": "private", "foot": "yes"},
        ]
        driven = [
            {"highway": "motorway", "name": "高速"},
            {"highway": "trunk", "name": "自動車専用", "motorroad": "yes"},
            {"highway": "trunk_link", "name": "連絡路"},
            {"highway": "service", "name": "私道", "access": "private"},
            {"highway": "path", "name": "通れない", "foot": "no"},
            {"highway": "service", "name": "駐車場の中", "service": "parking_aisle"},
            {"highway": "construction", "name": "工事中"},
        ]
        for number, tags in enumerate([*walked, *driven]):
            file.line([(0, 100.0 * number), (500, 100.0 * number)], **tags)
        file.line(ALONG, railway="rail", name="鉄道")
    outcome = bring(four_towns, "roads", file.path)
    assert tally(outcome) == (5, 0, 0, 0)
    stored = {row["name"]: row["kind"] for row in rows_of(four_towns, Road)}
    assert stored == {tags["name"]: tags["highway"] for tags in walked}
    assert any("歩く道ではない 7 本" in note for note in outcome.notes)


def test_the_same_extract_again_changes_nothing(four_towns: Session, pbf: Extract) -> None:
    with pbf as file:
        file.line(ALONG, highway="residential", name="本通り")
        file.line([(0, 0), (0, 900)], highway="path")
    assert tally(bring(four_towns, "roads", file.path)) == (2, 0, 0, 0)
    assert tally(bring(four_towns, "roads", file.path)) == (0, 0, 2, 0)


def test_a_map_of_the_country_gives_the_municipality_and_its_surroundings(
    four_towns: Session, pbf: Extract
) -> None:
    """By count, and not one problem a row: what lies farther is nobody's fault."""
    edge = 2000.0 + SURROUNDINGS_M
    with pbf as file:
        file.line(ALONG, highway="residential", name="市内")
        file.line([(edge - 50, 500), (edge + 900, 500)], highway="residential", name="境をこえる")
        # In the corner of the box round the city, and farther than 2 km all the same.
        file.line([(edge - 20, edge - 20), (edge - 10, edge - 20)], highway="path", name="かど")
        for number in range(30):
            file.line([(50_000, 100.0 * number), (51_000, 0)], highway="path", name="遠く")
    outcome = bring(four_towns, "roads", file.path)
    assert tally(outcome) == (2, 0, 0, 0)
    assert {row["name"] for row in rows_of(four_towns, Road)} == {"市内", "境をこえる"}
    assert outcome.problems == []
    assert any("2kmより遠い 1 件" in note for note in outcome.notes)


def test_nothing_near_is_a_refusal_and_names_the_municipality(
    four_towns: Session, pbf: Extract
) -> None:
    with pbf as file:
        file.line([(90_000, 0), (90_000, 100)], highway="path")
    with pytest.raises(Unreadable, match="歩ける道路が一つもありません"):
        bring(four_towns, "roads", file.path)


def test_an_extract_needs_a_boundary_first(session: Session, pbf: Extract) -> None:
    init_municipality(session, CODE, NAME)
    with pbf as file:
        file.line(ALONG, highway="path")
    with pytest.raises(Unreadable, match="先に、行政区域の境界"):
        bring(session, "roads", file.path)


def test_an_extract_holds_no_places(four_towns: Session, pbf: Extract) -> None:
    with pbf as file:
        file.point(100, 100, amenity="community_centre", name="集会所")
    with pytest.raises(Unreadable, match=r"道路（roads）と目印（landmarks）"):
        bring(four_towns, "places", file.path)


# --- landmarks -----------------------------------------------------------------------------------

SIGNS = {
    "四角駅": {"railway": "station"},
    "本町": {"highway": "bus_stop"},
    "四角小": {"amenity": "school"},
    "四角園": {"amenity": "kindergarten"},
    "八幡さま": {"amenity": "place_of_worship", "religion": "shinto"},
    "お寺さん": {"amenity": "place_of_worship", "religion": "buddhist"},
    "四角マート": {"shop": "supermarket"},
    "角のコンビニ": {"shop": "convenience"},
    "丸百": {"shop": "department_store"},
    "四角局": {"amenity": "post_office"},
    "四角総合": {"amenity": "hospital"},
    "山田内科": {"amenity": "doctors"},
    "四角銀行": {"amenity": "bank"},
    "北の交番": {"amenity": "police"},
    "四角消防": {"amenity": "fire_station"},
    "市役所": {"amenity": "townhall"},
    "公民館": {"amenity": "community_centre"},
    "としょかん": {"amenity": "library"},
}
KINDS = (
    "駅 バス停 学校 保育園・幼稚園 神社 寺 スーパー コンビニ 店 郵便局 病院 診療所 銀行 "
    "交番・警察 消防 役所 公共施設 図書館"
)


def test_signs_people_steer_by_have_kinds_in_japanese(four_towns: Session, pbf: Extract) -> None:
    with pbf as file:
        for number, (name, tags) in enumerate(SIGNS.items()):
            file.point(100.0 * number, 50, name=name, **tags)
        file.point(10, 10, amenity="bench", name="ベンチ")
        file.point(20, 10, amenity="place_of_worship", religion="muslim", name="モスク")
    bring(four_towns, "landmarks", file.path)
    assert kinds(four_towns) == dict(zip(SIGNS, KINDS.split(), strict=True))
    assert set(KINDS.split()) <= set(LANDMARK_KINDS)
    assert {row["credit"] for row in rows_of(four_towns, Intake)[-1:]} == {
        "© OpenStreetMap contributors（ODbL）"
    }


def test_lines_and_faces_of_the_ground(four_towns: Session, pbf: Extract) -> None:
    with pbf as file:
        file.line(ALONG, railway="rail", name="四角線")
        file.line([(0, 900), (2000, 900)], railway="subway", tunnel="yes", name="地下鉄")
        file.line([(0, 800), (2000, 800)], waterway="river", name="四角川")
        file.line([(0, 5), (2000, 5)], natural="coastline")
        file.square(100, 100, 60, natural="water", name="四角池")
        file.square(300, 100, 60, leisure="park", name="四角公園")
        file.square(500, 100, 60, landuse="forest")
        file.square(700, 100, 60, amenity="school", name="広い学校")
    bring(four_towns, "landmarks", file.path)
    assert {(row["name"], row["kind"]) for row in rows_of(four_towns, Landmark)} == {
        ("四角線", "鉄道"),
        ("四角川", "川"),
        (None, "海岸線"),
        ("四角池", "水面"),
        ("四角公園", "公園"),
        (None, "山林"),
        ("広い学校", "学校"),
    }
    assert shape(four_towns, "四角池").geom_type == "Polygon"
    assert shape(four_towns, "広い学校").geom_type == "Point"


def test_a_name_in_japanese_and_its_reading(four_towns: Session, pbf: Extract) -> None:
    with pbf as file:
        file.point(
            100,
            100,
            railway="station",
            name="Hoji Sta.",
            name__ja="保志駅",
            name__ja_Hira="ほじえき",
        )
    bring(four_towns, "landmarks", file.path)
    (station,) = rows_of(four_towns, Landmark)
    assert (station["name"], station["kana"]) == ("保志駅", "ほじえき")


def test_two_platforms_are_one_bus_stop_and_the_next_village_has_its_own(
    four_towns: Session, pbf: Extract
) -> None:
    with pbf as file:
        file.point(100, 100, highway="bus_stop", name="本町")
        file.point(115, 130, highway="bus_stop", name="本町")
        file.point(1500, 100, highway="bus_stop", name="本町")
        file.point(300, 300, highway="bus_stop")
    outcome = bring(four_towns, "landmarks", file.path)
    assert tally(outcome) == (2, 0, 0, 0)
    assert any("名前のない目印 1 件" in note for note in outcome.notes)
    assert any("目印 1 件は、一つにしました" in note for note in outcome.notes)


def test_a_huge_relation_is_cut_at_the_edge_of_the_surroundings(
    four_towns: Session, pbf: Extract
) -> None:
    """Woods of a whole range, whose outline is made of hundreds of ways."""
    far, step = 60_000.0, 500.0
    north = [(-far + step * n, 500.0 + (n % 2) * 40) for n in range(241)]
    south = [(x, -far) for x, _ in reversed(north)]
    ring = [*north, *south, north[0]]
    with pbf as file:
        ways = [file.line(ring[n : n + 2]) for n in range(len(ring) - 1)]
        file.area(ways, natural="wood", name="四角山地")
    bring(four_towns, "landmarks", file.path)
    woods = shape(four_towns, "四角山地")
    assert woods.is_valid and woods.geom_type == "Polygon"
    west, south_m, east, _ = woods.bounds
    assert west == pytest.approx(-SURROUNDINGS_M, abs=30)
    assert east == pytest.approx(2000 + SURROUNDINGS_M, abs=30)
    assert south_m == pytest.approx(-SURROUNDINGS_M, abs=30)


def test_a_face_that_crosses_itself_is_mended_and_not_a_row_to_correct(
    four_towns: Session, pbf: Extract
) -> None:
    with pbf as file:
        file.line(
            [(100, 100), (200, 200), (200, 100), (100, 200), (100, 100)],
            natural="water",
            name="ねじれた池",
        )
    outcome = bring(four_towns, "landmarks", file.path)
    assert outcome.problems == []
    assert shape(four_towns, "ねじれた池").is_valid


def test_hostile_names_are_kept_as_text_on_one_line(four_towns: Session, pbf: Extract) -> None:
    with pbf as file:
        file.point(
            100, 100, railway="station", name="<script>alert(1)</script>'); DROP TABLE road;--"
        )
        file.point(900, 900, railway="station", name="表\u202e示\nを\x07乱す駅")
        file.point(500, 900, railway="station", name="長" * 250)
    bring(four_towns, "landmarks", file.path)
    names = set(kinds(four_towns))
    assert "<script>alert(1)</script>'); DROP TABLE road;--" in names
    assert "表示 を乱す駅" in names
    assert not any(name and len(name) > 200 for name in names)
    assert rows_of(four_towns, Road) == []


# --- files that are not what they say ------------------------------------------------------------


def cut_short(path: Path, keep: int) -> Path:
    path.write_bytes(path.read_bytes()[:keep])
    return path


@pytest.mark.parametrize("keep", [40, 100, -20])
def test_a_download_that_broke_off_is_told_and_nothing_is_written(
    four_towns: Session, pbf: Extract, keep: int
) -> None:
    with pbf as file:
        for number in range(200):
            file.line([(0, number), (900, number)], highway="path", name=f"道{number}")
    with pytest.raises(Unreadable, match="壊れているか、途中で切れて"):
        bring(four_towns, "roads", cut_short(file.path, keep))
    assert rows_of(four_towns, Road) == []


def test_bytes_in_the_middle_that_are_none_of_its_own(four_towns: Session, pbf: Extract) -> None:
    with pbf as file:
        for number in range(200):
            file.line([(0, number), (900, number)], highway="path", name=f"道{number}")
    content = bytearray(file.path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 64] = os.urandom(64)
    file.path.write_bytes(content)
    with pytest.raises(Unreadable, match="壊れているか"):
        bring(four_towns, "roads", file.path)


def test_the_beginning_of_an_extract_before_something_else(
    four_towns: Session, tmp_path: Path
) -> None:
    path = tmp_path / "a.osm.pbf"
    path.write_bytes(b"\x00\x00\x00\x0d\x0a\x09OSMHeader" + b"<html>" * 50)
    with pytest.raises(Unreadable, match="壊れているか"):
        bring(four_towns, "roads", path)


def test_openstreetmap_as_xml_is_told_what_to_bring_instead(
    four_towns: Session, tmp_path: Path
) -> None:
    path = tmp_path / "a.osm"
    path.write_text("<?xml version='1.0'?><osm version='0.6'><node id='1'/></osm>", "utf-8")
    with pytest.raises(Unreadable, match=r"\.osm\.pbf を使って"):
        bring(four_towns, "roads", path)


def test_more_than_a_municipality_holds_is_refused(
    four_towns: Session, pbf: Extract, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(osm, "MOST_FEATURES", 5)
    with pbf as file:
        for number in range(6):
            file.line([(0, number), (900, number)], highway="path")
    with pytest.raises(Unreadable, match="5 件を超えます"):
        bring(four_towns, "roads", file.path)


@pytest.mark.databases("sqlite")
def test_gdal_leaves_nothing_behind_in_the_folder_it_is_started_in(
    four_towns: Session, pbf: Extract, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(osm, "MOST_TEMPORARY_MB", 1)
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    with pbf as file:
        for number in range(3000):
            file.line([(number / 2, y) for y in range(0, 2000, 100)], highway="path")
    bring(four_towns, "roads", file.path)
    assert list(here.iterdir()) == []
    assert pyogrio.get_gdal_config_option("CPL_TMPDIR") not in (None, "", ".")


def test_from_the_command_line_the_counts_are_told(in_town: CommandLine, pbf: Extract) -> None:
    with pbf as file:
        file.line(ALONG, highway="residential", name="本通り")
        file.line(ALONG, highway="motorway", name="高速")
    told = in_town("import", "roads", str(file.path))
    assert told.code == 0, told
    assert "追加 1" in told.out
    assert "歩く道ではない 1 本" in told.err


def test_points_of_the_shapes_lie_where_they_were(four_towns: Session, pbf: Extract) -> None:
    with pbf as file:
        file.point(700, 300, railway="station", name="四角駅")
    bring(four_towns, "landmarks", file.path)
    at = shapely.get_coordinates(shape(four_towns, "四角駅"))[0]
    assert at == pytest.approx((700, 300), abs=0.1)
