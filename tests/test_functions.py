"""What places are to people, and where they gather of themselves (なじみの場), worked out by hand.

To 四角市 (see `small_town`) comes 角の縁側, an informal place in the middle of 北東町, where 20
live. The salon is a hangout and a café; the hall is a café; the 縁側 is a hangout.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from command_line import CommandLine
from exchange_files import csv_file
from small_town import CODE, PLACES_HEADER, TODAY, bring, lat_lon
from sqlalchemy import update
from sqlmodel import Session
from starlette.testclient import TestClient

from api.actions.count_functions import count_functions
from api.actions.coverage_answer import CoverageAnswer, answer
from api.actions.report_coverage import Question, UnknownKind, functions_named, report_coverage
from api.models import Place
from api.models.columns import table_of
from api.store.visible import OFFICE_PUBLISHED

INFORMAL = "角の縁側"
API = f"/api/v1/municipalities/{CODE}"


def change(session: Session, name: str, **values: Any) -> None:
    place = table_of(Place)
    session.connection().execute(update(place).where(place.c.name == name).values(values))
    session.commit()


@pytest.fixture
def town(a_small_town: Session, tmp_path: Path) -> Session:
    row = f"{INFORMAL},その他,北東町1,{lat_lon(1500, 1500)},"
    bring(a_small_town, "places", csv_file(tmp_path / "more.csv", PLACES_HEADER, row))
    change(a_small_town, INFORMAL, informal=True, functions=json.dumps(["hangout"]))
    change(a_small_town, "ひだまりサロン", functions=json.dumps(["hangout", "cafe"]))
    change(a_small_town, "南東集会所", functions=json.dumps(["cafe"]))
    return a_small_town


def ask(session: Session, **question: Any) -> CoverageAnswer:
    return answer(report_coverage(session, CODE, OFFICE_PUBLISHED, Question(on=TODAY, **question)))


def figures(found: CoverageAnswer) -> tuple[int, int, int]:
    return found.total.places, found.total.covered, len(found.gaps)


def test_informal_places_do_not_count_unless_asked(town: Session) -> None:
    assert figures(ask(town)) == (2, 50, 2)
    assert figures(ask(town, informal=True)) == (3, 70, 1)
    assert "なじみの場 1 か所は数えていません。" in ask(town).notes
    assert "なじみの場 1 か所も数えています。" in ask(town, informal=True).notes


def test_nothing_changes_where_there_are_none(a_small_town: Session) -> None:
    plain, toggled = ask(a_small_town), ask(a_small_town, informal=True)
    assert figures(plain) == (2, 50, 2)
    assert plain == toggled
    assert not any("なじみ" in note for note in plain.notes)


def test_they_are_counted_in_their_area(town: Session) -> None:
    east = {row.name: (row.covered, row.places) for row in ask(town, informal=True).areas}["東圏域"]
    assert east == (20, 1)
    assert {row.name: (row.covered, row.places) for row in ask(town).areas}["東圏域"] == (0, 0)


def test_a_function_narrows_to_places_that_have_it(town: Session) -> None:
    assert figures(ask(town, functions=("cafe",))) == (2, 50, 2)
    assert figures(ask(town, functions=("hangout",))) == (1, 10, 3)
    assert figures(ask(town, functions=("hangout",), informal=True))[:2] == (2, 30)
    assert figures(ask(town, functions=("meal",)))[:2] == (0, 0)
    assert figures(ask(town, functions=("meal", "cafe")))[:2] == (2, 50)


def test_a_place_counts_once_as_a_place_and_once_per_function(town: Session) -> None:
    def counted(**question: Any) -> tuple[int, list[tuple[str, int]]]:
        asked = Question(on=TODAY, **question)
        found = count_functions(report_coverage(town, CODE, OFFICE_PUBLISHED, asked))
        return found.places, found.rows

    assert counted() == (2, [("たまり場", 1), ("カフェ", 2)])
    assert counted(informal=True) == (3, [("たまり場", 2), ("カフェ", 2)])


def test_functions_go_by_code_or_word() -> None:
    assert functions_named(["カフェ", "hangout", "cafe"]) == ("hangout", "cafe")
    with pytest.raises(UnknownKind, match="たまり場"):
        functions_named(["銭湯"])


# --- on the map, in JSON, at the command line ----------------------------------------------------


def names(client: TestClient, query: str) -> set[str]:
    return set(client.get(f"/{CODE}/map/places.json{query}").json()["name"])


@pytest.mark.databases("sqlite")
@pytest.mark.usefixtures("town")
def test_the_map_and_the_list_show_informal_places_as_such(client: TestClient) -> None:
    columns = client.get(f"/{CODE}/map/places.json").json()
    informal = dict(zip(columns["name"], columns["informal"], strict=True))
    assert informal == {"ひだまりサロン": 0, "南東集会所": 0, INFORMAL: 1}
    features = client.get(f"{API}/places").json()["features"]
    told = {f["properties"]["name"]: f["properties"] for f in features}
    assert told[INFORMAL]["informal"] is True
    assert told["ひだまりサロン"]["functions"] == ["hangout", "cafe"]
    assert names(client, "?function=cafe") == {"ひだまりサロン", "南東集会所"}
    assert names(client, "?function=cafe&function=hangout") == {*informal}
    assert client.get(f"/{CODE}/?function=銭湯").status_code == 422


@pytest.mark.databases("sqlite")
@pytest.mark.usefixtures("town")
def test_the_page_offers_what_there_is(client: TestClient) -> None:
    page = client.get(f"/{CODE}/").text
    assert 'name="function" value="cafe"' in page
    assert 'value="meal"' not in page.split('name="function"', 1)[1].split("</fieldset>")[0]
    assert "なじみの場も数える" in page
    assert 'data-layer="informal"' in page
    panel = client.get(f"/{CODE}/panel?informal=1").text
    assert "場としては 3 か所です" in panel
    assert "informal=1" in panel, "the addresses of areas and downloads keep the question"


@pytest.mark.databases("sqlite")
def test_the_page_offers_nothing_where_there_is_nothing(client: TestClient) -> None:
    page = client.get(f"/{CODE}/").text
    assert 'name="function"' not in page
    assert "なじみの場" not in page
    assert "できることごと" not in page


@pytest.mark.databases("sqlite")
def test_the_command_line_counts_them_too(town: Session, yoridokoro: CommandLine) -> None:
    run = yoridokoro.on(town)
    for options, covered in (((), 50), (("--informal",), 70)):
        ran = run(
            "coverage", "--municipality", CODE, "--on", "2026-10-01", "--format", "json", *options
        )
        assert json.loads(ran.out)["total"]["covered"] == covered
