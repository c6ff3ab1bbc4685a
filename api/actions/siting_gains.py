"""Whom chosen sites newly reach (選んだ場所で新しく届く人): site by site, town by town, by area."""

from dataclasses import dataclass

import numpy as np
from geopandas import GeoDataFrame
from pandas import DataFrame, Index, Series

from api.actions.load_community import Community
from geo.arrays import Floats, Positions
from geo.coverage import whole_people
from geo.coverage_model import assigned
from geo.siting import SitingProblem, first_to_serve, in_order_of_gain


@dataclass(frozen=True)
class Gains:
    """The sites in order, and what each adds, in whole persons that add up.

    `chosen` (index: rank from 1): name, kind, newly_reached, position (in the candidates), geometry
    in the plane zone. `towns`: rank, town_id, people, most people first; the towns of a site add up
    to what it newly reaches. `areas` (index: area id, last row missing: in none): population,
    before, after (persons), ratio_before, ratio_after.
    """

    chosen: GeoDataFrame
    towns: DataFrame
    areas: DataFrame

    @property
    def newly_reached(self) -> int:
        """Everybody whom the sites newly reach."""
        return int(self.chosen["newly_reached"].sum())


@dataclass(frozen=True)
class _Served:
    """Home by home, which of the sites serves how many whom no place reaches today."""

    order: Positions
    gains: Floats
    home: Positions
    site: Positions
    people: Floats


def gains_of(
    problem: SitingProblem,
    community: Community,
    demand: GeoDataFrame,
    candidates: GeoDataFrame,
    chosen: Positions,
) -> Gains:
    """What the chosen candidates add, the one that newly reaches most first."""
    served = _served(problem, chosen)
    rank = Index(np.arange(1, len(served.order) + 1), name="rank")
    whole = whole_people(Series(served.gains, index=rank), float(served.gains.sum()))
    sites = candidates.iloc[served.order].set_index(rank)
    return Gains(
        chosen=sites.assign(newly_reached=whole, position=served.order),
        towns=_towns(served, demand, whole),
        areas=_areas(problem, community, demand, served),
    )


def _served(problem: SitingProblem, chosen: Positions) -> _Served:
    if problem.capacity_people is None:
        order, gains = in_order_of_gain(problem, chosen)
        first = first_to_serve(problem, order)
        home = np.flatnonzero((first >= 0) & (problem.people > 0))
        return _Served(order, gains, home, first[home], problem.people[home])
    home, site, people = assigned(problem, chosen, problem.capacity_people)
    each = np.bincount(site, people, minlength=problem.candidates).astype(float)[chosen]
    by_size = np.argsort(-each, kind="stable")
    return _Served(chosen[by_size], each[by_size], home, site, people)


def _towns(served: _Served, demand: GeoDataFrame, whole: Series) -> DataFrame:
    """Rank, town and whole persons; a town of which a site reaches nobody is left out."""
    ranks = dict(zip(served.order.tolist(), whole.index.tolist(), strict=True))
    homes = DataFrame(
        {
            "rank": Series(served.site, dtype=object).map(ranks),
            "town_id": demand["town_id"].to_numpy(dtype=object)[served.home],
            "people": served.people,
        }
    )
    sums = homes.groupby(["rank", "town_id"], dropna=False)["people"].sum().reset_index()
    sums = sums.sort_values(["rank", "people"], ascending=[True, False], ignore_index=True)
    for rank, of_one in sums.groupby("rank"):
        people = whole_people(of_one["people"], float(whole[rank]))
        sums.loc[of_one.index, "people"] = people.astype(float)
    sums["people"] = sums["people"].astype(int)
    return sums[sums["people"] > 0].reset_index(drop=True)


def _areas(
    problem: SitingProblem, community: Community, demand: GeoDataFrame, served: _Served
) -> DataFrame:
    """Everybody, who reaches a place today, and who does with the sites, in each area."""
    labels = community.areas.index
    row = np.asarray(labels.get_indexer(Index(demand["area_id"])), dtype=np.intp)
    row[row < 0] = len(labels)
    size = len(labels) + 1
    population = np.bincount(row, problem.people, minlength=size)
    reached = problem.reached
    before = np.bincount(row[reached], problem.people[reached], minlength=size)
    after = before + np.bincount(row[served.home], served.people, minlength=size)
    columns = {"population": population, "before": before, "after": after}
    table = DataFrame(columns, index=Index([*labels, None], dtype=object, name="area_id"))
    everybody = table["population"].where(table["population"] > 0)
    return table.assign(
        ratio_before=table["before"] / everybody, ratio_after=table["after"] / everybody
    )


def in_whole_people_of(areas: DataFrame) -> DataFrame:
    """`population`, `before` and `after` of `Gains.areas` in whole persons that add up."""
    population = whole_people(areas["population"], float(areas["population"].sum()))
    after = whole_people(areas["after"], float(areas["after"].sum()), at_most=population)
    before = whole_people(areas["before"], float(areas["before"].sum()), at_most=after)
    return DataFrame({"population": population, "before": before, "after": after})
