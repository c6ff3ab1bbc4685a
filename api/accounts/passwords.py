"""Passwords (パスワード): Argon2id, and what a good one is."""

import hashlib
import hmac
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from pwdlib import PasswordHash
from pwdlib.exceptions import PwdlibError
from pwdlib.hashers.argon2 import Argon2Hasher

SHORTEST, LONGEST = 10, 200
PLAIN = ("password", "passw0rd", "yoridokoro", "qwerty", "1234567890", "abcdefghij")
# Letters that nobody confuses on paper: the first password is read from a slip.
READABLE = "abcdefghjkmnpqrstuvwxyz23456789"

AT_ONCE, PATIENCE_S = 2, 20.0
"""Argon2 takes 64 MB a try: so many tries are looked at together, and the rest wait so long."""

_turns = BoundedSemaphore(AT_ONCE)
_hasher = PasswordHash((Argon2Hasher(),))
_nobody = _hasher.hash(secrets.token_hex(16))


class WeakPassword(ValueError):
    """The new password would be guessed."""


class TooBusy(RuntimeError):
    """Too many passwords are being looked at; later there will be a turn again."""


@contextmanager
def turn() -> Iterator[None]:
    """A turn to look at a password. Raises `TooBusy` where none came in time."""
    if not _turns.acquire(timeout=PATIENCE_S):
        raise TooBusy("いま混みあっています。少し待ってから、もう一度お試しください。")
    try:
        yield
    finally:
        _turns.release()


def hashed(password: str) -> str:
    """The Argon2id hash that is stored."""
    return _hasher.hash(password)


def is_right(password: str, stored: str | None) -> bool:
    """Whether this is the password; takes as long where there is none to compare with."""
    try:
        right = _hasher.verify(password[:LONGEST], stored or _nobody)
    except PwdlibError:
        return False
    return right and stored is not None


def known_mark(account_id: int, stored: str | None) -> str:
    """What a browser keeps that has signed in before; a new password makes it worthless."""
    if stored is None:
        return ""
    return hmac.new(stored.encode(), f"known:{account_id}".encode(), hashlib.sha256).hexdigest()


def refuse_weak(password: str, login: str) -> None:
    """Raise `WeakPassword` with what to do about it, in words for the person who typed it."""
    folded = password.casefold()
    if len(password) < SHORTEST:
        raise WeakPassword(f"パスワードは{SHORTEST}文字以上にしてください。")
    if len(password) > LONGEST:
        raise WeakPassword(f"パスワードは{LONGEST}文字までにしてください。")
    if len(set(password)) < 5:
        raise WeakPassword("同じ文字のくり返しは、すぐに当てられます。ほかの文字を混ぜてください。")
    if login.casefold() in folded or any(word in folded for word in PLAIN):
        raise WeakPassword("名前やよく使われる言葉は、すぐに当てられます。別のものにしてください。")


def one_time_password() -> str:
    """A first password to hand over on paper: three groups of five letters."""
    groups = ("".join(secrets.choice(READABLE) for _ in range(5)) for _ in range(3))
    return "-".join(groups)
