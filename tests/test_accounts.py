"""Accounts: passwords, sessions, guessing, and forms that come from elsewhere."""

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from desk_client import PASSWORD, DeskClient, signed_in, with_account
from fastapi import FastAPI
from small_town import CODE, rows_of
from sqlalchemy import Engine
from sqlmodel import Session
from starlette.testclient import TestClient

from api import clock
from api.accounts.guessing import ADDRESS_TRIES, FREE_TRIES
from api.accounts.passwords import WeakPassword, hashed, is_right, one_time_password, refuse_weak
from api.accounts.roles import Role
from api.accounts.sessions import login_key
from api.actions.init_municipality import init_municipality
from api.main import create_app
from api.models import Account, SignIn, SignInGuess
from api.routes.desk import COOKIE
from api.settings import Settings
from api.store import credentials

pytestmark = pytest.mark.databases("sqlite")
SIGN_IN = f"/{CODE}/desk/sign-in"
START = datetime(2026, 10, 1, 0, 0, tzinfo=UTC)
NEW = "umi-no-mieru-mati"


@pytest.fixture
def engine(a_small_town: Session) -> Engine:
    """Give the database of 四角市."""
    found = a_small_town.get_bind()
    assert isinstance(found, Engine)
    return found


@pytest.fixture
def app(engine: Engine) -> Iterator[FastAPI]:
    """Give a server whose clock stands at `START`."""
    found = create_app(engine)
    at(found, timedelta())
    yield found


@pytest.fixture
def sato(engine: Engine, app: FastAPI) -> DeskClient:
    """Give a coordinator, signed in."""
    return signed_in(engine, Role.COORDINATOR, login="sato", app=app)


def at(app: FastAPI, later: timedelta) -> None:
    """Let it be that much later than `START` for the server."""
    moment = START + later
    app.dependency_overrides |= {clock.now: lambda: moment, clock.today: lambda: moment.date()}


def inside(browser: DeskClient) -> bool:
    """Whether the desk opens."""
    return bool(browser.get("places/", follow_redirects=False).status_code == 200)


# --- passwords -----------------------------------------------------------------------------------


def test_a_password_is_kept_as_argon2id_with_a_salt_of_its_own() -> None:
    first, second = hashed(PASSWORD), hashed(PASSWORD)
    assert first.startswith("$argon2id$") and first != second
    assert is_right(PASSWORD, first)
    assert not is_right(PASSWORD + "x", first)
    assert not is_right(PASSWORD, None)
    assert not is_right(PASSWORD, "no hash at all")


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("みじかい", "10文字以上"),
        ("a" * 201, "200文字まで"),
        ("abababababab", "同じ文字"),
        ("xxSATOxx2026", "名前やよく使われる言葉"),
        ("my-Password-7", "名前やよく使われる言葉"),
        ("1234567890ab", "名前やよく使われる言葉"),
    ],
)
def test_a_password_that_would_be_guessed_is_refused(password: str, words: str) -> None:
    with pytest.raises(WeakPassword, match=words):
        refuse_weak(password, "sato")


def test_one_time_passwords_are_readable_and_never_the_same() -> None:
    made = {one_time_password() for _ in range(50)}
    assert len(made) == 50
    assert not {"0", "o", "1", "l", "i"} & set("".join(made))


def test_a_name_is_one_however_it_is_typed() -> None:
    assert login_key(" ＳａＴｏ ") == login_key("sato")


# --- the first password --------------------------------------------------------------------------


def test_the_first_password_opens_one_door_only(engine: Engine, app: FastAPI) -> None:
    new = with_account(engine, Role.ADMINISTRATOR, login="new", must_change=True, app=app)
    new.sign_in()
    for path in ("", "places/", "accounts/", "assignments/"):
        answer = new.get(path, follow_redirects=False)
        assert answer.status_code == 303, path
        assert answer.headers["location"] == f"/{CODE}/desk/password", path
    refused = new.post("settings", {"reviewed": "no", "stale_months": "6"}, follow_redirects=False)
    assert refused.headers["location"] == f"/{CODE}/desk/password"
    asked = new.get("places/", headers={"accept": "application/json"})
    assert asked.status_code == 403 and asked.json()["type"] == "/problems/password-first"
    assert "はじめに、自分のパスワードを決めます" in new.get("password").text


