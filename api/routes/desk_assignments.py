"""Who is in charge of which area (担当), and the sheet that is handed over (引きつぎ書)."""

from datetime import date
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response

from api.accounts.keeping import list_accounts
from api.accounts.roles import Right, Role
from api.accounts.terms import Term
from api.actions.assign import (
    DUTIES,
    CannotAssign,
    Order,
    assign,
    correct_charge,
    find_charge,
    name_of,
    remove_charge,
)
from api.actions.hand_over import hand_over_sheet
from api.actions.show_charges import Charge, charges_of, show_charges
from api.routes.desk import AssignDep, Desk, DeskDep, Form, FormDep
from api.routes.handing_on import land_of, pen_of

router = APIRouter(prefix="/{code}/desk", include_in_schema=False)
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]


@router.get("/assignments/")
def assignments_page(desk: DeskDep) -> Response:
    """Who is, was and will be in charge, area by area."""
    areas = show_charges(desk.session, land_of(desk))
    return desk.page("assignments.html", areas=areas, writable=desk.member.may(Right.ASSIGN))


@router.get("/assignments/new")
def new_assignment_page(
    desk: AssignDep, area: Annotated[str, Query(max_length=80)] = ""
) -> Response:
    """The form to hand an area over."""
    now = [each for each in _in_charge(desk, area) if each.term.holds_on(desk.today)]
    ends = [str(each.number) for each in now if each.duty == "coordinator"]
    start = desk.today.isoformat()
    return _form_page(desk, {"area": area, "ends": ends, "valid_from": start})


@router.post("/assignments/new")
def add(desk: AssignDep, form: FormDep) -> Response:
    """End one charge and start the next, in one step."""
    try:
        assign(desk.session, pen_of(desk).hand, land_of(desk), _order(form))
    except CannotAssign as wrong:
        return _form_page(desk, _typed(form), str(wrong))
    return desk.go("assignments/", "assigned")


@router.get("/assignments/{number}")
def assignment_page(desk: AssignDep, number: Number) -> Response:
    """One assignment, to correct its days."""
    return _charge_page(desk, number)


@router.post("/assignments/{number}")
def correct(desk: AssignDep, number: Number, form: FormDep) -> Response:
    """Correct the days of an assignment, or end it."""
    version = form.one("version")
    try:
        correct_charge(
            desk.session,
            pen_of(desk).hand,
            number,
            version=int(version) if version.isdecimal() and len(version) < 10 else 0,
            term=Term(_day(form, "valid_from"), _last_day(form)),
            body=form.one("body")[:80],
        )
    except CannotAssign as wrong:
        return _charge_page(desk, number, str(wrong))
    return desk.go("assignments/", "assigned")


@router.post("/assignments/{number}/remove")
def remove(desk: AssignDep, number: Number, _form: FormDep) -> Response:
    """Take away what was entered by mistake; the log keeps it."""
    remove_charge(desk.session, pen_of(desk).hand, number)
    return desk.go("assignments/", "assigned")


@router.get("/handover/{area}")
def handover_page(desk: DeskDep, area: Annotated[str, Path(max_length=80)]) -> Response:
    """All that whoever takes over an area should hold in their hands, to print."""
    return desk.page("handover.html", sheet=hand_over_sheet(pen_of(desk), area))


def _order(form: Form) -> Order:
    number = form.one("account_id")
    ends = form.many("ends")
    center = form.one("duty") == "center"
    return Order(
        area=form.one("area"),
        first=_day(form, "valid_from"),
        last=_last_day(form),
        duty=form.one("duty"),
        account_id=int(number) if _is_number(number) and not center else None,
        body=form.one("body")[:80],
        ends=frozenset(int(text) for text in ends if _is_number(text)),
        together=bool(form.one("together")),
    )


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10


def _last_day(form: Form) -> date | None:
    return _day(form, "valid_to") if form.one("valid_to") else None


def _day(form: Form, name: str) -> date:
    try:
        day = date.fromisoformat(form.one(name))
    except ValueError:
        raise CannotAssign("日付を選んでください。") from None
    if not 1990 <= day.year <= 2199:
        raise CannotAssign("日付を確かめてください。")
    return day


def _typed(form: Form) -> dict[str, Any]:
    names = ("area", "duty", "account_id", "body", "valid_from", "valid_to", "together")
    return {name: form.one(name) for name in names} | {"ends": form.many("ends")}


def _in_charge(desk: Desk, area: str) -> list[Charge]:
    land = land_of(desk)
    if area not in land.area_names:
        return []
    charges = charges_of(desk.session, land, area)
    return [*charges.now, *charges.coming]


def _form_page(desk: Desk, values: dict[str, Any], wrong: str = "") -> Response:
    able = (Role.COORDINATOR, Role.CHIEF)
    entries = list_accounts(desk.session, desk.code)
    empty = dict.fromkeys(("account_id", "body", "valid_to", "together"), "")
    return desk.page(
        "assignment_new.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
        values={"duty": "coordinator", **empty, **values},
        wrong=wrong,
        duties=DUTIES,
        area_names=land_of(desk).area_names,
        current=_in_charge(desk, values["area"]),
        people=[e for e in entries if e.disabled_on is None and e.role in able],
    )


def _charge_page(desk: Desk, number: int, wrong: str = "") -> Response:
    row = find_charge(desk.session, desk.code, number)
    return desk.page(
        "assignment.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
        charge=row,
        who=name_of(row),
        duty=DUTIES.get(row["duty"], ""),
        area=land_of(desk).area_names.get(row["area_code"], row["area_code"]),
        wrong=wrong,
    )
