"""Accounts, sessions and wrong guesses as they are stored. Selects from these tables alone."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, case, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from api.models import Account, SignIn, SignInGuess
from api.models.columns import table_of

Row = dict[str, Any]


ACCOUNT, SIGN_IN, GUESS = table_of(Account), table_of(SignIn), table_of(SignInGuess)


def _rows(session: Session, table: Table, *where: ColumnElement[bool]) -> list[Row]:
    rows = select(table).where(*where).order_by(*table.primary_key.columns)
    return [dict(row) for row in session.connection().execute(rows).mappings()]


def accounts(session: Session, code: str) -> list[Row]:
    """Everybody who has or had an account in the municipality."""
    return _rows(session, ACCOUNT, ACCOUNT.c.municipality_code == code)


def account_named(session: Session, code: str, login: str) -> Row | None:
    """The account with this login name."""
    found = _rows(session, ACCOUNT, ACCOUNT.c.municipality_code == code, ACCOUNT.c.login == login)
    return found[0] if found else None


def account_numbered(session: Session, account_id: int) -> Row | None:
    """The account with this number."""
    found = _rows(session, ACCOUNT, ACCOUNT.c.id == account_id)
    return found[0] if found else None


def account_of_subject(session: Session, code: str, subject: str) -> Row | None:
    """The account that the municipality's own sign-on knows by this subject."""
    found = _rows(
        session,
        ACCOUNT,
        ACCOUNT.c.municipality_code == code,
        ACCOUNT.c.external_subject == subject,
    )
    return found[0] if found else None


def add_account(session: Session, values: Row) -> int:
    """Store a new account; its number."""
    new = session.connection().execute(insert(ACCOUNT).values(values))
    (number,) = new.inserted_primary_key or (0,)
    return int(number)


def change_account(session: Session, account_id: int, values: Row) -> None:
    """Store new values of an account."""
    session.connection().execute(update(ACCOUNT).where(ACCOUNT.c.id == account_id).values(values))


def add_sign_in(session: Session, values: Row) -> None:
    """Store a session."""
    session.connection().execute(insert(SIGN_IN).values(values))


def sign_in_of(session: Session, key_digest: str) -> Row | None:
    """The session a browser's key opens."""
    found = _rows(session, SIGN_IN, SIGN_IN.c.key_digest == key_digest)
    return found[0] if found else None


def see_again(session: Session, key_digest: str, at: datetime) -> None:
    """Note that a session is still used."""
    session.connection().execute(
        update(SIGN_IN).where(SIGN_IN.c.key_digest == key_digest).values(seen_at=at)
    )


def end_sign_ins(
    session: Session, *, key_digest: str | None = None, account_id: int | None = None
) -> int:
    """End one session, or all of an account; how many there were."""
    which = (
        SIGN_IN.c.key_digest == key_digest
        if key_digest is not None
        else SIGN_IN.c.account_id == account_id
    )
    return session.connection().execute(delete(SIGN_IN).where(which)).rowcount


def forget_old(session: Session, before: datetime) -> None:
    """Drop sessions and guesses nobody has touched since."""
    session.connection().execute(delete(SIGN_IN).where(SIGN_IN.c.seen_at < before))
    session.connection().execute(delete(GUESS).where(GUESS.c.last_at < before))


def guesses(session: Session, keys: list[str]) -> dict[str, Row]:
    """Wrong guesses under these keys."""
    return {row["key"]: row for row in _rows(session, GUESS, GUESS.c.key.in_(keys))}


def count_guess(session: Session, key: str, now: datetime, *, forget_before: datetime) -> int:
    """One more wrong guess under a key; how many there are now. The first statement writes."""
    old = GUESS.c.last_at < forget_before
    more = (
        update(GUESS)
        .where(GUESS.c.key == key)
        .values(failures=case((old, 1), else_=GUESS.c.failures + 1), last_at=now)
    )
    if not session.connection().execute(more).rowcount:
        try:
            with session.begin_nested():
                new = {"key": key, "failures": 1, "last_at": now, "blocked_until": None}
                session.connection().execute(insert(GUESS).values(new))
        except IntegrityError:  # somebody guessed under the same key at the same moment
            session.connection().execute(more)
    return int(guesses(session, [key])[key]["failures"])


def block_guess(session: Session, key: str, until: datetime) -> None:
    """Let whoever guesses under a key wait."""
    session.connection().execute(
        update(GUESS).where(GUESS.c.key == key).values(blocked_until=until)
    )


def forget_guess(session: Session, key: str) -> None:
    """A right password, or an administrator, wipes the count."""
    session.connection().execute(delete(GUESS).where(GUESS.c.key == key))
