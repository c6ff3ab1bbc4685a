"""Manage accounts (アカウントの管理): open, change, close, reset; each with its line in the log.

The log never holds a password, nor its hash: those columns of the table have no class of data.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from api.accounts.keeping import (
    Entry,
    add_account,
    disable_account,
    find_account,
    list_accounts,
    rename_account,
    reset_account,
)
from api.accounts.roles import GRANTS, Right, Role
from api.actions.assign import Order, start_charge
from api.actions.locating import Land
from api.actions.turns import turn
from api.models import Account
from api.store.changes import Hand, log_changes, open_deed


class LastAdministrator(PermissionError):
    """Nobody could open accounts any more."""


def open_account(
    session: Session,
    hand: Hand,
    land: Land,
    login: str,
    name: str,
    role: Role,
    *,
    now: datetime,
    areas: Sequence[str] = (),
) -> tuple[Entry, str]:
    """A new account, in charge of these areas from today; its one-time password, told only here.

    Raises
    ------
    LoginTaken, BadLogin, CannotAssign
    """
    code = hand.municipality_code
    with turn(session, code):
        entry, password = add_account(session, code, login, name, role, now)
        hand = _logged(session, hand, None, entry)
        for area in dict.fromkeys(areas):
            order = Order(area, land.on, account_id=entry.account_id, together=True)
            start_charge(session, hand, land, order)
    return entry, password


def alter_account(session: Session, hand: Hand, login: str, name: str, role: Role) -> Entry:
    """Another name or role.

    Raises
    ------
    NoSuchAccount, BadLogin, LastAdministrator
    """
    with turn(session, hand.municipality_code):
        before = find_account(session, hand.municipality_code, login)
        if Right.ACCOUNTS not in GRANTS[role]:
            _refuse_last(session, hand, before)
        after = rename_account(session, hand.municipality_code, login, name, role)
        _logged(session, hand, before, after)
    return after


def close_account(session: Session, hand: Hand, login: str, on: date) -> Entry:
    """Close an account at once; its name stays wherever it has worked.

    Raises
    ------
    NoSuchAccount, LastAdministrator
    """
    with turn(session, hand.municipality_code):
        before = find_account(session, hand.municipality_code, login)
        _refuse_last(session, hand, before)
        after = disable_account(session, hand.municipality_code, login, on)
        _logged(session, hand, before, after)
    return after


def renew_password(session: Session, hand: Hand, login: str) -> tuple[Entry, str]:
    """A new one-time password, which opens a closed account again.

    Raises
    ------
    NoSuchAccount
    """
    with turn(session, hand.municipality_code):
        before = find_account(session, hand.municipality_code, login)
        after, password = reset_account(session, hand.municipality_code, login)
        _logged(session, hand, before, after)
    return after, password


def _refuse_last(session: Session, hand: Hand, entry: Entry) -> None:
    """Somebody must be left who can sign in and open accounts."""
    able = {
        other.account_id
        for other in list_accounts(session, hand.municipality_code)
        if other.disabled_on is None and Right.ACCOUNTS in GRANTS[other.role]
    }
    if able == {entry.account_id}:
        raise LastAdministrator(
            f"「{entry.name}」は、ただ一人の管理者です。先に、ほかの方を管理者にしてください。"
        )


def _logged(session: Session, hand: Hand, before: Entry | None, after: Entry) -> Hand:
    number = after.account_id
    hand = open_deed(session, hand, "account", entity="account", entity_id=number)
    old = None if before is None else [_told(before)]
    log_changes(session, hand, Account, [number], old, [_told(after)])
    return hand


def _told(entry: Entry) -> dict[str, Any]:
    return {
        "login": entry.login,
        "name": entry.name,
        "role": entry.role.value,
        "disabled_on": entry.disabled_on,
        "must_change": entry.must_change,
    }
