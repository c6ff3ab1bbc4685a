"""Importing roads and landmarks: a shape with its kind and name is what it is."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from exchange_files import csv_file
from small_town import CODE, TODAY, bring, degrees, everything, geojson, lat_lon, rows_of, square
from sqlmodel import Session

from api.actions.draw_ground import draw_ground
from api.actions.find_municipality import find_municipality
from api.actions.importing import Outcome
from api.actions.locating import Land
from api.exchange.problems import Unreadable
from api.models import Landmark, Road

Line = tuple[Sequence[tuple[float, float]], Mapping[str, Any]]


def tally(outcome: Outcome) -> tuple[int, int, int, int]:
    counts = (outcome.inserted, outcome.updated, outcome.unchanged, outcome.rejected)
    assert sum(counts) == outcome.rows_read
    return counts


def lines_file(path: Path, *lines: Line) -> Path:
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "LineString", "coordinates": [degrees(*xy) for xy in line]},
            "properties": dict(properties),
        }
        for line, properties in lines
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    return path


MAIN: Line = ([(0, 1000), (2000, 1000)], {"name": "本通り", "highway": "primary"})


def test_roads_go_in_with_kind_and_name(four_towns: Session, tmp_path: Path) -> None:
    file = lines_file(tmp_path / "roads.geojson", MAIN)
    assert tally(bring(four_towns, "roads", file)) == (1, 0, 0, 0)
    (road,) = rows_of(four_towns, Road)
    assert (road["name"], road["kind"]) == ("本通り", "primary")


def test_the_same_roads_again_change_nothing(four_towns: Session, tmp_path: Path) -> None:
    bring(four_towns, "roads", lines_file(tmp_path / "roads.geojson", MAIN))
    before = everything(four_towns)
    again = lines_file(tmp_path / "roads.geojson", MAIN)
    assert tally(bring(four_towns, "roads", again)) == (0, 0, 1, 0)
    assert everything(four_towns) == before


def test_a_line_drawn_the_other_way_round_is_the_same_road(
    four_towns: Session, tmp_path: Path
) -> None:
    back: Line = (list(reversed(MAIN[0])), MAIN[1])
    file = lines_file(tmp_path / "roads.geojson", MAIN, back)
    assert tally(bring(four_towns, "roads", file)) == (1, 0, 1, 0)


def test_a_road_without_name_and_kind_is_one_too(four_towns: Session, tmp_path: Path) -> None:
    file = lines_file(tmp_path / "roads.geojson", (MAIN[0], {"name": None, "highway": None}))
    assert tally(bring(four_towns, "roads", file)) == (1, 0, 0, 0)
    assert tally(bring(four_towns, "roads", file)) == (0, 0, 1, 0)


def test_polygons_are_no_roads(four_towns: Session, tmp_path: Path) -> None:
    file = geojson(tmp_path / "faces.geojson", (square(0, 0), {"name": "池"}))
    with pytest.raises(Unreadable, match="線（ライン）"):
        bring(four_towns, "roads", file)


def test_landmarks_may_be_a_table_of_points(four_towns: Session, tmp_path: Path) -> None:
    file = csv_file(
        tmp_path / "marks.csv",
        "名称,種別,緯度,経度",
        f"四角駅,駅,{lat_lon(1000, 1000)}",
        f"水の池,,{lat_lon(100, 100)}",
    )
    assert tally(bring(four_towns, "landmarks", file)) == (2, 0, 0, 0)
    assert {m["name"]: m["kind"] for m in rows_of(four_towns, Landmark)} == {
        "四角駅": "駅",
        "水の池": "その他",
    }
    assert tally(bring(four_towns, "landmarks", file)) == (0, 0, 2, 0)


def test_a_landmark_without_coordinates_is_rejected(four_towns: Session, tmp_path: Path) -> None:
    file = csv_file(tmp_path / "marks.csv", "名称,種別,緯度,経度", "四角駅,駅,,")
    outcome = bring(four_towns, "landmarks", file)
    assert tally(outcome) == (0, 0, 0, 1)
    assert "marks.csv 2行目 「緯度」" in str(outcome.problems[0])


def test_a_lake_is_a_landmark_of_faces(four_towns: Session, tmp_path: Path) -> None:
    file = geojson(
        tmp_path / "lake.geojson", (square(100, 100, 50), {"name": "池", "kind": "水面"})
    )
    assert tally(bring(four_towns, "landmarks", file)) == (1, 0, 0, 0)


def test_what_people_steer_by_most_is_named_first_and_rivers_are_drawn(
    four_towns: Session, tmp_path: Path
) -> None:
    marks = csv_file(
        tmp_path / "marks.csv",
        "名称,種別,緯度,経度",
        *(
            f"{name},{kind},{lat_lon(500, 500 + n)}"
            for n, (name, kind) in enumerate(
                [("謎", "謎の塔"), ("本町", "バス停"), ("四角小", "小学校"), ("四角駅", "駅")]
            )
        ),
    )
    bring(four_towns, "landmarks", marks)
    river: Line = ([(0, 700), (2000, 700)], {"name": "四角川", "kind": "河川"})
    bring(four_towns, "landmarks", lines_file(tmp_path / "river.geojson", river))
    land = Land(four_towns, find_municipality(four_towns, CODE), TODAY)
    drawn = draw_ground(land)
    assert [mark[0] for mark in drawn["marks"]] == ["駅", "学校", "バス停", "謎の塔"]
    assert len(drawn["rivers"]) == 1


def test_landmarks_far_from_the_municipality_are_passed_over_in_counts(
    four_towns: Session, tmp_path: Path
) -> None:
    """A prefecture's list of schools is no list of mistakes."""
    file = csv_file(
        tmp_path / "marks.csv",
        "名称,緯度,経度",
        f"四角小学校,{lat_lon(500, 500)}",
        f"隣小学校,{lat_lon(3900, 500)}",
        f"遠小学校,{lat_lon(9000, 500)}",
    )
    outcome = bring(four_towns, "landmarks", file)
    assert tally(outcome) == (2, 0, 0, 0)
    assert any("2kmより遠い 1 件" in note for note in outcome.notes)
    away = csv_file(tmp_path / "away.csv", "名称,緯度,経度", f"遠小学校,{lat_lon(9000, 500)}")
    with pytest.raises(Unreadable, match="四角市とそのまわり"):
        bring(four_towns, "landmarks", away)
