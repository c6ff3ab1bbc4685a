"""The administrator's pages: accounts and settings."""

import re
from datetime import date

import pytest
from desk_client import PASSWORD, DeskClient, signed_in, with_account
from small_town import CODE, rows_of
from sqlalchemy import Engine
from sqlmodel import Session

from api.accounts.roles import Role
from api.actions.init_municipality import init_municipality
from api.clock import today
from api.models import Account, Assignment, Change, Deed, Municipality

pytestmark = pytest.mark.databases("sqlite")
ONE_TIME = re.compile(r"[a-z2-9]{5}-[a-z2-9]{5}-[a-z2-9]{5}")


@pytest.fixture
def engine(a_small_town: Session) -> Engine:
    """Give the database of 四角市."""
    found = a_small_town.get_bind()
    assert isinstance(found, Engine)
    return found


@pytest.fixture
def admin(engine: Engine) -> DeskClient:
    """Give the administrator, the only one."""
    return signed_in(engine, Role.ADMINISTRATOR, login="kanri")


def account(session: Session, login: str) -> dict[str, object]:
    """What is stored of an account."""
    return next(row for row in rows_of(session, Account) if row["login"] == login)


def test_a_new_account_gets_its_password_on_one_page_only(
    admin: DeskClient, engine: Engine, a_small_town: Session
) -> None:
    fields = {"login": "SATO", "name": "佐藤花子", "role": "coordinator", "areas": ["W"]}
    page = admin.post("accounts/new", fields)
    found = ONE_TIME.search(page.text)
    assert found is not None and page.headers["cache-control"] == "no-store"
    listed = admin.get("accounts/").text
    assert "佐藤花子" in listed and "西圏域" in listed and "はじめのパスワードのまま" in listed
    assert not ONE_TIME.search(listed)
    assert [(row["area_code"], row["valid_from"]) for row in rows_of(a_small_town, Assignment)] == [
        ("W", today())
    ]
    sato = DeskClient(admin.http, admin.app, engine, CODE, "sato", 0)
    sato.http.cookies.clear()
    assert sato.sign_in(found[0]).status_code == 303
    (deed,) = [row for row in rows_of(a_small_town, Deed) if row["what"] == "account"]
    assert (deed["actor"], deed["account_id"]) == ("kanriさん", admin.account_id)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"login": "kanri"}, "もうあります"),
        ({"login": "ＫＡＮＲＩ"}, "もうあります"),
        ({"login": "a"}, "2〜80文字"),
        ({"name": ""}, "表示する名前"),
        ({"role": "mayor"}, "役割を選んでください"),
        ({"role": ""}, "役割を選んでください"),
        ({"areas": "Z"}, "という圏域はありません"),
    ],
    ids=str,
)
def test_what_is_wrong_is_said_and_nothing_is_kept(
    admin: DeskClient, a_small_town: Session, values: dict[str, str], words: str
) -> None:
    fields = {"login": "sato", "name": "佐藤花子", "role": "planner", **values}
    page = admin.post("accounts/new", fields)
    assert page.status_code == 422 and words in page.text
    assert len(rows_of(a_small_town, Account)) == 1
    assert f'value="{fields["login"]}"' in page.text


def test_name_and_role_change_at_once_and_stand_in_the_log(
    admin: DeskClient, engine: Engine, a_small_town: Session
) -> None:
    sato = signed_in(engine, Role.COORDINATOR, login="sato")
    assert sato.get("trainings/").status_code == 403
    page = admin.post(f"accounts/{sato.account_id}", {"name": "佐藤（旧姓 田中）", "role": "chief"})
    assert "アカウントを変えました。" in page.text
    assert sato.get("trainings/").status_code == 200
    lines = [row for row in rows_of(a_small_town, Change) if row["entity"] == "account"]
    assert [line["entity_id"] for line in lines] == [str(sato.account_id)]


