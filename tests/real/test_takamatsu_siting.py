"""Takamatsu (高松市): the best three of the published facilities, against every choice of three."""

import itertools
import os
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from sqlmodel import Session

from api.actions.import_files import import_files
from api.actions.importing import Order
from api.actions.init_municipality import init_municipality
from api.actions.report_coverage import (
    Question,
    community_for,
    counted_places,
    spread_people,
    walk_to,
)
from api.actions.site_places import SiteQuestion, site_places
from api.actions.siting_candidates import load_candidates
from api.store.visible import OFFICE_PUBLISHED

DATA = Path(os.environ.get("YORIDOKORO_REAL_DATA") or Path(__file__).parents[3] / "shared" / "data")
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not DATA.is_dir(), reason=f"no real data: {DATA.name} is not there"),
    pytest.mark.databases("sqlite"),
]
TAKAMATSU = DATA / "takamatsu"
ON = date(2026, 10, 1)
CANDIDATES = ("branch_office", "middle_school", "nursing_home")
CODE = "37201"


@pytest.fixture
def city(session: Session) -> Session:
    """Community centres as places; branch offices, junior high schools, care sites as candidates.

    小規模多機能 are the rows of nursing_home.xlsx.
    """
    init_municipality(session, CODE, "高松市")
    for kind, name in (
        ("boundary", "boundary.geojson"),
        ("towns", "towns.csv"),
        ("areas", "areas_approx.csv"),
        ("population", "population_202602.xlsx"),
        ("places", "facilities/community_center.xlsx"),
        *(("candidates", f"facilities/{name}.xlsx") for name in CANDIDATES),
    ):
        assert import_files(session, CODE, Order(kind, (TAKAMATSU / name,), ON)).written
    return session


def test_the_best_three_are_the_best_of_all_triples(city: Session) -> None:
    question = Question(on=ON)
    found = site_places(city, CODE, OFFICE_PUBLISHED, question, SiteQuestion(3))
    community = community_for(city, CODE, OFFICE_PUBLISHED, question)
    candidates = load_candidates(city, community, OFFICE_PUBLISHED)
    demand = spread_people(community, question)
    walk = walk_to(demand, counted_places(community.places, question), community, question)
    left = walk["distance_m"].to_numpy() > 500
    homes = demand.geometry.get_coordinates().to_numpy()[left]
    spots = candidates.geometry.get_coordinates().to_numpy()
    people = demand["people"].to_numpy()[left]
    near = np.hypot(*(homes[:, None] - spots[None]).transpose(2, 0, 1)) <= 500
    best = max(
        float(people[near[:, list(three)].any(axis=1)].sum())
        for three in itertools.combinations(range(len(spots)), 3)
    )
    assert found.choice.optimal
    assert found.choice.objective == pytest.approx(best)
    assert found.newly_reached == round(best)
    assert found.candidates == len(spots) > 50
