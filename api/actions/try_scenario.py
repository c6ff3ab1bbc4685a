"""Try a scenario (計画案を試す): coverage with and without its changes, side by side."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from geopandas import GeoDataFrame
from pandas import DataFrame, Series
from sqlmodel import Session

from api.actions.load_community import Community
from api.actions.report_coverage import (
    CoverageReport,
    Question,
    community_for,
    counted_places,
    measure,
    pairs_of,
    spread_people,
)
from api.actions.scenarios import Move
from api.store import frames
from api.store.visible import Viewer
from geo.belonging import belongs_to
from geo.coverage import whole_people

NO_AREA = "圏域なし"


@dataclass(frozen=True)
class Trial:
    """Both answers, and what differs between them.

    `areas` : name, population, covered_before, covered_after, places_before, places_after, with
    圏域なし where anybody is, then 合計. `towns` (index: town id) : name, gained (persons newly
    reached; negative: not any more), those that differ only.
    """

    moves: tuple[Move, ...]
    before: CoverageReport
    after: CoverageReport
    areas: DataFrame
    towns: DataFrame

    @property
    def gained(self) -> int:
        """Persons reached more than before."""
        return int(self.after.total["covered"] - self.before.total["covered"])


def try_moves(
    session: Session, code: str, viewer: Viewer, question: Question, moves: Sequence[Move]
) -> Trial:
    """Measure a municipality as it is, and with the moves. Raises what `load_community` raises."""
    return try_in(community_for(session, code, viewer, question), question, moves)


def try_in(community: Community, question: Question, moves: Sequence[Move]) -> Trial:
    """The same for a community that is loaded already."""
    before = measure(community, question)
    after = measure(with_moves(community, moves), question)
    towns = (after.towns["covered"] - before.towns["covered"]).iloc[:-1]
    changed = towns[towns != 0].sort_values(ascending=False)
    names = community.towns["name"].reindex(changed.index)
    return Trial(
        tuple(moves),
        before,
        after,
        _by_area(before, after),
        DataFrame({"name": names, "gained": changed}),
    )


def with_moves(community: Community, moves: Sequence[Move]) -> Community:
    """The same people with other places: added ones get labels below zero, in order."""
    places = community.places
    gone = [m.place_id for m in moves if m.do == "close"]
    places = places[~places.index.isin(gone)]
    moved = [m for m in moves if m.do == "move" and m.place_id in places.index]
    for move in moved:
        places = _moved(places, move, community)
    added = [m for m in moves if m.do == "add" and m.lon is not None and m.lat is not None]
    if added:
        places = _with(places, added, community)
    return replace(community, places=places)


def _moved(places: GeoDataFrame, move: Move, community: Community) -> GeoDataFrame:
    if move.lon is None or move.lat is None:
        return places
    point = frames.point_in(community.tenant.zone, move.lon, move.lat)
    points = places.geometry.where(places.index != move.place_id, point)
    return _in_areas(places.set_geometry(points), community)


def _with(places: GeoDataFrame, added: Sequence[Move], community: Community) -> GeoDataFrame:
    zone = community.tenant.zone
    rows = DataFrame(index=pd.Index([-n for n in range(1, len(added) + 1)], name=places.index.name))
    rows = rows.reindex(columns=[c for c in places.columns if c != "geometry"]).astype(object)
    rows = rows.where(rows.notna(), None)
    facts: dict[str, Any] = {
        "name": [move.name for move in added],
        "kind": "other",
        "informal": False,
        "stale": False,
        "badge": False,
        "approximate": False,
        "capacity_people": [move.capacity_people for move in added],
    }
    rows = rows.assign(**facts)
    rows["functions"] = Series([()] * len(added), index=rows.index, dtype=object)
    points = [frames.point_in(zone, m.lon or 0.0, m.lat or 0.0) for m in added]
    new = GeoDataFrame(rows.astype(object), geometry=points, crs=places.crs)
    both = pd.concat([places.astype({c: object for c in rows.columns}), new])
    both = both.astype({"informal": bool, "stale": bool, "badge": bool})
    return _in_areas(GeoDataFrame(both, geometry="geometry", crs=places.crs), community)


def _in_areas(places: GeoDataFrame, community: Community) -> GeoDataFrame:
    drawn = community.areas[community.areas.geometry.notna()]
    return places.assign(area_id=belongs_to(places, drawn) if len(drawn) else None)


def _by_area(before: CoverageReport, after: CoverageReport) -> DataFrame:
    names = [*before.community.areas["name"], NO_AREA]
    both = {
        "name": names,
        "population": before.areas["population"].to_numpy(),
        "covered_before": before.areas["covered"].to_numpy(),
        "covered_after": after.areas["covered"].to_numpy(),
        "places_before": before.areas["places"].to_numpy(),
        "places_after": after.areas["places"].to_numpy(),
    }
    table = DataFrame(both)
    last = table.iloc[-1]
    if not last["population"] and not last["places_before"] and not last["places_after"]:
        table = table.iloc[:-1]
    total = {
        name: [int(before.total[key] if "before" in name else after.total[key])]
        for name, key in (
            ("population", "population"),
            ("covered_before", "covered"),
            ("covered_after", "covered"),
            ("places_before", "places"),
            ("places_after", "places"),
        )
    }
    return pd.concat([table, DataFrame({"name": ["合計"], **total})], ignore_index=True)


def losses(community: Community, question: Question) -> DataFrame:
    """Places by how many people would reach none any more if that one closed, most first.

    Returns
    -------
    Index: place id; `name`, `area_id`, `lost` (whole persons) of every place that counts.
    """
    places = counted_places(community.places, question)
    demand = spread_people(community, question)
    pairs = pairs_of(demand, places, community, question)
    choices = np.bincount(pairs.home, minlength=len(demand))
    only = choices[pairs.home] == 1
    people = demand["people"].to_numpy(dtype=float)
    lost = np.bincount(pairs.place[only], people[pairs.home[only]], minlength=len(places))
    exact = Series(lost.astype(float), index=places.index)
    whole = whole_people(exact, float(exact.sum()))
    found = DataFrame({"name": places["name"], "area_id": places["area_id"], "lost": whole})
    return found.sort_values(["lost", "name"], ascending=[False, True])


def added_of(trial: Trial) -> list[tuple[int, Move]]:
    """The added places with the numbers they bear on map and paper, from 1."""
    return list(enumerate((m for m in trial.moves if m.do == "add"), start=1))


def closing(community: Community, place_ids: Iterable[int]) -> list[Move]:
    """Moves that close these places."""
    names = community.places["name"]
    return [
        Move(do="close", place_id=number, name=str(names[number]))
        for number in place_ids
        if number in names.index
    ]
