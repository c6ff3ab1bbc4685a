"""The municipality's own sign-on, against a real OpenID provider that runs beside the test."""

import hmac
import warnings
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

import httpx2
import pytest
from authlib.deprecate import AuthlibDeprecationWarning
from desk_client import DeskClient, with_account
from fastapi import FastAPI
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from pydantic import ValidationError
from small_town import CODE, rows_of
from sqlalchemy import Engine
from sqlmodel import Session
from starlette.testclient import TestClient

from api.accounts.roles import Role
from api.accounts.sign_on import Provider, SignOnFailed, verified
from api.actions.init_municipality import init_municipality
from api.clock import now
from api.main import create_app
from api.models import Account, Deed, SignIn
from api.routes.sign_on import TRIP_COOKIE
from api.settings import Settings

with warnings.catch_warnings():
    # The provider still uses the part of Authlib that joserfc has replaced.
    warnings.simplefilter("ignore", AuthlibDeprecationWarning)
    from oidc_provider_mock import User, run_server_in_thread

pytestmark = [
    pytest.mark.databases("sqlite"),
    pytest.mark.filterwarnings("ignore::authlib.deprecate.AuthlibDeprecationWarning"),
    pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning"),
]
DESK = f"/{CODE}/desk/"
PEOPLE = (
    User(sub="u-1", claims={"preferred_username": "ＳＡＴＯ", "email": "sato@city.example"}),
    User(sub="u-2", claims={"preferred_username": "stranger"}),
    User(sub="u-3", claims={"preferred_username": "sato"}),
    User(sub="u-4", claims={"email": "sato@city.example"}),
)


@dataclass
class Beside:
    """The provider, and a browser that goes back and forth between it and the desk."""

    issuer: str
    app: FastAPI
    browser: TestClient
    engine: Engine

    def set_out(self, wanted: str = "") -> str:
        """Press the button; the address of the provider."""
        address = f"{DESK}sign-on" + (f"?{urlencode({'next': wanted})}" if wanted else "")
        answer = self.browser.get(address, follow_redirects=False)
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"])

    def agree(self, there: str, sub: str = "u-1") -> str:
        """Sign on at the provider; the address it sends the browser back to."""
        answer = httpx2.post(there, data={"sub": sub})
        assert answer.status_code == 302, answer.text
        return str(answer.headers["location"])

    def come_back(self, address: str) -> Any:
        """Follow the provider's answer to the desk."""
        return self.browser.get(address, follow_redirects=False)

    def sign_on(self, sub: str = "u-1", wanted: str = "") -> Any:
        """The whole way."""
        return self.come_back(self.agree(self.set_out(wanted), sub))


def register(issuer: str) -> dict[str, str]:
    """Make the desk known to a provider: its id and secret there."""
    back = {"redirect_uris": [f"https://testserver{DESK}sign-on/back"]}
    known = httpx2.post(f"{issuer}/oauth2/clients", json=back).raise_for_status().json()
    return {"oidc_client_id": known["client_id"], "oidc_client_secret": known["client_secret"]}


@contextmanager
def provider(
    engine: Engine, *, max_age: timedelta = timedelta(hours=1), **settings: Any
) -> Iterator[Beside]:
    """A provider, and an application that it knows."""
    running = run_server_in_thread(
        user_claims=PEOPLE, access_token_max_age=max_age, require_client_registration=True
    )
    with running as server:
        issuer = f"http://localhost:{server.server_port}"
        known = {"oidc_issuer": issuer, **register(issuer)}
        app = create_app(engine, Settings(**(known | settings)))
        browser = TestClient(app, base_url="https://testserver")
        yield Beside(issuer, app, browser, engine)


@pytest.fixture
def engine(a_small_town: Session) -> Engine:
    """Give the database of 四角市."""
    found = a_small_town.get_bind()
    assert isinstance(found, Engine)
    return found


@pytest.fixture
def beside(engine: Engine) -> Iterator[Beside]:
    """Give a provider and the desk."""
    with provider(engine) as found:
        yield found


@pytest.fixture
def sato(beside: Beside) -> DeskClient:
    """Give a coordinator's account with a one-time password nobody has used."""
    return with_account(beside.engine, Role.COORDINATOR, login="sato", must_change=True)


def replaced(address: str, **query: str) -> str:
    """The address with other values in its query."""
    parts = urlsplit(address)
    known = {name: values[0] for name, values in parse_qs(parts.query).items()}
    return urlunsplit(parts._replace(query=urlencode(known | query)))


