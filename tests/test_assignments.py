"""Who is in charge (担当): handing over without a gap (P5), what is refused, and the sheet."""

from collections.abc import Iterator
from datetime import date

import pytest
from desk_client import DeskClient, signed_in, with_account
from small_town import CODE, rows_of
from sqlalchemy import Engine, insert
from sqlmodel import Session

from api.accounts.roles import Role
from api.accounts.terms import Term, days_between
from api.actions.count_people import few
from api.clock import today
from api.main import create_app
from api.models import (
    Assignment,
    Change,
    Deed,
    Organization,
    Pause,
    Place,
    Supporter,
    Town,
    Viewing,
)
from api.models.columns import table_of

LAST, FIRST = date(2026, 9, 30), date(2026, 10, 1)
"""The last day of the old coordinator, the first of the new."""


@pytest.fixture
def engine(a_small_town: Session) -> Iterator[Engine]:
    """Give the database of 四角市."""
    found = a_small_town.get_bind()
    assert isinstance(found, Engine)
    yield found


@pytest.fixture
def chief(engine: Engine) -> DeskClient:
    """Give the chief coordinator, signed in on the real today."""
    return signed_in(engine, Role.CHIEF)


def charges(session: Session) -> list[tuple[str, str | None, date, date | None]]:
    """Area, person, first and last day of every assignment."""
    names = ("area_code", "person", "valid_from", "valid_to")
    return [tuple(row[name] for name in names) for row in rows_of(session, Assignment)]


def order(**values: str) -> dict[str, str]:
    """The form, as the chief fills it in for 西圏域."""
    given = {"area": "W", "duty": "coordinator", "valid_from": FIRST.isoformat()}
    return given | values


# --- terms ---------------------------------------------------------------------------------------


def day(number: int) -> date:
    """A day of April 2026."""
    return date(2026, 4, number)


def term(first: int, last: int | None = None) -> Term:
    """From one day of April 2026 to another."""
    return Term(day(first), None if last is None else day(last))


def test_two_terms_meet_only_where_they_share_a_day() -> None:
    assert term(1, 5).meets(term(5, 9)) and term(5, 9).meets(term(1, 5))
    assert not term(1, 5).meets(term(6, 9)) and not term(6, 9).meets(term(1, 5))
    assert term(1).meets(term(20, 21)) and term(20, 21).meets(term(1))
    assert not term(10).meets(term(1, 9))


def test_days_in_no_term_are_told_from_the_first_term_on() -> None:
    assert days_between([]) == []
    assert days_between([term(3)]) == []
    assert days_between([term(1, 5), term(6)]) == []
    assert days_between([term(8), term(1, 5)]) == [term(6, 7)]
    assert days_between([term(1, 5)]) == [term(6)]
    assert days_between([term(1, 9), term(2, 3), term(12, 13)]) == [term(10, 11), term(14)]
    assert days_between([term(1, 2), term(4), term(9, 9)]) == [term(3, 3)]


# --- P5 ------------------------------------------------------------------------------------------


def test_handing_over_leaves_no_day_and_the_old_coordinator_is_out_the_next(
    engine: Engine, a_small_town: Session
) -> None:
    app = create_app(engine)
    chief = signed_in(engine, Role.CHIEF, app=app)
    old = with_account(engine, Role.COORDINATOR, areas=["W"], login="old", app=app)
    new = with_account(engine, Role.COORDINATOR, login="new", app=app)
    (before,) = rows_of(a_small_town, Assignment)
    answer = chief.post(
        "assignments/new", order(account_id=str(new.account_id), ends=str(before["id"]))
    )
    assert "担当を記録しました。" in answer.text
    assert "担当のいない日" not in answer.text
    assert charges(a_small_town) == [
        ("W", "oldさん", before["valid_from"], LAST),
        ("W", "newさん", FIRST, None),
    ]
    place = next(row["id"] for row in rows_of(a_small_town, Place) if "サロン" in row["name"])

    def may_confirm(browser: DeskClient, on: date) -> int:
        browser.on(on)
        browser.http.cookies.clear()
        assert browser.sign_in().status_code == 303
        sent = browser.post(f"places/{place}/confirm", follow_redirects=False)
        return int(sent.status_code)

    assert (may_confirm(old, LAST), may_confirm(new, LAST)) == (303, 403)
    assert (may_confirm(old, FIRST), may_confirm(new, FIRST)) == (403, 303)
    history = new.get("assignments/").text
    assert "oldさん" in history and "令和8年9月30日" in history
    assert "oldさん" in new.get("handover/W").text


