"""What the desk's pages ask while somebody fills in a form: where is this, when is that."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from api.actions.draw_ground import draw_ground
from api.exchange.json_text import json_text
from api.exchange.schedule_dates import next_dates
from api.exchange.schedule_words import in_words
from api.exchange.schedules import ImpossibleSchedule, from_json
from api.routes.desk import PRIVATE, DeskDep
from api.routes.handing_on import land_of
from web.words import kilometres, month_day

router = APIRouter(prefix="/{code}/desk", include_in_schema=False)


@router.get("/where.json")
def where(
    desk: DeskDep,
    lon: Annotated[float | None, Query(ge=-180, le=180, allow_inf_nan=False)] = None,
    lat: Annotated[float | None, Query(ge=-90, le=90, allow_inf_nan=False)] = None,
    address: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """Which area and town a point fell in, or the point an address stands for."""
    land = land_of(desk)
    if lon is not None and lat is not None:
        spot = land.spot(lon, lat)
    else:
        found = land.find_address(address) if address.strip() else None
        if found is None:
            words = "この住所の町が見つかりません。地図を押して示してください。"
            return JSONResponse({"wrong": words}, headers=PRIVATE)
        spot = found
    if spot.outside_m:
        words = f"{desk.tenant.name}から {kilometres(spot.outside_m)} 離れています。"
        return JSONResponse({"wrong": words}, headers=PRIVATE)
    return JSONResponse(
        {
            "lon": spot.lon,
            "lat": spot.lat,
            "area": spot.area,
            "town": spot.town,
            "approximate": spot.approximate,
            "mine": desk.member.may_write_in(frozenset({spot.area_code} if spot.area_code else ())),
        },
        headers=PRIVATE,
    )


@router.get("/ground.json")
def ground(desk: DeskDep) -> Response:
    """What the map to put places on stands on."""
    text = json_text(draw_ground(land_of(desk)))
    return Response(text, media_type="application/json", headers=PRIVATE)


@router.get("/schedule.json")
def schedule(desk: DeskDep, rule: Annotated[str, Query(max_length=20_000)]) -> Response:
    """A schedule in words, and its next dates."""
    try:
        read = from_json(rule)
    except ImpossibleSchedule as wrong:
        return JSONResponse({"wrong": str(wrong)}, headers=PRIVATE)
    dates = [month_day(day) for day in next_dates(read, desk.today, 6)]
    return JSONResponse({"words": in_words(read), "dates": dates}, headers=PRIVATE)