def refused(beside: Beside, answer: Any, words: str) -> None:
    """The page to sign in on, in plain words, and no session."""
    assert answer.status_code == 403
    assert words in answer.text and "サインイン" in answer.text
    assert "yoridokoro" not in beside.browser.cookies
    with Session(beside.engine) as session:
        assert rows_of(session, SignIn) == []


# --- the way in ----------------------------------------------------------------------------------


def test_the_button_is_there_only_where_there_is_a_sign_on(beside: Beside, engine: Engine) -> None:
    assert "庁内の共通サインインで入る" in beside.browser.get(f"{DESK}sign-in").text
    plain = TestClient(create_app(engine, Settings()), base_url="https://testserver")
    assert "sign-on" not in plain.get(f"{DESK}sign-in").text
    assert plain.get(f"{DESK}sign-on").status_code == 404
    assert plain.get(f"{DESK}sign-on/back").status_code == 404
    assert beside.browser.get("/12345/desk/sign-on").status_code == 404


def test_what_goes_to_the_provider_is_state_nonce_and_a_challenge(beside: Beside) -> None:
    asked = parse_qs(urlsplit(beside.set_out()).query)
    assert asked["response_type"] == ["code"] and len(asked["client_id"]) == 1
    assert asked["redirect_uri"] == [f"https://testserver{DESK}sign-on/back"]
    assert asked["code_challenge_method"] == ["S256"] and len(asked["code_challenge"][0]) == 43
    assert len(asked["state"][0]) > 30 and len(asked["nonce"][0]) > 30
    again = parse_qs(urlsplit(beside.set_out()).query)
    assert asked["state"] != again["state"] and asked["nonce"] != again["nonce"]


def test_the_first_sign_on_ties_the_account_and_the_slip_is_worthless(
    beside: Beside, sato: DeskClient, a_small_town: Session
) -> None:
    answer = beside.sign_on(wanted=f"{DESK}services/")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"{DESK}services/"
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "Secure" in cookie and "SameSite=lax" in cookie
    page = beside.browser.get(f"{DESK}services/")
    assert page.status_code == 200 and "satoさん" in page.text
    (account,) = rows_of(a_small_town, Account)
    assert account["external_subject"] == f"{beside.issuer}|u-1"
    assert (account["password_hash"], account["must_change"]) == (None, False)
    (deed,) = [row for row in rows_of(a_small_town, Deed) if row["what"] == "account"]
    assert deed["actor"] == "satoさん"
    assert sato.sign_in().status_code == 403


def test_a_password_somebody_chose_stays(beside: Beside, engine: Engine) -> None:
    sato = with_account(engine, Role.COORDINATOR, login="sato")
    assert beside.sign_on().status_code == 303
    assert sato.sign_in().status_code == 303


@pytest.mark.usefixtures("sato")
def test_the_tie_holds_when_the_name_changes(beside: Beside, a_small_town: Session) -> None:
    assert beside.sign_on().status_code == 303
    body = {"preferred_username": "tanaka"}
    httpx2.put(f"{beside.issuer}/users/u-1", json=body).raise_for_status()
    beside.browser.cookies.clear()
    assert beside.sign_on().status_code == 303
    assert len(rows_of(a_small_town, Account)) == 1


# --- who does not get in -------------------------------------------------------------------------


def test_nobody_gets_an_account_by_signing_on(
    beside: Beside, sato: DeskClient, a_small_town: Session
) -> None:
    for stranger in ("u-2", "u-4"):
        refused(beside, beside.sign_on(stranger), "アカウントがありません")
    assert [row["id"] for row in rows_of(a_small_town, Account)] == [sato.account_id]


@pytest.mark.usefixtures("sato")
def test_another_person_of_the_same_name_is_not_let_in(
    beside: Beside, a_small_town: Session
) -> None:
    assert beside.sign_on().status_code == 303
    beside.browser.cookies.clear()
    answer = beside.sign_on("u-3")
    assert answer.status_code == 403 and "アカウントがありません" in answer.text
    (account,) = rows_of(a_small_town, Account)
    assert account["external_subject"].endswith("|u-1")


@pytest.mark.parametrize("tied", [False, True])
def test_a_closed_account_stays_closed(beside: Beside, engine: Engine, tied: bool) -> None:
    subject = f"{beside.issuer}|u-1" if tied else None
    closed = date(2026, 1, 1)
    with_account(
        engine, Role.COORDINATOR, login="sato", disabled_on=closed, external_subject=subject
    )
    refused(beside, beside.sign_on(), "アカウントは止められています")


