"""Two areas, west and east, small enough to check every number by hand."""

from math import hypot, inf, nan
from typing import Literal

import numpy as np
import pytest
from geopandas import GeoDataFrame
from hypothesis import given
from hypothesis import strategies as st
from pandas import DataFrame, Index, Series
from shapes import AREAS, Home, Town, made_towns, people_at, points

from geo.coverage import UnknownLabels, coverage_by, in_whole_people, whole_people
from geo.crs import NotInMetres
from geo.demand import at_points, spread_over
from geo.walking import NotADistance, straight

TOWNS = Index(["A", "B", "C"])


def covered(
    demand: GeoDataFrame,
    places: GeoDataFrame,
    distance_m: float,
    *,
    by: Literal["area_id", "town_id"] = "area_id",
    labels: Index = AREAS,
) -> DataFrame:
    walk = straight(demand, places)
    return coverage_by(demand, walk, by=by, labels=labels, distance_m=distance_m)


@pytest.fixture
def homes() -> GeoDataFrame:
    return at_points(
        people_at(
            (500, 500), (900, 500), (1800, 500),
            people=[30, 10, 20], area_id=["west", "west", "east"], town_id=["A", "B", "B"],
        )
    )  # fmt: skip


def test_a_place_in_the_next_area_counts(homes: GeoDataFrame) -> None:
    table = covered(homes, points((1100, 500)), 300)
    assert table.loc[AREAS].to_dict("index") == {
        "west": {"population": 40, "covered": 10, "uncovered": 30, "ratio": 0.25,
                 "mean_distance_m": 500},  # 30 people at 600 m and 10 at 200 m
        "east": {"population": 20, "covered": 0, "uncovered": 20, "ratio": 0,
                 "mean_distance_m": 700},
    }  # fmt: skip


def test_towns_are_counted_as_areas_are(homes: GeoDataFrame) -> None:
    table = covered(homes, points((1100, 500)), 300, by="town_id", labels=TOWNS)
    assert table["population"].tolist() == [30, 30, 0, 0]
    assert table["covered"].tolist() == [0, 10, 0, 0]
    assert table.index.name == "town_id"


@pytest.mark.parametrize(("distance_m", "reached"), [(399.9, 10), (400, 40)])
def test_a_place_exactly_at_the_distance_is_reached(
    homes: GeoDataFrame, distance_m: float, reached: int
) -> None:
    assert covered(homes, points((900, 500)), distance_m).loc["west", "covered"] == reached


def test_people_in_no_area_have_a_last_row_so_that_rows_add_up(homes: GeoDataFrame) -> None:
    homes.loc[2, "area_id"] = None
    table = covered(homes, points((0, 0)), 1)
    assert table["population"].tolist() == [40, 0, 20]
    assert table.index.isna().tolist() == [False, False, True]


def test_an_area_where_nobody_lives_has_no_coverage_rather_than_zero() -> None:
    table = covered(at_points(people_at((0, 0), people=[5])), points((0, 0)), 500)
    assert table["ratio"].isna().tolist() == [False, True, True]
    assert table["mean_distance_m"].isna().tolist() == [False, True, True]


def test_without_any_place_nobody_is_covered_and_no_distance_is_named(homes: GeoDataFrame) -> None:
    table = covered(homes, points(), 500)
    assert table["uncovered"].tolist() == [40, 20, 0]
    assert table["ratio"].tolist()[:2] == [0, 0]
    assert table["mean_distance_m"].isna().all()


def test_numbered_areas_are_found_though_missing_ones_make_them_floats(
    homes: GeoDataFrame,
) -> None:
    numbered = homes.assign(area_id=[1, nan, 2])
    table = covered(numbered, points((0, 0)), 500, labels=Index([2, 1]))
    assert table["population"].tolist() == [20, 30, 10]


def test_people_in_an_area_nobody_asked_for_are_an_error_not_a_loss(homes: GeoDataFrame) -> None:
    with pytest.raises(UnknownLabels, match=r"unknown area_id: \['east'\]"):
        covered(homes, points(), 500, labels=Index(["west"]))


@pytest.mark.parametrize("labels", [["west", "east", "east"], ["west", "east", None]])
def test_areas_named_twice_or_not_at_all_are_refused(
    homes: GeoDataFrame, labels: list[str | None]
) -> None:
    with pytest.raises(ValueError, match="labels must be unique"):
        covered(homes, points(), 500, labels=Index(labels))


def test_distances_of_other_people_are_refused(homes: GeoDataFrame) -> None:
    walk = straight(homes, points((0, 0)))
    with pytest.raises(ValueError, match="3 rows of demand, 2 of walk"):
        coverage_by(homes, walk[:2], by="area_id", labels=AREAS, distance_m=500)


@pytest.mark.parametrize("distance_m", [0, -1, nan, inf])
def test_a_distance_nobody_could_walk_is_refused(homes: GeoDataFrame, distance_m: float) -> None:
    with pytest.raises(NotADistance):
        covered(homes, points(), distance_m)


def test_degrees_are_refused(homes: GeoDataFrame) -> None:
    walk = straight(homes, points())
    degrees = homes.to_crs("EPSG:4326")
    with pytest.raises(NotInMetres):
        coverage_by(degrees, walk, by="area_id", labels=AREAS, distance_m=500)


