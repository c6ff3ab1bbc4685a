"""Forms for people without an account (だれでも書ける用紙): signed, timed, sent once.

No cookie is set: the copy of the form itself says when it was handed out, and its key makes sure
that a second tap sends nothing twice.
"""

import secrets
from datetime import datetime, timedelta

from itsdangerous import BadSignature, URLSafeSerializer

SOONEST = timedelta(seconds=3)
"""Nobody has read and answered the questions before that."""
LATEST = timedelta(hours=24)


class StaleForm(PermissionError):
    """The form was not handed out by us, or too long ago (期限の切れた用紙)."""


class HastyForm(PermissionError):
    """The form came back faster than anybody writes (早すぎる送信)."""


def hand_out(secret: str, code: str, now: datetime) -> str:
    """A token for a new copy of the form of this municipality."""
    return _sealed(secret).dumps([code, secrets.token_urlsafe(12), int(now.timestamp())])


def take_back(secret: str, code: str, token: str, now: datetime) -> str:
    """The key of the copy a token belongs to.

    Raises
    ------
    StaleForm, HastyForm
    """
    try:
        of, key, at = _sealed(secret).loads(token[:500])
    except (BadSignature, ValueError, TypeError) as foreign:
        raise StaleForm from foreign
    age = now.timestamp() - at
    if of != code or age > LATEST.total_seconds():
        raise StaleForm
    if age < SOONEST.total_seconds():
        raise HastyForm
    return str(key)


def _sealed(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt="voice form")