def test_an_account_of_another_municipality_opens_nothing_here(
    beside: Beside, engine: Engine, a_small_town: Session
) -> None:
    init_municipality(a_small_town, "39998", "隣市")
    with_account(engine, Role.ADMINISTRATOR, login="sato", code="39998")
    refused(beside, beside.sign_on(), "アカウントがありません")


def test_an_address_nobody_has_checked_names_nobody(engine: Engine) -> None:
    with_account(engine, Role.COORDINATOR, login="sato@city.example")
    with provider(engine, oidc_claim="email") as beside:
        unchecked = {"email": "sato@city.example", "email_verified": False}
        httpx2.put(f"{beside.issuer}/users/u-9", json=unchecked).raise_for_status()
        refused(beside, beside.sign_on("u-9"), "アカウントがありません")
        assert beside.sign_on("u-4").status_code == 303


# --- answers that are not ours -------------------------------------------------------------------


@pytest.mark.usefixtures("sato")
def test_an_answer_with_another_state_is_refused(beside: Beside) -> None:
    address = beside.agree(beside.set_out())
    refused(beside, beside.come_back(replaced(address, state="x")), "ほかのページに移った")


@pytest.mark.usefixtures("sato")
def test_an_answer_opens_only_the_browser_that_asked(beside: Beside) -> None:
    address = beside.agree(beside.set_out())
    beside.browser.cookies.clear()
    refused(beside, beside.come_back(address), "始めたページが見つかりません")
    beside.set_out()  # another browser, which has asked for itself
    refused(beside, beside.come_back(address), "ほかのページに移った")


@pytest.mark.usefixtures("sato")
def test_a_cookie_somebody_has_written_themselves_is_refused(beside: Beside) -> None:
    address = beside.agree(beside.set_out())
    sealed = beside.browser.cookies[TRIP_COOKIE]
    beside.browser.cookies.clear()
    beside.browser.cookies.set(TRIP_COOKIE, sealed[:-2] + "xx", path=f"{DESK}sign-on")
    refused(beside, beside.come_back(address), "始めたページが見つかりません")


@pytest.mark.usefixtures("sato")
def test_a_trip_to_another_municipality_ends_there(beside: Beside, a_small_town: Session) -> None:
    init_municipality(a_small_town, "39998", "隣市")
    address = beside.agree(beside.set_out())
    sealed = beside.browser.cookies[TRIP_COOKIE]
    beside.browser.cookies.clear()
    beside.browser.cookies.set(TRIP_COOKIE, sealed)
    refused(beside, beside.come_back(address.replace(CODE, "39998")), "見つかりません")


@pytest.mark.usefixtures("sato")
def test_a_token_for_another_question_is_refused(beside: Beside) -> None:
    address = beside.agree(replaced(beside.set_out(), nonce="of-somebody-else"))
    refused(beside, beside.come_back(address), "証明を確かめられません")


@pytest.mark.usefixtures("sato")
def test_a_code_for_another_client_is_refused(beside: Beside) -> None:
    other = register(beside.issuer)["oidc_client_id"]
    address = beside.agree(replaced(beside.set_out(), client_id=other))
    refused(beside, beside.come_back(address), "確認を断りました")


def test_a_desk_with_a_wrong_secret_is_refused(engine: Engine) -> None:
    with_account(engine, Role.COORDINATOR, login="sato")
    with provider(engine, oidc_client_secret="not-the-one") as beside:
        refused(beside, beside.sign_on(), "確認を断りました")


@pytest.mark.usefixtures("sato")
def test_a_code_opens_once(beside: Beside) -> None:
    there = beside.set_out()
    trip = beside.browser.cookies[TRIP_COOKIE]
    address = beside.agree(there)
    assert beside.come_back(address).status_code == 303
    beside.browser.cookies.clear()
    beside.browser.cookies.set(TRIP_COOKIE, trip)
    answer = beside.come_back(address)
    assert answer.status_code == 403 and "確認を断りました" in answer.text


@pytest.mark.usefixtures("sato")
def test_who_says_no_is_told_so(beside: Beside) -> None:
    state = parse_qs(urlsplit(beside.set_out()).query)["state"][0]
    answer = urlencode({"error": "access_denied", "state": state})
    address = f"{DESK}sign-on/back?{answer}"
    refused(beside, beside.come_back(address), "取りやめられました")


@pytest.mark.usefixtures("sato")
def test_who_lingers_has_to_begin_again(beside: Beside) -> None:
    address = beside.agree(beside.set_out())
    beside.app.dependency_overrides[now] = lambda: datetime.now(UTC) + timedelta(minutes=11)
    refused(beside, beside.come_back(address), "時間がたったため")


