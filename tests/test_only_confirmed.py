"""Only what somebody has confirmed lately: asked for by name, and only then."""

from datetime import date
from typing import Any

import pytest
from small_town import CODE, by_name
from sqlalchemy import update
from sqlmodel import Session
from starlette.testclient import TestClient

from api import clock
from api.models import Municipality, Place
from api.models.columns import table_of

pytestmark = pytest.mark.databases("sqlite")
TODAY = date(2026, 10, 1)
API = f"/api/v1/municipalities/{CODE}"


@pytest.fixture
def confirmed(a_small_town: Session, client: TestClient) -> Any:
    """Set the days on which the salon and the hall were confirmed."""
    app: Any = client.app
    app.dependency_overrides[clock.today] = lambda: TODAY

    def put(salon: date | None, hall: date | None, months: int = 12) -> None:
        place, connection = table_of(Place), a_small_town.connection()
        for name, day in (("ひだまりサロン", salon), ("南東集会所", hall)):
            connection.execute(update(place).where(place.c.name == name).values(confirmed_on=day))
        municipality = table_of(Municipality)
        values = {"stale_months": months, "revision": municipality.c.revision + 1}
        connection.execute(update(municipality).values(values))
        a_small_town.commit()
        assert len(by_name(a_small_town, Place)) == 2

    return put


def told(client: TestClient, query: str) -> tuple[list[str], list[str], int, int]:
    """Names on the map and in the list, how many places count, how many can walk."""
    features = client.get(f"{API}/places{query}").json()["features"]
    total = client.get(f"{API}/coverage{query}").json()["total"]
    return (
        client.get(f"/{CODE}/map/places.json{query}").json()["name"],
        [feature["properties"]["name"] for feature in features],
        total["places"],
        total["covered"],
    )


SALON, HALL = ["ひだまりサロン"], ["南東集会所"]
BOTH = (SALON + HALL, SALON + HALL, 2, 50)


def test_what_nobody_confirmed_is_out_only_where_asked(client: TestClient, confirmed: Any) -> None:
    confirmed(date(2026, 9, 1), None)
    assert told(client, "") == BOTH
    assert told(client, "?confirmed=1") == (SALON, SALON, 1, 10)
    assert told(client, "?confirmed=0") == BOTH


@pytest.mark.parametrize(("months", "expected"), [(12, BOTH), (6, (HALL, HALL, 1, 40))])
def test_the_municipality_says_how_old_is_too_old(
    client: TestClient, confirmed: Any, months: int, expected: Any
) -> None:
    confirmed(date(2025, 10, 1), date(2026, 4, 1), months)
    assert told(client, "?confirmed=1") == expected


def test_a_day_before_the_limit_is_too_old(client: TestClient, confirmed: Any) -> None:
    confirmed(date(2025, 9, 30), date(2025, 10, 1))
    assert told(client, "?confirmed=1") == (HALL, HALL, 1, 40)


def test_the_day_asked_about_decides(client: TestClient, confirmed: Any) -> None:
    confirmed(date(2026, 1, 1), date(2026, 9, 1))
    assert told(client, "?confirmed=1&on=2027-01-02") == (HALL, HALL, 1, 40)


def test_the_page_and_its_notes_say_so(client: TestClient, confirmed: Any) -> None:
    confirmed(date(2026, 9, 1), None, months=6)
    page = client.get(f"/{CODE}/").text
    assert "確認済みだけ（6か月以内）" in page
    assert "確認された通いの場だけ" not in page
    asked = client.get(f"/{CODE}/?confirmed=1").text
    assert "この6か月のあいだに確認された通いの場だけを数えています。" in asked
    assert 'name="confirmed" value="1" checked' in asked
    columns = client.get(f"/{CODE}/map/places.json").json()
    assert dict(zip(columns["name"], columns["stale"], strict=True)) == {
        "ひだまりサロン": 0,
        "南東集会所": 1,
    }