def test_a_hand_over_is_one_deed_in_the_log(
    engine: Engine, chief: DeskClient, a_small_town: Session
) -> None:
    with_account(engine, Role.COORDINATOR, areas=["W"], login="old")
    new = with_account(engine, Role.COORDINATOR, login="new")
    (before,) = rows_of(a_small_town, Assignment)
    chief.post("assignments/new", order(account_id=str(new.account_id), ends=str(before["id"])))
    (deed,) = [row for row in rows_of(a_small_town, Deed) if row["what"] == "assign"]
    assert deed["actor"] == "chiefさん"
    lines = [row for row in rows_of(a_small_town, Change) if row["deed_id"] == deed["id"]]
    assert [line["entity"] for line in lines] == ["assignment", "assignment"]


# --- refusals ------------------------------------------------------------------------------------


def test_dates_that_meet_are_refused_unless_both_are_meant(
    engine: Engine, chief: DeskClient, a_small_town: Session
) -> None:
    old = with_account(engine, Role.COORDINATOR, areas=["W"], login="old")
    new = with_account(engine, Role.COORDINATOR, login="new")
    refused = chief.post("assignments/new", order(account_id=str(new.account_id)))
    assert refused.status_code == 422
    assert "oldさんが担当です" in refused.text and "引きつぐときは" in refused.text
    assert len(charges(a_small_town)) == 1
    twice = chief.post("assignments/new", order(account_id=str(old.account_id), together="1"))
    assert twice.status_code == 422 and "もうこの圏域の担当です" in twice.text
    both = chief.post("assignments/new", order(account_id=str(new.account_id), together="1"))
    assert both.status_code == 200
    assert len(charges(a_small_town)) == 2


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"valid_to": "2026-09-30"}, "終わりの日が、始まりの日より前です"),
        ({"area": "Z"}, "という圏域はありません"),
        ({"account_id": ""}, "担当する人を選んでください"),
        ({"account_id": "999"}, "担当する人を選んでください"),
        ({"duty": "mayor"}, "役を選んでください"),
        ({"duty": "center", "body": ""}, "センターの名前を入れてください"),
        ({"valid_from": ""}, "日付を選んでください"),
        ({"valid_from": "1001-01-01"}, "日付を確かめてください"),
    ],
    ids=str,
)
def test_what_cannot_be_is_refused_in_plain_words_and_nothing_is_typed_twice(
    engine: Engine,
    chief: DeskClient,
    a_small_town: Session,
    values: dict[str, str],
    words: str,
) -> None:
    new = with_account(engine, Role.COORDINATOR, login="new")
    answer = chief.post(
        "assignments/new", order(**{"account_id": str(new.account_id), "body": "社協", **values})
    )
    assert answer.status_code == 422
    assert words in answer.text
    assert charges(a_small_town) == []
    if "body" not in values:
        assert 'value="社協"' in answer.text


def test_nobody_ends_before_they_began(
    engine: Engine, chief: DeskClient, a_small_town: Session
) -> None:
    with_account(engine, Role.COORDINATOR, areas=["W"], login="old")
    new = with_account(engine, Role.COORDINATOR, login="new")
    (before,) = rows_of(a_small_town, Assignment)
    fields = order(account_id=str(new.account_id), ends=str(before["id"]), valid_from="2020-04-01")
    answer = chief.post("assignments/new", fields)
    assert answer.status_code == 422 and "では終えられません" in answer.text
    assert charges(a_small_town) == [("W", "oldさん", date(2020, 4, 1), None)]


