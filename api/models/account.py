"""Account (アカウント), SignIn (サインイン中), SignInGuess (まちがい): who works here."""

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from api.models.columns import office


class Account(SQLModel, table=True):
    """Somebody who works in one municipality (アカウント). Read by `store/credentials.py` alone.

    The columns with a class are those the log tells of; a password is not one of them.
    """

    __table_args__ = (UniqueConstraint("municipality_code", "login"),)

    id: int | None = Field(default=None, primary_key=True)
    municipality_code: str = Field(foreign_key="municipality.code", index=True)
    login: str = office()
    """What they type, folded (NFKC, lower case)."""
    name: str = office()
    """How the log and colleagues know them."""
    role: str = office()
    """A `Role` of `accounts/roles.py`."""
    password_hash: str | None = Field(default=None)
    """Argon2id; NULL: only by the municipality's own sign-on."""
    must_change: bool = office(default=True)
    disabled_on: date | None = office(default=None)
    external_subject: str | None = Field(default=None, index=True)
    """Issuer and subject of the municipality's sign-on (OpenID Connect)."""
    created_at: datetime


class SignIn(SQLModel, table=True):
    """A session (サインイン中) kept at the server; the browser holds its key only."""

    key_digest: str = Field(primary_key=True)
    """SHA-256 of the cookie: a stolen backup opens no session."""
    account_id: int = Field(foreign_key="account.id", index=True)
    form_token: str
    """What every form of this session must bring back (CSRF)."""
    started_at: datetime
    seen_at: datetime


class SignInGuess(SQLModel, table=True):
    """Wrong passwords in a row, by name and by address (まちがいの数)."""

    key: str = Field(primary_key=True)
    failures: int
    blocked_until: datetime | None = Field(default=None)
    last_at: datetime
