"""Contacts with people of an area at the desk (地域との関わり): the board, the days, the forms."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response

from api.actions.contacts import (
    WEEKS,
    ContactForm,
    SeriesForm,
    add_contact,
    contacts_of,
    correct_contact,
    find_contact,
    fiscal_year,
    make_series,
    take_off,
    unsure_contacts,
    year_of_days,
)
from api.actions.registers.fields import WrongFields
from api.actions.save_record import EditConflict
from api.actions.show_stages import show_stages, where_names
from api.models import Activity
from api.models.columns import table_of
from api.models.kinds import STAGES
from api.routes.desk import Desk, DeskDep, Form, FormDep, RecordDep
from api.routes.handing_on import land_of, pen_of, version_in

router = APIRouter(prefix="/{code}/desk/contacts", include_in_schema=False)
ContactId = Annotated[int, Path(ge=1, le=2**31 - 1)]
Year = Annotated[int | None, Query(ge=2000, le=2100)]


@router.get("/")
def board(desk: DeskDep) -> Response:
    """How far each area and place has come."""
    stages = show_stages(desk.session, desk.member.viewer, land_of(desk))
    return desk.page("contacts.html", boards=stages, stages=STAGES)


@router.get("/dates")
def dates(desk: DeskDep, year: Year = None) -> Response:
    """The days of a fiscal year, also those taken off."""
    shown = year if year is not None else fiscal_year(desk.today)
    first, last = year_of_days(shown)
    day, viewer = table_of(Activity).c.held_on, desk.member.viewer
    contacts = contacts_of(desk.session, viewer, desk.code, day >= first, day <= last)
    return desk.page(
        "contact_dates.html",
        contacts=contacts,
        unsure=unsure_contacts(desk.session, viewer, desk.code, contacts),
        names=where_names(desk.session, desk.member.viewer, land_of(desk)),
        year=shown,
        stages=STAGES,
    )


@router.get("/new")
def new_page(desk: RecordDep, where: Annotated[str, Query(max_length=80)] = "") -> Response:
    """The forms for a contact, and for one of every month."""
    return _new_page(desk, {"where": where})


@router.post("/new")
def add(desk: RecordDep, form: FormDep) -> Response:
    """Write down a contact."""
    values = _values(form, ContactForm)
    try:
        add_contact(pen_of(desk), values)
    except WrongFields as wrong:
        return _new_page(desk, values, wrong.problems)
    return desk.go("contacts/dates", "contact", **_year_of(values["held_on"]))


@router.post("/series")
def make(desk: RecordDep, form: FormDep) -> Response:
    """Enter a year's dates."""
    values = _values(form, SeriesForm)
    try:
        made = make_series(pen_of(desk), values)
    except WrongFields as wrong:
        return _new_page(desk, values, wrong.problems)
    return desk.go("contacts/dates", "contact" if made else "same", year=values["year"])


@router.get("/{contact}")
def contact_page(desk: RecordDep, contact: ContactId) -> Response:
    """The form to correct a contact."""
    return _contact_page(desk, contact)


@router.post("/{contact}")
def correct(desk: RecordDep, contact: ContactId, form: FormDep) -> Response:
    """Correct it."""
    values = _values(form, ContactForm)
    try:
        correct_contact(pen_of(desk), contact, version_in(form), values)
    except WrongFields as wrong:
        return _contact_page(desk, contact, values, wrong.problems)
    except EditConflict:
        later = {"": "ほかの人が、先に同じ記録を変えました。確かめて、もう一度保存してください。"}
        return _contact_page(desk, contact, values, later, HTTPStatus.CONFLICT)
    return desk.go("contacts/dates", "contact", **_year_of(values["held_on"]))


@router.post("/{contact}/off")
def off(desk: RecordDep, contact: ContactId, form: FormDep) -> Response:
    """Take the day off."""
    take_off(pen_of(desk), contact, version_in(form))
    return desk.go("contacts/dates", "contact", **_year_of(form.one("day")))


@router.post("/{contact}/on")
def back_on(desk: RecordDep, contact: ContactId, form: FormDep) -> Response:
    """Put the day back."""
    take_off(pen_of(desk), contact, version_in(form), off=False)
    return desk.go("contacts/dates", "contact", **_year_of(form.one("day")))


def _values(form: Form, fields: type[ContactForm] | type[SeriesForm]) -> dict[str, str]:
    return {name: form.one(name) for name in fields.model_fields}


def _year_of(day: str) -> dict[str, str]:
    """The fiscal year to go on to: of the day that was just written about."""
    year, month = day[:4], day[5:7]
    if not (year.isdecimal() and month.isdecimal() and "2000" < year < "2100"):
        return {}
    return {"year": str(int(year) - (int(month) < 4))}


def _new_page(desk: Desk, values: dict[str, str], wrong: dict[str, str] | None = None) -> Response:
    land = land_of(desk)
    return desk.page(
        "contact_new.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
        names=where_names(desk.session, desk.member.viewer, land, desk.member),
        stages=STAGES,
        weeks=WEEKS,
        year=fiscal_year(desk.today),
        typed=values,
        wrong=wrong or {},
    )


def _contact_page(
    desk: Desk,
    contact: int,
    values: dict[str, Any] | None = None,
    wrong: dict[str, str] | None = None,
    status: int = HTTPStatus.UNPROCESSABLE_ENTITY,
) -> Response:
    stored = find_contact(desk.session, desk.member.viewer, desk.code, contact)
    names = where_names(desk.session, desk.member.viewer, land_of(desk))
    where = f"place:{stored['place_id']}" if stored["place_id"] else f"area:{stored['area_code']}"
    return desk.page(
        "contact.html",
        status if wrong else HTTPStatus.OK,
        stored=stored,
        where=names.get(where, ""),
        typed=values or stored,
        stages=STAGES,
        wrong=wrong or {},
    )
