"""Draw the page of one place (通いの場のページ), its small map, and the picture of shared links."""

from collections.abc import Mapping
from typing import Any

import shapely
from geopandas import GeoDataFrame, GeoSeries
from sqlmodel import Session, SQLModel

from api.actions.show_place import ShownPlace
from api.exchange.schema_org import event_data, graph, place_data
from api.models import Landmark, Road, Town
from api.models.columns import table_of
from api.store import frames
from api.store.visible import Viewer, visible
from web.assets import BUILD
from web.maps.place_figure import PlaceFigure, place_figure, window
from web.maps.symbols import symbol_of
from web.pages import fill
from web.pages.sharing import Shared
from web.sheets.typeset import AsItIs, picture
from web.words import dialable

STYLES = ("yori.css", "yori-public.css")


def draw_place(
    session: Session, viewer: Viewer, place: ShownPlace, base: str, *, large: bool = False
) -> str:
    """The page of a place; `base` is the address of this installation."""
    shared = _shared(place, base)
    return fill(
        "place.html",
        build=BUILD,
        styles=[f"/static/yori/{name}?{BUILD}" for name in STYLES],
        place=place,
        code=place.tenant.code,
        large=large,
        here=f"/{place.tenant.code}/places/{place.id}",
        shared=shared,
        data=_data(place, shared),
        sign=symbol_of(place.kind.value).svg(),
        figure=_figure(session, viewer, place),
    )


def draw_card(place: ShownPlace) -> bytes:
    """The picture beside a shared link (PNG, 1200 × 630)."""
    symbol = symbol_of(place.kind.value)
    place_name = " ".join(filter(None, (place.tenant.full_name, place.area and place.area[1])))
    return picture(
        "card.typ",
        {
            "name": place.name,
            "kind": place.kind.label,
            "when": place.when,
            "area": place_name,
            "colour": symbol.colour,
            "sign": AsItIs(symbol.file()),
        },
    )


def _shared(place: ShownPlace, base: str) -> Shared:
    address = f"{base}/{place.tenant.code}/places/{place.id}"
    return Shared(
        title=place.name,
        description=place.summary,
        url=address,
        picture=f"{address}/card.png",
        picture_words=f"{place.name}。{place.when}",
    )


def _data(place: ShownPlace, shared: Shared) -> Mapping[str, Any]:
    """The place for search engines; its openings too, where dates may be promised."""
    row, tenant = place.row, place.tenant
    things = [
        place_data(
            shared.url,
            row,
            municipality=(tenant.name, tenant.prefecture),
            lon_lat=place.lon_lat,
            phone=dialable(row["phone"]),
            picture=shared.picture,
        )
    ]
    rule, days = place.days.as_rule(), place.next_days
    if rule is not None and days:
        things.append(event_data(shared.url, place.name, row["organization"], rule, days))
    return graph(*things)


def _figure(session: Session, viewer: Viewer, place: ShownPlace) -> PlaceFigure | None:
    if place.lon_lat is None:
        return None
    zone = place.tenant.zone
    point = frames.point_in(zone, *place.lon_lat)
    around = GeoSeries([shapely.box(*window(point.x, point.y))], crs=zone).to_crs(frames.DEGREES)
    box = tuple(float(edge) for edge in around.total_bounds)

    def near(model: type[SQLModel]) -> GeoDataFrame:
        table = table_of(model)
        touching = (
            table.c.max_lon >= box[0], table.c.max_lat >= box[1],
            table.c.min_lon <= box[2], table.c.min_lat <= box[3],
        )  # fmt: skip
        return frames.shaped(
            frames.read(session, visible(model, viewer, place.tenant.code, *touching)), zone
        )

    tenant = place.tenant
    shapes = near(Town), near(Road), near(Landmark)
    return place_figure(point, tenant.land(), *shapes, walk_m_per_min=tenant.walk_m_per_min)
