"""Histories of records, the log of the municipality, and taking things back."""

from dataclasses import replace
from http import HTTPStatus
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query, Response

from api.actions.field_words import DEEDS
from api.actions.log_viewings import log_viewings
from api.actions.records import find_record
from api.actions.registers import BY_ENTITY, register_named
from api.actions.show_history import LogQuestion, actors_of, history_of, log_of
from api.actions.undo_deed import UndoConflict, undo_deed
from api.routes.desk import DeskDep, FormDep, LogDep, RecordDep
from api.routes.handing_on import land_of, pen_of
from api.routes.registers import RecordId, RegisterPath

router = APIRouter(prefix="/{code}/desk", include_in_schema=False)
DeedId = Annotated[int, Path(ge=1, le=2**31 - 1)]
PAGE = 50


@router.get("/history/{register}/{record}")
def history(desk: DeskDep, register: RegisterPath, record: RecordId) -> Response:
    """What was done to one record, with what changed; also of one that was taken back."""
    kept = register_named(register)
    viewer = replace(desk.member.viewer, withdrawn=True)
    stored = find_record(desk.session, viewer, desk.code, kept, record)
    if kept.personal:
        log_viewings(pen_of(desk), kept, [record], "履歴")
    deeds = history_of(desk.session, desk.member, land_of(desk), kept, stored)
    back = f"history/{kept.key}/{record}"
    return desk.page("history.html", register=kept, stored=stored, deeds=deeds, back=back)


@router.get("/log/")
def log(
    desk: LogDep,
    who: Annotated[str, Query(max_length=200)] = "",
    what: Annotated[str, Query(max_length=40)] = "",
    before: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
) -> Response:
    """What was done in the municipality, by everybody or one of them."""
    asked = LogQuestion(who or None, what or None, before, PAGE)
    deeds = log_of(desk.session, desk.member, desk.code, asked)
    entities = {register.entity: register.key for register in BY_ENTITY.values()}
    older = deeds[-1].deed_id if len(deeds) == PAGE else None
    return desk.page(
        "log.html",
        deeds=deeds,
        entities=entities,
        asked=asked,
        actors=actors_of(desk.session, desk.member, desk.code),
        kinds=DEEDS,
        older=urlencode({"who": who, "what": what, "before": older}) if older else None,
    )


@router.post("/log/{deed}/undo")
def undo(desk: RecordDep, deed: DeedId, form: FormDep) -> Response:
    """Take a deed back, whatever it changed."""
    back = form.one("back")
    try:
        became = undo_deed(pen_of(desk), deed, keep_later=bool(form.one("keep_later")))
    except UndoConflict as conflict:
        return desk.page("undo.html", HTTPStatus.CONFLICT, conflict=conflict, back=back)
    inside = back.startswith(("history/", "voices/")) or back in ("imports/", "log/", "handouts/")
    return desk.go(back if inside else "", "undo-submitted" if became == "submitted" else became)
