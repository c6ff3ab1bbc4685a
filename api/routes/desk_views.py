"""Who looked at whom (閲覧記録): at one person, and in the whole municipality."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.accounts.keeping import list_accounts
from api.actions.log_viewings import log_looks, log_viewings
from api.actions.records import find_record
from api.actions.registers import register_named
from api.actions.show_viewings import looks_at, looks_of
from api.routes.desk import LogDep, PeopleDep
from api.routes.handing_on import pen_of
from api.routes.registers import RecordId

router = APIRouter(prefix="/{code}/desk", include_in_schema=False)
Before = Annotated[int | None, Query(ge=1, le=2**31 - 1)]
HOW = "閲覧の記録"


@router.get("/supporters/{record}/views")
def views_of_person(desk: PeopleDep, record: RecordId, before: Before = None) -> Response:
    """Who looked at one supporter, for whoever may see the supporter."""
    viewer, kept = desk.member.viewer, register_named("supporters")
    stored = find_record(desk.session, viewer, desk.code, kept, record)
    looks = looks_at(desk.session, viewer, desk.code, kept.entity, record, before)
    log_viewings(pen_of(desk), kept, [record], HOW)
    return desk.page("person_views.html", register=kept, stored=stored, looks=looks)


@router.get("/views/")
def views(
    desk: LogDep,
    who: Annotated[str, Query(max_length=10, pattern=r"^\d*$")] = "",
    before: Before = None,
) -> Response:
    """Who looked at whom in the municipality."""
    account_id = int(who) if who else None
    looks = looks_of(
        desk.session, desk.member.viewer, desk.code, account_id=account_id, before=before
    )
    for entity, numbers in looks.named.items():
        log_looks(pen_of(desk), entity, numbers, HOW)
    people = list_accounts(desk.session, desk.code)
    return desk.page("views.html", looks=looks, people=people, who=account_id)
