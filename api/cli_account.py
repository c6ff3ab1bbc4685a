"""The commands about accounts (アカウント): add, list, disable, reset."""

from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated
from unicodedata import east_asian_width

import typer

from api.accounts.roles import Role
from api.cli_options import MunicipalityOption
from api.cli_store import opened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlmodel import Session

    from api.accounts.keeping import Entry
    from api.store.changes import Hand

app = typer.Typer(
    help="担当者のアカウントを管理します。", no_args_is_help=True, add_completion=False
)
LoginArgument = Annotated[str, typer.Argument(help="サインインの名前")]
COMMAND_LINE = "cli"
"""Who the log says it was."""


@app.command("add")
def add(
    login: LoginArgument,
    name: Annotated[str, typer.Option("--name", help="記録や画面に出る名前")],
    role: Annotated[
        Role,
        typer.Option(
            "--role",
            help="coordinator 第2層、chief 第1層、planner 計画担当、administrator 管理者",
        ),
    ],
    area: Annotated[
        list[str] | None, typer.Option("--area", help="今日から担当する圏域のコード（何度でも）")
    ] = None,
    municipality: MunicipalityOption = None,
) -> None:
    """アカウントを作り、はじめのパスワードを一度だけ表示します。"""
    from api.actions.find_municipality import find_municipality
    from api.actions.locating import Land
    from api.actions.manage_accounts import open_account
    from api.clock import now, today

    with _at_work(municipality) as (session, hand):
        land = Land(session, find_municipality(session, hand.municipality_code), today())
        entry, password = open_account(
            session, hand, land, login, name, role, now=now(), areas=area or ()
        )
    typer.echo(f"「{entry.login}」（{entry.name}、{entry.role.label}）を作りました。")
    _tell_once(password)


@app.command("list")
def list_(municipality: MunicipalityOption = None) -> None:
    """アカウントの一覧を表示します。"""
    from api.accounts.keeping import list_accounts

    with _at_work(municipality) as (session, hand):
        entries = list_accounts(session, hand.municipality_code)
    if not entries:
        typer.echo("アカウントは、まだありません。「yoridokoro account add」で作れます。")
        return
    rows = [(e.login, e.name, e.role.label, _state(e)) for e in entries]
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (
            cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)
        )
        typer.echo("  ".join(cells).rstrip())


@app.command("disable")
def disable(login: LoginArgument, municipality: MunicipalityOption = None) -> None:
    """アカウントを止めます。サインイン中でも、すぐに使えなくなります。"""
    from api.actions.manage_accounts import close_account
    from api.clock import today

    with _at_work(municipality) as (session, hand):
        entry = close_account(session, hand, login, today())
    typer.echo(f"「{entry.login}」（{entry.name}）を止めました。名前は記録に残ります。")


@app.command("reset")
def reset(login: LoginArgument, municipality: MunicipalityOption = None) -> None:
    """新しいパスワードを出します。止めたアカウントは、ふたたび使えるようになります。"""
    from api.actions.manage_accounts import renew_password

    with _at_work(municipality) as (session, hand):
        entry, password = renew_password(session, hand, login)
    typer.echo(f"「{entry.login}」（{entry.name}）のパスワードを新しくしました。")
    _tell_once(password)


@contextmanager
def _at_work(municipality: str | None) -> "Iterator[tuple[Session, Hand]]":
    """The store, and the command line's hand in the municipality that was meant."""
    from api.actions.find_municipality import find_municipality, the_municipality
    from api.store.changes import Hand

    with opened() as session:
        code = find_municipality(session, the_municipality(session, municipality)).code
        yield session, Hand(code, COMMAND_LINE)


def _tell_once(password: str) -> None:
    typer.echo(f"はじめのパスワード: {password}")
    typer.echo(
        "いま一度だけ表示しています。本人に手渡してください。はじめのサインインで変えてもらいます。"
    )


def _state(entry: "Entry") -> str:
    if entry.disabled_on is not None:
        return f"停止（{entry.disabled_on}から）"
    return "はじめのパスワードのまま" if entry.must_change else "使用中"


def _width(text: str) -> int:
    return sum(2 if east_asian_width(letter) in "WFA" else 1 for letter in text)