def change(browser: DeskClient, **values: str) -> Any:
    """Send the form for a new password."""
    fields = {"old": PASSWORD, "new": NEW, "again": NEW, **values}
    return browser.post("password", fields, follow_redirects=False)


def test_a_new_password_opens_the_desk_and_ends_other_sessions(
    engine: Engine, app: FastAPI
) -> None:
    new = with_account(engine, Role.COORDINATOR, login="new", must_change=True, app=app)
    elsewhere = DeskClient(
        TestClient(app, base_url="https://testserver"), app, engine, CODE, "new", new.account_id
    )
    new.sign_in(), elsewhere.sign_in()
    old_key = new.http.cookies[COOKIE]
    answer = change(new)
    assert answer.headers["location"] == f"/{CODE}/desk/?done=password"
    assert new.http.cookies[COOKIE] != old_key
    assert inside(new) and not inside(elsewhere)
    assert elsewhere.sign_in().status_code == 403
    assert elsewhere.sign_in(NEW).status_code == 303


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"old": "wrong-old-one"}, "いまのパスワードが違います"),
        ({"again": "another-of-mine"}, "2回で違っています"),
        ({"new": "short", "again": "short"}, "10文字以上"),
    ],
    ids=str,
)
def test_a_password_is_not_changed_by_halves(
    sato: DeskClient, values: dict[str, str], words: str
) -> None:
    answer = change(sato, **values)
    assert answer.status_code == 422 and words in answer.text
    assert inside(sato)
    assert sato.sign_in().status_code == 303


def test_guessing_the_old_password_is_slowed_down_too(sato: DeskClient) -> None:
    for _ in range(FREE_TRIES + 1):
        change(sato, old="wrong-old-one")
    assert "止めています" in change(sato).text


# --- guessing ------------------------------------------------------------------------------------


def test_guessing_slows_down_and_then_locks(engine: Engine, app: FastAPI) -> None:
    sato = with_account(engine, Role.COORDINATOR, login="sato", app=app)
    for _ in range(FREE_TRIES):
        assert sato.sign_in("wrong").status_code == 403
    assert sato.sign_in("wrong").status_code == 403  # and from now on it has to wait
    waited = sato.sign_in()
    assert waited.status_code == 429 and "止めています" in waited.text
    at(app, timedelta(seconds=16))
    assert sato.sign_in("wrong").status_code == 403
    at(app, timedelta(seconds=16 + 29))
    assert sato.sign_in().status_code == 429  # twice as long as before
    at(app, timedelta(seconds=16 + 31))
    assert sato.sign_in().status_code == 303


def test_the_wait_ends_at_an_hour(engine: Engine, app: FastAPI) -> None:
    sato = with_account(engine, Role.COORDINATOR, login="sato", app=app)
    passed = timedelta()
    for _ in range(FREE_TRIES + 12):
        sato.sign_in("wrong")
        passed += timedelta(hours=1, seconds=1)
        at(app, passed)
    assert sato.sign_in().status_code == 303


def test_a_right_password_wipes_the_count(engine: Engine, app: FastAPI) -> None:
    sato = with_account(engine, Role.COORDINATOR, login="sato", app=app)
    for _ in range(3):
        for _ in range(FREE_TRIES):
            sato.sign_in("wrong")
        assert sato.sign_in().status_code == 303


def test_one_address_trying_many_names_is_stopped(engine: Engine, app: FastAPI) -> None:
    sato = with_account(engine, Role.COORDINATOR, login="sato", app=app)
    stranger = TestClient(app, base_url="https://testserver")
    for number in range(ADDRESS_TRIES + 1):
        stranger.post(SIGN_IN, data={"login": f"guess{number}", "password": "x"})
    answer = stranger.post(SIGN_IN, data={"login": "guess", "password": "x"})
    assert answer.status_code == 429
    assert sato.sign_in().status_code == 429  # the office shares that address
    elsewhere = TestClient(app, base_url="https://testserver", client=("10.0.0.9", 1))
    fields = {"login": "sato", "password": PASSWORD}
    assert elsewhere.post(SIGN_IN, data=fields, follow_redirects=False).status_code == 303


def test_an_office_is_not_outside_for_long_because_one_machine_guesses(
    engine: Engine, app: FastAPI
) -> None:
    sato = with_account(engine, Role.COORDINATOR, login="sato", app=app)
    stranger = TestClient(app, base_url="https://testserver")
    for number in range(ADDRESS_TRIES + 1):
        stranger.post(SIGN_IN, data={"login": f"guess{number}", "password": "x"})
    assert sato.sign_in().status_code == 429
    at(app, timedelta(minutes=5, seconds=1))
    assert sato.sign_in().status_code == 303


