"""Guessing (パスワードの当てずっぽう): each wrong try makes the next wait, then locks the door."""

import hashlib
from datetime import datetime, timedelta

from sqlmodel import Session

from api.store import credentials

FREE_TRIES = 4
LONGEST_WAIT = timedelta(hours=1)
FORGOTTEN_AFTER = timedelta(days=1)
ADDRESS_TRIES = 60
"""An office shares one address, so that many more may be wrong there before it has to wait."""
ADDRESS_LONGEST_WAIT = timedelta(minutes=5)
ADDRESS_FORGOTTEN_AFTER = timedelta(hours=1)
"""And a whole office must not stay outside because one of its machines goes on guessing."""


class TooManyGuesses(PermissionError):
    """Too many wrong tries: the next is refused until later, right or wrong."""


def guess_keys(code: str, login: str, address: str, known_as: str = "") -> list[str]:
    """What wrong tries are counted by: the name tried, and where it came from (as a digest).

    `known_as`: what a browser that this account has signed in with before brings; its wrong tries
    count apart, so that strangers who guess at a name do not lock out whoever bears it.
    """
    origin = hashlib.sha256(address.encode()).hexdigest()[:24]
    who = f"{login[:80]}#{known_as}" if known_as else login[:80]
    return [f"name:{code}:{who}", f"from:{origin}"]


def refuse_while_blocked(session: Session, keys: list[str], now: datetime) -> None:
    """Raise `TooManyGuesses` while one of the keys has to wait."""
    until = [
        row["blocked_until"]
        for row in credentials.guesses(session, keys).values()
        if row["blocked_until"] is not None and row["blocked_until"] > now
    ]
    if until:
        minutes = max(1, round((max(until) - now).total_seconds() / 60))
        raise TooManyGuesses(
            f"まちがいが続いたため、止めています。{minutes}分ほど待ってから、もう一度お試しください。"
            "急ぐときは、管理者に頼むと、新しいパスワードを出せます。"
        )


def count_wrong(session: Session, keys: list[str], now: datetime) -> None:
    """Count a wrong try under each key; whoever counts at the same moment waits, and none is lost.

    Whatever the session has read before is forgotten: nobody may write to a look at the past.
    """
    session.rollback()
    for key in keys:
        of_name = key.startswith("name:")
        forgotten = FORGOTTEN_AFTER if of_name else ADDRESS_FORGOTTEN_AFTER
        failures = credentials.count_guess(session, key, now, forget_before=now - forgotten)
        beyond = failures - (FREE_TRIES if of_name else ADDRESS_TRIES)
        if beyond > 0:
            longest = LONGEST_WAIT if of_name else ADDRESS_LONGEST_WAIT
            credentials.block_guess(session, key, now + min(_wait(beyond), longest))


def _wait(beyond: int) -> timedelta:
    """15 s, 30 s, 1 min … an hour."""
    return timedelta(seconds=15 * 2 ** min(beyond - 1, 12))
