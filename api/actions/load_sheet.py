"""Load what sheets are printed from (紙のもと): the land and everything published on it, once."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame, GeoSeries
from pandas import DataFrame, Series
from shapely.geometry.base import BaseGeometry
from sqlmodel import Session

from api.actions.draw_ground import roads_and_landmarks
from api.actions.draw_map import NoSuchArea
from api.actions.find_municipality import NoLandYet, Tenant
from api.actions.find_records import is_stale, stale_before
from api.actions.find_services import FoundServices, ServiceQuestion, find_services
from api.actions.locating import NoSuchTown
from api.actions.open_places import paused_on
from api.actions.records import office_settings
from api.actions.service_supply import offered_on
from api.models import AreaTown, Intake, Place, Town
from api.models.columns import table_of
from api.models.kinds import ServiceKind
from api.store import frames
from api.store.visible import Viewer, visible
from geo.belonging import belongs_to

TOWN_REACH_M = 1000.0
"""The sheet of a town (自治会版) tells places this far from it: twenty minutes on foot."""


@dataclass(frozen=True)
class SheetLand:
    """A municipality as its sheets show it on a day; frames in the plane zone (metres).

    `areas` (index: id): code, name, geometry. `towns` (index: id): name, kana, area_id, geometry
    (may be missing). `roads`, `landmarks`: kind, name, geometry. `places` (index: id): the public
    columns, `area` (code, None: in none), `outside` (stands just outside its area), `stale`,
    geometry (missing where the public is told no point).
    """

    tenant: Tenant
    on: date
    areas: GeoDataFrame
    towns: GeoDataFrame
    roads: GeoDataFrame
    landmarks: GeoDataFrame
    places: GeoDataFrame
    services: FoundServices
    credits: tuple[str, ...]


@dataclass(frozen=True)
class Focus:
    """What one sheet is about: an area (圏域), towns of it, or the whole municipality."""

    name: str
    area: str
    """Code of the area; empty: the whole municipality."""
    towns: tuple[int, ...] = ()
    shape: BaseGeometry | None = None
    """Metres; None where no outline is known."""

    @property
    def is_part(self) -> bool:
        """Whether it is a part of an area: the sheet of a town (自治会版)."""
        return bool(self.towns)


def load_sheet_land(session: Session, code: str, viewer: Viewer, on: date) -> SheetLand:
    """Load a municipality for its sheets, as `viewer` may see it.

    Raises
    ------
    NoSuchMunicipality, NoLandYet
    """
    found = find_services(session, code, viewer, ServiceQuestion(on))
    tenant = found.tenant
    zone = tenant.zone

    def rows(model: Any, *where: Any) -> DataFrame:
        return frames.read(session, visible(model, viewer, tenant.code, *where))

    areas = frames.shaped(found.areas, zone)
    towns = _towns(rows(Town), rows(AreaTown), areas, zone)
    places = _places(rows(Place), areas, paused_on(session, viewer, tenant.code, on), on, zone)
    months = int(office_settings(session, tenant)["stale_months"])
    places["stale"] = is_stale(places, stale_before(on, months))
    roads, landmarks = roads_and_landmarks(session, viewer, tenant)
    used = [places, roads, landmarks, towns, areas]
    numbers = {int(n) for frame in used for n in frame["intake_id"].dropna().unique()}
    numbers |= {tenant.intake_id} if tenant.intake_id is not None else set()
    credits = rows(Intake, table_of(Intake).c.id.in_(sorted(numbers)))["credit"]
    return SheetLand(
        tenant, on, areas, towns, roads, landmarks, places, found, tuple(dict.fromkeys(credits))
    )


def _towns(towns: DataFrame, links: DataFrame, areas: GeoDataFrame, zone: int) -> GeoDataFrame:
    drawn = frames.shaped(towns.set_index("id"), zone)
    mine = links[links["area_id"].isin(areas.index)].set_index("town_id")["area_id"]
    drawn["area_id"] = Series(drawn.index, index=drawn.index).map(mine)
    return drawn


def _places(
    rows: DataFrame, areas: GeoDataFrame, paused: frozenset[int], on: date, zone: int
) -> GeoDataFrame:
    rows = rows.set_index("id")
    rows = rows[offered_on(rows, on) & ~rows.index.isin(paused)]
    placed = frames.shaped(rows, zone)
    drawn = areas[areas.geometry.notna()]
    within = belongs_to(placed, drawn) if len(drawn) else Series(None, placed.index, dtype=object)
    told = within.map(areas["code"]).astype(object)
    placed["area"] = told.where(told.notna(), placed["public_area"]).astype(object)
    outlines = GeoSeries(within.map(areas.geometry), crs=areas.crs)
    placed["outside"] = within.notna() & ~placed.geometry.intersects(outlines, align=False)
    return placed


def focus_on(land: SheetLand, area: str, towns: tuple[int, ...] = ()) -> Focus:
    """What the sheet of an area, of some of its towns, or of everything (no code) is about.

    Raises
    ------
    NoSuchArea, NoSuchTown
    """
    if not area:
        return Focus(land.tenant.name, "", (), land.tenant.land() or _around(land.areas))
    mine = towns_in(land, area)
    if not towns:
        found = land.areas[land.areas["code"] == area]
        return Focus(str(found["name"].iloc[0]), area, (), found.geometry.iloc[0])
    if not set(towns) <= set(mine.index):
        raise NoSuchTown("その圏域に、その町はありません。")
    chosen = mine.loc[list(towns)]
    return Focus("・".join(chosen["name"]), area, towns, _around(chosen))


def towns_in(land: SheetLand, area: str) -> GeoDataFrame:
    """The towns of an area; without a code, all of them.

    Raises
    ------
    NoSuchArea
    """
    if not area:
        return land.towns
    found = land.areas.index[land.areas["code"] == area]
    if found.empty:
        raise NoSuchArea(f"{land.tenant.name}に圏域「{area[:30]}」はありません。")
    mine: GeoDataFrame = land.towns[land.towns["area_id"] == found[0]]
    return mine


def _around(shapes: GeoDataFrame) -> BaseGeometry | None:
    whole: BaseGeometry = shapely.union_all(np.asarray(shapes.geometry.dropna()))
    return None if whole.is_empty else whole


def places_of(land: SheetLand, focus: Focus) -> GeoDataFrame:
    """The places a sheet tells: those of its area, or those within reach of its towns."""
    places = land.places
    if not focus.area:
        return places
    mine = places[places["area"] == focus.area]
    if not focus.is_part or focus.shape is None:
        return mine
    near: GeoDataFrame = places[places.geometry.distance(focus.shape) <= TOWN_REACH_M]
    return near


def about(focus: Focus, places: GeoDataFrame) -> BaseGeometry:
    """What the map has to show whole: the land in question, and every place that is listed.

    Raises
    ------
    NoLandYet : neither land nor a place has a position.
    """
    shapes = [*places.geometry.dropna(), *([] if focus.shape is None else [focus.shape])]
    if not shapes:
        raise NoLandYet(f"{focus.name}には、地図にえがけるものがまだありません。")
    whole: BaseGeometry = shapely.union_all(shapes)
    return whole if focus.shape is not None else whole.buffer(600)


def contact_of(land: SheetLand, focus: Focus) -> str:
    """Whom residents phone: the area's support centre (地域包括支援センター), else the office."""
    rows = land.services.services
    centres = rows[(rows["kind"] == ServiceKind.SUPPORT_CENTER) & rows["phone"].notna()]
    if focus.area:
        own = centres["areas"].map(lambda codes: codes is not None and focus.area in codes)
        every = centres["areas"].isna()
        centres = pd.concat([centres[own.astype(bool)], centres[every]])
    if centres.empty:
        return land.tenant.voice_contact or ""
    return f"{centres['name'].iloc[0]} {centres['phone'].iloc[0]}"
