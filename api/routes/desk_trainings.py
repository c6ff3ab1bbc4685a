"""The training of the coordinators (研修): who took what, and whom to ask how it goes."""

from datetime import date
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response

from api.accounts.courses import COURSE_KINDS
from api.actions.trainings import (
    TrainingForm,
    WrongTraining,
    coordinators,
    find_training,
    remove_training,
    save_training,
    show_trainings,
)
from api.routes.desk import AssignDep, Desk, Form, FormDep
from api.routes.handing_on import pen_of

router = APIRouter(prefix="/{code}/desk/trainings", include_in_schema=False)
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
DAYS = ("held_on", "follow_up_due", "followed_up_on")
FIELDS = ("account_id", "course", "kind", *DAYS)


@router.get("/")
def trainings_page(desk: AssignDep) -> Response:
    """All courses, and what needs looking after."""
    found = show_trainings(desk.session, desk.code, desk.today)
    return desk.page("trainings.html", found=found)


@router.get("/new")
def new_training_page(
    desk: AssignDep, account: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None
) -> Response:
    """The form for a course somebody took."""
    values = dict.fromkeys(FIELDS, "") | {"held_on": desk.today.isoformat()}
    return _form_page(desk, values | {"account_id": str(account or "")})


@router.post("/new")
def add(desk: AssignDep, form: FormDep) -> Response:
    """Record a course."""
    return _save(desk, form, None)


@router.get("/{number}")
def training_page(desk: AssignDep, number: Number) -> Response:
    """One course, to correct it or to note that somebody has asked."""
    return _form_page(desk, _as_typed(find_training(desk.session, desk.code, number)), number)


@router.post("/{number}")
def correct(desk: AssignDep, number: Number, form: FormDep) -> Response:
    """Correct a course."""
    return _save(desk, form, number)


@router.post("/{number}/remove")
def remove(desk: AssignDep, number: Number, _form: FormDep) -> Response:
    """Take away what was entered by mistake; the log keeps it."""
    remove_training(desk.session, pen_of(desk).hand, number)
    return desk.go("trainings/", "training")


def _save(desk: Desk, form: Form, number: int | None) -> Response:
    version, account = form.one("version"), form.one("account_id")
    try:
        save_training(
            desk.session,
            pen_of(desk).hand,
            TrainingForm(
                account_id=int(account) if _is_number(account) else None,
                course=form.one("course")[:120],
                kind=form.one("kind"),
                **{name: _day(form.one(name)) for name in DAYS},
            ),
            number=number,
            version=int(version) if _is_number(version) else 0,
        )
    except WrongTraining as wrong:
        typed = {name: form.one(name) for name in FIELDS}
        if number is not None:
            typed = _as_typed(find_training(desk.session, desk.code, number)) | typed
        return _form_page(desk, typed, number, str(wrong))
    return desk.go("trainings/", "training")


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise WrongTraining("日付を選んでください。") from None
    if not 1990 <= day.year <= 2199:
        raise WrongTraining("日付を確かめてください。")
    return day


def _as_typed(row: dict[str, Any]) -> dict[str, Any]:
    return row | {name: row[name].isoformat() if row[name] else "" for name in DAYS}


def _form_page(
    desk: Desk, values: dict[str, Any], number: int | None = None, wrong: str = ""
) -> Response:
    return desk.page(
        "training.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
        values=values,
        number=number,
        wrong=wrong,
        kinds=COURSE_KINDS,
        people=coordinators(desk.session, desk.code),
    )
