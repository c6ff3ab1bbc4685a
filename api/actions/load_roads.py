"""Load the roads people walk on (道路) as a network, kept until the municipality changes."""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from geopandas import GeoSeries
from sqlalchemy import Engine
from sqlmodel import Session

from api.actions.find_municipality import Tenant
from api.models import Landmark, Road
from api.models.columns import table_of
from api.store import frames
from api.store.visible import Viewer, visible
from geo.roads import NoRoads, RoadNetwork, road_network

MOST_KEPT = 4
BARRIERS = ("川", "水面", "鉄道")
"""Kinds of landmarks nobody walks across but by a road."""


class NoRoadsYet(LookupError):
    """No roads have been imported: nobody can be followed along them."""


@dataclass(frozen=True)
class Roads:
    """The network, and what nobody crosses off it (川・水面・鉄道), in the plane zone."""

    network: RoadNetwork
    barriers: GeoSeries


_kept: "WeakKeyDictionary[Engine, OrderedDict[tuple[str, int, bool], Roads]]" = WeakKeyDictionary()
_lock = threading.Lock()


def load_roads(session: Session, tenant: Tenant, viewer: Viewer, *, slopes: bool = False) -> Roads:
    """The roads of a municipality and its surroundings; roads are public.

    Building a network takes longer than asking it, so the last few are kept in memory by the
    municipality's revision.

    Raises
    ------
    NoRoadsYet
    """
    key = (tenant.code, tenant.revision, slopes)
    with _lock:
        mine = _kept.setdefault(session.get_bind().engine, OrderedDict())
        if key in mine:
            mine.move_to_end(key)
            return mine[key]
    found = _build(session, tenant, viewer, slopes=slopes)
    with _lock:
        mine[key] = found
        while len(mine) > MOST_KEPT:
            mine.popitem(last=False)
    return found


def _build(session: Session, tenant: Tenant, viewer: Viewer, *, slopes: bool) -> Roads:
    lines = frames.shaped(
        frames.read(session, visible(Road, viewer, tenant.code, only=["wkb", "slope"])),
        tenant.zone,
    )
    try:
        network = road_network(lines, slopes=slopes)
    except NoRoads:
        words = (
            f"{tenant.name}の道路は、まだ取り込まれていません。道路に沿って測るには、"
            "先に道路（roads）を取り込んでください。それまでは「推計」で測れます。"
        )
        raise NoRoadsYet(words) from None
    kind = table_of(Landmark).c.kind.in_(BARRIERS)
    drawn = frames.read(session, visible(Landmark, viewer, tenant.code, kind, only=["wkb"]))
    return Roads(network, GeoSeries(frames.shaped(drawn, tenant.zone).geometry))
