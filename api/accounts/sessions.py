"""Sign in and out (サインイン): sessions are kept at the server; a cookie holds a key, no more."""

import hashlib
import hmac
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session

from api.accounts.guessing import count_wrong, guess_keys, refuse_while_blocked
from api.accounts.members import Member, areas_in_charge, towns_of
from api.accounts.passwords import hashed, is_right, known_mark, refuse_weak, turn
from api.accounts.roles import Role
from api.store import credentials
from api.store.credentials import Row

SEEN_EVERY = timedelta(minutes=5)


class WrongPassword(PermissionError):
    """No such account, a wrong password, or a closed account: nobody is told which."""


@dataclass(frozen=True)
class Lifetimes:
    """How long a session lasts unused, and at most."""

    idle: timedelta = timedelta(hours=4)
    longest: timedelta = timedelta(hours=14)


def login_key(login: str) -> str:
    """A login name as it is stored: full- and half-width, capitals and small are one."""
    return unicodedata.normalize("NFKC", login).strip().casefold()


@dataclass(frozen=True)
class Entrance:
    """What a browser is handed that has proved who it is."""

    key: str
    """Opens the session."""
    known: str = ""
    """Says next time that this account has signed in with this browser before (`known_mark`)."""


def sign_in(
    session: Session,
    code: str,
    login: str,
    password: str,
    *,
    address: str,
    now: datetime,
    known: str = "",
) -> Entrance:
    """Open a session. `known`: what the browser has kept from signing in before.

    Raises
    ------
    WrongPassword, TooManyGuesses, TooBusy
    """
    name = login_key(login)
    with turn():
        session.rollback()
        account = credentials.account_named(session, code, name)
        mark = known_mark(account["id"], account["password_hash"]) if account else ""
        been_here = bool(mark) and hmac.compare_digest(mark.encode(), known.encode())
        keys = guess_keys(code, name, address, mark[:16] if been_here else "")
        refuse_while_blocked(session, keys, now)
        right = is_right(password, account["password_hash"] if account else None)
        if not right or account is None or account["disabled_on"] is not None:
            count_wrong(session, keys, now)
            session.commit()
            raise WrongPassword(
                "名前かパスワードが違います。大文字と小文字、数字を確かめて、もう一度入れてください。"
            )
    session.rollback()  # what was read is old by now, and nobody may write to the past
    credentials.forget_guess(session, keys[0])
    return Entrance(open_session(session, account["id"], now), mark)


def open_session(session: Session, account_id: int, now: datetime) -> str:
    """Open a session for an account that has proved who it is; the key for the cookie."""
    key = secrets.token_urlsafe(32)
    credentials.forget_old(session, now - timedelta(days=2))
    credentials.add_sign_in(
        session,
        {
            "key_digest": _digest(key),
            "account_id": account_id,
            "form_token": secrets.token_urlsafe(24),
            "started_at": now,
            "seen_at": now,
        },
    )
    session.commit()
    return key


def who(
    session: Session, key: str | None, *, now: datetime, today: date, lifetimes: Lifetimes
) -> Member | None:
    """Who a cookie's key stands for; None where the session is over or never was."""
    row = credentials.sign_in_of(session, _digest(key)) if key else None
    if row is None or now - row["seen_at"] > lifetimes.idle:
        return None
    if now - row["started_at"] > lifetimes.longest:
        return None
    account = credentials.account_numbered(session, row["account_id"])
    if account is None or account["disabled_on"] is not None:
        return None
    if now - row["seen_at"] > SEEN_EVERY:
        session.rollback()
        credentials.see_again(session, row["key_digest"], now)
        session.commit()
    return member_of(session, account, today, row["form_token"])


def member_of(session: Session, account: Row, today: date, form_token: str = "") -> Member:
    """An account with its rights and the areas in its charge today."""
    code = account["municipality_code"]
    areas = areas_in_charge(session, code, account["id"], today)
    return Member(
        account_id=account["id"],
        code=code,
        login=account["login"],
        name=account["name"],
        role=Role(account["role"]),
        areas=areas,
        towns=towns_of(session, code, areas, today),
        must_change=account["must_change"] and account["password_hash"] is not None,
        form_token=form_token,
    )


def sign_out(session: Session, key: str | None) -> None:
    """End the session of this browser."""
    if key:
        session.rollback()
        credentials.end_sign_ins(session, key_digest=_digest(key))
        session.commit()


def sign_out_everywhere(session: Session, account_id: int) -> int:
    """End every session of an account; how many there were."""
    session.rollback()
    ended = credentials.end_sign_ins(session, account_id=account_id)
    session.commit()
    return ended


def change_password(
    session: Session, member: Member, old: str, new: str, *, address: str, now: datetime
) -> None:
    """Set a new password; every other session of the account ends.

    Raises
    ------
    WrongPassword, TooManyGuesses, TooBusy, WeakPassword
    """
    keys = guess_keys(member.code, member.login, address)
    refuse_while_blocked(session, keys, now)
    account = credentials.account_numbered(session, member.account_id)
    with turn():
        right = account is not None and is_right(old, account["password_hash"])
    if not right:
        count_wrong(session, keys, now)
        session.commit()
        raise WrongPassword("いまのパスワードが違います。もう一度入れてください。")
    refuse_weak(new, member.login)
    with turn():
        changed = {"password_hash": hashed(new), "must_change": False}
    session.rollback()
    credentials.change_account(session, member.account_id, changed)
    credentials.end_sign_ins(session, account_id=member.account_id)
    session.commit()


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
