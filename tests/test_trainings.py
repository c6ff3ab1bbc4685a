"""Training of the coordinators (研修): whom it has not reached (P14), and what is overdue."""

from datetime import date

import pytest
from desk_client import signed_in, with_account
from small_town import rows_of
from sqlalchemy import Engine
from sqlmodel import Session

from api.accounts.courses import Alone, Course, is_overdue, left_alone
from api.accounts.roles import Role
from api.models import Change, Deed, Training

TODAY = date(2026, 10, 1)
A_YEAR_AGO = date(2025, 10, 1)


def alone(*courses: Course, today: date = TODAY) -> list[Alone]:
    """Of one coordinator with these courses."""
    return left_alone([1], courses, today)


def test_who_has_no_course_at_all_is_told() -> None:
    assert alone() == [Alone(1, None)]
    assert alone(Course(2, "follow_up", TODAY)) == [Alone(1, None)]


def test_a_course_before_the_posting_lasts_twelve_months() -> None:
    assert alone(Course(1, "before", A_YEAR_AGO)) == []
    day_before = date(2025, 9, 30)
    assert alone(Course(1, "before", day_before)) == [Alone(1, day_before)]


def test_the_latest_course_before_the_posting_counts() -> None:
    assert alone(Course(1, "before", date(2020, 4, 1)), Course(1, "before", A_YEAR_AGO)) == []


@pytest.mark.parametrize("kind", ["follow_up", "other"])
def test_any_later_kind_of_course_is_company(kind: str) -> None:
    before = Course(1, "before", date(2020, 4, 1))
    assert alone(before, Course(1, kind, date(2020, 5, 1))) == []


def test_a_course_of_tomorrow_is_not_yet_one() -> None:
    assert alone(Course(1, "follow_up", date(2026, 10, 2))) == [Alone(1, None)]
    assert alone(Course(1, "follow_up", TODAY)) == []


def test_a_year_from_a_leap_day_is_over_with_february() -> None:
    course = Course(1, "before", date(2024, 2, 29))
    assert alone(course, today=date(2025, 2, 28)) == []
    assert alone(course, today=date(2025, 3, 1)) == [Alone(1, course.held_on)]


def test_a_follow_up_is_overdue_from_the_day_after() -> None:
    held = date(2026, 4, 1)
    assert not is_overdue(Course(1, "before", held), TODAY)
    assert not is_overdue(Course(1, "before", held, follow_up_due=TODAY), TODAY)
    late = date(2026, 9, 30)
    assert is_overdue(Course(1, "before", held, follow_up_due=late), TODAY)
    assert not is_overdue(Course(1, "before", held, late, followed_up_on=TODAY), TODAY)


# --- the pages -----------------------------------------------------------------------------------


@pytest.fixture
def engine(a_small_town: Session) -> Engine:
    """Give the database of 四角市."""
    found = a_small_town.get_bind()
    assert isinstance(found, Engine)
    return found


def course(account: int, **values: str) -> dict[str, str]:
    """The form, filled in."""
    given = {"account_id": str(account), "course": "養成研修", "kind": "before"}
    return given | {"held_on": "2024-05-10"} | values


def test_a_course_is_recorded_followed_up_and_no_longer_listed(
    engine: Engine, a_small_town: Session
) -> None:
    chief = signed_in(engine, Role.CHIEF)
    sato = with_account(engine, Role.COORDINATOR, login="sato")
    assert "研修の記録がない" in chief.get("trainings/").text
    page = chief.post("trainings/new", course(sato.account_id, follow_up_due="2024-11-10")).text
    assert "配置前の研修だけ（令和6年5月10日）" in page and "過ぎています" in page
    (row,) = rows_of(a_small_town, Training)
    assert (row["person"], row["version"]) == ("satoさん", 1)
    followed = course(0, follow_up_due="2024-11-10", followed_up_on="2024-12-01", version="1")
    page = chief.post(f"trainings/{row['id']}", followed).text
    assert "令和6年12月1日に済み" in page and "過ぎています" not in page
    late = chief.post(f"trainings/{row['id']}", followed)
    assert late.status_code == 422 and "ほかの人がこの記録を変えました" in late.text
    chief.post("trainings/new", course(sato.account_id, kind="follow_up", held_on="2025-05-10"))
    assert "配置前の研修だけ（" not in chief.get("trainings/").text
    assert {deed["what"] for deed in rows_of(a_small_town, Deed) if deed["account_id"]} == {
        "training"
    }
    assert {line["entity"] for line in rows_of(a_small_town, Change) if line["deed_id"]} >= {
        "training"
    }


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"account_id": ""}, "受けた人を選んでください"),
        ({"account_id": "4711"}, "受けた人を選んでください"),
        ({"course": " "}, "研修の名前を入れてください"),
        ({"kind": "party"}, "研修の種類を選んでください"),
        ({"held_on": ""}, "受けた日を入れてください"),
        ({"held_on": "きのう"}, "日付を選んでください"),
        ({"follow_up_due": "2024-05-09"}, "受けた日より前です"),
    ],
    ids=str,
)
def test_what_is_missing_is_said(
    engine: Engine, a_small_town: Session, values: dict[str, str], words: str
) -> None:
    chief = signed_in(engine, Role.CHIEF)
    answer = chief.post("trainings/new", course(chief.account_id, **values))
    assert answer.status_code == 422 and words in answer.text
    assert rows_of(a_small_town, Training) == []


def test_a_mistake_goes(engine: Engine, a_small_town: Session) -> None:
    chief = signed_in(engine, Role.CHIEF)
    chief.post("trainings/new", course(chief.account_id))
    (row,) = rows_of(a_small_town, Training)
    assert chief.post(f"trainings/{row['id']}/remove").status_code == 200
    assert rows_of(a_small_town, Training) == []
    assert chief.get(f"trainings/{row['id']}").status_code == 404


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.PLANNER])
def test_others_do_not_see_who_was_trained(engine: Engine, role: Role) -> None:
    assert signed_in(engine, role).get("trainings/").status_code == 403


def test_an_overdue_follow_up_is_brought_to_those_who_keep_courses(engine: Engine) -> None:
    chief = signed_in(engine, Role.CHIEF)
    sato = with_account(engine, Role.COORDINATOR, login="sato", app=chief.app)
    chief.on(TODAY)
    assert chief.sign_in().status_code == 303
    words = "予定の日を過ぎた人が 1 人います（satoさん）"
    chief.post("trainings/new", course(sato.account_id, follow_up_due="2026-10-01"))
    assert words not in chief.get().text
    chief.post("trainings/new", course(sato.account_id, follow_up_due="2026-09-30"))
    chief.post("trainings/new", course(sato.account_id, follow_up_due="2026-09-29"))
    assert words in chief.get().text
    for role in (Role.COORDINATOR, Role.PLANNER):
        client = with_account(engine, role, app=chief.app)
        assert client.sign_in().status_code == 303
        assert "研修のフォロー" not in client.get().text
