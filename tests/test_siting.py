"""Where the next places should go: by hand, against every choice there is, and against spopt."""

import itertools
import warnings
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from geo.arrays import Floats, Positions
from geo.coverage_model import grouped
from geo.fairness import fairest
from geo.greedy import choose_greedily, people_gain, walk_with
from geo.least_walking import least_walking
from geo.narrowing import narrowed
from geo.reach import Pairs
from geo.siting import (
    CannotBeMet,
    SitingProblem,
    first_to_serve,
    in_order_of_gain,
    newly_reached,
)
from geo.siting_models import fewest_sites, most_reached

REACH_M = 500.0


def problem(
    people: Iterable[float],
    serves: Iterable[Iterable[int]],
    candidates: int,
    reached: Iterable[int] = (),
    **more: Any,
) -> SitingProblem:
    """`serves`: for each home the candidates it can reach."""
    crowd = np.array(list(people), dtype=float)
    pairs = [(home, site) for home, sites in enumerate(serves) for site in sites]
    home, site = np.array(pairs, dtype=np.intp).reshape(-1, 2).T
    mask = np.zeros(len(crowd), dtype=bool)
    mask[list(reached)] = True
    return SitingProblem(
        crowd, Pairs(home, site, np.full(len(home), REACH_M)), candidates, mask, **more
    )


def sites(*numbers: int) -> Positions:
    return np.array(numbers, dtype=np.intp)


# --- by hand -------------------------------------------------------------------------------------

FIVE_TOWNS = problem([40, 30, 20, 10, 60], [[0], [0, 1], [1, 2], [2], [3]], 4, reached=[4])
"""Candidate 3 serves only people who have a place already."""


def test_the_best_two_are_not_the_best_one_and_another() -> None:
    # 0 reaches 70, 1 reaches 50, 2 reaches 30; 0 and 2 together reach everybody.
    one = most_reached(FIVE_TOWNS, 1)
    assert (one.chosen.tolist(), one.objective, one.optimal, one.gap) == ([0], 70, True, 0)
    two = most_reached(FIVE_TOWNS, 2)
    assert (two.chosen.tolist(), two.objective, two.bound) == ([0, 2], 100, 100)


def test_greedy_is_shown_beside_the_proof_where_it_is_worse() -> None:
    # 1 reaches 60 at once, 0 and 2 each 50: greedy takes 1 first and ends with 80 of 100.
    tricky = problem([20, 30, 30, 20], [[0], [0, 1], [1, 2], [2]], 3)
    found = most_reached(tricky, 2)
    assert (found.objective, found.greedy) == (100, 80)


def test_one_by_one_counts_nobody_twice() -> None:
    # 0 reaches 90; of the 60 that 1 reaches 50 are among them, so that 2 with its 30 comes next.
    found = most_reached(problem([50, 40, 10, 30], [[0, 1], [0], [1], [2]], 3), 2)
    assert (found.greedy, found.objective) == (120, 120)


def test_each_site_counts_beside_those_before_it() -> None:
    order, gains = in_order_of_gain(FIVE_TOWNS, sites(1, 0))
    assert (order.tolist(), gains.tolist()) == ([0, 1], [70, 20])
    assert first_to_serve(FIVE_TOWNS, order).tolist() == [0, 0, 1, -1, -1]


def test_fixed_forbidden_and_too_near() -> None:
    def with_(**more: Any) -> SitingProblem:
        return problem([40, 30, 20, 10, 60], [[0], [0, 1], [1, 2], [2], [3]], 4, [4], **more)

    assert most_reached(with_(fixed=sites(1)), 2).chosen.tolist() == [0, 1]
    assert most_reached(with_(forbidden=sites(0)), 1).chosen.tolist() == [1]
    apart = most_reached(with_(too_near=np.array([[0, 2]])), 2)
    assert (set(apart.chosen.tolist()), apart.objective) == ({0, 1}, 90)
    with pytest.raises(CannotBeMet):
        most_reached(with_(fixed=sites(0, 2), too_near=np.array([[0, 2]])), 3)
    with pytest.raises(CannotBeMet):
        most_reached(with_(fixed=sites(0, 2)), 1)
    with pytest.raises(CannotBeMet):
        most_reached(with_(fixed=sites(0), forbidden=sites(0)), 1)


def test_a_small_hall_serves_no_more_than_it_holds() -> None:
    small = problem([40, 30], [[0, 1], [0]], 2, capacity_people=np.array([50.0, 25.0]))
    assert most_reached(small, 1).objective == 50
    assert most_reached(small, 2).objective == 70
    unknown = problem([40, 30], [[0], [0]], 1, capacity_people=np.array([np.nan]))
    assert most_reached(unknown, 1).objective == 70


