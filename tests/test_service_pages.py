"""Public pages of services: the answer in words, the table beside the map, the JSON."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from exchange_files import csv_file
from small_town import CODE, bring
from sqlalchemy import Engine
from sqlmodel import Session
from starlette.testclient import TestClient

from api.actions.init_municipality import init_municipality
from api.main import create_app

pytestmark = pytest.mark.databases("sqlite")

HEADER = "サービス名,種類,提供圏域,定員,利用者数,空き,電話番号,開始日,終了日"
ROWS = (
    "西の配食,配食,西圏域,1,1,,0999-00-0001,,",  # capacity 1, used 1: no room
    "やめた配食,配食,東圏域,9,0,あり,,,2020-01-01",
    "これからの配食,配食,東圏域,9,0,あり,,2999-01-01,",
    "ごみの会,ごみ出し,全域,,,,,,",  # nobody knows whether there is room
    "東の見守り,見守り,東圏域,,,あり,,,",
)


@pytest.fixture
def visitor(a_small_town: Session, tmp_path: Path) -> Iterator[TestClient]:
    """A visitor of 四角市, which has two areas (西 and 東) and these services."""
    bring(a_small_town, "services", csv_file(tmp_path / "a.csv", HEADER, *ROWS))
    draft = csv_file(tmp_path / "b.csv", HEADER, "下書きの配食,配食,東圏域,9,0,あり,,,")
    bring(a_small_town, "services", draft, draft=True)
    engine = a_small_town.get_bind()
    assert isinstance(engine, Engine)
    with TestClient(create_app(engine)) as client:
        yield client


def page(visitor: TestClient, query: str = "", path: str = "services") -> str:
    answer = visitor.get(f"/{CODE}/{path}{query}")
    assert answer.status_code == 200, answer.text
    return unescape(answer.text)


def table(html: str) -> dict[str, dict[str, str]]:
    """Area → heading → word and count."""
    head = re.findall(r"<th scope=\"col\".*?>(?:<a.*?>)?(.*?)(?:</a>)?</th>", html)[1:]
    rows = re.findall(r"<tr[^>]*><th scope=\"row\">(.*?)</th>(.*?)</tr>", html)
    return {
        re.sub("<.*?>", "", name): dict(
            zip(
                head,
                [re.sub("<.*?>", "", cell) for cell in re.findall("<td.*?</td>", cells)],
                strict=True,
            )
        )
        for name, cells in rows
    }


def title(html: str) -> str:
    found = re.search("<h1>(.*?)</h1>", html)
    assert found is not None
    return found[1]


def test_a_type_tells_who_has_nobody_and_who_has_no_room(visitor: TestClient) -> None:
    html = page(visitor, "?kind=meals")
    assert title(html) == "配食：提供なし 1圏域、空きなし 1圏域"
    found = table(html)
    assert found["西圏域"]["配食"] == "空きなし1件"
    assert found["東圏域"]["配食"] == "提供なし"
    assert found["西圏域"]["ごみ出し"] == "空き不明1件"
    assert found["東圏域"]["見守り"] == "空きあり1件"


def test_groups_are_the_first_table(visitor: TestClient) -> None:
    found = table(page(visitor))
    assert list(found["西圏域"]) == [
        "訪問型", "通所型", "一般介護予防", "その他の生活支援", "小規模多機能", "相談窓口",
    ]  # fmt: skip
    assert found["西圏域"]["その他の生活支援"] == "空き不明2件"
    assert found["東圏域"]["その他の生活支援"] == "空きあり2件"


def test_a_group_nobody_wrote_down_is_said_to_be_so(visitor: TestClient) -> None:
    assert "訪問型、通所型、一般介護予防、小規模多機能、相談窓口は、台帳に一つも" in page(visitor)


@pytest.mark.parametrize("word", ["meals", "配食", "その他の生活支援"])
def test_ways_of_asking_for_a_type(visitor: TestClient, word: str) -> None:
    assert "西の配食" in page(visitor, f"?kind={word}")


def test_an_area_lists_what_serves_it(visitor: TestClient) -> None:
    html = page(visitor, "?area=W")
    assert title(html) == "西圏域で使えるサービス"
    assert "西の配食" in html and "ごみの会" in html
    assert "東の見守り" not in html
    assert "0999-00-0001" in html


def test_drafts_and_what_is_closed_or_not_begun_are_nowhere(visitor: TestClient) -> None:
    for path in ("services", "services/panel"):
        for name in ("下書きの配食", "やめた配食", "これからの配食"):
            assert name not in page(visitor, path=path)


@pytest.mark.parametrize(
    ("query", "status"), [("?kind=salon", 422), ("?area=nowhere", 404), ("?kind=%00", 422)]
)
def test_what_is_not_there_is_refused(visitor: TestClient, query: str, status: int) -> None:
    for path in (f"/{CODE}/services", f"/api/v1/municipalities/{CODE}/services"):
        assert visitor.get(path + query).status_code == status


def test_the_json_says_the_same(visitor: TestClient) -> None:
    answer = visitor.get(f"/api/v1/municipalities/{CODE}/services?kind=meals")
    found: dict[str, Any] = answer.json()
    assert [(s["name"], s["areas"], s["has_room"]) for s in found["services"]] == [
        ("西の配食", ["W"], False)
    ]
    assert "monthly_users_people" not in found["services"][0]
    east = [s for s in found["supply"] if s["area"] == "E" and s["group"] == "その他の生活支援"]
    assert [(s["state"], s["services"]) for s in east] == [("room", 2)]
    again = visitor.get(answer.request.url, headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


def test_before_anything_is_imported_the_page_says_so(session: Session) -> None:
    init_municipality(session, CODE, "四角市")
    engine = session.get_bind()
    assert isinstance(engine, Engine)
    with TestClient(create_app(engine)) as client:
        html = page(client)
        assert "登録されたサービスはありません" in html
        assert "map-frame" not in html
        assert client.get(f"/{CODE}/list").status_code == 200


def test_the_map_of_places_leads_to_services_and_back(visitor: TestClient) -> None:
    assert f'href="/{CODE}/services"' in page(visitor, path="")
    assert f'href="/{CODE}/"' in page(visitor)