def test_a_centre_stands_beside_the_coordinator(
    engine: Engine, chief: DeskClient, a_small_town: Session
) -> None:
    with_account(engine, Role.COORDINATOR, areas=["W"], login="old")
    answer = chief.post("assignments/new", order(duty="center", body="西部包括"))
    assert answer.status_code == 200 and "西部包括" in answer.text
    again = chief.post("assignments/new", order(duty="center", body="西部包括"))
    assert again.status_code == 422
    assert len(charges(a_small_town)) == 2


# --- correcting ----------------------------------------------------------------------------------


def test_days_are_corrected_unless_somebody_else_was_first(
    engine: Engine, chief: DeskClient, a_small_town: Session
) -> None:
    with_account(engine, Role.COORDINATOR, areas=["W"], login="old")
    (row,) = rows_of(a_small_town, Assignment)
    path = f"assignments/{row['id']}"
    assert 'value="2020-04-01"' in chief.get(path).text
    fields = {"version": "1", "valid_from": "2021-04-01", "valid_to": "2022-03-31", "body": "社協"}
    assert chief.post(path, fields).status_code == 200
    assert charges(a_small_town) == [("W", "oldさん", date(2021, 4, 1), date(2022, 3, 31))]
    late = chief.post(path, fields | {"valid_to": ""})
    assert late.status_code == 422 and "ほかの人がこの担当を変えました" in late.text
    assert 'value="2022-03-31"' in late.text
    reversed_ = fields | {"version": "2", "valid_to": "2020-01-01"}
    assert chief.post(path, reversed_).status_code == 422
    page = chief.get("assignments/").text
    assert "担当のいない日" in page and "令和4年4月1日〜" in page and "担当がいません" in page


def test_what_was_entered_by_mistake_goes_and_the_log_keeps_it(
    engine: Engine, chief: DeskClient, a_small_town: Session
) -> None:
    with_account(engine, Role.COORDINATOR, areas=["W"], login="old")
    (row,) = rows_of(a_small_town, Assignment)
    assert chief.post(f"assignments/{row['id']}/remove").status_code == 200
    assert charges(a_small_town) == []
    assert [line["entity_id"] for line in rows_of(a_small_town, Change)][-1] == str(row["id"])
    assert chief.get(f"assignments/{row['id']}").status_code == 404


def test_everybody_reads_and_only_who_assigns_writes(engine: Engine, a_small_town: Session) -> None:
    for role in Role:
        browser = signed_in(engine, role)
        may = role in (Role.CHIEF, Role.ADMINISTRATOR)
        page = browser.get("assignments/")
        assert page.status_code == 200
        assert ("assignments/new" in page.text) is may
        assert browser.get("assignments/new?area=W").status_code == (200 if may else 403)
        sent = browser.post("assignments/new", order())
        assert sent.status_code == (422 if may else 403)
    assert charges(a_small_town) == []


# --- the sheet -----------------------------------------------------------------------------------


def people(session: Session, *names: str, town: str = "北西町") -> None:
    """Supporters who live in a town."""
    towns = {row["name"]: row["id"] for row in rows_of(session, Town)}
    rows = [{"name": name, "town_id": towns[town], "phone": f"090-{name}"} for name in names]
    common = {"municipality_code": CODE, "status": "active", "state": "published"}
    values = [row | common | {"version": 1, "office_find_key": ""} for row in rows]
    session.connection().execute(insert(table_of(Supporter)), values)
    session.commit()


