"""Draw the page of what is near (うちから行ける通いの場), and the places for a phone to measure."""

from datetime import date
from typing import Any

from geopandas import GeoDataFrame
from pandas import DataFrame
from sqlmodel import Session

from api.actions.find_municipality import Tenant, find_municipality
from api.actions.find_services import areas_on
from api.actions.near_places import FEWEST, MOST, NEAR_M, Near
from api.actions.told_places import ToldPlace, load_places
from api.models.kinds import PlaceKind
from api.store import frames
from api.store.visible import Viewer
from web.assets import BUILD
from web.maps.encode import encode_points
from web.maps.symbols import BLUE, symbol_of
from web.pages import fill
from web.pages.sharing import Shared
from web.sheets.typeset import picture
from web.words import dialable, month_day, walk_minutes, yes_no

STYLES = ("yori.css", "yori-public.css")
FILTERS = {"": "いつでも", "today": "今日ひらく", "week": "7日のうちにひらく"}
INVITATION = "お住まいの町から、歩いて行ける通いの場を、近い順にさがせます。"
BLANK = ToldPlace(0, "", PlaceKind.OTHER, False, "", "", "", "", None, "", "", False, None, False)
"""What the page's own card is made of before a script fills it."""


def draw_near(near: Near, base: str) -> str:
    """The page; `base` is the address of this installation."""
    told = [*near.found, *near.unknown, *near.somewhere]
    return fill(
        "near.html",
        build=BUILD,
        styles=[f"/static/yori/{name}?{BUILD}" for name in STYLES],
        near=near,
        code=near.tenant.code,
        here=f"/{near.tenant.code}/near",
        query=near.question.query,
        large=near.question.large,
        shared=shared_near(near.tenant, base),
        filters=FILTERS,
        pace=near.tenant.walk_m_per_min,
        signs={kind.value: symbol_of(kind.value).svg() for kind in PlaceKind},
        walks={place.id: _walk(place, near.tenant.walk_m_per_min) for place in told},
        openings={place.id: opening(place, near.question.on) for place in told},
        blank_place=BLANK,
    )


def shared_near(tenant: Tenant, base: str) -> Shared:
    """What links to the page show, whichever town was chosen on it."""
    return Shared(
        title=f"うちから行ける通いの場（{tenant.name}）",
        description=INVITATION,
        url=f"{base}/{tenant.code}/near",
        picture=f"{base}/{tenant.code}/card.png",
        picture_words=f"{tenant.full_name}の通いの場",
    )


def draw_town_card(tenant: Tenant) -> bytes:
    """The picture beside links to a municipality's pages (PNG, 1200 × 630)."""
    words = {"name": "うちから行ける通いの場", "kind": "地域の通いの場", "when": INVITATION}
    return picture("card.typ", {**words, "area": tenant.full_name, "colour": BLUE, "sign": ""})


def opening(place: ToldPlace, on: date) -> str:
    """When it opens next within the week; where days are not promised, it says weekdays only."""
    if not place.days:
        return ""
    if on in place.days:
        return "今日ひらきます" if place.sure else "今日は、ひらく曜日です"
    return f"{'次は' if place.sure else 'ひらく曜日は'} {month_day(place.days[0])}"


def near_json(session: Session, code: str, viewer: Viewer, on: date) -> dict[str, Any]:
    """Every place that tells where it is, by column, so that a phone can measure by itself.

    `days` has a bit for each of seven days, today the lowest; None: nobody knows.
    """
    tenant = find_municipality(session, code)
    places = load_places(session, viewer, tenant, areas_on(session, code, viewer, on), on)
    there = places.rows[places.rows["wkb"].notna()]
    told = [places.told(number) for number in there.index]
    kinds = list(dict.fromkeys(place.kind for place in told))
    columns: dict[str, Any] = {
        name: [getattr(place, name) for place in told]
        for name in ("id", "name", "when", "where", "fee", "access", "phone")
    }
    return {
        **columns,
        **_points(tenant, there),
        "near_m": NEAR_M,
        "most": MOST,
        "fewest": FEWEST,
        "pace": tenant.walk_m_per_min,
        "kinds": [{"code": kind.value, "label": kind.label} for kind in kinds],
        "kind": [kinds.index(place.kind) for place in told],
        "informal": [int(place.informal) for place in told],
        "approximate": [int(place.approximate) for place in told],
        "transport": [yes_no(place.transport) for place in told],
        "tel": [dialable(place.phone) for place in told],
        "opening": [opening(place, on) for place in told],
        "days": [_bits(place, on) for place in told],
    }


def _points(tenant: Tenant, there: DataFrame) -> dict[str, list[int]]:
    if there.empty:
        return {"lon": [], "lat": []}
    drawn: GeoDataFrame = frames.shaped(there, tenant.zone)
    lon, lat = encode_points(drawn.geometry)
    return {"lon": lon, "lat": lat}


def _bits(place: ToldPlace, on: date) -> int | None:
    if place.days is None:
        return None
    return sum(1 << (day - on).days for day in place.days)


def _walk(place: ToldPlace, pace: int) -> str:
    if place.distance_m is None:
        return ""
    return f"歩いて約{walk_minutes(place.distance_m, pace)}分"