def test_a_stranger_who_guesses_locks_nobody_out_of_their_own_browser(
    engine: Engine, app: FastAPI
) -> None:
    sato = with_account(engine, Role.COORDINATOR, login="sato", app=app)
    assert sato.sign_in().status_code == 303
    sato.post("sign-out")
    guess = {"login": "sato", "password": "x"}
    for number in range(FREE_TRIES + 1):
        stranger = TestClient(app, base_url="https://testserver", client=(f"10.0.0.{number}", 1))
        stranger.post(SIGN_IN, data=guess)
    new = TestClient(app, base_url="https://testserver", client=("10.0.1.1", 1))
    fields = {"login": "sato", "password": PASSWORD}
    assert new.post(SIGN_IN, data=fields).status_code == 429
    assert sato.sign_in().status_code == 303
    for _ in range(FREE_TRIES + 1):
        sato.sign_in("wrong")
    assert sato.sign_in().status_code == 429  # their own browser does not guess for free


def test_people_who_sign_in_at_once_all_get_in_and_no_wrong_try_is_lost(
    engine: Engine, app: FastAPI, a_small_town: Session
) -> None:
    people = [with_account(engine, Role.COORDINATOR, login=f"p{n}", app=app) for n in range(4)]
    wrong = with_account(engine, Role.COORDINATOR, login="sato", app=app)
    answers: list[int] = []

    def sign_in(browser: DeskClient, password: str) -> None:
        fields = {"login": browser.login, "password": password}
        answers.append(browser.http.post(SIGN_IN, data=fields, follow_redirects=False).status_code)

    tries = [(person, PASSWORD) for person in people] + [(wrong, "wrong")] * FREE_TRIES
    hands = [threading.Thread(target=sign_in, args=args) for args in tries]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert sorted(answers) == [303] * 4 + [403] * FREE_TRIES
    counts = {row["key"]: row["failures"] for row in rows_of(a_small_town, SignInGuess)}
    assert counts[f"name:{CODE}:sato"] == FREE_TRIES


def test_unknown_names_and_closed_accounts_behave_alike(
    engine: Engine, app: FastAPI, a_small_town: Session
) -> None:
    def answers(login: str, password: str) -> list[tuple[int, str]]:
        browser = TestClient(app, base_url="https://testserver", client=(login, 1))
        found = []
        for _ in range(FREE_TRIES + 2):
            answer = browser.post(SIGN_IN, data={"login": login, "password": password})
            found.append((answer.status_code, answer.text))
        return found

    with_account(engine, Role.COORDINATOR, login="sato", app=app)
    with_account(engine, Role.COORDINATOR, login="gone", disabled_on=date(2026, 1, 1), app=app)
    with_account(engine, Role.COORDINATOR, login="sso", password_hash=None, app=app)
    known = answers("sato", "wrong")
    assert answers("nobody", "wrong") == known
    assert answers("gone", PASSWORD) == known
    assert answers("sso", "") == known
    assert [status for status, _ in known] == [403] * (FREE_TRIES + 1) + [429]
    assert rows_of(a_small_town, SignIn) == []


def test_addresses_are_not_kept_in_the_clear(
    engine: Engine, app: FastAPI, a_small_town: Session
) -> None:
    browser = with_account(engine, Role.COORDINATOR, login="sato", app=app)
    browser.sign_in("wrong")
    assert "testclient" not in str(rows_of(a_small_town, SignInGuess))


# --- sessions ------------------------------------------------------------------------------------


def test_the_cookie_is_for_this_site_alone_and_no_script_reads_it(
    engine: Engine, app: FastAPI, a_small_town: Session
) -> None:
    sato = with_account(engine, Role.COORDINATOR, login="sato", app=app)
    header = sato.sign_in().headers["set-cookie"]
    flags = {part.strip().lower() for part in header.split(";")}
    assert {"httponly", "secure", "samesite=lax", "path=/"} <= flags
    assert "domain" not in header.lower()
    key = sato.http.cookies[COOKIE]
    assert len(key) > 40
    (stored,) = rows_of(a_small_town, SignIn)
    assert key not in str(stored)


