"""Scenarios (計画案): made, changed, compared, printed; and what a loss would mean."""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response

from api.accounts.roles import Right
from api.actions.load_community import NoPopulation, NoSuchScheme
from api.actions.load_future import NoProjection
from api.actions.load_roads import NoRoadsYet
from api.actions.print_decision import decision_paper, plan_geopackage, plan_workbook
from api.actions.registers.fields import WrongFields
from api.actions.report_coverage import community_for
from api.actions.scenarios import (
    Plan,
    PlanQuestion,
    add_plan,
    change_plan,
    find_plan,
    list_plans,
    remove_plan,
)
from api.actions.show_plan import (
    area_rows,
    figure_of,
    headline,
    loss_rows,
    map_data,
    move_words,
    question_words,
    town_rows,
    trial_notes,
)
from api.actions.site_places import SiteQuestion, SitingReport, site_in
from api.actions.siting_candidates import load_candidates
from api.actions.try_scenario import Trial, closing, losses, try_in
from api.exchange.json_text import json_text
from api.routes.desk import PRIVATE, Desk, DeskDep, Form, FormDep, PlanDep
from api.routes.handing_on import pen_of, version_in
from api.routes.plan_forms import choices, moves_in, question_in, shifted_in
from api.store.visible import OFFICE_PUBLISHED

router = APIRouter(prefix="/{code}/plan", include_in_schema=False)
PlanId = Annotated[int, Path(ge=1, le=2**31 - 1)]
PlaceId = Annotated[int, Path(ge=1, le=2**31 - 1)]
NOT_MEASURED = (NoPopulation, NoProjection, NoRoadsYet, NoSuchScheme)
"""Why a question that was once asked has no answer any more, or never had one."""
PLAINLY = {"year": None, "variant": None, "scheme": None, "walking": "straight", "age": "65"}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.get("/")
def index(desk: DeskDep) -> Response:
    """One's own scenarios and those shared."""
    return _index(desk)


@router.post("/")
def add(desk: PlanDep, form: FormDep) -> Response:
    """Begin a scenario, empty or with moves another page proposes."""
    name = form.one("name")
    try:
        number = add_plan(pen_of(desk), name, question_in(form), moves_in(desk, form))
    except WrongFields as wrong:
        return _index(desk, wrong.problems, name)
    return desk.go(f"../plan/{number}", "saved")


@router.get("/losses")
def losses_page(desk: DeskDep) -> Response:
    """The places whose loss would hurt most."""
    question = PlanQuestion().on(desk.today)
    community = community_for(desk.session, desk.code, OFFICE_PUBLISHED, question)
    found = losses(community, question)
    return desk.page("plan_losses.html", rows=loss_rows(community, found), question=question)


@router.get("/closing/{place}")
def closing_page(desk: DeskDep, place: PlaceId) -> Response:
    """What happens if this place closes?"""
    question = PlanQuestion()
    asked = question.on(desk.today)
    community = community_for(desk.session, desk.code, OFFICE_PUBLISHED, asked)
    moves = closing(community, [place])
    trial = try_in(community, asked, moves)
    closes = moves[0].name if moves else ""
    return desk.page("plan_closing.html", place=place, closes=closes, **_told(trial))


@router.get("/compare")
def compare(
    desk: DeskDep, a: Annotated[int, Query(ge=1)], b: Annotated[int, Query(ge=1)]
) -> Response:
    """Two scenarios side by side."""
    both = [_tried(desk, number) for number in (a, b)]
    told = [{"plan": plan, **_told(trial)} for plan, trial in both]
    return desk.page("plan_compare.html", both=told)


@router.get("/{plan}")
def show(desk: DeskDep, plan: PlanId) -> Response:
    """One scenario: before and after on one map and in one table."""
    return _page(desk, plan)


@router.post("/{plan}")
def settings(desk: PlanDep, plan: PlanId, form: FormDep) -> Response:
    """Change its name, note, question, and whether it is shared."""
    try:
        question = question_in(form)
        community_for(desk.session, desk.code, OFFICE_PUBLISHED, question.on(desk.today))
    except NOT_MEASURED as why:
        return _page(desk, plan, {"question": f"この測り方では数えられません。{why}"})
    except WrongFields as wrong:
        return _page(desk, plan, wrong.problems)
    changes = {
        "name": form.one("name"),
        "note": form.one("note"),
        "question": question,
        "shared": form.last("shared") == "1",
    }
    return _changed(desk, plan, form, changes)


@router.post("/{plan}/moves")
def add_move(desk: PlanDep, plan: PlanId, form: FormDep) -> Response:
    """Add, move or close one more place."""
    stored = find_plan(desk.session, desk.member, desk.code, plan)
    try:
        moves = [*stored.moves, *moves_in(desk, form)]
    except WrongFields as wrong:
        return _page(desk, plan, wrong.problems)
    return _changed(desk, plan, form, {"moves": tuple(moves)})


@router.post("/{plan}/moves/{number}/remove")
def remove_move(
    desk: PlanDep, plan: PlanId, number: Annotated[int, Path(ge=0, le=999)], form: FormDep
) -> Response:
    """Let one place be as it is."""
    moves = list(find_plan(desk.session, desk.member, desk.code, plan).moves)
    kept = tuple(move for place, move in enumerate(moves) if place != number)
    return _changed(desk, plan, form, {"moves": kept})