def asked_one_by_one(
    homes: list[Home], spots: list[tuple[float, float]], metres: int
) -> list[float]:
    """A row of the table: population, covered, uncovered, ratio, mean distance."""
    everyone = reached = walked = 0.0
    for home in homes:
        if home.people > 0:
            away = min((hypot(home.x - x, home.y - y) for x, y in spots), default=inf)
            everyone += home.people
            reached += home.people if away <= metres else 0
            walked += home.people * away
    ratio, mean = (reached / everyone, walked / everyone) if everyone else (nan, nan)
    return [everyone, reached, everyone - reached, ratio, mean if mean < inf else nan]


@given(made_towns(), st.integers(1, 600))
def test_the_table_is_that_of_asking_everyone_one_by_one(town: Town, distance_m: int) -> None:
    table = covered(at_points(town.population), town.places, distance_m)
    for label, row in zip([*AREAS, None], table.to_numpy().tolist(), strict=True):
        homes = [home for home in town.homes if home.area_id == label]
        assert row == pytest.approx(asked_one_by_one(homes, town.spots, distance_m), nan_ok=True)


@given(made_towns(), st.integers(1, 600))
def test_nobody_is_lost_and_nobody_is_counted_twice(town: Town, distance_m: int) -> None:
    everyone = town.population["people"].sum()
    for demand in (at_points(town.population),
                   spread_over(town.population, town.shapes, spacing_m=30)):  # fmt: skip
        for table in (
            covered(demand, town.places, distance_m),
            covered(demand, town.places, distance_m, by="town_id", labels=TOWNS),
        ):
            assert table["population"].sum() == pytest.approx(everyone)
            parts = table["covered"] + table["uncovered"]
            assert parts.tolist() == pytest.approx(table["population"].tolist())


@given(made_towns(), st.integers(-200, 700), st.integers(-200, 700), st.integers(1, 600))
def test_one_more_place_never_lowers_any_coverage(town: Town, x: int, y: int, metres: int) -> None:
    demand = spread_over(town.population, town.shapes, spacing_m=30)
    before = covered(demand, town.places, metres)["covered"]
    after = covered(demand, points(*town.spots, (x, y)), metres)["covered"]
    assert np.all(after >= before - 1e-9)


@given(made_towns(), st.integers(1, 600), st.integers(0, 300))
def test_walking_farther_never_lowers_any_coverage(town: Town, metres: int, more: int) -> None:
    demand = spread_over(town.population, town.shapes, spacing_m=30)
    near, far = (covered(demand, town.places, limit) for limit in (metres, metres + more))
    assert np.all(far["covered"] >= near["covered"] - 1e-9)


@given(made_towns(), st.sampled_from([(1, 0), (0.3, -0.7), (-1 / 3, 1e3 / 7)]))
def test_moving_the_whole_town_changes_no_ratio(town: Town, by: tuple[float, float]) -> None:
    def moved(frame: GeoDataFrame) -> GeoDataFrame:
        return frame.set_geometry(frame.translate(*by))

    still = covered(at_points(town.population), town.places, 150)
    after = covered(at_points(moved(town.population)), moved(town.places), 150)
    assert after["ratio"].equals(still["ratio"])


def test_whole_people_go_to_the_largest_remainders() -> None:
    people = Series([1.5, 0.7, 2.8, 1.0], index=["a", "b", "c", "d"])
    assert whole_people(people, 6.0).to_dict() == {"a": 1, "b": 1, "c": 3, "d": 1}


def test_of_equal_remainders_the_first_gets_the_person() -> None:
    assert whole_people(Series([0.5, 0.5]), 1.0).tolist() == [1, 0]
    assert whole_people(Series([0.5, 0.5000000001]), 1.0).tolist() == [1, 0]


def test_sums_that_miss_a_whole_number_by_a_hair_are_that_number() -> None:
    assert whole_people(Series([2.9999999999, 0.0]), 2.9999999999).tolist() == [3, 0]


@pytest.mark.parametrize("total", [2, 5])
def test_a_total_that_the_rows_cannot_make_is_refused(total: float) -> None:
    limits = Series([2, 2])
    with pytest.raises(ValueError, match="cannot be shared out"):
        whole_people(Series([1.5, 2.0]), total, at_most=limits)


def test_nobody_in_whole_people_is_nobody() -> None:
    assert whole_people(Series([], dtype=float), 0.0).empty


def test_nobody_is_covered_who_is_not_there() -> None:
    """Largest remainders alone would cover two of the one person in the second row."""
    table = DataFrame({"population": [1.4, 1.4, 1.2], "covered": [1.0, 1.4, 1.2]})
    whole = in_whole_people(table.assign(uncovered=[0.4, 0.0, 0.0]))
    assert whole["population"].tolist() == [2, 1, 1]
    assert whole["covered"].tolist() == [2, 1, 1]


@given(
    st.lists(
        st.tuples(st.one_of(st.floats(0, 999), st.integers(0, 99).map(float)), st.floats(0, 1)),
        min_size=1, max_size=12,
    )
)  # fmt: skip
def test_whole_columns_add_up_to_their_rounded_totals(rows: list[tuple[float, float]]) -> None:
    people = Series([people for people, _ in rows])
    reached = people * Series([share for _, share in rows])
    exact = DataFrame({"population": people, "covered": reached, "uncovered": people - reached})
    whole = in_whole_people(exact)
    assert whole["population"].sum() == round(round(people.sum(), 6))
    assert whole["covered"].sum() == round(round(reached.sum(), 6))
    assert (whole["covered"] + whole["uncovered"]).equals(whole["population"])
    assert whole["covered"].between(0, whole["population"]).all()
    fixed = people % 1 == 0
    assert (whole["population"] == people)[fixed].all()
