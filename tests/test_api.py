"""JSON for programs, pages for people: answers, errors, and what a browser has already."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from exchange_files import csv_file
from fastapi import FastAPI
from fastapi.routing import APIRoute
from pydantic import TypeAdapter
from small_town import (
    CODE,
    NAME,
    PLACES_HEADER,
    SALON,
    boundary_file,
    bring,
    degrees,
    lat_lon,
    population_file,
)
from sqlalchemy import event, text
from sqlmodel import Session
from starlette.testclient import TestClient

from api.actions.coverage_answer import CoverageAnswer
from api.actions.init_municipality import init_municipality
from api.actions.list_features import AreaList, MunicipalityOut, PlaceList, TownList
from api.clock import today
from api.main import create_app
from api.routes import api_v1

API = f"/api/v1/municipalities/{CODE}"
CELL = "493344001"
"""A cell of 500 m with its south-western corner on that of the town."""
LISTS = {
    f"{API}/coverage": CoverageAnswer,
    f"{API}/places": PlaceList,
    f"{API}/areas": AreaList,
    f"{API}/towns": TownList,
}


@contextmanager
def statements(session: Session) -> Iterator[list[str]]:
    """What reaches the database meanwhile."""
    engine = session.get_bind()
    said: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        said.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield said
    event.remove(engine, "before_cursor_execute", note)


pytestmark = pytest.mark.databases("sqlite")


def app_of(client: TestClient) -> FastAPI:
    assert isinstance(client.app, FastAPI)
    return client.app


# --- answers -------------------------------------------------------------------------------------


def test_coverage_answers_in_json(client: TestClient) -> None:
    answer = client.get(f"{API}/coverage")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    found = answer.json()
    assert (found["municipality"], found["age"], found["distance_m"]) == (CODE, "65", 500)
    assert (found["total"]["population"], found["total"]["covered"]) == (100, 50)
    assert [area["name"] for area in found["areas"]] == ["西圏域", "東圏域", "圏域なし"]
    assert [gap["population"] for gap in found["gaps"]] == [30, 20]


def test_the_query_is_the_question(client: TestClient) -> None:
    query = "?distance=601&age=75&kind=サロン・お茶&weekday=月"
    found = client.get(f"{API}/coverage{query}").json()
    assert (found["age"], found["total"]["covered"]) == ("75", 4 + 8)


def test_towns_come_when_asked_for(client: TestClient) -> None:
    assert client.get(f"{API}/coverage").json()["towns"] is None
    towns = client.get(f"{API}/coverage?by=town").json()["towns"]
    assert {town["name"]: town["covered"] for town in towns}["南東町"] == 40


def test_without_an_age_data_without_ages_still_answers(
    four_towns: Session, tmp_path: Path
) -> None:
    bring(four_towns, "population", csv_file(tmp_path / "p_202601.csv", "町名,総人口", "北西町,7"))
    with TestClient(create_app(four_towns.get_bind())) as client:  # type: ignore[arg-type]
        found = client.get(f"{API}/coverage").json()
    assert (found["age"], found["total"]["population"]) == ("all", 7)


def test_the_municipalities_are_listed(client: TestClient) -> None:
    answer = client.get("/api/v1/municipalities")
    assert answer.json() == [{"code": CODE, "name": NAME, "prefecture": "高知県"}]


def test_places_are_points_in_degrees_longitude_first(client: TestClient) -> None:
    answer = client.get(f"{API}/places")
    assert answer.headers["content-type"] == "application/geo+json"
    places = {p["properties"]["name"]: p for p in answer.json()["features"]}
    salon = places["ひだまりサロン"]
    assert salon["geometry"]["coordinates"] == pytest.approx(degrees(*SALON), abs=1e-6)
    facts = salon["properties"]
    assert (facts["kind"], facts["weekdays"]) == ("salon", "月水金")
    assert places["南東集会所"]["properties"]["weekdays"] is None


def test_the_list_of_places_follows_the_question(client: TestClient) -> None:
    names = [
        place["properties"]["name"]
        for place in client.get(f"{API}/places?kind=hall").json()["features"]
    ]
    assert names == ["南東集会所"]


def test_areas_are_polygons_with_their_figures(client: TestClient) -> None:
    west, east = client.get(f"{API}/areas").json()["features"]
    assert (west["properties"]["name"], west["properties"]["covered"]) == ("西圏域", 10)
    assert (west["geometry"]["type"], east["geometry"]["type"]) == ("Polygon", "Polygon")
    assert west["properties"]["approximate"] is True


def test_towns_are_polygons_with_their_figures(client: TestClient) -> None:
    towns = client.get(f"{API}/towns").json()["features"]
    assert {t["properties"]["name"]: t["properties"]["population"] for t in towns} == {
        "北西町": 10, "北東町": 20, "南西町": 30, "南東町": 40,
    }  # fmt: skip


# --- what OpenAPI says ---------------------------------------------------------------------------


@pytest.mark.parametrize(("address", "model"), LISTS.items())
def test_every_answer_is_what_its_model_says(
    client: TestClient, address: str, model: type[Any]
) -> None:
    found = client.get(address).json()
    assert model.model_validate(found).model_dump(mode="json") == found


def test_every_route_of_the_api_is_checked_against_its_model() -> None:
    models = {route.response_model for route in api_v1.router.routes if isinstance(route, APIRoute)}
    assert models == {*LISTS.values(), list[MunicipalityOut]}


def test_the_list_of_municipalities_is_what_its_model_says(client: TestClient) -> None:
    adapter = TypeAdapter(list[MunicipalityOut])
    found = client.get("/api/v1/municipalities").json()
    assert adapter.dump_python(adapter.validate_python(found), mode="json") == found


@pytest.mark.parametrize("address", LISTS)
def test_openapi_says_which_media_type_comes(client: TestClient, address: str) -> None:
    described = client.get("/api/v1/openapi.json").json()["paths"]
    answers = described[address.replace(CODE, "{code}")]["get"]["responses"]
    assert list(answers["200"]["content"]) == [client.get(address).headers["content-type"]]
    assert {"304", "404", "409", "422"} <= set(answers)


def test_openapi_describes_no_page(client: TestClient) -> None:
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    assert {path for path in paths if not path.startswith("/api/v1/")} <= {"/healthz", "/readyz"}


def test_the_description_can_be_read_without_another_host(client: TestClient) -> None:
    page = client.get("/api/v1/docs")
    assert page.status_code == 200
    assert "https://" not in page.text and "//cdn" not in page.text
    assert client.get("/static/docs/swagger-ui-bundle.js").status_code == 200


# --- what the browser has already ----------------------------------------------------------------

PAGES = [*LISTS, f"/{CODE}/", f"/{CODE}/map/places.json", f"/{CODE}/coverage.csv"]


@pytest.mark.parametrize("address", PAGES)
def test_what_a_browser_has_is_not_sent_again(client: TestClient, address: str) -> None:
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]


def test_not_modified_is_answered_before_anything_is_loaded(
    client: TestClient, a_small_town: Session
) -> None:
    etag = client.get(f"{API}/coverage").headers["etag"]
    app_of(client).state.answers.__init__(256)  # forget every answer
    with statements(a_small_town) as said:
        answer = client.get(f"{API}/coverage", headers={"If-None-Match": f'"other", {etag}'})
    assert answer.status_code == 304
    selects = [statement for statement in said if "SELECT" in statement]
    assert len(selects) == 1 and "FROM municipality" in selects[0]


def test_an_answer_is_computed_once(client: TestClient, a_small_town: Session) -> None:
    first = client.get(f"{API}/coverage")
    with statements(a_small_town) as said:
        again = client.get(f"{API}/coverage")
    assert again.json() == first.json()
    assert not [statement for statement in said if "FROM place" in statement]


def test_an_import_changes_the_etag_and_the_answer(
    client: TestClient, a_small_town: Session, tmp_path: Path
) -> None:
    first = client.get(f"{API}/coverage")
    more = csv_file(tmp_path / "m.csv", PLACES_HEADER, f"南西の会,,南西町1,{lat_lon(500, 500)},")
    bring(a_small_town, "places", more)
    second = client.get(f"{API}/coverage", headers={"If-None-Match": first.headers["etag"]})
    assert second.status_code == 200
    assert second.headers["etag"] != first.headers["etag"]
    assert (first.json()["total"]["covered"], second.json()["total"]["covered"]) == (50, 80)


def test_an_import_of_nothing_new_leaves_the_etag(
    client: TestClient, a_small_town: Session, tmp_path: Path
) -> None:
    first = client.get(f"{API}/coverage").headers["etag"]
    bring(a_small_town, "population", population_file(tmp_path))
    assert client.get(f"{API}/coverage").headers["etag"] == first


def test_another_question_has_another_etag(client: TestClient) -> None:
    queries = ("", "?distance=501", "?age=75", "?kind=salon", "?weekday=月", "?by=town",
               "?spread=area", "?walking=estimate", "?on=2026-01-01")  # fmt: skip
    etags = {client.get(f"{API}/coverage{query}").headers["etag"] for query in queries}
    assert len(etags) == len(queries)


def test_one_question_asked_differently_has_one_etag(client: TestClient) -> None:
    queries = (
        "?kind=salon&kind=hall&distance=500",
        "?kind=公民館・集会所&kind=サロン・お茶",
    )
    etags = {client.get(f"{API}/coverage{query}").headers["etag"] for query in queries}
    assert len(etags) == 1


def test_tomorrow_has_another_etag(client: TestClient) -> None:
    etags = set()
    for day in (date(2026, 10, 1), date(2026, 10, 2)):
        app_of(client).dependency_overrides[today] = lambda day=day: day
        etags.add(client.get(f"/{CODE}/").headers["etag"])
    assert len(etags) == 2


# --- errors --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "status", "kind"),
    [
        ("/api/v1/municipalities/12345/coverage", 404, "no-such-municipality"),
        ("/api/v1/municipalities/xyz/coverage", 404, "no-such-municipality"),
        (f"{API}/coverage?scheme=旧町", 404, "no-such-scheme"),
        (f"{API}/coverage?kind=ぺけ", 422, "unknown-kind"),
        (f"{API}/coverage?distance=0", 422, "invalid"),
        (f"{API}/coverage?distance=nan", 422, "invalid"),
        (f"{API}/coverage?distance=50001", 422, "invalid"),
        (f"{API}/coverage?age=70", 422, "invalid"),
        (f"{API}/coverage?weekday=祝", 422, "invalid"),
        (f"{API}/coverage?on=2026-13-01", 422, "invalid"),
        ("/api/v1/nothing", 404, "http"),
    ],
)
def test_programs_get_problem_json(
    client: TestClient, address: str, status: int, kind: str
) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer.headers["content-type"]) == (
        status, "application/problem+json",
    )  # fmt: skip
    problem = answer.json()
    assert (problem["type"], problem["status"]) == (f"/problems/{kind}", status)
    assert {"title", "detail"} <= set(problem)


def test_a_problem_points_to_what_is_wrong(client: TestClient) -> None:
    (error,) = client.get(f"{API}/coverage?distance=0").json()["errors"]
    assert (error["in"], error["pointer"]) == ("query", "#/distance")


def test_people_before_any_people_are_a_conflict(four_towns: Session) -> None:
    with TestClient(create_app(four_towns.get_bind())) as client:  # type: ignore[arg-type]
        answer = client.get(f"{API}/coverage")
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/no-population")


def test_ages_nobody_counted_are_a_conflict(four_towns: Session, tmp_path: Path) -> None:
    bring(four_towns, "population", csv_file(tmp_path / "p_202601.csv", "町名,総人口", "北西町,7"))
    with TestClient(create_app(four_towns.get_bind())) as client:  # type: ignore[arg-type]
        answer = client.get(f"{API}/coverage?age=75")
    assert answer.status_code == 409
    assert "年齢別の数がない" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/12345/", 404, "ページが見つかりません"),
        ("/xyz/", 404, "ページが見つかりません"),
        (f"/{CODE}/areas/Z", 404, "圏域「Z」はありません"),
        (f"/{CODE}/nothing/here", 404, "ページが見つかりません"),
        (f"/{CODE}/?distance=-1", 422, "条件を読めませんでした"),
        (f"/{CODE}/?kind=ぺけ", 422, "「ぺけ」という種類はありません"),
    ],
)
def test_people_get_a_page_in_japanese(
    client: TestClient, address: str, status: int, words: str
) -> None:
    page = client.get(address)
    assert page.status_code == status
    assert page.headers["content-type"].startswith("text/html")
    assert words in page.text and 'lang="ja"' in page.text


def test_a_program_that_asks_a_page_for_json_gets_problem_json(client: TestClient) -> None:
    answer = client.get("/12345/", headers={"Accept": "application/json"})
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_wrong_method_is_told_in_japanese(client: TestClient) -> None:
    page = client.post(f"/{CODE}/")
    assert page.status_code == 405
    assert "Method" not in page.text


@pytest.mark.parametrize("address", [f"{API}/coverage", f"/{CODE}/"])
def test_what_breaks_tells_nothing_about_the_inside(
    client: TestClient, a_small_town: Session, address: str
) -> None:
    a_small_town.connection().execute(text("ALTER TABLE population RENAME TO lost"))
    a_small_town.commit()
    answer = client.get(address)
    assert answer.status_code == 500
    assert not any(
        word in answer.text for word in ("population", "SELECT", "sqlite", "psycopg", "Traceback")
    )


# --- getting about -------------------------------------------------------------------------------


def test_the_only_municipality_is_the_start(client: TestClient) -> None:
    answer = client.get("/", follow_redirects=False)
    assert answer.headers["location"] == f"/{CODE}/"


def test_of_several_municipalities_people_choose(client: TestClient, a_small_town: Session) -> None:
    init_municipality(a_small_town, "39998", "隣市")
    page = client.get("/")
    assert NAME in page.text and "隣市" in page.text


def test_a_missing_slash_keeps_the_question(client: TestClient) -> None:
    answer = client.get(f"/{CODE}?distance=300&kind=salon", follow_redirects=False)
    assert answer.headers["location"] == f"/{CODE}/?distance=300&kind=salon"


def test_a_municipality_without_people_says_what_to_bring(four_towns: Session) -> None:
    with TestClient(create_app(four_towns.get_bind())) as client:  # type: ignore[arg-type]
        page = client.get(f"/{CODE}/")
    assert page.status_code == 200
    assert "yoridokoro import population" in page.text
    assert "yoridokoro import boundary" not in page.text


def test_a_municipality_known_by_mesh_cells_alone_has_its_map(
    session: Session, tmp_path: Path
) -> None:
    init_municipality(session, CODE, NAME)
    bring(session, "boundary", boundary_file(tmp_path))
    cells = csv_file(tmp_path / "mesh_202010.csv", "メッシュコード,総人口", f"{CELL},70")
    bring(session, "population", cells)
    with TestClient(create_app(session.get_bind())) as client:  # type: ignore[arg-type]
        assert client.get(f"{API}/coverage").json()["total"]["population"] == 70
        page = client.get(f"/{CODE}/")
    assert page.status_code == 200
    assert "70" in page.text and "yoridokoro import" not in page.text


def test_health_answers_without_and_readiness_with_the_store(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ok"}


def test_every_answer_is_guarded(client: TestClient) -> None:
    for address in (f"/{CODE}/", "/12345/", f"{API}/coverage", "/static/yori/yori.css"):
        headers = client.get(address).headers
        assert headers["x-content-type-options"] == "nosniff"


def test_the_table_is_saved_under_a_japanese_name(client: TestClient) -> None:
    answer = client.get(f"/{CODE}/coverage.csv")
    assert "attachment" in answer.headers["content-disposition"]
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert "西圏域" in answer.text