@router.post("/{plan}/moves/{number}/place")
def shift_move(
    desk: PlanDep, plan: PlanId, number: Annotated[int, Path(ge=0, le=999)], form: FormDep
) -> Response:
    """Put an added or moved place somewhere else."""
    moves = list(find_plan(desk.session, desk.member, desk.code, plan).moves)
    try:
        shifted = shifted_in(desk, form, moves, number)
    except WrongFields as wrong:
        return _page(desk, plan, wrong.problems)
    return _changed(desk, plan, form, {"moves": shifted})


@router.post("/{plan}/copy")
def copy(desk: PlanDep, plan: PlanId, form: FormDep) -> Response:
    """Go on from a scenario of one's own or of somebody else."""
    stored = find_plan(desk.session, desk.member, desk.code, plan)
    name = form.one("name") or f"{stored.name[:50]}の写し"
    number = add_plan(pen_of(desk), name, stored.question, stored.moves, stored.note)
    return desk.go(f"../plan/{number}", "saved")


@router.post("/{plan}/remove")
def remove(desk: PlanDep, plan: PlanId, form: FormDep) -> Response:
    """Take it away."""
    remove_plan(pen_of(desk), plan, version_in(form))
    return desk.go("../plan/", "plan-gone")


@router.get("/{plan}/plan.pdf")
def paper(desk: DeskDep, plan: PlanId) -> Response:
    """The paper to decide by."""
    stored, trial = _tried(desk, plan)
    body = decision_paper(stored, trial, _siting(desk, stored, trial), desk.today)
    return _file(body, "application/pdf", "plan.pdf", shown=True)


@router.get("/{plan}/plan.xlsx")
def excel(desk: DeskDep, plan: PlanId) -> Response:
    """The table for Excel."""
    stored, trial = _tried(desk, plan)
    return _file(plan_workbook(stored, trial), XLSX, "plan.xlsx")


@router.get("/{plan}/plan.gpkg")
def geopackage(desk: DeskDep, plan: PlanId) -> Response:
    """Places, towns and areas for QGIS."""
    _, trial = _tried(desk, plan)
    return _file(plan_geopackage(trial), "application/geopackage+sqlite3", "plan.gpkg")


def _index(desk: Desk, wrong: dict[str, str] | None = None, typed: str = "") -> Response:
    plans = list_plans(desk.session, desk.member, desk.code)
    status = 422 if wrong else 200
    return desk.page("plan_index.html", status, plans=plans, wrong=wrong or {}, typed=typed)


def _file(body: bytes, media_type: str, name: str, *, shown: bool = False) -> Response:
    how = "inline" if shown else "attachment"
    headers = PRIVATE | {"Content-Disposition": f'{how}; filename="{name}"'}
    return Response(body, media_type=media_type, headers=headers)


def _tried(desk: Desk, number: int) -> tuple[Plan, Trial]:
    plan = find_plan(desk.session, desk.member, desk.code, number)
    return plan, _trial(desk, plan)


def _trial(desk: Desk, plan: Plan) -> Trial:
    question = plan.question.on(desk.today)
    community = community_for(desk.session, desk.code, OFFICE_PUBLISHED, question)
    return try_in(community, question, plan.moves)


def _siting(desk: Desk, plan: Plan, trial: Trial) -> SitingReport | None:
    """The curve beside the scenario, where it adds places."""
    added = sum(move.do == "add" for move in plan.moves)
    if not added:
        return None
    community = trial.before.community
    candidates = load_candidates(desk.session, community, OFFICE_PUBLISHED)
    asked = SiteQuestion(min(added, 10), seconds=10)
    return site_in(community, candidates, plan.question.on(desk.today), asked)


def _told(trial: Trial) -> dict[str, Any]:
    return {
        "headline": headline(trial),
        "asked": question_words(trial),
        "rows": area_rows(trial),
        "towns": town_rows(trial),
        "figure": figure_of(trial),
        "notes": trial_notes(trial),
    }


def _changed(desk: Desk, plan: int, form: Form, changes: dict[str, Any]) -> Response:
    try:
        change_plan(pen_of(desk), plan, version_in(form), **changes)
    except WrongFields as wrong:
        return _page(desk, plan, wrong.problems)
    return desk.go(f"../plan/{plan}", "saved")


def _page(desk: Desk, number: int, wrong: dict[str, str] | None = None) -> Response:
    """The page opens also where its year or its areas are gone: there one chooses others."""
    unanswered = ""
    try:
        plan, trial = _tried(desk, number)
    except NOT_MEASURED as why:
        plan = find_plan(desk.session, desk.member, desk.code, number)
        plan = replace(plan, question=plan.question.model_copy(update=PLAINLY))
        trial = _trial(desk, plan)
        unanswered = f"{why}いまの人口・直線で数えています。下の「測り方」で選び直してください。"
    return desk.page(
        "plan.html",
        422 if wrong else 200,
        plan=plan,
        writable=plan.mine and desk.member.may(Right.PLAN),
        may_copy=desk.member.may(Right.PLAN),
        moves=[move_words(move) for move in plan.moves],
        data=json_text(map_data(trial)),
        others=[p for p in list_plans(desk.session, desk.member, desk.code) if p.plan_id != number],
        wrong=wrong or {},
        unanswered=unanswered,
        **choices(desk, trial),
        **_told(trial),
    )