def test_the_fewest_that_reach_a_share() -> None:
    # 160 people, 60 reached; 80 % is 128: 70 more with 0 alone.
    found = fewest_sites(FIVE_TOWNS, 0.8)
    assert (found.chosen.tolist(), found.objective, found.optimal) == ([0], 1, True)
    assert fewest_sites(FIVE_TOWNS, 1.0).chosen.tolist() == [0, 2]
    assert fewest_sites(FIVE_TOWNS, 60 / 160).chosen.tolist() == []
    with pytest.raises(CannotBeMet):
        fewest_sites(problem([10, 10], [[0], []], 1), 0.6)


def test_the_fairest_raises_the_worst_area_first() -> None:
    # Area 0: 100 people, none reached. Area 1: 100 people, 50 reached; a site there adds 50.
    people, serves = [30, 70, 50, 50], [[0], [], [], [1]]
    two_areas = problem(people, serves, 2, reached=[2])
    area = sites(0, 0, 1, 1)
    assert most_reached(two_areas, 1).chosen.tolist() == [1]
    found = fairest(two_areas, 1, area)
    assert (found.chosen.tolist(), found.objective, found.optimal) == ([0], 30, True)


def test_least_walking_counts_places_that_stay() -> None:
    # Home 0 has a place at 200 m, home 1 nothing nearer than 2 km.
    pairs = Pairs(sites(0, 0, 1), sites(0, 1, 1), np.array([100.0, 900.0, 500.0]))
    both = SitingProblem(np.array([10.0, 1.0]), pairs, 2, np.zeros(2, dtype=bool))
    today = np.array([200.0, 2_000.0])
    found = least_walking(both, 1, today)
    # 0 saves 10 × 100; 1 saves 1 × 1,500.
    assert (found.chosen.tolist(), found.objective, found.optimal) == ([1], 2_500, True)
    assert least_walking(both, 2, today).objective == 1_500


def test_nobody_to_reach_is_an_answer_too() -> None:
    nobody = problem([10], [[0]], 1, reached=[0])
    assert most_reached(nobody, 1).objective == 0
    assert least_walking(nobody, 1, np.array([100.0])).objective == 1_000


def test_the_fairest_goes_on_to_the_next_worst_area() -> None:
    # Nobody can raise area 0 beyond 10 %. Area 1 stands at 20 %, area 2 at 50 %, 100 people each.
    people, serves = [10, 90, 20, 30, 50, 50, 40], [[0], [], [], [1], [], [], [2]]
    area = sites(0, 0, 1, 1, 2, 2, -1)
    areas = problem(people, serves, 3, reached=[2, 4])
    # 2 would reach 40 who are in no area; the fairest raises area 1 to 100 % beside area 0.
    assert fairest(areas, 2, area).chosen.tolist() == [1, 0]
    assert fairest(areas, 2, area).greedy == 40
    assert fairest(areas, 1, area).chosen.tolist() == [0]
    assert set(most_reached(areas, 2).chosen.tolist()) == {1, 2}


def test_a_site_nobody_new_goes_to_is_not_chosen_unless_it_must_be() -> None:
    assert most_reached(FIVE_TOWNS, 4).chosen.tolist() == [0, 2]
    fixed = replace(FIVE_TOWNS, fixed=sites(3))
    assert most_reached(fixed, 4).chosen.tolist() == [0, 2, 3]


def test_small_halls_that_one_by_one_are_too_few_are_told_apart() -> None:
    # 100 people need three halls for 40, and 10 more live elsewhere.
    halls = problem(
        [100, 10], [[0, 1, 2], [3]], 4, capacity_people=np.array([40.0, 40.0, 40.0, 10.0])
    )
    found = fewest_sites(halls, 1.0)
    assert (found.objective, found.greedy, found.optimal) == (4, 4, True)


def test_least_walking_fills_no_hall_beyond_its_room() -> None:
    pairs = Pairs(sites(0, 1), sites(0, 1), np.array([100.0, 100.0]))
    nobody = np.zeros(2, dtype=bool)
    halls = SitingProblem(
        np.array([100.0, 60.0]), pairs, 2, nobody, capacity_people=np.array([10.0, 60.0])
    )
    # 0 shortens the walk of 10 by 900 m, 1 that of 60.
    found = least_walking(halls, 1, np.array([1_000.0, 1_000.0]))
    assert (found.chosen.tolist(), found.objective) == ([1], 160_000 - 54_000)
    assert found.greedy == found.objective


