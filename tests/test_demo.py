"""The sample's desk: somebody of each role, with a first password that is told."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from small_town import everything, rows_of
from sqlmodel import Session

from api.accounts.roles import Role
from api.accounts.sessions import Lifetimes, change_password, sign_in, who
from api.actions.badges import show_badges
from api.actions.demo import CODE, seat_demo_people, set_up_demo
from api.actions.demo_desk import fill_demo_desk
from api.actions.find_municipality import find_municipality
from api.actions.locating import Land
from api.actions.trainings import show_trainings
from api.models import Deed, Place
from api.settings import Settings
from api.store.visible import OFFICE

TODAY, NOW = date(2026, 11, 22), datetime(2026, 11, 22, 3, tzinfo=UTC)


def all_but_passwords(session: Session) -> dict[str, list[dict[str, Any]]]:
    """Everything but passwords, which are told anew."""
    held = everything(session)
    for row in held["account"]:
        del row["password_hash"]
    del held["deed"], held["change"], held["municipality"]
    return {name: rows for name, rows in held.items() if not name.startswith(("changed", "sign"))}


@pytest.mark.databases("sqlite")
def test_the_sample_shows_a_year_of_work_and_a_second_time_changes_nothing(
    session: Session,
) -> None:
    folder = Settings().data_dir / "boundaries"
    set_up_demo(session, folder, TODAY, lambda _: None)
    imported = {row["name"]: row for row in rows_of(session, Place)}
    seat_demo_people(session, TODAY, NOW)
    fill_demo_desk(session, TODAY, NOW)
    before, deeds = all_but_passwords(session), len(rows_of(session, Deed))
    land = Land(session, find_municipality(session, CODE), TODAY)

    changed = {"functions", "audience", "informal", "version"}
    places = {row["name"]: row for row in before["place"]}
    for name, row in places.items():
        kept = {column for column, value in row.items() if value == imported[name][column]}
        assert set(row) - kept <= changed, name
    assert sum(row["informal"] for row in places.values()) == 6
    assert {row["audience"] for row in places.values()} == {None, "all_ages", "older", "care"}
    ends = sorted(row["valid_to"] is None for row in before["pause"])
    assert ends == [False, False, True]
    badges = show_badges(session, OFFICE, land)
    assert [holder.name for holder in badges.now] == ["港町コミュニティセンター"]
    assert [holder.name for holder in badges.lost] == ["東町コミュニティセンター"]
    told = show_trainings(session, CODE, TODAY)
    assert [row["person"] for row in told.overdue] == ["岡 みどり"]
    assert [entry.name for entry, _ in told.alone] == ["岡 みどり", "森 あゆみ"]
    monthly = [row["held_on"] for row in before["activity"] if row["series"]]
    assert len(monthly) == 12
    assert {(day.weekday(), (day.day - 1) // 7) for day in monthly} == {(2, 1)}
    for duty in ("coordinator", "center"):
        charged = [r["area_code"] for r in before["assignment"] if r["duty"] == duty]
        assert sorted(charged) == sorted(land.area_names)

    later = TODAY + timedelta(days=40)
    set_up_demo(session, folder, later, lambda _: None)
    seat_demo_people(session, later, NOW)
    fill_demo_desk(session, later, NOW)
    assert all_but_passwords(session) == before
    assert len(rows_of(session, Deed)) == deeds + 4, "new passwords, and nothing else"


@pytest.mark.databases("sqlite")
def test_one_of_each_role_sits_at_the_desk(session: Session) -> None:
    """Passwords nobody has used are told anew; whoever chose one of their own keeps it."""
    set_up_demo(session, Settings().data_dir / "boundaries", TODAY, lambda _: None)
    first = seat_demo_people(session, TODAY, NOW)
    assert [role for *_, role, _ in first] == list(Role)
    again = seat_demo_people(session, TODAY, NOW)
    assert [told[:3] for told in again] == [told[:3] for told in first]
    assert {told[3] for told in again}.isdisjoint(told[3] for told in first)
    entrance = sign_in(session, CODE, "sc", again[0][3], address="", now=NOW)
    member = who(session, entrance.key, now=NOW, today=TODAY, lifetimes=Lifetimes())
    assert member is not None
    assert member.must_change
    assert len(member.areas) == 1
    change_password(session, member, again[0][3], "ひだまりのまちの十文字", address="", now=NOW)
    assert "sc" not in [login for login, *_ in seat_demo_people(session, TODAY, NOW)]
