"""Somebody at the desk: an account of their own, signed in through the real form.

    chief = signed_in(engine, Role.CHIEF)
    chief.get("places/").text
    chief.post("places/new", {"name": "ひだまり"})        # the session's token goes with it

Paths are those below `/{code}/desk/`; one that begins with a slash is taken as it is. Redirects are
followed, as a browser would; `follow_redirects=False` shows them.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from fastapi import FastAPI
from small_town import CODE
from sqlalchemy import Engine, insert
from sqlmodel import Session
from starlette.testclient import TestClient

from api import clock
from api.accounts.passwords import hashed
from api.accounts.roles import Role
from api.main import create_app
from api.models import Assignment
from api.models.columns import table_of
from api.routes.desk import COOKIE
from api.store import credentials

PASSWORD = "hidamari-no-mati"
SINCE = date(2020, 4, 1)
"""When the areas of `signed_in` came into somebody's charge."""


@dataclass
class DeskClient:
    """A browser at the desk of one municipality."""

    http: TestClient
    app: FastAPI
    engine: Engine
    code: str
    login: str
    account_id: int
    token: str = ""

    @property
    def desk(self) -> str:
        """Address of the desk."""
        return f"/{self.code}/desk/"

    def sign_in(self, password: str = PASSWORD) -> Any:
        """Send the form to sign in with; the answer, and the new session's token is known."""
        fields = {"login": self.login, "password": password}
        answer = self.http.post(f"{self.desk}sign-in", data=fields, follow_redirects=False)
        self.token = token_of(self.engine, self.http.cookies.get(COOKIE) or "")
        return answer

    def get(self, path: str = "", **how: Any) -> Any:
        """Open a page of the desk."""
        return self.http.get(self._at(path), **how)

    def post(
        self,
        path: str,
        data: Mapping[str, str | Sequence[str]] | None = None,
        files: Any = None,
        **how: Any,
    ) -> Any:
        """Send a form of the desk, with this session's token unless `data` brings another."""
        fields = {"token": self.token, **(data or {})}
        return self.http.post(self._at(path), data=fields, files=files, **how)

    def version(self, path: str) -> str:
        """The version of the record whose form stands at this path."""
        return str(self.get(path).text.split('name="version" value="')[1].split('"')[0])

    def on(self, day: date, hour: int = 3) -> None:
        """Let it be this day for the server; a session of another day is over by then."""
        moment = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
        self.app.dependency_overrides |= {clock.today: lambda: day, clock.now: lambda: moment}

    def _at(self, path: str) -> str:
        return path if path.startswith("/") else self.desk + path


def engine_of(session: Session) -> Engine:
    """The database behind a session."""
    engine = session.get_bind()
    assert isinstance(engine, Engine)
    return engine


def signed_in(
    engine: Engine,
    role: Role,
    *,
    areas: Sequence[str] = (),
    login: str | None = None,
    code: str = CODE,
    app: FastAPI | None = None,
) -> DeskClient:
    """A new account of this role, in charge of these areas, that has signed in.

    `app`: where several sit at one server; otherwise each has one of their own on the database.
    """
    client = with_account(engine, role, areas=areas, login=login, code=code, app=app)
    answer = client.sign_in()
    assert answer.status_code == 303, answer.text
    return client


def with_account(
    engine: Engine,
    role: Role,
    *,
    areas: Sequence[str] = (),
    login: str | None = None,
    code: str = CODE,
    app: FastAPI | None = None,
    **values: Any,
) -> DeskClient:
    """As `signed_in`, but still outside; `values` are other columns of the account."""
    name = login or role.value
    app = app or create_app(engine)
    account_id = _add(engine, role, name, areas, code, values)
    # The cookie is Secure: over plain http:// the browser would not keep it.
    http = TestClient(app, base_url="https://testserver", raise_server_exceptions=False)
    return DeskClient(http, app, engine, code, name, account_id)


def token_of(engine: Engine, key: str) -> str:
    """What the forms of this session bring back; empty where there is no such session."""
    with Session(engine) as session:
        row = credentials.sign_in_of(session, hashlib.sha256(key.encode()).hexdigest())
    return row["form_token"] if row else ""


def _add(
    engine: Engine, role: Role, login: str, areas: Sequence[str], code: str, values: dict[str, Any]
) -> int:
    with Session(engine) as session:
        account = {
            "municipality_code": code,
            "login": login,
            "name": f"{login}さん",
            "role": role.value,
            "password_hash": _hashed_once(),
            "must_change": False,
            "created_at": datetime(2026, 4, 1, tzinfo=UTC),
        }
        number = credentials.add_account(session, account | values)
        charge = {"municipality_code": code, "account_id": number, "person": account["name"]}
        rows = [{**charge, "area_code": area, "valid_from": SINCE} for area in areas]
        if rows:
            more = {"duty": "coordinator", "version": 1}
            session.connection().execute(insert(table_of(Assignment)), [row | more for row in rows])
        session.commit()
    return number


@cache
def _hashed_once() -> str:
    return hashed(PASSWORD)
