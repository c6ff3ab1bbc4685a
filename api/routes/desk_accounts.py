"""The administrator's pages: accounts (アカウント) and the municipality's settings (設定)."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Path, Response

from api.accounts.keeping import (
    BadLogin,
    Entry,
    LoginTaken,
    account_numbered,
    list_accounts,
)
from api.accounts.roles import ROLE_LABELS, Role
from api.actions.assign import CannotAssign
from api.actions.choose_settings import PACES, STALE_MONTHS, BadSetting, choose_settings
from api.actions.manage_accounts import (
    LastAdministrator,
    alter_account,
    close_account,
    open_account,
    renew_password,
)
from api.actions.records import office_settings
from api.actions.show_charges import areas_by_account
from api.routes.desk import AccountsDep, Desk, Form, FormDep
from api.routes.handing_on import land_of, pen_of
from web.words import WALKING_M_PER_MIN

router = APIRouter(prefix="/{code}/desk", include_in_schema=False)
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]


@router.get("/accounts/")
def accounts_page(desk: AccountsDep) -> Response:
    """Everybody who has or had an account."""
    entries = list_accounts(desk.session, desk.code)
    order = list(Role)
    return desk.page(
        "accounts.html",
        working=sorted(
            (entry for entry in entries if entry.disabled_on is None),
            key=lambda entry: (-order.index(entry.role), entry.login),
        ),
        closed=[entry for entry in entries if entry.disabled_on is not None],
        areas=areas_by_account(desk.session, land_of(desk)),
    )


@router.get("/accounts/new")
def new_account_page(desk: AccountsDep) -> Response:
    """The form for a new account."""
    return _form_page(desk, {"login": "", "name": "", "role": "", "areas": []})


@router.post("/accounts/new")
def add(desk: AccountsDep, form: FormDep) -> Response:
    """Open an account; its one-time password is on the answer and nowhere else."""
    areas = form.many("areas")
    values = {name: form.one(name) for name in ("login", "name", "role")}
    try:
        entry, password = open_account(
            desk.session,
            pen_of(desk).hand,
            land_of(desk),
            values["login"],
            values["name"],
            _role(form),
            now=desk.now,
            areas=areas,
        )
    except (BadLogin, LoginTaken, CannotAssign) as wrong:
        return _form_page(desk, {**values, "areas": areas}, str(wrong))
    return desk.page("account_password.html", entry=entry, password=password)


@router.get("/accounts/{number}")
def account_page(desk: AccountsDep, number: Number) -> Response:
    """One account: its name and role, a new password, closing."""
    return _account_page(desk, account_numbered(desk.session, desk.code, number))


@router.post("/accounts/{number}")
def alter(desk: AccountsDep, number: Number, form: FormDep) -> Response:
    """Another name or role."""
    entry = account_numbered(desk.session, desk.code, number)
    try:
        alter_account(desk.session, pen_of(desk).hand, entry.login, form.one("name"), _role(form))
    except (BadLogin, LastAdministrator) as wrong:
        return _account_page(desk, entry, str(wrong))
    return desk.go("accounts/", "account")


@router.post("/accounts/{number}/disable")
def disable(desk: AccountsDep, number: Number, _form: FormDep) -> Response:
    """Close an account at once."""
    entry = account_numbered(desk.session, desk.code, number)
    try:
        close_account(desk.session, pen_of(desk).hand, entry.login, desk.today)
    except LastAdministrator as wrong:
        return _account_page(desk, entry, str(wrong))
    return desk.go("accounts/", "account")


@router.post("/accounts/{number}/reset")
def reset(desk: AccountsDep, number: Number, _form: FormDep) -> Response:
    """A new one-time password; a closed account opens again."""
    entry = account_numbered(desk.session, desk.code, number)
    entry, password = renew_password(desk.session, pen_of(desk).hand, entry.login)
    return desk.page("account_password.html", entry=entry, password=password)


@router.get("/settings")
def settings_page(desk: AccountsDep) -> Response:
    """What the municipality may choose."""
    chosen = office_settings(desk.session, desk.tenant)
    return _settings(desk, chosen)


@router.post("/settings")
def choose(desk: AccountsDep, form: FormDep) -> Response:
    """Store what was chosen."""
    reviewed, months = form.one("reviewed") == "yes", form.one("stale_months")
    contact, shown = form.one("voice_contact"), form.one("needs_shown") == "yes"
    voice: dict[str, Any] = {"voice_contact": contact or None, "needs_shown": shown}
    pace = form.one("walk_m_per_min") or str(WALKING_M_PER_MIN)
    try:
        new = choose_settings(
            desk.session,
            pen_of(desk).hand,
            desk.tenant,
            reviewed=reviewed,
            stale_months=_whole(months),
            walk_m_per_min=_whole(pace),
            **voice,
        )
    except BadSetting as wrong:
        chosen = {"reviewed": reviewed, "stale_months": months, "walk_m_per_min": pace, **voice}
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return _settings(desk, chosen, str(wrong), status)
    return desk.go("settings", "settings" if new else "same")


def _settings(
    desk: Desk, chosen: Mapping[str, Any], wrong: str = "", status: HTTPStatus = HTTPStatus.OK
) -> Response:
    ranges = {"months": STALE_MONTHS, "paces": PACES}
    return desk.page("settings.html", status, chosen=chosen, wrong=wrong, **ranges)


def _whole(text: str) -> int:
    """The number typed; what is none is out of every range."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else 0


def _role(form: Form) -> Role:
    text = form.one("role")
    if text not in ROLE_LABELS:
        raise BadLogin("役割を選んでください。")
    return Role(text)


def _form_page(desk: Desk, values: dict[str, Any], wrong: str = "") -> Response:
    return desk.page(
        "account_new.html",
        _status(wrong),
        values=values,
        wrong=wrong,
        roles=ROLE_LABELS,
        area_names=land_of(desk).area_names,
    )


def _account_page(desk: Desk, entry: Entry, wrong: str = "") -> Response:
    areas = areas_by_account(desk.session, land_of(desk)).get(entry.account_id, "")
    return desk.page(
        "account.html", _status(wrong), entry=entry, wrong=wrong, roles=ROLE_LABELS, areas=areas
    )


def _status(wrong: str) -> HTTPStatus:
    return HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
