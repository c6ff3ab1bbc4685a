"""Coverage along roads, from the file to the figures, on 四角市 with a river through it.

A road leads from the middle of 北西町 (500, 1500) east past the salon (900, 1500), another from the
middle of 北東町 (1500, 1500) round to it: 400 m and 200 + 500 + 200 + 100 m. The people of the two
towns in the south live a kilometre from any road.
"""

from pathlib import Path
from typing import Any

import geopandas
import pytest
import shapely
from desk_client import engine_of
from geopandas import GeoDataFrame
from shapely import LineString
from small_town import CODE, TODAY, ZONE, bring, geojson
from sqlmodel import Session
from starlette.testclient import TestClient

from api import clock
from api.actions.coverage_answer import CoverageAnswer, answer
from api.actions.load_roads import NoRoadsYet
from api.actions.report_coverage import Question, report_coverage
from api.exchange.road_grades import slope_in
from api.main import create_app
from api.models import Road
from api.store.visible import RESIDENT

WEST = LineString([(500, 1500), (1000, 1500)])
ROUND = LineString([(1000, 1500), (1000, 1700), (1500, 1700), (1500, 1500)])


def roads_file(folder: Path, *lines: LineString, **columns: Any) -> Path:
    rows = [
        {name: values[row] for name, values in columns.items()} | {"種別": "市道"}
        for row in range(len(lines))
    ]
    return geojson(folder / "roads.geojson", *zip(lines, rows, strict=True))


def ask(session: Session, **question: Any) -> CoverageAnswer:
    asked = Question(**{"on": TODAY, "walking": "roads", "spread": "point", **question})
    return answer(report_coverage(session, CODE, RESIDENT, asked))


def test_without_roads_people_are_told_what_to_do(a_small_town: Session) -> None:
    with pytest.raises(NoRoadsYet, match="推計"):
        ask(a_small_town)
    client = TestClient(create_app(engine_of(a_small_town)))
    page = client.get(f"/{CODE}/?walking=roads")
    assert page.status_code == 409
    assert "道路（roads）を取り込んでください" in page.text
    refused = client.get(f"/api/v1/municipalities/{CODE}/coverage?walking=roads")
    assert refused.headers["content-type"] == "application/problem+json"
    assert "disabled>道路に沿って（データなし）" in client.get(f"/{CODE}/").text


def test_people_are_counted_along_roads(a_small_town: Session, tmp_path: Path) -> None:
    bring(a_small_town, "roads", roads_file(tmp_path, WEST, ROUND))
    found = ask(a_small_town, distance_m=500)
    assert (found.total.covered, found.walking) == (10, "roads")
    assert ask(a_small_town, distance_m=999).total.covered == 10
    assert ask(a_small_town, distance_m=1_001).total.covered == 30
    told = " ".join(found.notes)
    assert "道路に沿って測り" in told and "300mより遠くに、70人がいます" in told


def test_a_river_keeps_people_on_their_side(a_small_town: Session, tmp_path: Path) -> None:
    # 80 m west, over the river, a road ends; 100 m north begins their own.
    over_there = LineString([(1000, 1500), (1420, 1500)])
    their_own = LineString([(1000, 1500), (1000, 1700), (1500, 1700), (1500, 1600)])
    bring(a_small_town, "roads", roads_file(tmp_path, WEST, over_there, their_own))
    assert ask(a_small_town, distance_m=601).total.covered == 30
    river = LineString([(1460, 0), (1460, 1550)])
    drawn = geojson(tmp_path / "river.geojson", (river, {"種別": "川"}))
    assert bring(a_small_town, "landmarks", drawn).inserted == 1
    assert ask(a_small_town, distance_m=999).total.covered == 10
    assert ask(a_small_town, distance_m=1_001).total.covered == 30


def test_the_map_marks_roads_instead_of_circles(a_small_town: Session, tmp_path: Path) -> None:
    bring(a_small_town, "roads", roads_file(tmp_path, WEST, ROUND))
    app = create_app(engine_of(a_small_town))
    app.dependency_overrides[clock.today] = lambda: TODAY
    client = TestClient(app)
    page = client.get(f"/{CODE}/?walking=roads&distance=500")
    assert page.status_code == 200
    assert '<option value="roads" selected>' in page.text
    assert '"ways":[[' in page.text.replace(" ", "")
    straight = client.get(f"/{CODE}/panel?distance=500").text
    assert '"ways":null' in straight.replace(" ", "")


