"""`yoridokoro account`: what it says, what it keeps, and how it ends."""

import re
from datetime import UTC, datetime

import pytest
from command_line import CommandLine
from desk_client import DeskClient, with_account
from small_town import CODE, NAME, everything, rows_of
from sqlalchemy import Engine
from sqlmodel import Session

from api.accounts.roles import Role
from api.actions.init_municipality import init_municipality
from api.clock import today
from api.models import Account, Assignment, Change, Deed, SignIn

pytestmark = pytest.mark.databases("sqlite")
PASSWORD = re.compile(r"^はじめのパスワード: ([a-z2-9]{5}-[a-z2-9]{5}-[a-z2-9]{5})$", re.M)
SATO = ("account", "add", "Ｓａｔｏ", "--name", "佐藤花子", "--role", "coordinator")


def browser_of(session: Session, login: str) -> DeskClient:
    """A browser for an account that the command line has made."""
    engine = session.get_bind()
    assert isinstance(engine, Engine)
    outside = with_account(engine, Role.PLANNER, login="bystander")
    return DeskClient(outside.http, outside.app, engine, CODE, login, 0)


def test_an_account_is_added_and_its_password_is_told_once(
    in_town: CommandLine, a_small_town: Session
) -> None:
    ran = in_town(*SATO, "--area", "W", "--area", "E")
    assert ran.code == 0, ran.err
    assert "「sato」（佐藤花子、第2層コーディネーター）を作りました。" in ran.out
    found = PASSWORD.search(ran.out)
    assert found is not None
    (account,) = rows_of(a_small_town, Account)
    assert (account["login"], account["role"], account["must_change"]) == (
        "sato",
        "coordinator",
        True,
    )
    charges = [
        (row["area_code"], row["person"], row["valid_from"], row["valid_to"])
        for row in rows_of(a_small_town, Assignment)
    ]
    assert charges == [("W", "佐藤花子", today(), None), ("E", "佐藤花子", today(), None)]
    assert found[1] not in in_town("account", "list").out
    assert found[1] not in str(everything(a_small_town))
    assert browser_of(a_small_town, "sato").sign_in(found[1]).status_code == 303


def test_each_change_stands_in_the_log_without_a_password(
    in_town: CommandLine, a_small_town: Session
) -> None:
    in_town(*SATO)
    in_town("account", "disable", "sato")
    in_town("account", "reset", "sato")
    deeds = [
        (deed["what"], deed["entity"], deed["actor"])
        for deed in rows_of(a_small_town, Deed)
        if deed["entity"] == "account"
    ]
    assert deeds == [("account", "account", "cli")] * 3
    lines = [row for row in rows_of(a_small_town, Change) if row["entity"] == "account"]
    assert {line["data_class"] for line in lines} == {"office"}
    kept = everything(a_small_town)
    (account,) = kept.pop("account")
    assert account["password_hash"].startswith("$argon2id$")
    assert "argon2" not in str(kept) and "password_hash" not in str(kept)


def test_a_closed_account_is_out_at_once_and_a_reset_lets_it_in_again(
    in_town: CommandLine, a_small_town: Session
) -> None:
    first = PASSWORD.search(in_town(*SATO).out)
    assert first is not None
    browser = browser_of(a_small_town, "sato")
    assert browser.sign_in(first[1]).status_code == 303
    ran = in_town("account", "disable", "SATO")
    assert (ran.code, ran.out) == (0, "「sato」（佐藤花子）を止めました。名前は記録に残ります。\n")
    assert rows_of(a_small_town, SignIn) == []
    assert browser.sign_in(first[1]).status_code == 403
    assert "停止" in in_town("account", "list").out
    second = PASSWORD.search(in_town("account", "reset", "sato").out)
    assert second is not None and second[1] != first[1]
    assert browser.sign_in(first[1]).status_code == 403
    assert browser.sign_in(second[1]).status_code == 303


def test_the_list_tells_who_there_is(in_town: CommandLine) -> None:
    assert "まだありません" in in_town("account", "list").out
    in_town(*SATO)
    line = "sato  佐藤花子  第2層コーディネーター  はじめのパスワードのまま\n"
    assert in_town("account", "list").out == line


def test_the_last_administrator_stays(in_town: CommandLine, a_small_town: Session) -> None:
    in_town("account", "add", "kanri", "--name", "管理", "--role", "administrator")
    ran = in_town("account", "disable", "kanri")
    assert ran.code == 2 and "ただ一人の管理者" in ran.err
    assert rows_of(a_small_town, Account)[0]["disabled_on"] is None
    in_town("account", "add", "tugi", "--name", "つぎ", "--role", "administrator")
    assert in_town("account", "disable", "kanri").code == 0
    assert in_town("account", "disable", "tugi").code == 2


@pytest.mark.parametrize(
    "words",
    [
        ("add", "sato", "--name", "別人", "--role", "planner"),
        ("add", "a b", "--name", "空白", "--role", "planner"),
        ("add", "tanaka", "--name", " ", "--role", "planner"),
        ("add", "tanaka", "--name", "田中", "--role", "mayor"),
        ("add", "tanaka", "--role", "planner"),
        ("add", "tanaka", "--name", "田中", "--role", "coordinator", "--area", "Z"),
        ("disable", "nobody"),
        ("reset", "nobody"),
        ("list", "--municipality", "12345"),
        ("fly",),
        (),
    ],
    ids=" ".join,
)
def test_wrong_use_ends_with_2_and_changes_nothing(
    in_town: CommandLine, a_small_town: Session, words: tuple[str, ...]
) -> None:
    in_town(*SATO)
    before = everything(a_small_town)
    ran = in_town("account", *words)
    assert ran.code == 2
    assert "Traceback" not in ran.err
    assert everything(a_small_town) == before


def test_of_several_municipalities_one_must_be_named(
    in_town: CommandLine, a_small_town: Session
) -> None:
    init_municipality(a_small_town, "39998", "隣市")
    ran = in_town(*SATO)
    assert ran.code == 2 and f"{CODE} {NAME}" in ran.err
    assert in_town(*SATO, "--municipality", "39998").code == 0
    assert in_town(*SATO, "--municipality", CODE).code == 0  # the same name elsewhere
    (first, second) = rows_of(a_small_town, Account)
    assert (first["municipality_code"], second["municipality_code"]) == ("39998", CODE)
    assert first["created_at"].replace(tzinfo=UTC) <= datetime.now(UTC)
