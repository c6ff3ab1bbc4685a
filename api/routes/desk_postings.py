"""Who is posted where, and the badge that follows (相談員の配置とバッジ)."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Path, Response

from api.actions.badges import TOLD_DAYS, badge_terms, show_badges
from api.actions.postings import ROLE, PostingForm, find_place, put_posting, see_postings
from api.actions.registers.fields import WrongFields
from api.actions.save_record import EditConflict
from api.routes.desk import Desk, DeskDep, Form, FormDep, PeopleDep
from api.routes.handing_on import land_of, pen_of, version_in
from api.routes.registers import RecordId

router = APIRouter(prefix="/{code}/desk", include_in_schema=False)
PostingId = Annotated[int, Path(ge=1, le=2**31 - 1)]
LATER = "ほかの人が、先に同じ配置を変えました。いまの内容は下のとおりです。"


@router.get("/badges/")
def badges(desk: DeskDep) -> Response:
    """Places that hold the badge, and those that have lost it."""
    view = show_badges(desk.session, desk.member.viewer, land_of(desk))
    return desk.page("badges.html", view=view, told_days=TOLD_DAYS)


@router.get("/places/{record}/postings")
def postings_page(desk: PeopleDep, record: RecordId) -> Response:
    """Who is posted at a place."""
    return _page(desk, record)


@router.post("/places/{record}/postings")
def add(desk: PeopleDep, record: RecordId, form: FormDep) -> Response:
    """Post somebody."""
    try:
        put_posting(pen_of(desk), record, _values(form))
    except WrongFields as wrong:
        return _page(desk, record, wrong.problems, values=_values(form))
    return desk.go(f"places/{record}/postings", "posting")


@router.post("/places/{record}/postings/{posting}")
def correct(desk: PeopleDep, record: RecordId, posting: PostingId, form: FormDep) -> Response:
    """Correct or end a posting."""
    values, version = _values(form), version_in(form)
    try:
        put_posting(pen_of(desk), record, values, posting_id=posting, version=version)
    except WrongFields as wrong:
        return _page(desk, record, wrong.problems, changing=posting, values=values)
    except EditConflict:
        return _page(desk, record, {"": LATER}, HTTPStatus.CONFLICT, posting, values)
    return desk.go(f"places/{record}/postings", "posting")


def _values(form: Form) -> dict[str, str]:
    return {name: form.one(name) for name in PostingForm.model_fields}


def _page(
    desk: Desk,
    record: int,
    wrong: dict[str, str] | None = None,
    status: int = HTTPStatus.UNPROCESSABLE_ENTITY,
    changing: int | None = None,
    values: dict[str, Any] | None = None,
) -> Response:
    """`values`: what somebody typed, of somebody new or of the posting they are `changing`."""
    pen = pen_of(desk)
    place, postings = find_place(pen, record), see_postings(pen, record)
    return desk.page(
        "postings.html",
        status if wrong else HTTPStatus.OK,
        place=place,
        postings=postings,
        terms=badge_terms(postings),
        role=ROLE,
        wrong=wrong or {},
        changing=changing,
        typed=values or {},
    )
