"""What a resident says (住民の声), checked: the same for the page and for a paper slip keyed in."""

import json
from typing import Any

from sqlmodel import Session

from api.actions.find_municipality import Tenant
from api.actions.locating import Land, Spot
from api.actions.open_places import is_open_to_all
from api.actions.records import Row, areas_of
from api.actions.registers import register_named
from api.actions.registers.fields import (
    Choice,
    Latitude,
    Line,
    Longitude,
    Number,
    Person,
    Phone,
    RecordForm,
    Said,
    WrongFields,
    read,
)
from api.models import Place
from api.models.columns import table_of
from api.models.kinds import SUGGESTION_KINDS
from api.store import frames
from api.store.visible import KEEPER, RESIDENT, visible
from web.words import kilometres


class VoiceForm(RecordForm):
    """What a resident is asked; all but the kind may stay empty, where one thing is said."""

    kind: Choice = None
    place_name: Line = None
    words: Said = None
    place_id: Number = None
    town_id: Number = None
    area: Choice = None
    """The area of the QR code they came by."""
    lon: Longitude = None
    lat: Latitude = None
    name: Person = None
    phone: Phone = None


def settle(land: Land, form: VoiceForm) -> Row:
    """The columns of a suggestion from its form. Raises `WrongFields`."""
    wrong: dict[str, str] = {}
    if form.kind not in SUGGESTION_KINDS:
        wrong["kind"] = "どんなことか、一つ選んでください。"
    if not (form.words or form.place_name or (form.kind == "closed" and form.place_id)):
        wrong["words"] = "くわしいことを、ひとことでも書いてください。"
    if form.town_id is not None and form.town_id not in land.towns.index:
        wrong["town_id"] = "町を選び直してください。"
    if wrong:
        raise WrongFields(wrong)
    said = form.model_dump(include={"kind", "place_name", "words", "name", "phone"})
    return said | _where(land, form)


def _where(land: Land, form: VoiceForm) -> Row:
    """Point, town and areas: of what was chosen or marked, else of the place, else of the QR.

    Whoever is in charge finds it by its town; where no town tells the area, by the area itself. A
    pin is easily put beside the town that was chosen: then both coordinators see it.
    """
    place = known_place(land.session, land.tenant, form.place_id)
    where: Row = {"place_id": place["id"] if place else None, "lon": None, "lat": None}
    if form.lon is not None and form.lat is not None:
        spot = _spot(land, form.lon, form.lat)
        where |= {"lon": form.lon, "lat": form.lat}
        town, areas = form.town_id or spot.town_id, {spot.area_code}
    elif form.town_id is not None:
        town, areas = form.town_id, set()
    elif place is not None:
        town = place["town_id"]
        areas = set(areas_of(land, register_named("places"), place) or ())
    else:
        town, areas = None, {form.area} if form.area in land.area_names else set()
    areas -= {land.area_of_town.get(town) if town is not None else None}
    told: list[Any] = sorted(area for area in areas if area)
    return where | {
        "town_id": town,
        "areas": json.dumps(told, ensure_ascii=False) if told else None,
    }


def _spot(land: Land, lon: float, lat: float) -> Spot:
    spot = land.spot(lon, lat)
    if spot.outside_m:
        far = kilometres(spot.outside_m)
        words = f"地図の印が、{land.tenant.name}から {far} 離れています。押し直してください。"
        raise WrongFields({"lon": words})
    return spot


def known_place(session: Session, tenant: Tenant, place_id: int | None) -> Row | None:
    """A place residents know of, with the columns that tell its area even where it is withheld."""
    if place_id is None:
        return None
    where = table_of(Place).c.id == place_id
    if frames.read(session, visible(Place, RESIDENT, tenant.code, where, only=["id"])).empty:
        return None
    found = frames.read(session, visible(Place, KEEPER, tenant.code, where))
    return next((row for _, row in frames.each(found)), None)


def place_number(typed: str) -> int | None:
    """The number of a place as a form brings it; None: it cannot be one."""
    try:
        return read(VoiceForm, {"place_id": typed}).place_id
    except WrongFields:
        return None


def place_shown(land: Land, place_id: int | None) -> str | None:
    """The name of a place that is open to all, for whoever came by its QR code."""
    place = known_place(land.session, land.tenant, place_id)
    if place is None or not is_open_to_all(land.session, land.tenant.code, place["id"], land.on):
        return None
    return str(place["name"])
