"""Candidates (候補地) of a siting: those that are known, or every inhabited spot."""

from collections.abc import Iterable

import numpy as np
import shapely
from geopandas import GeoDataFrame, GeoSeries
from pandas import Index, Series
from scipy.spatial import cKDTree
from sqlmodel import Session

from api.actions.load_community import Community
from api.exchange.names import name_keys
from api.models import Candidate
from api.store import frames
from api.store.visible import Viewer, visible
from geo.arrays import Floats, Positions
from geo.belonging import belongs_to
from geo.siting import NOWHERE


class UnknownSite(ValueError):
    """No candidate, or no place, goes by that name."""


def load_candidates(session: Session, community: Community, viewer: Viewer) -> GeoDataFrame:
    """Candidates (候補地) that lie somewhere: id, name, kind, capacity_people, approximate."""
    rows = frames.read(session, visible(Candidate, viewer, community.tenant.code))
    rows = rows[rows["lon"].notna()].reset_index(drop=True)
    points = shapely.points(rows["lon"].astype(float), rows["lat"].astype(float))
    located = GeoSeries(points, crs=frames.DEGREES).to_crs(community.tenant.zone)
    columns = ["id", "name", "kind", "capacity_people", "approximate"]
    return GeoDataFrame(rows[columns], geometry=located)


def inhabited_spots(community: Community) -> GeoDataFrame:
    """Every spot where somebody lives, named by its town; each by a name of its own."""
    people = community.people[community.people["people"] > 0]
    columns = {
        "id": None,
        "name": _one_each(_towns_of(community, people)).to_numpy(),
        "kind": "other",
        "capacity_people": None,
        "approximate": True,
    }
    return GeoDataFrame(columns, geometry=people.geometry.to_numpy(), crs=people.crs)


def _towns_of(community: Community, people: GeoDataFrame) -> Series:
    """The name of each spot's town: its own, or the one a mesh cell lies in."""
    names = community.towns["name"]
    drawn = community.towns[community.towns.geometry.notna()]
    town = people["town_id"].astype(object)
    if len(drawn) and town.isna().any():
        town = town.where(town.notna(), belongs_to(people, drawn))
    return town.map(names).fillna("町なし").astype(object)


def _one_each(names: Series) -> Series:
    """A number behind a name that several spots share."""
    number = names.groupby(names).cumcount() + 1
    shared = names.duplicated(keep=False)
    return names.where(~shared, names + "（その" + number.astype(str) + "）")


def named(rows: GeoDataFrame, names: Iterable[str], what: str) -> Index:
    """Labels of the rows that go by these names, all of a name. Raises `UnknownSite`."""
    keys = name_keys(rows["name"].astype("str"))
    found: list[object] = []
    for name in names:
        mine = rows.index[keys == name_keys(Series([name])).iloc[0]]
        if mine.empty:
            raise UnknownSite(f"「{name}」という{what}はありません。")
        found += list(mine)
    return Index(found)


def too_near(
    candidates: GeoDataFrame, places: GeoDataFrame, apart_m: float
) -> tuple[Positions, Positions]:
    """Candidates nearer to each other than `apart_m`, and those so near to a place that stays."""
    if apart_m <= 0 or candidates.empty:
        return np.empty((0, 2), dtype=np.intp), NOWHERE
    spots: Floats = candidates.geometry.get_coordinates().to_numpy()
    pairs = cKDTree(spots).query_pairs(np.nextafter(apart_m, 0), output_type="ndarray")
    if places.empty:
        return pairs, NOWHERE
    stays = cKDTree(places.geometry.get_coordinates().to_numpy())
    return pairs, np.flatnonzero(stays.query(spots)[0] < apart_m)
