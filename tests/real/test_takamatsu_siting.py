"""Takamatsu (高松市): the best three of the published facilities, against every choice of three."""

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Engine
from sqlmodel import Session
from test_takamatsu import DATA, ON, TAKAMATSU, bring, bring_takamatsu, pytestmark  # noqa: F401

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

CANDIDATES = ("branch_office", "middle_school", "nursing_home")
CODE = "37201"


@pytest.fixture
def city(shelf: Any) -> Any:
    from api.store.engine import open_engine

    with shelf.copy(bring_takamatsu) as url:
        engine: Engine = open_engine(url)
        with Session(engine) as session:
            for name in CANDIDATES:
                file: Path = TAKAMATSU / "facilities" / f"{name}.xlsx"
                assert bring(session, CODE, "candidates", file).written
            yield session
        engine.dispose()


@pytest.mark.databases("sqlite")
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
    assert DATA.is_dir()
