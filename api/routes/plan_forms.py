"""What the forms of planning bring: questions, moves, and the lists to choose from."""

from typing import Any

from pydantic import ValidationError

from api.actions.registers.fields import WrongFields
from api.actions.scenarios import Move, PlanQuestion
from api.actions.show_plan import place_names
from api.actions.siting_candidates import load_candidates
from api.actions.town_choices import town_choices
from api.actions.try_scenario import Trial
from api.routes.desk import Desk, Form
from api.routes.handing_on import land_of
from api.store import frames
from api.store.visible import OFFICE_PUBLISHED
from web.words import DISTANCES_M

CHOOSE_A_PLACE = "通いの場を選んでください。"
POINT_SOMEWHERE = "場所を選ぶか、地図を押して位置を示してください。"
ASKED = ("distance_m", "age", "walking", "spread", "scheme", "year", "variant")


def question_in(form: Form) -> PlanQuestion:
    """By what the scenario is measured. Raises `WrongFields`."""
    said = {name: form.one(name) for name in ASKED if form.one(name)}
    try:
        return PlanQuestion.model_validate(said)
    except ValidationError as odd:
        raise WrongFields({"question": "測り方を選び直してください。"}) from odd


def moves_in(desk: Desk, form: Form) -> list[Move]:
    """The moves a form brings: one of its own fields, or several as JSON in `moves`.

    Raises
    ------
    WrongFields : in plain Japanese.
    """
    packed = form.many("moves")
    try:
        if packed:
            return _known(desk, [Move.model_validate_json(text) for text in packed[:60]])
        return [_one_move(desk, form)] if form.one("do") else []
    except ValidationError as odd:
        raise WrongFields({"do": POINT_SOMEWHERE}) from odd


def _known(desk: Desk, moves: list[Move]) -> list[Move]:
    """The same moves with the register's names. Raises `WrongFields` for places nobody knows."""
    names = place_names(desk.session, desk.code)
    if any(move.place_id is not None and move.place_id not in names for move in moves):
        raise WrongFields({"place_id": CHOOSE_A_PLACE})
    return [
        move if move.place_id is None else move.model_copy(update={"name": names[move.place_id]})
        for move in moves
    ]


def shifted_in(desk: Desk, form: Form, moves: list[Move], number: int) -> tuple[Move, ...]:
    """The moves, with one of them where the form says. Raises `WrongFields`."""
    if number >= len(moves) or moves[number].do == "close":
        raise WrongFields({"do": "動かす場所が見つかりません。開き直してください。"})
    at = _position(desk, form)
    try:
        shifted = Move.model_validate(
            moves[number].model_dump() | {k: at[k] for k in ("lon", "lat")}
        )
    except ValidationError as odd:
        raise WrongFields({"do": POINT_SOMEWHERE}) from odd
    return tuple(shifted if place == number else move for place, move in enumerate(moves))


def _one_move(desk: Desk, form: Form) -> Move:
    do = form.one("do")
    values: dict[str, Any] = {"do": do}
    if do in ("close", "move"):
        place = _number(form.one("place_id"))
        found = place_names(desk.session, desk.code).get(place or 0)
        if found is None:
            raise WrongFields({"place_id": CHOOSE_A_PLACE})
        values |= {"place_id": place, "name": found}
    if do in ("add", "move"):
        values |= _position(desk, form)
    if do == "add":
        name = form.one("name") or values.get("name") or "新しい通いの場"
        values |= {"name": name, "capacity_people": _number(form.one("capacity_people"))}
    return Move.model_validate(values)


def _position(desk: Desk, form: Form) -> dict[str, Any]:
    """Where: a point of the map, a candidate, or the middle of a town."""
    if form.one("lon") and form.one("lat"):
        return {"lon": form.one("lon"), "lat": form.one("lat")}
    land = land_of(desk)
    town = _number(form.one("town_id"))
    if town is not None and town in land.towns.index:
        row = land.towns.loc[[town]].iloc[0].to_dict()
        return {"lon": row["lon"], "lat": row["lat"], "name": str(row["name"])}
    raise WrongFields({"lon": "地図を押すか、候補地か町を選んで、位置を示してください。"})


def choices(desk: Desk, trial: Trial) -> dict[str, Any]:
    """What the forms of a scenario let one choose from."""
    community = trial.before.community
    candidates = load_candidates(desk.session, community, OFFICE_PUBLISHED)
    degrees: Any = candidates.geometry.to_crs(frames.DEGREES)
    open_places = trial.after.community.places
    theirs = open_places[open_places.index >= 0]["name"].astype(str).sort_values()
    return {
        "candidates": [
            (str(row["name"]), round(point.x, 6), round(point.y, 6))
            for (_, row), point in zip(frames.each(candidates), degrees, strict=True)
        ],
        "places": theirs.to_dict(),
        "town_names": town_choices(land_of(desk)),
        "distances": sorted({*DISTANCES_M, trial.before.question.distance_m}),
        "years": [year for year in community.future.years if year > desk.today.year],
        "variants": community.future.variants,
    }


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None