def test_a_hill_is_longer_than_the_flat_where_that_is_asked_for(
    a_small_town: Session, tmp_path: Path
) -> None:
    bring(a_small_town, "roads", roads_file(tmp_path, WEST, ROUND, 勾配=["10%", None]))
    # 400 m at a tenth cost 400 × 1.2095 = 484 m on the flat.
    assert ask(a_small_town, distance_m=450).total.covered == 10
    steep = ask(a_small_town, distance_m=450, slopes=True)
    assert steep.total.covered == 0
    assert any("平らな道に直した" in note for note in steep.notes)
    assert ask(a_small_town, distance_m=485, slopes=True).total.covered == 10


def test_a_change_of_the_roads_is_walked_at_once(a_small_town: Session, tmp_path: Path) -> None:
    bring(a_small_town, "roads", roads_file(tmp_path, WEST))
    # Across the fields to the western road it is 500 + 100 m; with a road of their own, 1,000 m.
    assert ask(a_small_town, distance_m=601).total.covered == 30
    (tmp_path / "more").mkdir()
    bring(a_small_town, "roads", roads_file(tmp_path / "more", ROUND))
    assert ask(a_small_town, distance_m=601).total.covered == 10


@pytest.mark.parametrize(
    ("text", "slope"),
    [("8", 0.08), ("8%", 0.08), ("-12.5％", 0.125), ("5°", 0.0875), ("up", None), ("steep", None)],
)
def test_slopes_as_files_write_them(text: str, slope: float | None) -> None:
    assert slope_in(text) == (None if slope is None else pytest.approx(slope, abs=1e-4))


def stored(session: Session) -> list[tuple[str, bool, float | None]]:
    rows = session.connection().execute(
        Road.__table__.select().order_by(Road.__table__.c.id)  # type: ignore[attr-defined]
    )
    return [(row.kind, row.steps, row.slope and round(row.slope, 3)) for row in rows]


def test_slopes_come_from_a_column_or_from_elevations(
    a_small_town: Session, tmp_path: Path
) -> None:
    columns = {
        "勾配": ["8%", None, None],
        "始点標高": [None, "10", None],
        "終点標高": [None, "35", None],
    }
    file = roads_file(tmp_path, WEST, LineString([(0, 0), (0, 500)]), ROUND, **columns)
    assert bring(a_small_town, "roads", file).inserted == 3
    assert stored(a_small_town) == [
        ("市道", False, 0.08),
        ("市道", False, 0.05),
        ("市道", False, None),
    ]


def test_a_slope_is_read_from_the_heights_of_the_line_itself(
    a_small_town: Session, tmp_path: Path
) -> None:
    hill = LineString([(0, 0, 10), (0, 250, 12), (0, 500, 60)])
    drawn = GeoDataFrame({"name": ["坂"], "highway": ["steps"]}, geometry=[hill], crs=ZONE)
    drawn.to_file(tmp_path / "hill.gpkg")
    assert shapely.has_z(geopandas.read_file(tmp_path / "hill.gpkg").geometry.iloc[0])
    assert bring(a_small_town, "roads", tmp_path / "hill.gpkg").inserted == 1
    assert stored(a_small_town) == [("steps", True, 0.1)]


def test_motorways_and_private_ways_of_other_formats_stay_out(
    a_small_town: Session, tmp_path: Path
) -> None:
    lines = [LineString([(0, y), (900, y)]) for y in (100, 200, 300, 400)]
    tags = {
        "highway": ["motorway", "service", "residential", "service"],
        "access": [None, "private", None, None],
    }
    GeoDataFrame(tags, geometry=lines, crs=ZONE).to_file(tmp_path / "osm.gpkg")
    outcome = bring(a_small_town, "roads", tmp_path / "osm.gpkg")
    assert outcome.inserted == 2
    assert any("歩く道ではない 2 本" in note for note in outcome.notes)
    assert [kind for kind, _, _ in stored(a_small_town)] == ["residential", "service"]
