"""The sample's desk: somebody of each role, with a first password that is told."""

from datetime import UTC, date, datetime

import pytest
from sqlmodel import Session

from api.accounts.roles import Role
from api.accounts.sessions import Lifetimes, change_password, sign_in, who
from api.actions.demo import CODE, seat_demo_people, set_up_demo
from api.settings import Settings

TODAY, NOW = date(2026, 11, 22), datetime(2026, 11, 22, 3, tzinfo=UTC)


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
