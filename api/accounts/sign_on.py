"""The municipality's own sign-on (庁内の共通サインイン): OpenID Connect, code flow with PKCE.

Authlib speaks the protocol. What has to come back — state, nonce, verifier — travels in a signed
cookie (`Trip`), so that an answer opens only the browser that had asked. Nobody gets an account by
signing on: the claim must name one that the administrator has opened.
"""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from sqlmodel import Session

from api.accounts.sessions import login_key, open_session
from api.models import Account
from api.store import credentials
from api.store.changes import Hand, log_changes, open_deed

TRIP_TIME = timedelta(minutes=10)
LEEWAY_S = 60
SIGNED_BY = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
"""What an ID token may be signed with: never a shared secret, never nothing."""
AGAIN = "もう一度、はじめからお試しください。続くときは管理者にお知らせください。"


class SignOnFailed(PermissionError):
    """The sign-on did not say who it is; the words are for the person at the screen."""


class NobodyKnown(PermissionError):
    """The sign-on says who it is, and nobody of that name may work here."""


@dataclass(frozen=True)
class Provider:
    """The municipality's sign-on, as the settings tell of it."""

    issuer: str
    client_id: str
    client_secret: str
    claim: str
    """The claim that holds the login name."""


@dataclass(frozen=True)
class Trip:
    """What a browser takes along to the provider and must bring back."""

    code: str
    state: str
    nonce: str
    verifier: str
    wanted: str
    at: float
    """When it set out: seconds since 1970."""


def set_out(
    provider: Provider, code: str, back: str, wanted: str, now: datetime
) -> tuple[str, Trip]:
    """Where to send the browser, and what it takes along.

    Raises
    ------
    SignOnFailed
    """
    trip = Trip(
        code=code,
        state=secrets.token_urlsafe(32),
        nonce=secrets.token_urlsafe(32),
        verifier=secrets.token_urlsafe(48),
        wanted=wanted[:500],
        at=now.timestamp(),
    )
    with _client(provider, back) as client:
        there = _metadata(client, provider)
        address, _ = client.create_authorization_url(
            there["authorization_endpoint"],
            state=trip.state,
            nonce=trip.nonce,
            code_verifier=trip.verifier,
        )
    return str(address), trip


def come_back(
    provider: Provider, trip: Trip, back: str, answer: str, now: datetime
) -> dict[str, Any]:
    """The claims of whoever signed on; `answer` is the address the browser came back to.

    Raises
    ------
    SignOnFailed
    """
    asked = {name: values[0] for name, values in parse_qs(urlsplit(answer).query).items()}
    if not hmac.compare_digest(asked.get("state", "").encode(), trip.state.encode()):
        raise SignOnFailed(f"サインインの途中で、ほかのページに移ったようです。{AGAIN}")
    if now - datetime.fromtimestamp(trip.at, now.tzinfo) > TRIP_TIME:
        raise SignOnFailed(f"時間がたったため、サインインを終えられませんでした。{AGAIN}")
    if asked.get("error") == "access_denied":
        raise SignOnFailed("サインインが取りやめられました。")
    if asked.get("iss", provider.issuer) != provider.issuer:
        raise SignOnFailed(f"ほかのサインインの答えが届きました。{AGAIN}")
    with _client(provider, back) as client:
        there = _metadata(client, provider)
        client.token_endpoint_auth_method = _proof(provider, there)
        try:
            token = client.fetch_token(
                there["token_endpoint"],
                authorization_response=answer,
                state=trip.state,
                code_verifier=trip.verifier,
            )
            known: Any = _fetched(client, there["jwks_uri"])
            keys = KeySet.import_key_set(known)
        except (AuthlibBaseError, JoseError, httpx2.HTTPError, KeyError, ValueError) as error:
            raise SignOnFailed(f"共通サインインが、確認を断りました。{AGAIN}") from error
    return verified(provider, token.get("id_token"), keys, trip.nonce, token, now)