def test_a_sheet_shows_what_is_in_the_area_and_nothing_of_others(
    engine: Engine, a_small_town: Session
) -> None:
    salon = next(row["id"] for row in rows_of(a_small_town, Place) if "サロン" in row["name"])
    connection = a_small_town.connection()
    connection.execute(
        table_of(Place)
        .update()
        .where(table_of(Place).c.id == salon)
        .values(
            contact_name="世話人の山田", contact_phone="090-1111", confirmed_on=date(2020, 1, 1)
        )
    )
    pause = {"municipality_code": CODE, "place_id": salon, "valid_from": date(2026, 1, 5)}
    connection.execute(insert(table_of(Pause)), [pause | {"reason": "改修", "version": 1}])
    known = {"municipality_code": CODE, "find_key": "", "office_find_key": "", "version": 1}
    known |= {"kind": "other", "state": "published"}
    connection.execute(
        insert(table_of(Organization)),
        [
            known | {"name": "西の会", "areas": '["W"]'},
            known | {"name": "東の会", "areas": '["E"]'},
            known | {"name": "市の会", "areas": None},
        ],
    )
    a_small_town.commit()
    sheet = signed_in(engine, Role.CHIEF).get("handover/W").text
    for words in (
        "ひだまりサロン",
        "世話人の山田",
        "090-1111",
        "要確認",
        "改修",
        "西の会",
        "市の会",
    ):
        assert words in sheet, words
    for words in ("南東集会所", "東の会"):
        assert words not in sheet, words
    east = signed_in(engine, Role.PLANNER).get("handover/E").text
    assert "ひだまりサロン" not in east and "改修" not in east and "東の会" in east


def test_persons_stand_on_the_sheet_of_their_own_coordinator_only(
    engine: Engine, a_small_town: Session
) -> None:
    people(a_small_town, "花咲ハナ")
    people(a_small_town, "東野ヒガシ", town="北東町")
    mine = signed_in(engine, Role.COORDINATOR, areas=["W"], login="west")
    sheet = mine.get("handover/W").text
    assert "花咲ハナ" in sheet and "090-花咲ハナ" in sheet and "東野" not in sheet
    seen = [(row["actor"], row["how"]) for row in rows_of(a_small_town, Viewing)]
    assert seen == [("westさん", "引きつぎ書")]
    other = mine.get("handover/E").text
    assert "東野" not in other and "1〜2人" in other
    for role in (Role.PLANNER, Role.ADMINISTRATOR):
        assert "花咲" not in signed_in(engine, role).get("handover/W").text
    assert len(rows_of(a_small_town, Viewing)) == 1


def test_small_counts_of_persons_stay_vague() -> None:
    assert [few(0), few(1), few(2), few(3), few(1234)] == [
        "0人",
        "1〜2人",
        "1〜2人",
        "3人",
        "1,234人",
    ]


def test_there_is_no_sheet_of_an_area_that_is_not_there(chief: DeskClient) -> None:
    assert chief.get("handover/Z").status_code == 404


def test_the_sheet_tells_hours_beside_a_remark_what_waits_and_what_was_done(
    a_small_town: Session,
) -> None:
    engine = a_small_town.get_bind()
    assert isinstance(engine, Engine)
    chief = signed_in(engine, Role.CHIEF)
    west = signed_in(engine, Role.COORDINATOR, areas=["W"], app=chief.app)
    rule = '{"sittings": [{"weekdays": "水", "opens_at": "10:00", "closes_at": "11:30"}]}'
    place = {"name": "ひだまりサロン", "kind": "salon", "address": "北西町1"}
    more = {"schedule": rule, "schedule_note": "雨の日は休み"}
    chief.post("places/1", {**place, **more, "version": "1"})
    west.post("places/1", {**place, **more, "fee": "百円", "version": "2"})
    contact = {"title": "おでんの会", "where": "area:W", "held_on": today().isoformat()}
    west.post("contacts/new", {**contact, "people": "12"})
    sheet = chief.get("handover/W").text
    for words in ("毎週水曜 10:00〜11:30　雨の日は休み", "変更が提出済み", "おでんの会", ">12<"):
        assert words in sheet, words
