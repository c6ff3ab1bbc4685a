"""Photos of a place at the desk (写真): add, publish, send back, take off."""

from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Response

from api.accounts.roles import Right
from api.actions.keep_photos import (
    MOST_PHOTOS,
    PLACES,
    add_photo,
    find_photo,
    move_photo,
    photos_of,
    picture_of,
)
from api.actions.records import areas_of, find_record
from api.actions.registers.fields import WrongFields
from api.actions.save_record import may_publish
from api.routes.desk import PRIVATE, Desk, DeskDep, Form, FormDep, PublishDep, RecordDep
from api.routes.handing_on import land_of, pen_of, version_in
from api.routes.photos import JPEG, PhotoId
from api.routes.registers import RecordId

router = APIRouter(prefix="/{code}/desk/places/{record}/photos", include_in_schema=False)
MOST_FIELDS = 8
Size = Annotated[Literal["full", "thumb"], Path()]


@router.get("")
def photos_page(desk: DeskDep, record: RecordId) -> Response:
    """The photos of a place, with what they show."""
    return _page(desk, record)


@router.post("")
def add(desk: RecordDep, record: RecordId, form: FormDep) -> Response:
    """Take a photo in."""
    try:
        _refuse_odd(form)
        upload = next(iter(form.uploads("photo")), None)
        data = upload.file.read() if upload is not None else b""
        state = add_photo(pen_of(desk), record, form.one("caption"), data)
    except WrongFields as wrong:
        return _page(desk, record, wrong.problems, form.one("caption"))
    return desk.go(f"places/{record}/photos", "submitted" if state == "submitted" else "photo")


@router.get("/{photo}/{size}.jpg")
def picture(desk: DeskDep, record: RecordId, photo: PhotoId, size: Size) -> Response:
    """A photo as the office sees it, published or not."""
    find_record(desk.session, desk.member.viewer, desk.code, PLACES, record)
    found = find_photo(desk.session, desk.member.viewer, desk.code, photo)
    return Response(picture_of(desk.session, found, size), media_type=JPEG, headers=PRIVATE)


@router.post("/{photo}/publish")
def publish(desk: PublishDep, record: RecordId, photo: PhotoId, form: FormDep) -> Response:
    """Let residents see it."""
    move_photo(pen_of(desk), record, photo, version_in(form), "published")
    return desk.go(f"places/{record}/photos", "published")


@router.post("/{photo}/return")
def send_back(desk: PublishDep, record: RecordId, photo: PhotoId, form: FormDep) -> Response:
    """Send it back to whoever took it."""
    move_photo(pen_of(desk), record, photo, version_in(form), "draft")
    return desk.go(f"places/{record}/photos", "returned")


@router.post("/{photo}/submit")
def submit(desk: RecordDep, record: RecordId, photo: PhotoId, form: FormDep) -> Response:
    """Hand in once more what was sent back."""
    move_photo(pen_of(desk), record, photo, version_in(form), "submitted")
    return desk.go(f"places/{record}/photos", "submitted")


@router.post("/{photo}/remove")
def remove(desk: RecordDep, record: RecordId, photo: PhotoId, form: FormDep) -> Response:
    """Take it off; the picture itself is kept."""
    move_photo(pen_of(desk), record, photo, version_in(form), "withdrawn")
    return desk.go(f"places/{record}/photos", "photo-gone")


def _refuse_odd(form: Form) -> None:
    """Our page sends a photo, its caption and the token: whatever sends more is no page of ours."""
    sent = [*form.texts.values(), *form.files.values()]
    if sum(map(len, sent)) > MOST_FIELDS:
        raise WrongFields({"photo": "送られたものを読めません。ページを開き直してください。"})


def _page(
    desk: Desk, record: int, wrong: dict[str, str] | None = None, caption: str = ""
) -> Response:
    viewer = desk.member.viewer
    place = find_record(desk.session, viewer, desk.code, PLACES, record)
    photos = photos_of(desk.session, viewer, desk.code, record)
    return desk.page(
        "photos.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
        place=place,
        photos=photos,
        most=MOST_PHOTOS,
        writable=desk.member.may_write_in(areas_of(land_of(desk), PLACES, place)),
        reviews=desk.member.may(Right.PUBLISH),
        publishes=may_publish(pen_of(desk), PLACES),
        wrong=wrong or {},
        caption=caption,
    )
