"""The ground to put a place on (下地): what is known of the land, before there are any people."""

from typing import Any

import shapely
from geopandas import GeoDataFrame, GeoSeries
from sqlmodel import Session

from api.actions.find_municipality import Tenant
from api.actions.locating import Land
from api.models import Landmark, Road
from api.models.landmark_kinds import landmark_rank
from api.store import frames
from api.store.visible import OFFICE, Viewer, visible
from web.maps.ground import ground


def draw_ground(land: Land) -> dict[str, Any]:
    """Shapes, names and bounds ([south, west], [north, east]) of the municipality, for JSON."""
    tenant = land.tenant
    towns = frames.shaped(land.towns.assign(approximate=False), tenant.zone)
    areas = frames.shaped(land.areas, tenant.zone)
    roads, landmarks = roads_and_landmarks(land.session, OFFICE, tenant)
    cells = GeoSeries([], crs=towns.crs)
    drawn: dict[str, Any] = ground(tenant.land(), towns, cells, areas, roads, landmarks)
    drawn["towns"]["label"] = _labels(towns)
    drawn["bounds"] = _bounds(land)
    return drawn


def roads_and_landmarks(
    session: Session, viewer: Viewer, tenant: Tenant
) -> tuple[GeoDataFrame, GeoDataFrame]:
    """What people walk on and steer by, in the plane zone; what they steer by most comes first."""
    roads, landmarks = (
        frames.shaped(frames.read(session, visible(model, viewer, tenant.code)), tenant.zone)
        for model in (Road, Landmark)
    )
    ranks = landmarks["kind"].map(landmark_rank)
    return roads, landmarks.iloc[ranks.argsort(kind="stable")]


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
