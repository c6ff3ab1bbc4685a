"""The best five of 500 sites for 3,000 towns, against spopt with CBC; ten of 2,000 for 20,000."""

import warnings
from pathlib import Path

import numpy as np
from scipy.spatial import cKDTree

from benchmarks.measuring import MISSING, PeerMissing, Sample, in_turn, seconds
from benchmarks.results import Report, Row
from geo.arrays import Floats
from geo.reach import Pairs
from geo.siting import Choice, SitingProblem
from geo.siting_models import most_reached

HOMES, CANDIDATES, SITES, SEED, TIMES = 3_000, 500, 5, 1, 3
LARGE = (20_000, 2_000, 10)
LARGE_S = 60.0
REACH_M = 500.0
TITLE = "The most people reached by new places (MCLP)"


def run(_folder: Path) -> Report:
    """Solve both, and hold the objectives together."""
    towns = made_towns(HOMES, CANDIDATES, SEED)
    answer: dict[str, Choice] = {}
    theirs: list[float] = []

    def ours() -> None:
        answer["small"] = most_reached(_problem(*towns), SITES)

    def peer() -> None:
        theirs.append(_spopt(*towns))

    took, (peer_took,) = in_turn(TIMES, lambda: seconds(ours), lambda: seconds(peer))
    n, m, sites = LARGE
    large = made_towns(n, m, SEED)

    def larger() -> None:
        answer["large"] = most_reached(_problem(*large), sites, seconds=LARGE_S - 5)

    large_took = Sample(tuple(seconds(larger) for _ in range(TIMES)))
    small, big = answer["small"], answer["large"]
    rows = [
        Row(f"{HOMES:,} × {CANDIDATES} × {SITES}, pairs and proof", "s", took, peer_took, 1 / 15),
        Row(f"{n:,} × {m:,} × {sites}", "s", large_took, None, LARGE_S, beside_peer=False),
    ]
    same = f"{theirs[-1]:,.0f}" if theirs else MISSING
    notes = [
        f"Objective {small.objective:,.0f}, proven: {small.optimal}; the peer's {same}; "
        f"greedy {small.greedy / small.objective:.1%} of it.",
        f"The large one: {big.objective:,.0f}, proven: {big.optimal}, gap {big.gap:.3%}, "
        f"greedy {big.greedy / big.objective:.1%} of it.",
        "The peer is spopt 0.7 (MCLP.from_cost_matrix) with CBC, in the same process; both begin "
        "with points, so that the pairs, or the matrix of all distances, are part of the work.",
        f"Made towns: {HOMES // 60} clusters of normal spread (700 m), walks of {REACH_M:.0f} m.",
    ]
    return Report(TITLE, rows, notes)


def made_towns(homes: int, candidates: int, seed: int) -> tuple[Floats, Floats, Floats]:
    """People, homes and candidates (x and y, metres), clustered as towns are."""
    rng = np.random.default_rng(seed)
    side = 12_000 * np.sqrt(homes / HOMES)
    centres = rng.uniform(0, side, (homes // 60, 2))

    def scattered(count: int) -> Floats:
        return centres[rng.integers(0, len(centres), count)] + rng.normal(0, 700, (count, 2))

    return rng.integers(1, 80, homes).astype(float), scattered(homes), scattered(candidates)


def _problem(people: Floats, homes: Floats, spots: Floats) -> SitingProblem:
    near = cKDTree(homes).sparse_distance_matrix(cKDTree(spots), REACH_M, output_type="ndarray")
    home, place = near["i"].astype(np.intp), near["j"].astype(np.intp)
    metres = np.hypot(*(homes[home] - spots[place]).T)
    pairs = Pairs(home, place, metres)
    return SitingProblem(people, pairs, len(spots), np.zeros(len(homes), dtype=bool))


def _spopt(people: Floats, homes: Floats, spots: Floats) -> float:
    """The peer's objective."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pulp
            from spopt.locate import MCLP
    except ImportError as missing:
        raise PeerMissing("spopt is missing; make setup brings it.") from missing
    metres = np.hypot(*(homes[:, None] - spots[None]).transpose(2, 0, 1))
    model = MCLP.from_cost_matrix(metres, people, REACH_M, p_facilities=SITES)
    solved = model.solve(pulp.PULP_CBC_CMD(msg=False))
    return float(pulp.value(solved.problem.objective))