def test_a_closed_network_may_go_without_encryption(engine: Engine) -> None:
    settings = Settings(plain_http=True)
    browser = TestClient(create_app(engine, settings), base_url="http://10.1.1.1")
    with_account(engine, Role.COORDINATOR, login="sato")
    fields = {"login": "sato", "password": PASSWORD}
    header = browser.post(SIGN_IN, data=fields, follow_redirects=False).headers["set-cookie"]
    assert "Secure" not in header and "HttpOnly" in header
    strict = TestClient(create_app(engine, Settings()), base_url="http://10.1.1.1")
    assert "暗号化されていないため" in strict.get(SIGN_IN).text


def test_signing_in_never_keeps_a_key_somebody_brought(engine: Engine, app: FastAPI) -> None:
    sato = with_account(engine, Role.COORDINATOR, login="sato", app=app)
    sato.http.cookies.set(COOKIE, "a-key-of-the-attacker", domain="testserver.local")
    sato.sign_in()
    keys = [cookie.value for cookie in sato.http.cookies.jar if cookie.name == COOKIE]
    assert any(key != "a-key-of-the-attacker" for key in keys)
    other = TestClient(
        app, base_url="https://testserver", cookies={COOKIE: "a-key-of-the-attacker"}
    )
    assert other.get(f"/{CODE}/desk/places/", follow_redirects=False).status_code == 303


def test_who_signs_out_is_out_and_others_stay(
    sato: DeskClient, engine: Engine, app: FastAPI
) -> None:
    elsewhere = DeskClient(
        TestClient(app, base_url="https://testserver"), app, engine, CODE, "sato", sato.account_id
    )
    elsewhere.sign_in()
    key = sato.http.cookies[COOKIE]
    answer = sato.post("sign-out", follow_redirects=False)
    assert answer.headers["clear-site-data"] == '"storage"'
    assert COOKIE not in sato.http.cookies
    sato.http.cookies.set(COOKIE, key)  # as somebody would who had copied it
    assert not inside(sato) and inside(elsewhere)


def test_signing_out_everywhere_ends_every_session(
    sato: DeskClient, engine: Engine, app: FastAPI, a_small_town: Session
) -> None:
    colleague = signed_in(engine, Role.CHIEF, app=app)
    elsewhere = DeskClient(
        TestClient(app, base_url="https://testserver"), app, engine, CODE, "sato", sato.account_id
    )
    elsewhere.sign_in()
    sato.post("sign-out", {"everywhere": "1"})
    assert not inside(elsewhere) and inside(colleague)
    assert [row["account_id"] for row in rows_of(a_small_town, SignIn)] == [colleague.account_id]


def test_a_session_nobody_uses_ends_after_four_hours(sato: DeskClient, app: FastAPI) -> None:
    at(app, timedelta(hours=3, minutes=59))
    assert inside(sato)
    at(app, timedelta(hours=7, minutes=58))
    assert inside(sato)  # it was used in between
    at(app, timedelta(hours=11, minutes=59))
    assert not inside(sato)


def test_no_session_lasts_longer_than_fourteen_hours(sato: DeskClient, app: FastAPI) -> None:
    for hour in (3, 6, 9, 12, 14):
        at(app, timedelta(hours=hour))
        assert inside(sato), hour
    at(app, timedelta(hours=14, minutes=1))
    assert not inside(sato)


def test_a_closed_account_is_out_at_once(sato: DeskClient, engine: Engine) -> None:
    with Session(engine) as session:
        credentials.change_account(session, sato.account_id, {"disabled_on": date(2026, 10, 1)})
        session.commit()
    assert not inside(sato)


def test_old_sessions_are_swept_away(sato: DeskClient, app: FastAPI, a_small_town: Session) -> None:
    at(app, timedelta(days=3))
    sato.http.cookies.clear()
    sato.sign_in()
    assert len(rows_of(a_small_town, SignIn)) == 1


def test_a_session_of_one_municipality_opens_no_other(
    sato: DeskClient, a_small_town: Session
) -> None:
    init_municipality(a_small_town, "39998", "隣市")
    answer = sato.get("/39998/desk/places/")
    assert answer.status_code == 403 and "隣市の担当者だけ" in answer.text
    assert sato.post("/39998/desk/sign-out").status_code == 403
    assert inside(sato)


