"""The registry as JSON, and every answer of the API as its description promises."""

from typing import Any

import pytest
import schemathesis
from desk_client import DeskClient, signed_in
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from small_town import CODE, by_name, degrees
from sqlalchemy import Engine
from sqlmodel import Session

from api.accounts.roles import Role
from api.main import create_app
from api.models import Place
from api.store.engine import open_engine

API = f"/api/v1/municipalities/{CODE}/registry/"


def at(client: DeskClient) -> dict[str, str]:
    return {"X-Form-Token": client.token}


@pytest.fixture
def west(a_small_town: Session) -> DeskClient:
    """The coordinator of 西圏域."""
    engine = a_small_town.get_bind()
    assert isinstance(engine, Engine)
    return signed_in(engine, Role.COORDINATOR, areas=["W"])


def test_a_coordinator_of_one_area_cannot_put_into_another(
    a_small_town: Session, west: DeskClient
) -> None:
    hall = by_name(a_small_town, Place)["南東集会所"]
    asked = west.http.get(f"{API}places/{hall['id']}").json()
    answer = west.http.put(
        f"{API}places/{hall['id']}",
        json={**asked["values"], "name": "よその会"},
        headers={**at(west), "If-Match": str(asked["version"])},
    )
    assert answer.status_code == 403
    assert answer.headers["content-type"] == "application/problem+json"
    assert by_name(a_small_town, Place)["南東集会所"] == hall


@pytest.mark.parametrize("body", [{}, [], {"name": 5}, {"name": "よその会", "odd": 1}])
@pytest.mark.parametrize("version", [None, "x", "1", "9" * 50])
def test_whose_area_it_is_comes_before_anything_that_was_sent(
    a_small_town: Session, west: DeskClient, body: Any, version: str | None
) -> None:
    hall = by_name(a_small_town, Place)["南東集会所"]
    match = {} if version is None else {"If-Match": version}
    answer = west.http.put(f"{API}places/{hall['id']}", json=body, headers=at(west) | match)
    assert answer.status_code == 403, answer.text


def test_the_second_program_gets_both_versions(a_small_town: Session, west: DeskClient) -> None:
    salon = by_name(a_small_town, Place)["ひだまりサロン"]
    asked = west.http.get(f"{API}places/{salon['id']}").json()
    sent = [{**asked["values"], "fee": fee} for fee in ("百円", "二百円")]
    headers = {**at(west), "If-Match": str(asked["version"])}
    first, second = (
        west.http.put(f"{API}places/{salon['id']}", json=values, headers=headers) for values in sent
    )
    assert first.json() == {"id": salon["id"], "became": "submitted"}
    assert second.status_code == 409
    assert (second.json()["yours"]["fee"], second.json()["theirs"]["fee"]) == ("二百円", "百円")


def test_a_change_names_the_version_it_starts_from(a_small_town: Session, west: DeskClient) -> None:
    salon = by_name(a_small_town, Place)["ひだまりサロン"]
    values = west.http.get(f"{API}places/{salon['id']}").json()["values"]
    answer = west.http.put(f"{API}places/{salon['id']}", json=values, headers=at(west))
    assert answer.status_code == 428


def test_a_change_brings_the_sessions_token(a_small_town: Session, west: DeskClient) -> None:
    x, y = degrees(500, 500)
    values = {"name": "新しい会", "kind": "salon", "lon": x, "lat": y}
    assert west.http.post(f"{API}places", json=values).status_code == 403
    assert west.http.post(f"{API}places", json=values, headers=at(west)).status_code == 201
    assert by_name(a_small_town, Place)["新しい会"]["state"] == "submitted"


def test_nobody_reads_the_registry_without_signing_in(west: DeskClient) -> None:
    west.http.cookies.clear()
    for path in ("places", "places/1", "supporters"):
        assert west.http.get(API + path).status_code == 401


# --- as described ---------------------------------------------------------------------------------

OPERATIONS = [
    f"{method.upper()} {path}"
    for path, item in create_app(open_engine("sqlite://")).openapi()["paths"].items()
    for method in item
]
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_answer_is_as_described(a_small_town: Session, operation: str) -> None:
    """No 5xx, and no status, media type or body that the description does not know."""
    engine = a_small_town.get_bind()
    assert isinstance(engine, Engine)
    chief = signed_in(engine, Role.CHIEF)
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", chief.app)
    method, path = operation.split(" ")
    tried = 0

    @given(case=schema[path][method].as_strategy())
    @settings(
        max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
    )
    def try_out(case: Any) -> None:
        nonlocal tried
        tried += 1
        if "code" in (case.path_parameters or {}) and tried % 5:
            case.path_parameters["code"] = CODE
        if "record" in (case.path_parameters or {}) and tried % 2:
            case.path_parameters["record"] = 1
        headers = {"X-Form-Token": chief.token, **({"If-Match": "1"} if tried % 3 else {})}
        case.call_and_validate(
            session=chief.http, base_url="https://testserver", headers=headers, checks=CHECKS
        )

    try_out()
    assert tried
