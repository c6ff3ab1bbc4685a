"""Pages say 「見たことは記録に残ります」: here it can be read, by those it concerns."""

from typing import Any

import pytest
from desk_client import DeskClient, engine_of, signed_in
from small_town import CODE, by_name, rows_of
from sqlalchemy import insert
from sqlmodel import Session

from api.accounts.roles import Role
from api.models import Supporter, Town, Viewing
from api.models.columns import table_of

pytestmark = pytest.mark.databases("sqlite")


def people(session: Session, *names: str, town: str = "北西町") -> None:
    """Supporters (担い手) who live in 西圏域, unless the town says otherwise."""
    common: dict[str, Any] = {
        "municipality_code": CODE,
        "status": "active",
        "state": "published",
        "version": 1,
        "town_id": by_name(session, Town)[town]["id"],
    }
    rows = [common | {"name": name, "office_find_key": name} for name in names]
    session.connection().execute(insert(table_of(Supporter)), rows)
    session.commit()


def west(session: Session) -> DeskClient:
    return signed_in(engine_of(session), Role.COORDINATOR, areas=["W"])


def lines(page: str) -> list[str]:
    return page.split("<tbody>")[1].split("<tr>")[1:] if "<tbody>" in page else []


def test_a_persons_page_tells_who_looked_and_in_what_way(a_small_town: Session) -> None:
    people(a_small_town, "ヨモギ", "スミレ")
    coordinator = west(a_small_town)
    coordinator.get("supporters/")
    coordinator.get("supporters/1")
    chief = signed_in(engine_of(a_small_town), Role.CHIEF, app=coordinator.app)
    assert 'href="/39999/desk/supporters/1/views"' in chief.get("history/supporters/1").text
    told = lines(chief.get("supporters/1/views").text)
    assert len(told) == 3
    assert all("令和" in line for line in told)
    assert "chiefさん" in told[0]
    assert "履歴" in told[0]
    assert "coordinatorさん" in told[1]
    assert "詳細" in told[1]
    assert "一覧" in told[2]
    # Looking there is a look, too; スミレ was seen in the list only.
    assert "閲覧の記録" in lines(chief.get("supporters/1/views").text)[0]
    assert len(lines(chief.get("supporters/2/views").text)) == 1


def test_nobody_else_learns_who_looked_at_a_person(a_small_town: Session) -> None:
    people(a_small_town, "ヨモギ", town="北東町")
    assert west(a_small_town).get("supporters/1/views").status_code == 404
    for role in (Role.ADMINISTRATOR, Role.PLANNER):
        answer = signed_in(engine_of(a_small_town), role).get("supporters/1/views")
        assert answer.status_code == 403


def test_a_list_of_people_is_one_line_of_the_municipalitys_looks(a_small_town: Session) -> None:
    names = [f"ヒト{n}" for n in range(1, 8)]
    people(a_small_town, *names)
    coordinator = west(a_small_town)
    coordinator.get("supporters/")
    chief = signed_in(engine_of(a_small_town), Role.CHIEF, app=coordinator.app)
    (line,) = lines(chief.get("views/").text)
    assert "coordinatorさん" in line
    assert [name for name in names if name in line] == names[:5]
    assert "ほか2人" in line
    own = [row for row in rows_of(a_small_town, Viewing) if row["actor"] == "chiefさん"]
    assert [row["entity_id"] for row in own] == ["1", "2", "3", "4", "5"], "whose names were shown"


def test_the_administrator_sees_numbers_and_no_names(a_small_town: Session) -> None:
    people(a_small_town, "ヨモギ")
    west(a_small_town).get("supporters/1")
    looks = rows_of(a_small_town, Viewing)
    admin = signed_in(engine_of(a_small_town), Role.ADMINISTRATOR)
    page = admin.get("views/").text
    assert "ヨモギ" not in page
    assert "担い手 1番" in lines(page)[0]
    assert "supporters/1" not in page
    assert rows_of(a_small_town, Viewing) == looks, "no name was shown: this is no look"


def test_looks_are_told_by_who_looked_and_page_by_page(a_small_town: Session) -> None:
    people(a_small_town, "ヨモギ")
    coordinator = west(a_small_town)
    for _ in range(51):
        coordinator.get("supporters/1")
    chief = signed_in(engine_of(a_small_town), Role.CHIEF, app=coordinator.app)
    chief.get("supporters/1")
    admin = signed_in(engine_of(a_small_town), Role.ADMINISTRATOR, app=coordinator.app)
    first = admin.get("views/").text
    assert len(lines(first)) == 50
    older = first.split("before=")[1].split('"')[0]
    assert len(lines(admin.get(f"views/?before={older}").text)) == 2
    (only,) = lines(admin.get(f"views/?who={chief.account_id}").text)
    assert "chiefさん" in only
    assert lines(admin.get("views/?who=999").text) == []
