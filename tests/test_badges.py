"""A badge is shown if and only if a trained worker is posted at the place on that day."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from desk_client import DeskClient, engine_of, signed_in
from hypothesis import given
from hypothesis import strategies as st
from small_town import CODE, by_name, rows_of
from sqlalchemy import update
from sqlmodel import Session
from test_visible import paths_of

from api.accounts.roles import Role
from api.actions.badges import badge_terms
from api.models import Badge, Place, Posting, Viewing
from api.models.columns import table_of

TODAY = date(2026, 10, 1)
NAME = "HIMITSU花子"
DAY = timedelta(days=1)


def on(number: int) -> date:
    return date(2026, 1, 1) + number * DAY


def posting(first: int, last: int | None, trained: int | None) -> dict[str, Any]:
    return {
        "valid_from": on(first),
        "valid_to": None if last is None else on(last),
        "trained_on": None if trained is None else on(trained),
    }


def holds(terms: list[tuple[date, date | None]], day: date) -> bool:
    return any(first <= day and (last is None or day <= last) for first, last in terms)


# --- the rule ------------------------------------------------------------------------------------


def test_workers_who_follow_each_other_make_one_term() -> None:
    assert badge_terms([posting(5, 9, 0), posting(0, 4, 0)]) == [(on(0), on(9))]
    assert badge_terms([posting(0, 3, 0), posting(5, 9, 0)]) == [(on(0), on(3)), (on(5), on(9))]


def test_a_worker_counts_from_the_day_of_training() -> None:
    assert badge_terms([posting(0, 9, 4)]) == [(on(4), on(9))]
    assert badge_terms([posting(0, 9, None)]) == []
    assert badge_terms([posting(0, 3, 4)]) == []


def test_nobody_knows_the_end() -> None:
    assert badge_terms([posting(0, None, 0), posting(2, 3, 0)]) == [(on(0), None)]


numbers = st.integers(0, 12)
postings = st.builds(
    lambda first, length, trained: posting(
        first, None if length is None else first + length, trained
    ),
    numbers,
    st.none() | st.integers(0, 5),
    st.none() | numbers,
)


@given(st.lists(postings, max_size=5))
def test_day_by_day_the_badge_is_there_iff_somebody_trained_is(rows: list[dict[str, Any]]) -> None:
    terms = badge_terms(rows)
    for number in range(20):
        somebody = any(
            row["valid_from"] <= on(number)
            and (row["valid_to"] is None or on(number) <= row["valid_to"])
            and row["trained_on"] is not None
            and row["trained_on"] <= on(number)
            for row in rows
        )
        assert holds(terms, on(number)) is somebody
    for (_, last), (first, _) in pairwise(terms):
        assert last is not None
        assert first > last + DAY


# --- at the desk and on the map ------------------------------------------------------------------


@pytest.fixture
def chief(a_small_town: Session) -> DeskClient:
    client = signed_in(engine_of(a_small_town), Role.CHIEF)
    client.on(TODAY)
    client.sign_in()
    return client


@pytest.fixture
def west(a_small_town: Session, chief: DeskClient) -> DeskClient:
    return signed_in(engine_of(a_small_town), Role.COORDINATOR, areas=["W"], app=chief.app)


@pytest.fixture
def salon(a_small_town: Session) -> int:
    return int(by_name(a_small_town, Place)["ひだまりサロン"]["id"])


def post(client: DeskClient, place: int, first: str, last: str = "", **more: str) -> Any:
    values = {"name": NAME, "role": "ライフサポートワーカー", "trained_on": "2025-06-01"}
    values |= {"valid_from": first, "valid_to": last}
    return client.post(f"places/{place}/postings", values | more)


def end(client: DeskClient, row: dict[str, Any], last: str) -> Any:
    values = {name: str(row[name]) for name in ("name", "role", "trained_on", "valid_from")}
    path = f"places/{row['place_id']}/postings/{row['id']}"
    return client.post(path, {**values, "valid_to": last, "version": str(row["version"])})


def shown(client: DeskClient, day: date) -> bool:
    """Whether the map has the salon's badge on a day; map and JSON must say the same."""
    columns = client.http.get(f"/{CODE}/map/places.json?on={day}").json()
    places = client.http.get(f"/api/v1/municipalities/{CODE}/places?on={day}").json()["features"]
    on_map = dict(zip(columns["name"], columns["badge"], strict=True))["ひだまりサロン"]
    in_list = {f["properties"]["name"]: f["properties"]["badge"] for f in places}
    assert in_list["ひだまりサロン"] is bool(on_map)
    assert in_list["南東集会所"] is False
    return bool(on_map)


def test_the_badge_comes_and_goes_with_the_workers(
    a_small_town: Session, west: DeskClient, salon: int
) -> None:
    assert post(west, salon, "2026-09-01", "2026-09-10").status_code == 200
    assert post(west, salon, "2026-09-09", "2026-09-20", name="二人目").status_code == 200
    assert post(west, salon, "2026-08-20", "2026-09-30", trained_on="").status_code == 200
    days = {day: shown(west, day) for day in (date(2026, 8, 28) + n * DAY for n in range(30))}
    held = [day for day, badge in days.items() if badge]
    assert (held[0], held[-1], len(held)) == (date(2026, 9, 1), date(2026, 9, 20), 20)
    (badge,) = rows_of(a_small_town, Badge)
    assert (badge["valid_from"], badge["valid_to"]) == (date(2026, 9, 1), date(2026, 9, 20))