@pytest.mark.parametrize("seconds", [0.0, 60.0])
def test_without_time_for_a_proof_the_answer_says_how_far_off_it_may_be(seconds: float) -> None:
    people, metres = made(200, 40, 7)
    of, area = as_problem(people, metres, 700), np.arange(200) % 4
    today = np.full(200, 2_000.0)
    for found in (
        most_reached(of, 5, seconds=seconds),
        fairest(of, 5, area, seconds=seconds),
        most_reached(holding(of, 60), 5, seconds=seconds),
    ):
        assert len(found.chosen) == 5
        assert found.objective <= found.bound + 1e-6
        assert found.optimal == (seconds > 0) or found.gap == 0
    walked = least_walking(as_problem(people, metres, 2_000), 5, today, seconds=seconds)
    assert walked.bound <= walked.objective + 1e-6
    fewest = fewest_sites(of, 0.5, seconds=seconds)
    assert fewest.bound <= fewest.objective <= fewest.greedy


# --- every choice there is -----------------------------------------------------------------------


@st.composite
def small_problems(draw: st.DrawFn, most: int = 12) -> SitingProblem:
    candidates = draw(st.integers(1, most))
    one = st.lists(st.integers(0, candidates - 1), max_size=candidates, unique=True)
    serves = draw(st.lists(one, min_size=1, max_size=12))
    people = draw(st.lists(st.integers(0, 50), min_size=len(serves), max_size=len(serves)))
    reached = draw(st.lists(st.integers(0, len(serves) - 1), max_size=3, unique=True))
    pair = st.lists(st.integers(0, candidates - 1), min_size=2, max_size=2, unique=True)
    near = draw(st.lists(pair, max_size=3)) if candidates > 1 else []
    fixed = draw(st.lists(st.integers(0, candidates - 1), max_size=1))
    forbidden = draw(st.lists(st.integers(0, candidates - 1), max_size=2, unique=True))
    return problem(
        people,
        serves,
        candidates,
        reached,
        too_near=np.array(near, dtype=np.intp).reshape(-1, 2),
        fixed=np.array(fixed, dtype=np.intp),
        forbidden=np.array([site for site in forbidden if site not in fixed], dtype=np.intp),
    )


def choices(of: SitingProblem, most: int) -> list[Positions]:
    fixed = set(of.fixed.tolist())
    free = [site for site in range(of.candidates) if of.allowed[site]]
    near = {frozenset(pair) for pair in of.too_near.tolist()}
    return [
        np.array(some, dtype=np.intp)
        for count in range(most + 1)
        for some in itertools.combinations(free, count)
        if fixed <= {*some}
        and not any(frozenset(pair) in near for pair in itertools.combinations(some, 2))
    ]


def people_of(of: SitingProblem, chosen: Positions) -> float:
    """Worked out without the matrices."""
    open_sites = set(chosen.tolist())
    served = {
        home
        for home, site in zip(of.pairs.home.tolist(), of.pairs.place.tolist(), strict=True)
        if site in open_sites and not of.reached[home]
    }
    return sum(float(of.people[home]) for home in served)


slow = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@slow
@given(small_problems(), st.integers(1, 3))
def test_the_most_reached_are_the_best_of_all_choices(of: SitingProblem, count: int) -> None:
    found = most_reached(of, count)
    best = max(people_of(of, some) for some in choices(of, count))
    assert found.objective == pytest.approx(best)
    assert found.optimal and found.objective == pytest.approx(people_of(of, found.chosen))
    assert found.greedy <= best + 1e-6
    assert len(found.chosen) <= count


@slow
@given(small_problems(), st.integers(1, 3))
def test_a_candidate_that_is_left_out_is_in_no_better_choice(of: SitingProblem, count: int) -> None:
    if of.candidates > 1 and not len(of.too_near):
        # Where two may not be together, no choice is tried on the way: much is better than `first`.
        of = replace(of, too_near=np.array([[0, 1]], dtype=np.intp))
    every = choices(of, count)
    assume(every)
    for first in (of.fixed, choose_greedily(of, count, people_gain(of))):
        found = narrowed(of, grouped(of), count, first)
        assert found.people == pytest.approx(people_of(of, found.chosen))
        worth = {tuple(some.tolist()): people_of(of, some) for some in every}
        assert max(worth.values()) <= found.bound + 1e-6
        better = [some for some, people in worth.items() if people > found.people + 1e-6]
        assert all(found.hopeful[list(some)].all() for some in better)


