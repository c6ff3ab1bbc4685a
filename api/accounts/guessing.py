"""Guessing (パスワードの当てずっぽう): each wrong try makes the next wait, then locks the door."""

import hashlib
from datetime import datetime, timedelta

from sqlmodel import Session

from api.store import credentials

FREE_TRIES = 4
LONGEST_WAIT = timedelta(hours=1)
FORGOTTEN_AFTER = timedelta(days=1)
ADDRESS_TRIES = 30
"""An office shares one address, so that many more may be wrong there before it has to wait."""


class TooManyGuesses(PermissionError):
    """Too many wrong tries: the next is refused until later, right or wrong."""


def guess_keys(code: str, login: str, address: str) -> list[str]:
    """What wrong tries are counted by: the name tried, and where it came from (as a digest)."""
    origin = hashlib.sha256(address.encode()).hexdigest()[:24]
    return [f"name:{code}:{login[:80]}", f"from:{origin}"]


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
    """Count a wrong try under each key."""
    known = credentials.guesses(session, keys)
    for key in keys:
        row = known.get(key)
        old = row is None or now - row["last_at"] > FORGOTTEN_AFTER
        failures = 1 if old or row is None else row["failures"] + 1
        free = FREE_TRIES if key.startswith("name:") else ADDRESS_TRIES
        credentials.put_guess(
            session,
            {
                "key": key,
                "failures": failures,
                "last_at": now,
                "blocked_until": now + _wait(failures - free) if failures > free else None,
            },
        )


def _wait(beyond: int) -> timedelta:
    """15 s, 30 s, 1 min … an hour."""
    return min(timedelta(seconds=15 * 2 ** min(beyond - 1, 12)), LONGEST_WAIT)
