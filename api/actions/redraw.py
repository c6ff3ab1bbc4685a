"""Draw again what only follows: shapes of towns known by points, of areas known by lists.

Called inside the transaction of an import that changed the boundary, towns or areas.
"""

from dataclasses import dataclass

import pandas as pd
import shapely
from geopandas import GeoDataFrame, GeoSeries
from pandas import DataFrame, Series
from sqlmodel import Session

from api.actions.find_municipality import Tenant
from api.models import Area, AreaTown, Place, Town
from api.store import frames
from api.store.visible import OFFICE, visible
from api.store.writing import write_derived
from geo.belonging import belongs_to
from geo.towns import areas_from_towns, towns_from_points


@dataclass(frozen=True)
class _Desk:
    session: Session
    tenant: Tenant

    def known(self, model: type[Area | AreaTown | Place | Town]) -> DataFrame:
        rows = visible(model, OFFICE, self.tenant.code)
        return frames.read(self.session, rows).set_index("id")


def redraw(session: Session, tenant: Tenant) -> None:
    """Bring drawn shapes and the towns of places in line with what has been imported."""
    desk = _Desk(session, tenant)
    if tenant.boundary is not None:
        _draw_towns(desk)
    towns = desk.known(Town)
    towns = towns[towns["wkb"].notna()]
    if len(towns):
        polygons = frames.shaped(towns, tenant.zone)
        _draw_areas(desk, polygons)
        _place_in_towns(desk, polygons)


def _draw_towns(desk: _Desk) -> None:
    """Voronoi shapes, inside the boundary, for towns that only have points."""
    towns = desk.known(Town)
    drawn = towns[towns["approximate"].astype(bool)]
    land = desk.tenant.land()
    if drawn.empty or land is None:
        return
    surveyed = towns.drop(index=drawn.index)
    known = frames.shaped(surveyed, desk.tenant.zone).geometry if len(surveyed) else None
    shapes = towns_from_points(_points(drawn, desk.tenant.zone), land, known=known)
    _write_shapes(desk, Town, shapes, drawn)


def _points(towns: DataFrame, epsg: int) -> GeoDataFrame:
    """Every point of every town (its own and those of its 小字), in metres."""
    pairs = towns["points"].str.split(";").explode().str.split(" ", expand=True).astype(float)
    points = GeoSeries(shapely.points(pairs[0].to_numpy(), pairs[1].to_numpy()), crs=frames.DEGREES)
    return GeoDataFrame({"town_id": pairs.index}, geometry=points.to_crs(epsg).to_numpy(), crs=epsg)


def _draw_areas(desk: _Desk, towns: GeoDataFrame) -> None:
    """Areas known as a list of towns are those towns, dissolved."""
    areas = desk.known(Area)
    listed = areas[areas["approximate"].astype(bool)]
    belonging = desk.known(AreaTown)
    for _, scheme in belonging.groupby("scheme_id"):
        area_of = scheme.set_index("town_id")["area_id"].reindex(towns.index)
        mine = listed.loc[listed.index.isin(set(area_of.dropna()))]
        if len(mine):
            shapes = areas_from_towns(towns.geometry, area_of.where(area_of.isin(mine.index)))
            _write_shapes(desk, Area, shapes, mine)


def _place_in_towns(desk: _Desk, towns: GeoDataFrame) -> None:
    """The town of each place with coordinates of its own follows from the towns' shapes."""
    places = desk.known(Place)
    located = places[~places["approximate"].astype(bool) & places["wkb"].notna()]
    if located.empty:
        return
    town = belongs_to(frames.shaped(located, desk.tenant.zone), towns)
    moved = town.fillna(-1).astype(int) != located["town_id"].fillna(-1).astype(int)
    write_derived(desk.session, Place, DataFrame({"town_id": town[moved].astype(object)}))


def _write_shapes(
    desk: _Desk, model: type[Area | Town], shapes: GeoSeries, known: DataFrame
) -> None:
    degrees = GeoSeries(shapes.reindex(known.index), crs=desk.tenant.zone).to_crs(frames.DEGREES)
    columns = frames.stored(degrees.to_numpy()).set_axis(known.index)
    changed = Series(
        [new != old for new, old in zip(columns["wkb"], known["wkb"], strict=True)],
        index=known.index,
        dtype=bool,
    )
    write_derived(desk.session, model, columns[changed].where(pd.notna(columns[changed]), None))
