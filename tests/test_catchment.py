"""Floating catchments (E2SFCA): by hand, what must hold whatever the town, and PySAL's access."""

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.arrays import Positions
from geo.catchment import BANDS, floating_catchment, with_transport
from geo.reach import Pairs


def pairs(*rows: tuple[int, int, float]) -> Pairs:
    table = sorted(rows)
    home, place = np.array([row[:2] for row in table], dtype=np.intp).reshape(-1, 2).T
    return Pairs(home, place, np.array([row[2] for row in table], dtype=float))


def numbers(*values: int) -> Positions:
    return np.array(values, dtype=np.intp)


TWO_BANDS = ((300.0, 1.0), (500.0, 0.5))


def test_twenty_seats_a_week_for_two_homes() -> None:
    # 30 people at 200 m count whole, 20 at 400 m half: 40. 20 seats / 40 is half a seat a head.
    found = floating_catchment(
        np.array([30.0, 20.0]), np.array([20.0]), pairs((0, 0, 200), (1, 0, 400)), bands=TWO_BANDS
    )
    assert found.people_per_place.tolist() == [40]
    assert found.seats_per_person.tolist() == [0.5, 0.25]


def test_exactly_at_a_band_is_within_it_and_monthly_counts_a_quarter() -> None:
    at = pairs((0, 0, 300))
    weekly = floating_catchment(np.array([10.0]), np.array([20.0]), at, bands=TWO_BANDS)
    monthly = floating_catchment(np.array([10.0]), np.array([20.0 / 4]), at, bands=TWO_BANDS)
    assert weekly.seats_per_person.tolist() == [2]
    assert monthly.seats_per_person.tolist() == [0.5]


def test_a_place_nobody_reaches_is_nobodys() -> None:
    found = floating_catchment(np.array([10.0]), np.array([5.0, 9.0]), pairs((0, 0, 100)))
    assert found.idle.tolist() == [False, True]
    assert found.seats_per_person.tolist() == [0.5]


def test_a_van_serves_its_area_however_far_and_no_other() -> None:
    near = pairs((0, 0, 100))
    fetched = with_transport(near, numbers(0, 0, 1, -1), numbers(0, 1), np.array([True, False]))
    assert fetched.home.tolist() == [0, 1]
    assert fetched.place.tolist() == [0, 0]
    assert fetched.distance_m.tolist() == [100, np.inf]
    people, supply = np.array([10.0, 10.0, 10.0, 10.0]), np.array([12.2, 5.0])
    found = floating_catchment(people, supply, fetched)
    # 10 people count whole, 10 with the last band's 0.22.
    assert found.seats_per_person.tolist() == pytest.approx([1.0, 0.22, 0, 0])


def test_bands_go_outwards() -> None:
    with pytest.raises(ValueError, match="outwards"):
        floating_catchment(np.ones(1), np.ones(1), pairs((0, 0, 1)), bands=((5.0, 1.0), (5.0, 0.5)))


towns = st.integers(0, 10_000)


def made(seed: int) -> tuple[np.ndarray, np.ndarray, Pairs]:
    rng = np.random.default_rng(seed)
    homes, places = rng.uniform(0, 2_000, (30, 2)), rng.uniform(0, 2_000, (8, 2))
    metres = np.hypot(*(homes[:, None] - places[None]).transpose(2, 0, 1))
    home, place = np.nonzero(metres <= BANDS[-1][0])
    return (
        rng.integers(1, 100, 30).astype(float),
        rng.integers(1, 60, 8).astype(float),
        Pairs(home, place, metres[home, place]),
    )


@given(towns)
def test_all_supply_that_is_reached_is_somebodys(seed: int) -> None:
    people, supply, near = made(seed)
    found = floating_catchment(people, supply, near)
    assert (found.seats_per_person * people).sum() == pytest.approx(supply[~found.idle].sum())


@given(towns, st.integers(0, 7))
def test_more_room_never_leaves_anybody_less(seed: int, place: int) -> None:
    people, supply, near = made(seed)
    more = supply.copy()
    more[place] += 10
    before, after = (floating_catchment(people, s, near).seats_per_person for s in (supply, more))
    assert (after >= before - 1e-12).all()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_pysal_finds_the_same(seed: int) -> None:
    people, supply, near = made(seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from access import fca, weights

        costs = pd.DataFrame(
            {"origin": near.home, "dest": near.place, "cost": near.distance_m.astype(float)}
        )
        theirs = fca.two_stage_fca(
            pd.DataFrame({"people": people, "geoid": range(len(people))}),
            pd.DataFrame({"seats": supply, "geoid": range(len(supply))}),
            costs,
            BANDS[-1][0],
            demand_index="geoid",
            demand_name="people",
            supply_index="geoid",
            supply_name="seats",
            weight_fn=weights.step_fn(dict(BANDS)),
        )
    ours = floating_catchment(people, supply, near).seats_per_person
    assert ours[theirs.index] == pytest.approx(theirs.to_numpy())
    assert (np.delete(ours, theirs.index) == 0).all()