def test_a_closed_account_is_out_at_once_and_comes_back_with_a_new_password(
    admin: DeskClient, engine: Engine
) -> None:
    sato = signed_in(engine, Role.COORDINATOR, login="sato")
    page = admin.post(f"accounts/{sato.account_id}/disable").text
    assert "止めたアカウント" in page
    assert sato.get(follow_redirects=False).headers["location"].startswith(f"/{CODE}/desk/sign-in")
    assert sato.sign_in().status_code == 403
    found = ONE_TIME.search(admin.post(f"accounts/{sato.account_id}/reset").text)
    assert found is not None
    assert sato.sign_in(PASSWORD).status_code == 403
    assert sato.sign_in(found[0]).status_code == 303


def test_the_last_administrator_neither_leaves_nor_steps_down(
    admin: DeskClient, engine: Engine, a_small_town: Session
) -> None:
    closed = with_account(engine, Role.ADMINISTRATOR, login="gone", disabled_on=date(2026, 1, 1))
    own = f"accounts/{admin.account_id}"
    for path, data in ((f"{own}/disable", {}), (own, {"name": "管理", "role": "planner"})):
        page = admin.post(path, data)
        assert page.status_code == 422 and "ただ一人の管理者" in page.text
    assert account(a_small_town, "kanri")["role"] == "administrator"
    assert admin.post(own, {"name": "管理", "role": "administrator"}).status_code == 200
    admin.post(f"accounts/{closed.account_id}/reset")
    assert admin.post(own, {"name": "管理", "role": "planner"}).status_code == 403
    assert account(a_small_town, "kanri")["role"] == "planner"


def test_accounts_of_another_municipality_are_not_there(
    admin: DeskClient, engine: Engine, a_small_town: Session
) -> None:
    init_municipality(a_small_town, "39998", "隣市")
    other = with_account(engine, Role.PLANNER, login="tonari", code="39998")
    for path in ("", "/disable", "/reset"):
        answer = admin.post(f"accounts/{other.account_id}{path}", {"name": "x", "role": "chief"})
        assert answer.status_code == 404, path
    assert admin.get(f"accounts/{other.account_id}").status_code == 404
    assert "tonari" not in admin.get("accounts/").text
    assert account(a_small_town, "tonari")["disabled_on"] is None


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.CHIEF, Role.PLANNER])
def test_nobody_else_gets_in(
    admin: DeskClient, engine: Engine, a_small_town: Session, role: Role
) -> None:
    browser = signed_in(engine, role)
    before = rows_of(a_small_town, Account)
    for path in ("accounts/", "accounts/new", f"accounts/{admin.account_id}", "settings"):
        assert browser.get(path).status_code == 403, path
    for path in ("accounts/new", "settings", f"accounts/{admin.account_id}/reset"):
        assert browser.post(path, {"login": "me", "name": "me"}).status_code == 403, path
    assert rows_of(a_small_town, Account) == before
    assert "accounts/" not in browser.get("assignments/").text


# --- settings ------------------------------------------------------------------------------------


def chosen(session: Session) -> tuple[bool, int]:
    """What is stored."""
    (row,) = rows_of(session, Municipality)
    return row["reviewed"], row["stale_months"]


def test_settings_are_chosen_and_logged(admin: DeskClient, a_small_town: Session) -> None:
    assert chosen(a_small_town) == (True, 12)
    page = admin.post("settings", {"reviewed": "no", "stale_months": "6"})
    assert "設定を変えました。" in page.text and 'value="6"' in page.text
    assert chosen(a_small_town) == (False, 6)
    deeds = [row for row in rows_of(a_small_town, Deed) if row["what"] == "settings"]
    assert [deed["entity_id"] for deed in deeds] == [CODE]
    page = admin.post("settings", {"reviewed": "no", "stale_months": "6"})
    assert "変わったところはありませんでした。" in page.text
    assert len([row for row in rows_of(a_small_town, Deed) if row["what"] == "settings"]) == 1


@pytest.mark.parametrize("months", ["0", "61", "-1", "", "12.5", "１２", "many"])
def test_months_are_between_1_and_60(admin: DeskClient, a_small_town: Session, months: str) -> None:
    page = admin.post("settings", {"reviewed": "no", "stale_months": months})
    assert page.status_code == 422 and "1〜60か月" in page.text
    assert chosen(a_small_town) == (True, 12)
    assert admin.post("settings", {"reviewed": "yes", "stale_months": "60"}).status_code == 200
    assert admin.post("settings", {"reviewed": "yes", "stale_months": "1"}).status_code == 200
