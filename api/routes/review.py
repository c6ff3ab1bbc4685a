"""The first tier's inbox (提出されたもの): differences, publish, send back."""

from fastapi import APIRouter, Response

from api.actions.keep_photos import submitted_photos
from api.actions.registers import register_named
from api.actions.review import list_submitted, publish_record, return_record
from api.routes.desk import FormDep, PublishDep
from api.routes.handing_on import land_of, pen_of, version_in
from api.routes.registers import RecordId, RegisterPath

router = APIRouter(prefix="/{code}/desk/inbox", include_in_schema=False)


@router.get("/")
def inbox(desk: PublishDep) -> Response:
    """Everything that waits to be looked through."""
    found = list_submitted(desk.session, desk.member, land_of(desk))
    photos = submitted_photos(desk.session, desk.member.viewer, desk.code)
    return desk.page("inbox.html", submitted=found, photos=photos)


@router.post("/{register}/{record}/publish")
def publish(desk: PublishDep, register: RegisterPath, record: RecordId, form: FormDep) -> Response:
    """Publish it."""
    publish_record(pen_of(desk), register_named(register), record, version_in(form))
    return desk.go("inbox/", "published")


@router.post("/{register}/{record}/return")
def send_back(
    desk: PublishDep, register: RegisterPath, record: RecordId, form: FormDep
) -> Response:
    """Send it back with a word why."""
    remark = form.one("remark")[:1000]
    return_record(pen_of(desk), register_named(register), record, version_in(form), remark)
    return desk.go("inbox/", "returned")
