"""Places per person by floating catchments."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
from access import Access as PeerAccess
from access import weights
from geopandas import GeoDataFrame
from hypothesis import given
from hypothesis import strategies as st
from pandas import DataFrame, Index
from shapely import Point

from geo.catchment import Access, Bands, NotASupply, access_by, catchment, gaussian_bands
from geo.coverage import UnknownLabels
from geo.reach import Pairs, pairs_straight

ZONE = "EPSG:6672"
NEAR_AND_FAR = Bands((300, 1_000), (1, 0.5))
coordinates = st.integers(-1_500, 1_500)
spots = st.lists(st.tuples(coordinates, coordinates), min_size=1, max_size=20)


def homes(rows: Sequence[tuple[float, float, float]], areas: Sequence[Any] = ()) -> GeoDataFrame:
    """Rows of x, y, people."""
    columns = {"people": [float(people) for _, _, people in rows]}
    points = [Point(x, y) for x, y, _ in rows]
    area = list(areas) or [None] * len(rows)
    return GeoDataFrame({**columns, "area_id": area}, geometry=points, crs=ZONE)


def shops(*at: tuple[float, float]) -> GeoDataFrame:
    return GeoDataFrame(geometry=[Point(*xy) for xy in at], crs=ZONE)


def asked(
    demand: GeoDataFrame, places: GeoDataFrame, supply: Sequence[float], **how: Any
) -> Access:
    bands = how.pop("bands", NEAR_AND_FAR)
    return catchment(demand, pairs_straight(demand, places, bands.farthest_m), supply, bands, **how)


def test_the_nearer_get_more_of_one_place() -> None:
    """100 × 1 + 200 × 0.5 = 200 share 20 places: 0.1 each next door, half of that far away."""
    demand = homes([(0, 0, 100), (800, 0, 200), (5_000, 0, 70)])
    found = asked(demand, shops((0, 0)), [20])
    assert found.per_person.tolist() == pytest.approx([0.1, 0.05, 0])
    assert found.sought_by.tolist() == [200]


def test_two_places_add_up_and_one_that_nobody_reaches_gives_nothing() -> None:
    demand = homes([(0, 0, 100)])
    found = asked(demand, shops((0, 300), (0, 301), (0, 1_001)), [10, 10, 99])
    assert found.per_person.tolist() == pytest.approx([0.1 + 0.1])
    assert found.reached.tolist() == [True, True, False]
    only_far = asked(homes([(0, 0, 100), (0, 600, 100)]), shops((0, 301)), [10])
    assert only_far.per_person.tolist() == pytest.approx([10 / 150 * 0.5, 10 / 150])


@pytest.mark.parametrize(
    ("metres", "weight"), [(0, 1), (300, 1), (300.000001, 0.5), (1_000, 0.5), (1_000.1, 0)]
)
def test_exactly_at_a_limit_is_within_it(metres: float, weight: float) -> None:
    assert NEAR_AND_FAR.weight_of(np.array([metres])).tolist() == [weight]


def test_the_weights_are_those_that_are_told() -> None:
    bands = gaussian_bands()
    assert bands.limits_m == (300, 500, 800, 1_000)
    assert [round(weight, 2) for weight in bands.weights] == [1, 0.66, 0.32, 0.05]


def test_a_place_that_fetches_people_serves_its_whole_area_alike() -> None:
    """W: 100 next door and 300 far off share 20; the 50 of E walk there (× 0.5)."""
    demand = homes([(0, 0, 100), (9_000, 0, 300), (600, 0, 50)], ["W", "W", "E"])
    found = asked(demand, shops((0, 0)), [20], drives_to=["W"])
    assert found.sought_by.tolist() == [425]
    assert found.per_person.tolist() == pytest.approx([20 / 425, 20 / 425, 10 / 425])


def test_nobody_is_fetched_into_no_area() -> None:
    """圏域なし is what is left over, not an area a car could drive round."""
    demand = homes([(0, 0, 100), (9_000, 0, 300)])
    for nowhere in (None, np.nan, "elsewhere"):
        found = asked(demand, shops((0, 0)), [20], drives_to=[nowhere])
        assert found.per_person.tolist() == pytest.approx([0.2, 0])


def test_by_area_everything_adds_up() -> None:
    demand = homes(
        [(0, 0, 100), (100, 0, 100), (200, 0, 50), (9_000, 0, 30)], ["W", "E", None, "E"]
    )
    found = asked(demand, shops((0, 0), (50, 0)), [20, 5])
    table = access_by(demand, found, by="area_id", labels=Index(["W", "E", "empty"]))
    assert table["population"].tolist() == [100, 130, 0, 50]
    assert table["supply"].tolist() == pytest.approx([10, 10, 0, 5])
    assert table["per_person"].tolist() == pytest.approx([0.1, 10 / 130, np.nan, 0.1], nan_ok=True)
    with pytest.raises(UnknownLabels):
        access_by(demand, found, by="area_id", labels=Index(["W"]))


@pytest.mark.parametrize("supply", [[-1], [np.nan], [np.inf]])
def test_not_knowing_is_no_supply(supply: list[float]) -> None:
    with pytest.raises(NotASupply):
        asked(homes([(0, 0, 1)]), shops((0, 0)), supply)


def test_what_belongs_to_others_is_refused() -> None:
    demand, one = homes([(0, 0, 1)]), np.array([1])
    with pytest.raises(ValueError, match="beyond"):
        catchment(demand, Pairs(one, one - 1, one * 1.0), [1], NEAR_AND_FAR)
    with pytest.raises(ValueError, match="beyond"):
        catchment(demand, Pairs(one - 1, one, one * 1.0), [1], NEAR_AND_FAR)
    with pytest.raises(ValueError, match="driven to"):
        asked(demand, shops((0, 0)), [1], drives_to=["W", "W"])
    whole = asked(demand, shops((0, 0)), [1])
    with pytest.raises(ValueError, match="rows"):
        access_by(demand.iloc[:0], whole, by="area_id", labels=Index([]))


@pytest.mark.parametrize(
    ("limits", "factors"),
    [((), ()), ((300,), (1, 1)), ((300, 300), (1, 1)), ((0, 300), (1, 1)), ((np.inf,), (1,)),
     ((300,), (1.1,)), ((300,), (np.nan,))],
)  # fmt: skip
def test_bands_nobody_could_walk_through(
    limits: tuple[float, ...], factors: tuple[float, ...]
) -> None:
    with pytest.raises(ValueError, match=r"limits|weights"):
        Bands(limits, factors)


def test_without_places_or_people_there_is_nothing_to_share() -> None:
    assert asked(homes([(0, 0, 5)]), shops(), []).per_person.tolist() == [0]
    assert asked(homes([]), shops((0, 0)), [5]).sought_by.tolist() == [0]


@given(spots, spots, st.randoms(use_true_random=False))
def test_the_supply_anybody_reaches_is_shared_out_whole(
    lived: list[tuple[int, int]], placed: list[tuple[int, int]], dice: Any
) -> None:
    areas = [dice.choice(["W", "E", None]) for _ in lived]
    demand = homes([(*xy, dice.randint(1, 50)) for xy in lived], areas)
    supply = np.array([dice.randint(0, 40) for _ in placed], dtype=float)
    drives = [dice.choice(["W", "E", None]) for _ in placed]
    found = asked(demand, shops(*placed), supply, bands=gaussian_bands(), drives_to=drives)
    shared = float((demand["people"].to_numpy() * found.per_person).sum())
    assert shared == pytest.approx(supply[found.reached].sum())


@given(spots, spots, st.randoms(use_true_random=False))
def test_driving_is_as_if_the_place_stood_next_door(
    lived: list[tuple[int, int]], placed: list[tuple[int, int]], dice: Any
) -> None:
    """The same by a whole matrix of weights."""
    areas = [dice.choice(["W", "E", None]) for _ in lived]
    people = np.array([dice.randint(1, 50) for _ in lived], dtype=float)
    supply = np.array([dice.randint(0, 40) for _ in placed], dtype=float)
    drives = [dice.choice(["W", "E", None]) for _ in placed]
    demand = homes([(*xy, n) for xy, n in zip(lived, people, strict=True)], areas)
    bands = gaussian_bands()
    metres = np.array([[np.hypot(x - u, y - v) for u, v in placed] for x, y in lived])
    near = bands.weight_of(metres.round(6))
    fetched = np.array([[a is not None and a == d for d in drives] for a in areas])
    weight = np.where(fetched, 1.0, near)
    sought = people @ weight
    share = np.divide(supply, sought, out=np.zeros(len(supply)), where=sought > 0)
    found = asked(demand, shops(*placed), supply, bands=bands, drives_to=drives)
    assert found.per_person.tolist() == pytest.approx((weight @ share).tolist())


def test_the_figures_are_those_of_pysal() -> None:
    """2,000 homes and 150 places: `access.Access.enhanced_two_stage_fca` on the same pairs."""
    dice = np.random.default_rng(5)
    demand = homes([(*dice.uniform(0, 6_000, 2), dice.integers(1, 90)) for _ in range(2_000)])
    places = shops(*dice.uniform(0, 6_000, (150, 2)).tolist())
    supply = dice.integers(5, 60, 150).astype(float)
    bands = gaussian_bands()
    pairs = pairs_straight(demand, places, bands.farthest_m)
    found = catchment(demand, pairs, supply, bands)
    peer = PeerAccess(
        demand_df=DataFrame({"people": demand["people"]}).rename_axis("home"),
        demand_value="people",
        supply_df=DataFrame({"supply": supply}).rename_axis("place"),
        supply_value="supply",
        cost_df=DataFrame({"home": pairs.home, "place": pairs.place, "metres": pairs.distance_m}),
        cost_origin="home",
        cost_dest="place",
        cost_name="metres",
    )
    steps = dict(zip(bands.limits_m, bands.weights, strict=True))
    theirs = peer.enhanced_two_stage_fca(weight_fn=weights.step_fn(steps), max_cost=1_000)
    expected = theirs.iloc[:, -1].reindex(demand.index).fillna(0)
    assert (expected > 0).sum() > 1_500
    pd.testing.assert_series_equal(pd.Series(found.per_person), expected, check_names=False)
