"""The ground to put a place on (下地): what is known of the land, before there are any people."""

from typing import Any

import shapely
from geopandas import GeoDataFrame, GeoSeries

from api.actions.locating import Land
from api.models import Landmark, Road
from api.store import frames
from api.store.visible import OFFICE, visible
from web.maps.ground import ground


def draw_ground(land: Land) -> dict[str, Any]:
    """Shapes, names and bounds ([south, west], [north, east]) of the municipality, for JSON."""
    tenant, session = land.tenant, land.session
    towns = frames.shaped(land.towns.assign(approximate=False), tenant.zone)
    areas = frames.shaped(land.areas, tenant.zone)
    roads, landmarks = (
        frames.shaped(frames.read(session, visible(model, OFFICE, tenant.code)), tenant.zone)
        for model in (Road, Landmark)
    )
    cells = GeoSeries([], crs=towns.crs)
    drawn: dict[str, Any] = ground(tenant.land(), towns, cells, areas, roads, landmarks)
    drawn["towns"]["label"] = _labels(towns)
    drawn["bounds"] = _bounds(land)
    return drawn


def _labels(towns: GeoDataFrame) -> list[list[float]]:
    """Where each drawn town's name may stand, longitude and latitude."""
    there = towns[towns.geometry.notna()]
    points: Any = there.geometry.representative_point().to_crs(frames.DEGREES)
    return [[round(p.x, 5), round(p.y, 5)] for p in points]


def _bounds(land: Land) -> list[list[float]]:
    boundary: Any = land.tenant.boundary
    if boundary is None:
        boundary = shapely.MultiPoint(land.towns[["lon", "lat"]].astype(float).to_numpy())
    west, south, east, north = boundary.bounds
    return [[south, west], [north, east]]
