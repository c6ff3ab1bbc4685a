"""Importing the boundary: whose land it is, and the plane zone everything is measured in."""

from pathlib import Path

import pytest
import shapely
from exchange_files import csv_file
from small_town import (
    CODE,
    NAME,
    ZONE,
    Feature,
    boundary_file,
    bring,
    degrees,
    everything,
    geojson,
    lat_lon,
    rows_of,
    square,
)
from sqlmodel import Session

from api.actions.find_municipality import find_municipality
from api.actions.importing import Outcome
from api.actions.init_municipality import init_municipality
from api.exchange.problems import Unreadable
from api.models import Municipality, Town


@pytest.fixture
def bare(session: Session) -> Session:
    """四角市, entered and nothing more."""
    init_municipality(session, CODE, NAME)
    return session


def tally(outcome: Outcome) -> tuple[int, int, int, int]:
    counts = (outcome.inserted, outcome.updated, outcome.unchanged, outcome.rejected)
    assert sum(counts) == outcome.rows_read
    return counts


def land_of(session: Session) -> float:
    """Square metres of the municipality."""
    land = find_municipality(session, CODE).land()
    session.rollback()
    return 0.0 if land is None else float(land.area)


def with_code(shape: shapely.Polygon, code: str = CODE) -> Feature:
    return shape, {"N03_004": NAME, "N03_007": code}


def test_the_boundary_settles_the_zone(bare: Session, tmp_path: Path) -> None:
    assert tally(bring(bare, "boundary", boundary_file(tmp_path))) == (1, 0, 0, 0)
    (row,) = rows_of(bare, Municipality)
    assert (row["plane_epsg"], row["prefecture"]) == (ZONE, "高知県")
    assert (row["min_lon"], row["min_lat"]) == pytest.approx(degrees(0, 0), abs=1e-5)
    assert land_of(bare) == pytest.approx(4_000_000, abs=1)


def test_the_same_boundary_again_changes_nothing(bare: Session, tmp_path: Path) -> None:
    bring(bare, "boundary", boundary_file(tmp_path))
    before = everything(bare)
    assert tally(bring(bare, "boundary", boundary_file(tmp_path))) == (0, 0, 1, 0)
    assert everything(bare) == before


def test_islands_are_one_municipality(bare: Session, tmp_path: Path) -> None:
    file = geojson(tmp_path / "b.geojson", with_code(square(0, 0)), with_code(square(5000, 0)))
    assert bring(bare, "boundary", file).rows_read == 2
    assert land_of(bare) == pytest.approx(2_000_000, abs=1)


def test_a_new_boundary_takes_the_place_of_the_old(bare: Session, tmp_path: Path) -> None:
    bring(bare, "boundary", boundary_file(tmp_path))
    smaller = geojson(tmp_path / "b.geojson", with_code(square(0, 0)))
    assert tally(bring(bare, "boundary", smaller)) == (0, 1, 0, 0)
    assert land_of(bare) == pytest.approx(1_000_000, abs=1)


def test_the_neighbours_in_a_national_file_are_passed_over(bare: Session, tmp_path: Path) -> None:
    file = geojson(
        tmp_path / "japan.geojson",
        with_code(square(0, 0)),
        with_code(square(1000, 0), "39201"),
        with_code(square(2000, 0), "37201"),
    )
    outcome = bring(bare, "boundary", file)
    assert tally(outcome) == (1, 0, 0, 0)
    assert any("2 行は読みとばしました" in note for note in outcome.notes)
    assert land_of(bare) == pytest.approx(1_000_000, abs=1)


def test_a_file_of_neighbours_only_is_refused(bare: Session, tmp_path: Path) -> None:
    file = geojson(tmp_path / "b.geojson", with_code(square(0, 0), "39201"))
    with pytest.raises(Unreadable, match="四角市（39999）の行が一つもありません"):
        bring(bare, "boundary", file)
    assert land_of(bare) == 0


def test_a_boundary_that_crosses_itself_is_rejected(bare: Session, tmp_path: Path) -> None:
    bow = shapely.Polygon([(0, 0), (1000, 1000), (1000, 0), (0, 1000)])
    outcome = bring(bare, "boundary", geojson(tmp_path / "bow.geojson", with_code(bow)))
    assert tally(outcome) == (0, 0, 0, 1)
    assert "bow.geojson 2行目" in str(outcome.problems[0])
    assert "線が自分自身と交わっています" in str(outcome.problems[0])
    assert land_of(bare) == 0


def test_drawn_towns_follow_a_new_boundary(bare: Session, tmp_path: Path) -> None:
    towns = csv_file(tmp_path / "towns.csv", "町名,緯度,経度", f"本町,{lat_lon(500, 500)}")
    bring(bare, "towns", towns)
    assert rows_of(bare, Town)[0]["wkb"] is None
    bring(bare, "boundary", boundary_file(tmp_path))
    drawn = shapely.from_wkb(rows_of(bare, Town)[0]["wkb"])
    assert shapely.normalize(drawn).equals_exact(
        shapely.normalize(shapely.from_wkb(rows_of(bare, Municipality)[0]["wkb"])), 1e-7
    )