@slow
@given(small_problems(), st.integers(1, 3), st.lists(st.integers(0, 11), max_size=6))
def test_adding_an_existing_place_never_lowers_how_many_are_reached(
    of: SitingProblem, count: int, homes: list[int]
) -> None:
    """P30: whoever a further place of today reaches, in all no fewer are reached."""
    more = of.reached.copy()
    more[[home for home in homes if home < len(more)]] = True
    beside = replace(of, reached=more)
    before = of.reached_today + most_reached(of, count).objective
    assert beside.reached_today >= of.reached_today
    assert beside.reached_today + most_reached(beside, count).objective >= before - 1e-6


@slow
@given(small_problems(), st.integers(1, 3))
def test_one_more_site_never_reaches_fewer(of: SitingProblem, count: int) -> None:
    assert most_reached(of, count + 1).objective >= most_reached(of, count).objective - 1e-6


@slow
@given(small_problems(8), st.floats(0, 1))
def test_the_fewest_sites_are_the_fewest_of_all_choices(of: SitingProblem, share: float) -> None:
    wanted = share * of.people.sum() - of.reached_today
    enough = [
        len(some) for some in choices(of, of.candidates) if people_of(of, some) >= wanted - 1e-6
    ]
    if not enough:
        with pytest.raises(CannotBeMet):
            fewest_sites(of, share)
        return
    found = fewest_sites(of, share)
    assert (found.objective, found.optimal) == (min(enough), True)
    assert found.greedy >= found.objective
    most = max(people_of(of, some) for some in choices(of, min(enough)))
    assert people_of(of, found.chosen) == pytest.approx(most)


@slow
@given(small_problems(), st.integers(1, 3))
def test_the_fairest_is_the_best_of_all_choices(of: SitingProblem, count: int) -> None:
    area = np.array([home % 3 - (home % 7 == 6) for home in range(len(of.people))], dtype=np.intp)
    lived_in = [a for a in range(3) if of.people[area == a].sum()]

    def worth(some: Positions) -> tuple[list[float], float]:
        got = newly_reached(of, some) | of.reached
        shares = (of.people[got & (area == a)].sum() / of.people[area == a].sum() for a in lived_in)
        return sorted(round(float(share), 6) for share in shares), people_of(of, some)

    found = fairest(of, count, area)
    best = max(worth(some) for some in choices(of, count))
    assert found.optimal
    assert worth(found.chosen) == best
    assert found.objective == pytest.approx(best[1])


