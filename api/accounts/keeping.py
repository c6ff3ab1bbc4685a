"""Keep accounts (アカウントの管理): open, list, close, reset."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from api.accounts.guessing import guess_keys
from api.accounts.passwords import hashed, one_time_password
from api.accounts.roles import Role
from api.accounts.sessions import login_key
from api.store import credentials


class LoginTaken(ValueError):
    """The municipality has an account with this name already."""


class BadLogin(ValueError):
    """A login name that cannot be typed again."""


class NoSuchAccount(LookupError):
    """The municipality has no account with this name."""


@dataclass(frozen=True)
class Entry:
    """An account as lists show it: nothing that could open it."""

    account_id: int
    login: str
    name: str
    role: Role
    disabled_on: date | None
    must_change: bool


def add_account(
    session: Session, code: str, login: str, name: str, role: Role, now: datetime
) -> tuple[Entry, str]:
    """Open an account with a one-time password to hand over.

    Raises
    ------
    LoginTaken, BadLogin
    """
    key = login_key(login)
    if not 2 <= len(key) <= 80 or any(c.isspace() for c in key):
        raise BadLogin("サインインの名前は、空白のない2〜80文字にしてください。")
    _refuse_bad_name(name)
    if credentials.account_named(session, code, key) is not None:
        raise LoginTaken(f"「{login}」というアカウントは、もうあります。")
    password = one_time_password()
    credentials.add_account(
        session,
        {
            "municipality_code": code,
            "login": key,
            "name": name.strip(),
            "role": role.value,
            "password_hash": hashed(password),
            "must_change": True,
            "created_at": now,
        },
    )
    return find_account(session, code, key), password


def list_accounts(session: Session, code: str) -> list[Entry]:
    """Everybody who has or had an account."""
    return [_entry(row) for row in credentials.accounts(session, code)]


def find_account(session: Session, code: str, login: str) -> Entry:
    """One account.

    Raises
    ------
    NoSuchAccount
    """
    row = credentials.account_named(session, code, login_key(login))
    if row is None:
        raise NoSuchAccount(f"「{login[:40]}」というアカウントはありません。")
    return _entry(row)


def account_numbered(session: Session, code: str, number: int) -> Entry:
    """The account with this number.

    Raises
    ------
    NoSuchAccount
    """
    row = credentials.account_numbered(session, number)
    if row is None or row["municipality_code"] != code:
        raise NoSuchAccount("このアカウントは見つかりません。")
    return _entry(row)


def rename_account(session: Session, code: str, login: str, name: str, role: Role) -> Entry:
    """Another name to be known by, another role.

    Raises
    ------
    NoSuchAccount, BadLogin
    """
    entry = find_account(session, code, login)
    _refuse_bad_name(name)
    values = {"name": name.strip(), "role": role.value}
    credentials.change_account(session, entry.account_id, values)
    return find_account(session, code, login)


def disable_account(session: Session, code: str, login: str, on: date) -> Entry:
    """Close an account at once: its sessions end, its name stays in the log."""
    entry = find_account(session, code, login)
    credentials.change_account(session, entry.account_id, {"disabled_on": on})
    credentials.end_sign_ins(session, account_id=entry.account_id)
    return find_account(session, code, login)


def reset_account(session: Session, code: str, login: str) -> tuple[Entry, str]:
    """Open an account again with a new one-time password; its old sessions and guesses end."""
    entry = find_account(session, code, login)
    password = one_time_password()
    values = {"password_hash": hashed(password), "must_change": True, "disabled_on": None}
    credentials.change_account(session, entry.account_id, values)
    credentials.end_sign_ins(session, account_id=entry.account_id)
    credentials.forget_guess(session, guess_keys(code, entry.login, "")[0])
    return find_account(session, code, login), password


def _refuse_bad_name(name: str) -> None:
    if not name.strip() or len(name) > 80:
        raise BadLogin("表示する名前を80文字までで入れてください。")


def _entry(row: credentials.Row) -> Entry:
    return Entry(
        account_id=row["id"],
        login=row["login"],
        name=row["name"],
        role=Role(row["role"]),
        disabled_on=row["disabled_on"],
        must_change=row["must_change"],
    )
