"""Who may do what: every route × every role × own and other area × own and other municipality.

The table says it once more, apart from `accounts/roles.py`: a route that is not in it, and a grant
that differs from it, are failures.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from desk_client import DeskClient, engine_of, signed_in
from fastapi.routing import APIRoute
from small_town import CODE, by_name, rows_of
from sqlalchemy import insert
from sqlmodel import Session
from starlette.routing import BaseRoute
from starlette.testclient import TestClient

from api.accounts.roles import Role
from api.actions.init_municipality import init_municipality
from api.main import create_app
from api.models import Place, Supporter, Town, Viewing
from api.models.columns import table_of
from api.store.engine import open_engine

pytestmark = pytest.mark.databases("sqlite")

LETTERS = {
    "R": None,
    "C": Role.COORDINATOR,
    "H": Role.CHIEF,
    "P": Role.PLANNER,
    "A": Role.ADMINISTRATOR,
}
ALL, MEMBERS, WRITERS, PEOPLE = "RCHPA", "CHPA", "CHA", "CH"
FIRST_TIER, ADMIN, CHIEF, PLANNERS = "HA", "A", "H", "HPA"

OPEN_TO: dict[str, str] = {
    # What residents see, and the door.
    **dict.fromkeys(
        (
            "GET /", "GET /healthz", "GET /readyz", "GET /{code}", "GET /{code}/",
            "GET /{code}/panel", "GET /{code}/areas/{area}", "GET /{code}/areas/{area}/panel",
            "GET /{code}/map/ground.json", "GET /{code}/map/places.json",
            "GET /{code}/map/details.json", "GET /{code}/coverage.csv", "GET /{code}/coverage.xlsx",
            "GET /{code}/areas/{area}/coverage.csv", "GET /{code}/areas/{area}/coverage.xlsx",
            "GET /{code}/list", "GET /{code}/list.csv", "GET /{code}/areas/{area}/list",
            "GET /{code}/areas/{area}/list.csv", "GET /{code}/services",
            "GET /{code}/list.pdf", "GET /{code}/areas/{area}/list.pdf",
            "GET /{code}/sheets/", "GET /{code}/sheets/print", "GET /{code}/sheets.zip",
            "GET /{code}/sheets/{area}.pdf", "GET /{code}/services/panel",
            "GET /{code}/services/ground.json",
            "GET /{code}/photos/{photo}.jpg", "GET /{code}/photos/{photo}/thumb.jpg",
            "GET /{code}/near", "GET /{code}/near/places.json", "GET /{code}/card.png",
            "GET /{code}/places/{place}", "GET /{code}/places/{place}.ics",
            "GET /{code}/places/{place}/card.png", "GET /robots.txt", "GET /sitemap.xml",
            "GET /{code}/sitemap.xml",
            "GET /api/v1/docs", "GET /api/v1/municipalities",
            "GET /api/v1/municipalities/{code}/coverage",
            "GET /api/v1/municipalities/{code}/places", "GET /api/v1/municipalities/{code}/areas",
            "GET /api/v1/municipalities/{code}/towns",
            "GET /api/v1/municipalities/{code}/services",
            "GET /{code}/needs", "GET /{code}/voice",
            "GET /{code}/voice/status", "GET /{code}/voice/ground.json",
            "GET /{code}/desk/sign-in", "GET /{code}/desk/sign-on", "GET /{code}/desk/sign-on/back",
        ),
        ALL,
    ),
    **dict.fromkeys(
        (
            "GET /{code}/desk/", "GET /{code}/desk/password", "POST /{code}/desk/password",
            "GET /{code}/desk/where.json", "GET /{code}/desk/ground.json",
            "GET /{code}/desk/schedule.json", "GET /{code}/desk/history/{register}/{record}",
            "GET /{code}/desk/{register}/", "GET /{code}/desk/{register}/{record}",
            "GET /{code}/desk/{register}/table", "GET /{code}/desk/{register}/table.{form}",
            "GET /{code}/desk/assignments/", "GET /{code}/desk/handover/{area}",
            "GET /{code}/desk/pauses/", "GET /{code}/desk/badges/",
            "GET /{code}/desk/places/{record}/pauses", "GET /{code}/desk/places/{record}/photos",
            "GET /{code}/desk/places/{record}/photos/{photo}/{size}.jpg",
            "GET /{code}/desk/needs/",
            "GET /{code}/desk/contacts/", "GET /{code}/desk/contacts/dates",
            "GET /{code}/desk/handouts/",
            "GET /{code}/plan/", "GET /{code}/plan/losses", "GET /{code}/plan/closing/{place}",
            "GET /{code}/plan/foundings", "GET /{code}/plan/dashboard",
            "GET /{code}/plan/dashboard.xlsx",
            "GET /{code}/plan/compare", "GET /{code}/plan/{plan}",
            "GET /{code}/plan/{plan}/plan.pdf", "GET /{code}/plan/{plan}/plan.xlsx",
            "GET /{code}/plan/{plan}/plan.gpkg",
            "GET /api/v1/municipalities/{code}/session",
            *(
                f"GET /api/v1/municipalities/{{code}}/registry/{register}{record}"
                for register in ("places", "services", "organizations")
                for record in ("", "/{record}")
            ),
        ),
        MEMBERS,
    ),
    **dict.fromkeys(
        (
            "GET /{code}/desk/{register}/new", "POST /{code}/desk/{register}/new",
            "POST /{code}/desk/{register}/{record}",
            "POST /{code}/desk/{register}/{record}/confirm",
            "POST /{code}/desk/{register}/{record}/close",
            "POST /{code}/desk/{register}/{record}/reopen", "POST /{code}/desk/log/{deed}/undo",
            "POST /{code}/desk/places/{record}/photos",
            "POST /{code}/desk/places/{record}/photos/{photo}/submit",
            "POST /{code}/desk/places/{record}/photos/{photo}/remove",
            "POST /{code}/desk/places/{record}/pauses",
            "POST /{code}/desk/places/{record}/pauses/{pause}",
            "POST /{code}/desk/places/{record}/pauses/{pause}/resume",
            "GET /{code}/desk/contacts/new",
            "GET /{code}/desk/handouts/new", "POST /{code}/desk/handouts/new",
            "GET /{code}/desk/contacts/{contact}", "POST /{code}/desk/contacts/new",
            "POST /{code}/desk/contacts/series", "POST /{code}/desk/contacts/{contact}",
            "POST /{code}/desk/contacts/{contact}/off", "POST /{code}/desk/contacts/{contact}/on",
            *(
                f"{way.format(register)}"
                for register in ("places", "services", "organizations")
                for way in (
                    "POST /api/v1/municipalities/{{code}}/registry/{}",
                    "PUT /api/v1/municipalities/{{code}}/registry/{}/{{record}}",
                    "POST /api/v1/municipalities/{{code}}/registry/{}/{{record}}/confirm",
                )
            ),
        ),
        WRITERS,
    ),
    **dict.fromkeys(
        (
            "GET /{code}/desk/supporters/{record}/views",
            "GET /{code}/desk/voices/", "POST /{code}/desk/voices/decline",
            "GET /{code}/desk/voices/{voice}",
            "GET /{code}/desk/voices/{voice}/photo/{size}.jpg",
            "GET /{code}/desk/voices/{voice}/correct", "POST /{code}/desk/voices/{voice}/look",
            "POST /{code}/desk/voices/{voice}/decline", "POST /{code}/desk/voices/{voice}/merge",
            "POST /{code}/desk/voices/{voice}/need", "POST /{code}/desk/voices/{voice}/print",
            "GET /{code}/desk/kit/", "GET /{code}/desk/kit/kit.zip",
            "GET /{code}/desk/kit/heard.pdf",
            "GET /{code}/desk/voices/slips", "POST /{code}/desk/voices/slips",
            "GET /{code}/desk/voices/slips/{voice}", "POST /{code}/desk/voices/slips/{voice}",
            "POST /{code}/desk/voices/slips/{voice}/remove", "POST /{code}/desk/needs/{need}",
            "GET /{code}/desk/places/{record}/postings",
            "POST /{code}/desk/places/{record}/postings",
            "POST /{code}/desk/places/{record}/postings/{posting}",
            "GET /api/v1/municipalities/{code}/registry/supporters",
            "GET /api/v1/municipalities/{code}/registry/supporters/{record}",
            "POST /api/v1/municipalities/{code}/registry/supporters",
            "PUT /api/v1/municipalities/{code}/registry/supporters/{record}",
            "POST /api/v1/municipalities/{code}/registry/supporters/{record}/confirm",
        ),
        PEOPLE,
    ),
    **dict.fromkeys(
        (
            # Coordinators too, where nobody reviews what they save (test_register_tables.py).
            "POST /{code}/desk/{register}/table", "POST /{code}/desk/{register}/table/{parcel}",
            "GET /{code}/desk/log/", "GET /{code}/desk/views/", "GET /{code}/desk/inbox/",
            "POST /{code}/desk/inbox/{register}/{record}/publish",
            "POST /{code}/desk/inbox/{register}/{record}/return",
            "POST /{code}/desk/places/{record}/photos/{photo}/publish",
            "POST /{code}/desk/places/{record}/photos/{photo}/return",
            "GET /{code}/desk/assignments/new", "POST /{code}/desk/assignments/new",
            "GET /{code}/desk/assignments/{number}", "POST /{code}/desk/assignments/{number}",
            "POST /{code}/desk/assignments/{number}/remove",
            "GET /{code}/desk/trainings/",
            "GET /{code}/desk/trainings/new", "POST /{code}/desk/trainings/new",
            "GET /{code}/desk/trainings/{number}", "POST /{code}/desk/trainings/{number}",
            "POST /{code}/desk/trainings/{number}/remove",
        ),
        FIRST_TIER,
    ),
    **dict.fromkeys(
        (
            "GET /{code}/desk/erase/{entity}/{number}",
            "POST /{code}/desk/erase/{entity}/{number}",
        ),
        CHIEF,
    ),
    **dict.fromkeys(
        (
            "POST /{code}/plan/foundings", "POST /{code}/plan/foundings/{number}",
            "POST /{code}/plan/", "GET /{code}/plan/siting", "POST /{code}/plan/{plan}",
            "POST /{code}/plan/{plan}/moves", "POST /{code}/plan/{plan}/moves/{number}/remove",
            "POST /{code}/plan/{plan}/moves/{number}/place",
            "POST /{code}/plan/{plan}/copy", "POST /{code}/plan/{plan}/remove",
        ),
        PLANNERS,
    ),
    **dict.fromkeys(
        (
            "GET /{code}/desk/accounts/", "GET /{code}/desk/accounts/new",
            "POST /{code}/desk/accounts/new", "GET /{code}/desk/accounts/{number}",
            "POST /{code}/desk/accounts/{number}", "POST /{code}/desk/accounts/{number}/disable",
            "POST /{code}/desk/accounts/{number}/reset", "GET /{code}/desk/settings",
            "POST /{code}/desk/settings", "GET /{code}/desk/imports/",
            "POST /{code}/desk/imports/", "POST /{code}/desk/imports/{parcel}",
        ),
        ADMIN,
    ),
}  # fmt: skip
APART = {
    "POST /{code}/desk/sign-in", "POST /{code}/desk/sign-out",
    "POST /{code}/voice", "POST /{code}/voice/status",
}  # fmt: skip
"""Sessions are opened and ended in test_accounts.py; what residents send is in test_voice.py."""
NOBODYS = {"number": "999999", "contact": "999999", "deed": "999999", "photo": "999999"}
VALUES = {
    **NOBODYS, "voice": "999999", "need": "999999",
    "area": "W", "record": "1", "register": "places", "size": "thumb",
    "place": "1", "pause": "999999", "posting": "999999", "parcel": "nobodys",
    "entity": "suggestion", "plan": "999999", "form": "csv",
}  # fmt: skip


def routes_of(routes: Iterable[BaseRoute]) -> Iterator[str]:
    for route in routes:
        inside = getattr(route, "original_router", None)
        if inside is not None:
            yield from routes_of(inside.routes)
        elif isinstance(route, APIRoute):
            yield from (f"{method} {route.path}" for method in sorted(route.methods or ()))


ROUTES = sorted(set(routes_of(create_app(open_engine("sqlite://")).routes)))


def test_every_route_is_in_the_table() -> None:
    assert set(ROUTES) == set(OPEN_TO) | APART


def asked(route: str, code: str = CODE, **values: str) -> tuple[str, str]:
    """Method and address of a route, with something in every place of its path."""
    method, path = route.split(" ")
    for name, value in {**VALUES, **values, "code": code}.items():
        path = path.replace(f"{{{name}}}", value)
    assert "{" not in path, f"no value is known for {path}"
    return method, path


def send(client: TestClient, token: str, route: str, code: str = CODE, **values: str) -> Any:
    method, path = asked(route, code, **values)
    if path.startswith("/api/"):
        how: dict[str, Any] = {"headers": {"X-Form-Token": token, "If-Match": "1"}, "json": {}}
    else:
        how = {"data": {"token": token}}
    sent = how if method != "GET" else {}
    return client.request(method, path, follow_redirects=False, **sent)


def refused(answer: Any) -> bool:
    """Whether it was not for them: told so, or led to the door."""
    to = answer.headers.get("location", "")
    led_to_the_door = answer.status_code == 303 and "/desk/sign-in?next=" in to
    return answer.status_code in (401, 403) or led_to_the_door


GUARDED = [route for route in ROUTES if route not in APART]


@pytest.mark.parametrize("letter", LETTERS)
def test_each_role_gets_what_the_table_grants_and_nothing_else(
    a_small_town: Session, letter: str
) -> None:
    engine, role = engine_of(a_small_town), LETTERS[letter]
    supporter(a_small_town)
    if role is None:
        http, token = TestClient(create_app(engine), base_url="https://testserver"), "nobody"
    else:
        client = signed_in(engine, role, areas=["W"] if role is Role.COORDINATOR else [])
        http, token = client.http, client.token
    wrong = []
    for route in GUARDED:
        answer = send(http, token, route)
        assert answer.status_code < 500, route
        if refused(answer) is (letter in OPEN_TO[route]):
            wrong.append((route, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("role", list(Role))
def test_no_role_opens_the_desk_of_another_municipality(a_small_town: Session, role: Role) -> None:
    init_municipality(a_small_town, "39998", "隣市")
    a_small_town.commit()
    client = signed_in(engine_of(a_small_town), role, areas=["W"])
    closed = [route for route in GUARDED if "R" not in OPEN_TO[route]]
    assert len(closed) > 60
    for route in closed:
        answer = send(client.http, client.token, route, "39998")
        assert answer.status_code == 403, (route, answer.status_code)


def test_every_change_needs_the_token_of_the_session(a_small_town: Session) -> None:
    """By the role that may do it: what is refused is refused for the token alone."""
    engine = engine_of(a_small_town)
    app = create_app(engine)
    clients = {
        role: signed_in(engine, role, areas=["W"], app=app)
        for role in (Role.ADMINISTRATOR, Role.CHIEF)
    }
    for route in GUARDED:
        if not route.startswith("GET"):
            role = Role.CHIEF if "H" in OPEN_TO[route] else Role.ADMINISTRATOR
            answer = send(clients[role].http, "stolen", route)
            assert answer.status_code == 403, (route, answer.status_code)


# --- own and other area --------------------------------------------------------------------------

IN_AN_AREA = [
    "POST /{code}/desk/{register}/{record}/confirm",
    "POST /{code}/desk/places/{record}/photos",
    "POST /{code}/desk/places/{record}/pauses",
    "GET /{code}/desk/places/{record}/postings",
    "POST /{code}/desk/places/{record}/postings",
    "POST /api/v1/municipalities/{code}/registry/places/{record}/confirm",
]
COMPLETE = {
    "valid_from": "2026-11-01",
    "name": "ある人",
    "role": "ライフサポートワーカー",
    "caption": "入口",
}


def write(client: DeskClient, route: str, record: int) -> Any:
    method, path = asked(route, record=str(record))
    if method == "GET":
        return client.http.get(path)
    if path.startswith("/api/"):
        return client.http.post(path, headers={"X-Form-Token": client.token})
    return client.post(path, COMPLETE, files=[("photo", ("a.jpg", b"none"))])


@pytest.mark.parametrize("route", IN_AN_AREA)
def test_a_coordinator_writes_in_their_own_area_only(a_small_town: Session, route: str) -> None:
    engine, place = engine_of(a_small_town), by_name(a_small_town, Place)["ひだまりサロン"]
    app = create_app(engine)
    own = signed_in(engine, Role.COORDINATOR, areas=["W"], app=app)
    other = signed_in(engine, Role.COORDINATOR, areas=["E"], login="other", app=app)
    nobodys = signed_in(engine, Role.COORDINATOR, login="nobody", app=app)
    chief = signed_in(engine, Role.CHIEF, app=app)
    for client, allowed in ((own, True), (other, False), (nobodys, False), (chief, True)):
        answer = write(client, route, place["id"])
        assert (answer.status_code == 403) is not allowed, (client.login, answer.status_code)
        assert answer.status_code < 500


def supporter(session: Session, town: str = "北西町") -> None:
    """担い手 number 1, who lives in 西圏域."""
    values = {
        "municipality_code": CODE,
        "name": "HIMITSU",
        "office_find_key": "HIMITSU",
        "status": "active",
        "state": "published",
        "version": 1,
        "town_id": by_name(session, Town)[town]["id"],
    }
    session.connection().execute(insert(table_of(Supporter)).values(values))
    session.commit()


PERSONS = (
    "supporters/", "supporters/1", "history/supporters/1", "", "log/", "handover/W",
    "assignments/", "badges/", "contacts/", "handouts/", "inbox/", "views/", "supporters/1/views",
)  # fmt: skip


@pytest.mark.parametrize(
    ("role", "areas", "sees"),
    [
        (Role.COORDINATOR, ["W"], True),
        (Role.COORDINATOR, ["E"], False),
        (Role.COORDINATOR, [], False),
        (Role.CHIEF, [], True),
        (Role.PLANNER, [], False),
        (Role.ADMINISTRATOR, [], False),
    ],
)
def test_a_person_is_seen_by_who_is_in_charge_and_every_look_is_written_down(
    a_small_town: Session, role: Role, areas: list[str], sees: bool
) -> None:
    supporter(a_small_town)
    client = signed_in(engine_of(a_small_town), role, areas=areas)
    told = {path for path in PERSONS if "HIMITSU" in client.get(path).text}
    api = client.http.get(f"/api/v1/municipalities/{CODE}/registry/supporters").text
    assert ("HIMITSU" in api) is sees
    assert bool(told) is sees
    looks = [row for row in rows_of(a_small_town, Viewing) if row["entity"] == "supporter"]
    assert {row["how"] for row in looks} >= ({"一覧", "詳細", "履歴"} if sees else set())
    assert bool(looks) is sees


def test_whoever_sees_no_people_writes_none(a_small_town: Session) -> None:
    """An administrator may record everything else."""
    admin = signed_in(engine_of(a_small_town), Role.ADMINISTRATOR)
    fields = {"name": "ある人", "areas": "W"}
    assert admin.get("supporters/new").status_code == 403
    assert admin.post("supporters/new", fields).status_code == 403


@pytest.mark.parametrize("register", ["supporters", "organizations"])
@pytest.mark.parametrize("way", ["close", "reopen"])
def test_what_has_no_end_is_not_closed(a_small_town: Session, register: str, way: str) -> None:
    supporter(a_small_town)
    chief = signed_in(engine_of(a_small_town), Role.CHIEF)
    data = {"closed_on": "2026-11-01", "version": "1"}
    assert chief.post(f"{register}/1/{way}", data).status_code == 404


@pytest.mark.parametrize("role", [Role.PLANNER, Role.ADMINISTRATOR])
def test_who_sees_no_people_sees_how_many(a_small_town: Session, role: Role) -> None:
    for town in ("北西町", "北東町", "北東町", "北東町"):
        supporter(a_small_town, town)
    home = signed_in(engine_of(a_small_town), role).get("").text
    west, east = (home.split(name)[1].split("</a>")[0] for name in ("西圏域", "東圏域"))
    assert "担い手 1〜2人" in west
    assert "担い手 3人" in east
