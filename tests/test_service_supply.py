"""Which areas have nobody for a service, or nobody with room left: worked by hand."""

from datetime import date
from typing import Any

import pytest
from pandas import DataFrame

from api.actions.service_supply import Supply, offered_on, supply, worst

AREAS = ["A", "B", "C"]
COLUMNS = {"配食": ("meals",), "訪問型": ("home_a", "home_b")}
TODAY = date(2026, 10, 1)


def services(*rows: tuple[str, str | None, bool | None]) -> DataFrame:
    """Kind, areas in one word (None: all of them), room."""
    served = [None if areas is None else frozenset(areas) for _, areas, _ in rows]
    return DataFrame(
        {
            "kind": [kind for kind, _, _ in rows],
            "areas": served,
            "has_room": [room for _, _, room in rows],
        },
        dtype=object,
    )


def states(*rows: tuple[str, str | None, bool | None]) -> dict[str, list[str]]:
    """Per column the states of A, B and C."""
    table = supply(services(*rows), AREAS, COLUMNS)
    wide = table["state"].unstack("column").loc[AREAS]
    return {column: [state.value for state in wide[column]] for column in COLUMNS}


def test_three_areas_and_two_types() -> None:
    assert states(
        ("meals", "A", True),
        ("meals", "AB", False),
        ("home_b", "C", None),
    ) == {"配食": ["room", "full", "none"], "訪問型": ["none", "none", "unknown"]}


def test_counts_of_one_area() -> None:
    table = supply(
        services(("meals", "A", False), ("meals", None, None), ("home_a", "A", True)),
        AREAS,
        COLUMNS,
    )
    meals: Any = table.loc[("A", "配食")]
    assert meals[["services", "with_room", "unknown"]].tolist() == [2, 0, 1]
    assert table["services"].dtype.kind == "i"


def test_the_whole_municipality_is_every_area() -> None:
    assert states(("meals", None, True))["配食"] == ["room", "room", "room"]


def test_one_with_room_is_enough() -> None:
    assert states(("meals", "A", False), ("meals", "A", True))["配食"][0] == "room"


def test_unknown_is_neither_full_nor_nobody() -> None:
    assert states(("meals", "A", None), ("meals", "A", False))["配食"][0] == "unknown"


def test_any_type_of_a_group_counts() -> None:
    assert states(("home_a", "B", True))["訪問型"] == ["none", "room", "none"]


def test_without_services_nobody_is_anywhere() -> None:
    assert states() == {"配食": ["none"] * 3, "訪問型": ["none"] * 3}


def test_an_area_that_is_no_more_serves_nobody() -> None:
    assert states(("meals", "Z", True))["配食"] == ["none", "none", "none"]


@pytest.mark.parametrize(
    ("opened", "closed", "there"),
    [
        (None, None, True),
        (TODAY, None, True),
        (date(2026, 10, 2), None, False),
        (None, date(2026, 10, 2), True),
        (None, TODAY, False),  # the first day it is no longer there
    ],
)
def test_what_has_closed_or_not_begun_does_not_count(
    opened: date | None, closed: date | None, there: bool
) -> None:
    frame = DataFrame({"opened_on": [opened], "closed_on": [closed]}, dtype=object)
    assert offered_on(frame, TODAY).tolist() == [there]


def test_the_worst_of_several() -> None:
    assert worst([Supply.ROOM, Supply.FULL, Supply.UNKNOWN]) == Supply.FULL
    assert worst([Supply.ROOM, Supply.UNKNOWN]) == Supply.UNKNOWN
    assert worst([Supply.ROOM, Supply.NONE]) == Supply.NONE