def test_a_token_that_has_expired_is_refused(engine: Engine) -> None:
    with_account(engine, Role.COORDINATOR, login="sato")
    with provider(engine, max_age=timedelta(minutes=2)) as beside:
        address = beside.agree(beside.set_out())
        beside.app.dependency_overrides[now] = lambda: datetime.now(UTC) + timedelta(minutes=5)
        refused(beside, beside.come_back(address), "証明を確かめられません")


@pytest.mark.usefixtures("sato")
def test_nobody_is_sent_elsewhere_afterwards(beside: Beside) -> None:
    answer = beside.sign_on(wanted="https://evil.example/")
    assert answer.headers["location"] == DESK


def test_a_provider_out_of_reach_or_of_another_name_is_told(engine: Engine) -> None:
    for issuer, words in (("http://localhost:1", "つながりません"), (None, "設定が合っていません")):
        with run_server_in_thread() as server:
            # The same provider under another name is not the one the settings mean.
            other = f"http://127.0.0.1:{server.server_port}/"
            settings = Settings(oidc_issuer=issuer or other, oidc_client_id="desk")
            browser = TestClient(create_app(engine, settings), base_url="https://testserver")
            answer = browser.get(f"{DESK}sign-on")
            assert answer.status_code == 403 and words in answer.text


# --- tokens --------------------------------------------------------------------------------------

OURS = Provider("https://sso.city.example", "desk", "", "preferred_username")
KEY, OTHER_KEY = (RSAKey.generate_key(2048, parameters={"kid": "one"}) for _ in range(2))
AT = 1_790_000_000


def token(key: RSAKey = KEY, alg: str = "RS256", **claims: Any) -> str:
    """An ID token as our provider makes it, unless told otherwise."""
    good = {"iss": OURS.issuer, "aud": "desk", "sub": "u-1", "nonce": "n", "iat": AT}
    told = {**good, "exp": AT + 300, **claims}
    kept = {name: value for name, value in told.items() if value is not None}
    return jwt.encode({"alg": alg, "kid": "one"}, kept, key, algorithms=[alg])


def read(text: object, at: int = AT) -> dict[str, Any]:
    """What is made of it."""
    moment = datetime.fromtimestamp(at, UTC)
    return verified(OURS, text, KeySet([KEY]), "n", {}, moment)


def test_a_good_token_is_read() -> None:
    assert read(token())["sub"] == "u-1"
    assert read(token(aud=["desk", "other"], azp="desk"))["sub"] == "u-1"
    assert read(token(alg="PS384"))["sub"] == "u-1"


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.example"},
        {"iss": None},
        {"aud": "other"},
        {"aud": "other", "azp": "desk"},
        {"aud": None},
        {"aud": ["desk", "other"], "azp": "other"},
        {"nonce": "m"},
        {"nonce": None},
        {"sub": None},
        {"exp": AT - 61},
        {"exp": None},
        {"iat": AT + 3600},
        {"iat": None},
    ],
    ids=str,
)
def test_a_token_with_a_wrong_or_missing_claim_is_refused(claims: dict[str, Any]) -> None:
    with pytest.raises(SignOnFailed):
        read(token(**claims))


def test_a_token_signed_by_another_or_by_nobody_is_refused() -> None:
    header, body, _ = token().split(".")
    claimed = urlsafe_b64encode(b'{"alg":"HS256","kid":"one"}').decode().rstrip("=")
    shared = f"{claimed}.{body}"
    seal = hmac.digest(KEY.as_pem(private=False), shared.encode(), "sha256")
    for text in (
        token(OTHER_KEY),
        f"{shared}.{urlsafe_b64encode(seal).decode().rstrip('=')}",  # the public key as a secret
        f"{header}.{body}.",
        f"eyJhbGciOiJub25lIn0.{body}.",
        f"{header}.{body}",
        "",
        None,
    ):
        with pytest.raises(SignOnFailed):
            read(text)


# --- settings ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "values",
    [
        {"oidc_issuer": "http://sso.city.example", "oidc_client_id": "desk"},
        {"oidc_issuer": "sso.city.example", "oidc_client_id": "desk"},
        {"oidc_issuer": "https://sso.city.example"},
        {"secret": "short"},
    ],
    ids=str,
)
def test_unsafe_settings_are_refused_at_the_start(values: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Settings(**values)  # type: ignore[arg-type]


def test_secrets_do_not_show() -> None:
    settings = Settings(oidc_client_secret="s3cret-of-ours", secret="0123456789abcdef")  # type: ignore[arg-type]
    assert "s3cret" not in repr(settings) and "0123456789" not in repr(settings)
    assert Settings().secret != Settings().secret
