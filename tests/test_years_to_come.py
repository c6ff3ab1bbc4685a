"""People of a year to come: totals match, order stays, the survey's own year is the survey."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pandas import DataFrame, Index, Series
from pandas.testing import assert_series_equal

from geo.future import NobodyToScale, NoSuchYear, in_year, scaled_to, years_around

TOWNS = st.lists(st.integers(0, 5_000), min_size=1, max_size=60)
TOTALS = st.integers(0, 200_000)


def towns(*people: float) -> Series:
    return Series(people, index=Index([f"town{n}" for n in range(len(people))]), dtype=float)


def test_everybody_grows_alike() -> None:
    assert scaled_to(towns(10, 20, 30, 40), 150).tolist() == [15, 30, 45, 60]


def test_the_person_left_over_goes_to_the_largest_remainder() -> None:
    # 3.3, 3.3 and 0.33 of ten people to seven: 3, 3 and the seventh to the first of the equal ones.
    assert scaled_to(towns(10, 10, 1), 7).tolist() == [4, 3, 0]


@given(TOWNS, TOTALS)
def test_totals_match(people: list[int], total: int) -> None:
    assume(sum(people) or not total)
    assert scaled_to(towns(*people), total).sum() == total


@given(TOWNS, TOTALS)
def test_who_had_more_never_has_fewer(people: list[int], total: int) -> None:
    assume(sum(people))
    found = scaled_to(towns(*people), total).to_numpy()
    order = np.argsort(people, kind="stable")
    distinct = np.diff(np.asarray(people)[order]) > 0
    assert (np.diff(found[order])[distinct] >= 0).all()


@given(TOWNS)
def test_scaled_to_its_own_total_nothing_changes(people: list[int]) -> None:
    assert scaled_to(towns(*people), sum(people)).tolist() == people


@given(TOWNS, TOTALS)
def test_nobody_is_farther_than_a_person_from_their_share(people: list[int], total: int) -> None:
    assume(sum(people))
    exact = np.asarray(people) * total / sum(people)
    assert (np.abs(scaled_to(towns(*people), total) - exact) < 1 + 1e-6).all()


def test_nobody_cannot_become_somebody() -> None:
    assert scaled_to(towns(0, 0), 0).tolist() == [0, 0]
    with pytest.raises(NobodyToScale):
        scaled_to(towns(0, 0), 3)


@pytest.mark.parametrize(("people", "total"), [((-1, 2), 3), ((1, math.nan), 3), ((1, 2), -3)])
def test_what_is_no_number_of_people_is_refused(people: tuple[float, ...], total: float) -> None:
    with pytest.raises(ValueError, match="0 or more"):
        scaled_to(towns(*people), total)


def test_years_between_lie_on_a_straight_line() -> None:
    known = DataFrame({2030: [100.0, 10.0], 2040: [50.0, 20.0]}, index=["a", "b"])
    assert in_year(known, 2035).tolist() == [75, 15]
    assert in_year(known, 2037).tolist() == pytest.approx([65, 17])
    assert_series_equal(in_year(known, 2030), Series([100.0, 10.0], ["a", "b"], name="people"))


@given(
    st.dictionaries(st.integers(2000, 2100), st.floats(0, 1e6), min_size=1, max_size=8),
    st.integers(1990, 2110),
)
def test_the_line_is_the_one_numpy_draws(known: dict[int, float], year: int) -> None:
    frame = DataFrame([known])
    first, last = min(known), max(known)
    if not first <= year <= last:
        with pytest.raises(NoSuchYear):
            in_year(frame, year)
        return
    years = sorted(known)
    expected = np.interp(year, years, [known[y] for y in years])
    assert in_year(frame, year)[0] == pytest.approx(float(expected), rel=1e-9, abs=1e-6)


def test_what_nobody_knows_stays_unknown() -> None:
    known = DataFrame({2030: [100.0, math.nan], 2040: [50.0, 20.0]})
    assert in_year(known, 2035).isna().tolist() == [False, True]
    assert in_year(known, 2040).tolist() == [50, 20]


def test_the_years_around() -> None:
    assert years_around([2040, 2030], 2032) == (2030, 2040, 0.2)
    assert years_around([2030, 2040], 2040) == (2040, 2040, 0)
    with pytest.raises(NoSuchYear):
        years_around([], 2040)
