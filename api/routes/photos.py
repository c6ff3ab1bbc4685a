"""Photos of places for everybody (公開する写真)."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Response

from api.actions.keep_photos import find_public_photo, picture_of
from api.routes.visit import Visit, VisitDep
from api.store.pictures import Size

router = APIRouter(prefix="/{code}/photos", include_in_schema=False)
PhotoId = Annotated[int, Path(ge=1, le=2**31 - 1)]
JPEG = "image/jpeg"


@router.get("/{photo}.jpg")
def full(visit: VisitDep, photo: PhotoId) -> Response:
    """A photo as large as it is kept."""
    return _answer(visit, photo, "full")


@router.get("/{photo}/thumb.jpg")
def thumb(visit: VisitDep, photo: PhotoId) -> Response:
    """A photo as it stands on a card."""
    return _answer(visit, photo, "thumb")


def _answer(visit: Visit, photo: int, size: Size) -> Response:
    """The bytes of a photo never change; whether it may be seen is asked every time."""
    found = find_public_photo(visit.session, visit.code, photo, visit.today)
    headers = {"ETag": f'"photo-{visit.code}-{photo}-{size}"', "Cache-Control": "no-cache"}
    if visit.is_there_already(headers["ETag"]):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(picture_of(visit.session, found, size), media_type=JPEG, headers=headers)