@slow
@given(small_problems(), st.integers(1, 3), st.integers(0, 10_000))
def test_the_least_walking_is_the_best_of_all_choices(
    of: SitingProblem, count: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    metres = rng.integers(1, 900, len(of.pairs.home)).astype(float)
    of = SitingProblem(
        of.people,
        Pairs(of.pairs.home, of.pairs.place, metres),
        of.candidates,
        of.reached,
        fixed=of.fixed,
        forbidden=of.forbidden,
        too_near=of.too_near,
    )
    today = rng.integers(1, 1_500, len(of.people)).astype(float)
    found = least_walking(of, count, today)
    best = min(float(of.people @ walk_with(of, today, some)) for some in choices(of, count))
    assert found.optimal
    assert found.objective == pytest.approx(best)


@slow
@given(small_problems(8), st.integers(1, 2), st.integers(1, 60))
def test_capacity_serves_what_flows_can(of: SitingProblem, count: int, room: int) -> None:
    held = holding(of, room)
    best = max(_flow(held, some, room) for some in choices(held, count))
    found = most_reached(held, count)
    assert found.objective == pytest.approx(best)
    assert found.greedy <= best + 1e-6
    assert _flow(held, found.chosen, room) == pytest.approx(best)


@slow
@given(small_problems(6), st.floats(0, 1), st.integers(5, 60))
def test_the_fewest_small_halls_are_the_fewest(of: SitingProblem, share: float, room: int) -> None:
    held = holding(of, room)
    wanted = share * of.people.sum() - of.reached_today
    every = choices(held, of.candidates)
    enough = [len(some) for some in every if _flow(held, some, room) >= wanted - 1e-6]
    if not enough:
        with pytest.raises(CannotBeMet):
            fewest_sites(held, share)
        return
    found = fewest_sites(held, share)
    assert (found.objective, found.optimal) == (min(enough), True)
    assert found.greedy >= found.objective


@slow
@given(small_problems(6), st.integers(1, 2), st.integers(1, 60), st.integers(0, 10_000))
def test_the_least_walking_to_small_halls(
    of: SitingProblem, count: int, room: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    metres = rng.integers(1, 900, len(of.pairs.home)).astype(float)
    today = rng.integers(1, 1_500, len(of.people)).astype(float)
    held = replace(holding(of, room), pairs=replace(of.pairs, distance_m=metres))
    walks = {
        tuple(some.tolist()): _cheapest(held, some, room, today) for some in choices(held, count)
    }
    found = least_walking(held, count, today)
    assert found.optimal
    assert found.objective == pytest.approx(min(walks.values()))
    assert found.greedy >= found.objective - 1e-6
    assert walks[tuple(sorted(found.chosen.tolist()))] == pytest.approx(found.objective)


def holding(of: SitingProblem, room: int) -> SitingProblem:
    """The same, where every candidate takes so many."""
    return replace(of, capacity_people=np.full(of.candidates, float(room)))


def _cheapest(of: SitingProblem, chosen: Positions, room: int, today: Floats) -> float:
    """Person-metres that everybody walks at least, by the cheapest flow through a network."""
    import networkx

    graph: networkx.DiGraph[object] = networkx.DiGraph()
    graph.add_node("in", demand=-int(of.people.sum()))
    graph.add_node("out", demand=int(of.people.sum()))
    for home, people in enumerate(of.people):
        graph.add_edge("in", ("home", home), capacity=int(people), weight=0)
        graph.add_edge(("home", home), "out", weight=int(today[home]))
    for home, site, metres in zip(
        of.pairs.home.tolist(), of.pairs.place.tolist(), of.pairs.distance_m.tolist(), strict=True
    ):
        if site in set(chosen.tolist()):
            graph.add_edge(("home", home), ("site", site), weight=int(metres))
            graph.add_edge(("site", site), "out", capacity=room, weight=0)
    return float(networkx.min_cost_flow_cost(graph))


def _flow(of: SitingProblem, chosen: Positions, room: int) -> float:
    """The most people that these sites can take, by a flow through a network."""
    import networkx

    graph: networkx.DiGraph[object] = networkx.DiGraph()
    graph.add_nodes_from(["in", "out"])
    for home, people in enumerate(of.people):
        if not of.reached[home]:
            graph.add_edge("in", ("home", home), capacity=int(people))
    for home, site in zip(of.pairs.home.tolist(), of.pairs.place.tolist(), strict=True):
        if site in set(chosen.tolist()):
            graph.add_edge(("home", home), ("site", site))
            graph.add_edge(("site", site), "out", capacity=room)
    return float(networkx.maximum_flow_value(graph, "in", "out"))


# --- spopt ---------------------------------------------------------------------------------------


def made(homes: int, candidates: int, seed: int) -> tuple[Floats, Floats]:
    """People, and metres from each home to each candidate."""
    rng = np.random.default_rng(seed)
    towns = rng.uniform(0, 6_000, (12, 2))
    at = towns[rng.integers(0, 12, homes)] + rng.normal(0, 500, (homes, 2))
    to = rng.uniform(0, 6_000, (candidates, 2))
    metres = np.hypot(*(at[:, None] - to[None]).transpose(2, 0, 1))
    return rng.integers(1, 60, homes).astype(float), metres


def as_problem(people: Floats, metres: Floats, within: float) -> SitingProblem:
    home, site = np.nonzero(metres <= within)
    pairs = Pairs(home, site, metres[home, site])
    return SitingProblem(people, pairs, metres.shape[1], np.zeros(len(people), dtype=bool))


def spopt_objective(solve: Callable[[Any], Any]) -> float:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pulp
        from spopt.locate import LSCP, MCLP, PMedian

        solved = solve((MCLP, LSCP, PMedian)).solve(pulp.PULP_CBC_CMD(msg=False))
        return float(pulp.value(solved.problem.objective))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_spopt_finds_the_same_objectives(seed: int) -> None:
    people, metres = made(120, 25, seed)
    ours = most_reached(as_problem(people, metres, 600), 4)
    theirs = spopt_objective(
        lambda goals: goals[0].from_cost_matrix(metres, people, 600, p_facilities=4)
    )
    assert ours.optimal
    assert ours.objective == pytest.approx(theirs)
    far = float(metres.min(axis=1).max()) + 1
    assert fewest_sites(as_problem(people, metres, far), 1.0).objective == spopt_objective(
        lambda goals: goals[1].from_cost_matrix(metres, far)
    )
    everywhere = as_problem(people, metres, np.inf)
    walked = least_walking(everywhere, 4, np.full(len(people), float(metres.max()) + 1))
    assert walked.objective == pytest.approx(
        spopt_objective(lambda goals: goals[2].from_cost_matrix(metres, people, p_facilities=4))
    )