def verified(
    provider: Provider,
    id_token: object,
    keys: KeySet,
    nonce: str,
    token: Mapping[str, Any],
    now: datetime,
) -> dict[str, Any]:
    """The claims of an ID token: signature, issuer, audience, nonce and time all hold.

    Raises
    ------
    SignOnFailed
    """
    wanted = {"iss": provider.issuer, "aud": provider.client_id}
    options: Any = {name: {"essential": True, "value": value} for name, value in wanted.items()}
    try:
        read = jwt.decode(str(id_token or ""), keys, algorithms=list(SIGNED_BY))
        params = {"client_id": provider.client_id, "nonce": nonce} | {
            name: token[name] for name in ("access_token",) if name in token
        }
        claims = CodeIDToken(read.claims, read.header, options, params)
        claims.validate(now=int(now.timestamp()), leeway=LEEWAY_S)
    except (JoseError, ValueError, TypeError) as error:
        raise SignOnFailed(f"共通サインインの証明を確かめられませんでした。{AGAIN}") from error
    return dict(claims)


def enter_by_sign_on(
    session: Session, code: str, provider: Provider, claims: Mapping[str, Any], now: datetime
) -> str:
    """Open a session for the account these claims belong to; the key for the browser's cookie.

    The first sign-on ties the account to issuer and subject; from then on the name may change. A
    one-time password that nobody has used is worth nothing any more.

    Raises
    ------
    NobodyKnown
    """
    subject = f"{provider.issuer}|{claims['sub']}"
    account = credentials.account_of_subject(session, code, subject)
    if account is None:
        account = _account_named(session, code, provider, claims)
    if account["disabled_on"] is not None:
        raise NobodyKnown("このアカウントは止められています。管理者にお知らせください。")
    session.rollback()
    _tie(session, code, account, subject)
    return open_session(session, account["id"], now)


def _account_named(
    session: Session, code: str, provider: Provider, claims: Mapping[str, Any]
) -> credentials.Row:
    """An account that nobody has signed on to yet."""
    name = login_key(str(claims.get(provider.claim) or ""))
    account = credentials.account_named(session, code, name) if name else None
    taken = account is not None and account["external_subject"] is not None
    if account is None or taken or _doubtful(provider, claims):
        raise NobodyKnown(
            "共通サインインはできましたが、この市町村の机を使うアカウントがありません。"
            "管理者に、アカウントを作るよう頼んでください。"
        )
    return account


def _doubtful(provider: Provider, claims: Mapping[str, Any]) -> bool:
    """An address the provider itself has not checked names nobody."""
    return provider.claim == "email" and claims.get("email_verified") is False


def _tie(session: Session, code: str, account: credentials.Row, subject: str) -> None:
    values: credentials.Row = {}
    if account["external_subject"] is None:
        values["external_subject"] = subject
    if account["must_change"]:
        values |= {"must_change": False, "password_hash": None}
    if not values:
        return
    number = account["id"]
    credentials.change_account(session, number, values)
    hand = Hand(code, account["name"], account_id=number)
    hand = open_deed(session, hand, "account", entity="account", entity_id=number)
    log_changes(session, hand, Account, [number], [account], [account | values])


def _client(provider: Provider, back: str) -> Any:
    return OAuth2Client(
        provider.client_id,
        provider.client_secret,
        redirect_uri=back,
        scope="openid profile email",
        code_challenge_method="S256",
        timeout=10,
    )


def _metadata(client: Any, provider: Provider) -> dict[str, Any]:
    """What the provider tells of itself; it must be the one the settings name."""
    address = f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration"
    try:
        there = _fetched(client, address)
        ends = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        if there["issuer"] == provider.issuer and all(isinstance(there[e], str) for e in ends):
            return there
    except (httpx2.HTTPError, KeyError, ValueError) as error:
        raise SignOnFailed(
            "共通サインインにつながりません。少し待つか、パスワードでサインインしてください。"
        ) from error
    raise SignOnFailed("共通サインインの設定が合っていません。管理者にお知らせください。")


def _proof(provider: Provider, there: Mapping[str, Any]) -> str:
    """How we prove to it who we are; without a secret, by the verifier (PKCE) alone."""
    if not provider.client_secret:
        return "none"
    offered = there.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    return "client_secret_basic" if "client_secret_basic" in offered else "client_secret_post"


def _fetched(client: Any, address: str) -> dict[str, Any]:
    answer = client.request("GET", address, withhold_token=True)
    answer.raise_for_status()
    found = answer.json()
    if not isinstance(found, dict):
        raise ValueError(f"no object at {address}")
    return found