def test_names_are_per_municipality(engine: Engine, app: FastAPI, a_small_town: Session) -> None:
    init_municipality(a_small_town, "39998", "隣市")
    with_account(engine, Role.COORDINATOR, login="sato", code="39998", app=app)
    stranger = TestClient(app, base_url="https://testserver")
    fields = {"login": "sato", "password": PASSWORD}
    assert stranger.post(SIGN_IN, data=fields).status_code == 403
    there = stranger.post("/39998/desk/sign-in", data=fields, follow_redirects=False)
    assert there.headers["location"] == "/39998/desk/"
    assert [row["municipality_code"] for row in rows_of(a_small_town, Account)] == ["39998"]


# --- where one goes afterwards -------------------------------------------------------------------


def test_who_must_sign_in_comes_back_to_the_page_they_wanted(engine: Engine, app: FastAPI) -> None:
    sato = with_account(engine, Role.COORDINATOR, login="sato", app=app)
    asked = sato.get("places/?q=%E4%BC%9A&area=W", follow_redirects=False)
    there = asked.headers["location"]
    assert there.startswith(f"{SIGN_IN}?next=")
    page = sato.http.get(there).text
    assert f'value="/{CODE}/desk/places/?q=%E4%BC%9A&amp;area=W"' in page
    fields = {"login": "sato", "password": PASSWORD, "next": f"/{CODE}/desk/places/?q=x"}
    answer = sato.http.post(SIGN_IN, data=fields, follow_redirects=False)
    assert answer.headers["location"] == f"/{CODE}/desk/places/?q=x"


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        f"/{CODE}/desk/\\..\\..\\evil",
        f"https://evil.example/{CODE}/desk/",
        "javascript:alert(1)",
        "/39998/desk/",
        f"/{CODE}/",
        f" /{CODE}/desk/",
        "\t//evil.example",
        "",
    ],
)
def test_nobody_is_sent_outside_the_desk(engine: Engine, app: FastAPI, wanted: str) -> None:
    sato = with_account(engine, Role.COORDINATOR, login="sato", app=app)
    fields = {"login": "sato", "password": PASSWORD, "next": wanted}
    answer = sato.http.post(SIGN_IN, data=fields, follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/{CODE}/desk/"


def test_programs_are_told_instead_of_sent_to_a_page(engine: Engine, app: FastAPI) -> None:
    stranger = with_account(engine, Role.COORDINATOR, login="sato", app=app)
    asked = stranger.get("places/", headers={"accept": "application/json"})
    assert asked.status_code == 401 and asked.json()["type"] == "/problems/not-signed-in"
    assert stranger.post("places/new", {"name": "x"}).status_code == 401


# --- forms from elsewhere ------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["sign-out", "password", "places/new"])
def test_a_form_without_this_sessions_token_is_refused(
    sato: DeskClient, engine: Engine, app: FastAPI, path: str
) -> None:
    other = signed_in(engine, Role.COORDINATOR, login="other", app=app)
    for token in ("", "x", other.token, "あ"):
        answer = sato.post(path, {"token": token, "name": "x"})
        assert answer.status_code == 403, token
        assert "ほかのページから送られました" in answer.text
    assert inside(sato)


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "https://testserver.evil.example"},
        {"origin": "https://testserver:8443"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
    ids=str,
)
def test_what_another_site_sends_is_refused(
    sato: DeskClient, app: FastAPI, headers: dict[str, str]
) -> None:
    assert sato.post("sign-out", headers=headers).status_code == 403
    assert inside(sato)
    # Nor may another site sign somebody in (to an account of its own, to see what they write).
    fields = {"login": "sato", "password": PASSWORD}
    victim = TestClient(app, base_url="https://testserver")
    answer = victim.post(SIGN_IN, data=fields, headers=headers, follow_redirects=False)
    assert answer.status_code == 403 and COOKIE not in victim.cookies


def test_our_own_pages_are_heard(sato: DeskClient) -> None:
    headers = {"origin": "https://testserver", "sec-fetch-site": "same-origin"}
    answer = sato.post("sign-out", headers=headers, follow_redirects=False)
    assert answer.status_code == 303


def test_pages_of_the_desk_are_kept_nowhere_and_framed_by_nobody(sato: DeskClient) -> None:
    answer = sato.get("places/")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-frame-options"] == "SAMEORIGIN"
    assert "default-src 'none'" in answer.text.replace("&#39;", "'")