def test_the_last_worker_leaves_and_the_city_is_told(
    a_small_town: Session, west: DeskClient, chief: DeskClient, salon: int
) -> None:
    post(west, salon, "2026-04-01")
    assert shown(west, TODAY)
    assert "バッジがなくなった" not in chief.get("").text
    (row,) = rows_of(a_small_town, Posting)
    assert end(west, row, "2026-09-30").status_code == 200
    assert not shown(west, TODAY)
    assert shown(west, TODAY - DAY)
    assert "バッジがなくなった場所が 1 か所" in chief.get("").text
    assert "バッジがなくなった場所が" not in west.get("").text
    page = chief.get("badges/").text
    assert "バッジがなくなった場所（この90日）" in page
    assert "いまバッジのある場所（0）" in page
    chief.on(date(2026, 12, 29))
    chief.sign_in()
    assert "バッジがなくなった場所が 1 か所" in chief.get("").text
    chief.on(date(2026, 12, 30))
    chief.sign_in()
    assert "バッジがなくなった" not in chief.get("").text


def test_who_is_followed_by_another_is_not_missed(
    a_small_town: Session, west: DeskClient, chief: DeskClient, salon: int
) -> None:
    post(west, salon, "2026-04-01", "2026-08-31")
    post(west, salon, "2026-09-15", name="二人目")
    assert len(rows_of(a_small_town, Badge)) == 2
    assert "バッジがなくなった" not in chief.get("").text
    assert "いまバッジのある場所（1）" in chief.get("badges/").text


def test_a_correction_takes_the_old_term_away(
    a_small_town: Session, west: DeskClient, salon: int
) -> None:
    post(west, salon, "2026-04-01")
    (row,) = rows_of(a_small_town, Posting)
    end(west, row, "2026-04-30")
    assert [row["valid_to"] for row in rows_of(a_small_town, Badge)] == [date(2026, 4, 30)]
    late = end(west, row, "2026-12-31")
    assert late.status_code == 409
    assert [row["valid_to"] for row in rows_of(a_small_town, Badge)] == [date(2026, 4, 30)]


@pytest.mark.parametrize(
    "values",
    [
        {"first": ""},
        {"first": "2026-04-01", "last": "2026-03-31"},
        {"first": "2026-04-01", "name": ""},
        {"first": "2026-04-01", "role": ""},
    ],
)
def test_a_posting_that_cannot_be_is_refused(
    a_small_town: Session, west: DeskClient, salon: int, values: dict[str, str]
) -> None:
    assert post(west, salon, **values).status_code == 422
    assert rows_of(a_small_town, Posting) == []
    assert rows_of(a_small_town, Badge) == []


# --- whose names are seen ------------------------------------------------------------------------


def test_every_look_at_a_worker_is_logged(
    a_small_town: Session, west: DeskClient, salon: int
) -> None:
    post(west, salon, "2026-04-01")  # leads to the page
    looks = rows_of(a_small_town, Viewing)
    west.get(f"places/{salon}/postings")
    more = rows_of(a_small_town, Viewing)[len(looks) :]
    (row,) = rows_of(a_small_town, Posting)
    assert [(look["entity"], look["entity_id"], look["actor"]) for look in more] == [
        ("posting", str(row["id"]), "coordinatorさん")
    ]


@pytest.mark.parametrize("role", [Role.PLANNER, Role.ADMINISTRATOR])
def test_the_office_sees_badges_but_no_names(
    a_small_town: Session, west: DeskClient, salon: int, role: Role
) -> None:
    post(west, salon, "2026-04-01")
    office = signed_in(engine_of(a_small_town), role, app=west.app)
    assert office.get(f"places/{salon}/postings").status_code == 403
    assert post(office, salon, "2026-05-01").status_code == 403
    assert "ひだまりサロン" in office.get("badges/").text
    for path in ("", "badges/", f"places/{salon}", f"history/places/{salon}", "log/", "places/"):
        assert NAME not in office.get(path).text


def test_a_coordinator_of_another_area_sees_no_names(
    a_small_town: Session, west: DeskClient, salon: int
) -> None:
    post(west, salon, "2026-04-01")
    east = signed_in(
        engine_of(a_small_town), Role.COORDINATOR, areas=["E"], login="east", app=west.app
    )
    refused = east.get(f"places/{salon}/postings")
    assert refused.status_code == 403
    assert NAME not in refused.text
    assert post(east, salon, "2026-05-01").status_code == 403
    assert NAME not in east.get(f"history/places/{salon}").text


def addresses(client: DeskClient) -> Iterator[str]:
    for path in paths_of(client.app.routes):
        address = path.replace("{code}", CODE).replace("{area}", "W").replace("{photo}", "1")
        if "{" not in address:
            yield address


def test_no_public_route_names_a_worker(west: DeskClient, salon: int) -> None:
    post(west, salon, "2026-04-01")
    west.http.cookies.clear()
    asked = [path for path in addresses(west) if not path.startswith(f"/{CODE}/desk")]
    assert len(asked) > 15
    for address in asked:
        assert NAME not in west.http.get(address).text, address


def test_a_place_whose_point_is_withheld_has_workers_too(
    a_small_town: Session, west: DeskClient, salon: int
) -> None:
    place = table_of(Place)
    hidden = {
        "location_kind": "contact",
        "office_lon": place.c.min_lon,
        "office_lat": place.c.min_lat,
    }
    gone = dict.fromkeys(("wkb", "min_lon", "min_lat", "max_lon", "max_lat", "town_id"))
    a_small_town.connection().execute(
        update(place).where(place.c.id == salon).values(hidden | gone)
    )
    a_small_town.commit()
    assert NAME in post(west, salon, "2026-04-01").text
    assert rows_of(a_small_town, Posting)[0]["town_id"] is not None
