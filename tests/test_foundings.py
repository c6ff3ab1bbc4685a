"""Places on their way (立上げ): on the board, from a seed to standing on their own feet."""

import pytest
from desk_client import engine_of, signed_in
from small_town import CODE, rows_of
from sqlmodel import Session

from api.accounts.roles import Role
from api.models import Founding

pytestmark = pytest.mark.databases("sqlite")
BOARD = f"/{CODE}/plan/foundings"


def test_a_seed_becomes_a_place_step_by_step(a_small_town: Session) -> None:
    desk = signed_in(engine_of(a_small_town), Role.PLANNER)
    said = {"name": "北の体操<b>", "area_code": "W", "trained_people": "3"}
    page = desk.post(BOARD, said)
    assert "北の体操&lt;b&gt;" in page.text and "あわせて 3 人" in page.text
    for stage in ("preparing", "starting", "running"):
        (row,) = rows_of(a_small_town, Founding)
        sent = {"version": str(row["version"]), "stage": stage}
        assert desk.post(f"{BOARD}/{row['id']}", sent).status_code == 200
        assert rows_of(a_small_town, Founding)[0]["stage"] == stage
        assert desk.post(f"{BOARD}/{row['id']}", sent).status_code == 409
    last = {"version": str(rows_of(a_small_town, Founding)[0]["version"]), "stage": "dropped"}
    assert "北の体操" not in desk.post(f"{BOARD}/{row['id']}", last).text


def test_what_is_wrong_is_told_and_coordinators_only_read(a_small_town: Session) -> None:
    desk = signed_in(engine_of(a_small_town), Role.PLANNER)
    assert desk.post(BOARD, {"name": ""}).status_code == 422
    assert desk.post(BOARD, {"name": "x", "area_code": "no"}).status_code == 422
    assert desk.post(f"{BOARD}/99", {"version": "1", "stage": "running"}).status_code == 404
    west = signed_in(engine_of(a_small_town), Role.COORDINATOR, areas=["W"], login="west")
    assert west.get(BOARD).status_code == 200
    assert west.post(BOARD, {"name": "x"}).status_code == 403
    assert rows_of(a_small_town, Founding) == []
