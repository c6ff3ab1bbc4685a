"""Walking on roads: a town small enough for the head, graphs worked out apart, and pandana."""

import contextlib
import io
import warnings
from collections.abc import Sequence

import networkx
import numpy as np
import pandas as pd
import pytest
import shapely
from geopandas import GeoDataFrame, GeoSeries
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, MultiLineString, Point, Polygon

from benchmarks.roads import made_network
from geo.crs import NotInMetres
from geo.reach import pairs_by_road
from geo.roads import NoRoads, RoadNetwork, Snapped, road_network, slope_cost, snap
from geo.walking import NotADistance, by_road, straight

ZONE = "EPSG:6672"
XY = tuple[float, float]


def lines(*parts: Sequence[XY], **columns: Sequence[object]) -> GeoDataFrame:
    return GeoDataFrame(columns, geometry=[LineString(part) for part in parts], crs=ZONE)


def points(*at: XY) -> GeoDataFrame:
    return GeoDataFrame(geometry=[Point(*xy) for xy in at], crs=ZONE)


def walk(network: RoadNetwork, home: XY, *places: XY, **more: GeoSeries) -> tuple[object, float]:
    found = by_road(points(home), points(*places), network, **more).iloc[0]
    return found["place_id"], float(found["distance_m"])


# --- by hand -------------------------------------------------------------------------------------

CROSS = lines([(-100, 0), (0, 0), (300, 0)], [(0, -200), (0, 0), (0, 400)])
"""Two streets that meet at (0, 0)."""


def test_off_the_road_along_it_and_off_again() -> None:
    # 30 m to the street, 200 m along it to the crossing, 300 m up, 40 m to the hall.
    assert walk(road_network(CROSS), (200, 30), (40, 300)) == (0, 570)


def test_a_neighbour_on_the_same_piece_of_road_is_no_detour_away() -> None:
    network = road_network(CROSS)
    assert walk(network, (200, 10), (260, -20)) == (0, 90)
    assert walk(network, (200, 10), (200, 10)) == (0, 20)


def test_the_nearest_by_road_is_not_the_nearest_as_the_crow_flies() -> None:
    network = road_network(lines([(0, 0), (0, 1000), (50, 1000), (50, 0)], [(0, 0), (-300, 0)]))
    home, over_the_fence, down_the_road = points((0, 10)), (50, 10), (-250, 0)
    places = points(over_the_fence, down_the_road)
    assert straight(home, places)["place_id"].tolist() == [0]
    found = by_road(home, places, network)
    assert (found["place_id"].tolist(), found["distance_m"].tolist()) == ([1], [260])


def test_a_bridge_over_a_road_is_not_a_junction() -> None:
    over = lines([(-100, 0), (100, 0)], [(0, -100), (0, 100)])
    assert walk(road_network(over), (-90, 0), (0, 90)) == (None, np.inf)
    joined = lines([(-100, 0), (0, 0), (100, 0)], [(0, -100), (0, 0), (0, 100)])
    assert walk(road_network(joined), (-90, 0), (0, 90)) == (0, 180)


def test_an_island_reaches_nobody_and_says_so() -> None:
    network = road_network(lines([(0, 0), (100, 0)], [(0, 500), (100, 500)]))
    assert walk(network, (50, 0), (50, 500)) == (None, np.inf)
    assert by_road(points((50, 0)), points(), network)["place_id"].tolist() == [None]


def test_a_river_is_crossed_where_a_road_crosses_it() -> None:
    # A house south of the river, 20 m from the road on the other bank, 60 m from its own.
    roads = lines([(0, 20), (500, 20)], [(0, -60), (500, -60)], [(500, 20), (500, -60)])
    river = GeoSeries([LineString([(-50, 10), (550, 10)])], crs=ZONE)
    house, hall = (100, 0), (100, 20)
    assert walk(road_network(roads), house, hall) == (0, 20)
    assert walk(road_network(roads), house, hall, barriers=river) == (0, 60 + 400 + 80 + 400)


def test_wide_water_is_a_barrier_and_its_bank_is_not() -> None:
    roads = lines([(0, 100), (500, 100)], [(0, -300), (500, -300)])
    lake = GeoSeries([Polygon([(0, 0), (500, 0), (500, 90), (0, 90)])], crs=ZONE)
    on_the_bank = np.array([Point(250, 0)], dtype=object)
    assert snap(road_network(roads), on_the_bank).off_m.tolist() == [100]
    assert snap(road_network(roads), on_the_bank, lake).off_m.tolist() == [300]


def test_a_house_with_no_way_but_over_the_water_gets_out_all_the_same() -> None:
    roads = lines([(0, 100), (500, 100)])
    lake = GeoSeries([Polygon([(0, 0), (500, 0), (500, 90), (0, 90)])], crs=ZONE)
    assert walk(road_network(roads), (250, -10), (250, 100), barriers=lake) == (0, 110)


def test_of_two_ways_between_the_same_corners_the_shorter_counts() -> None:
    both = lines([(0, 0), (200, 0)], [(0, 0), (0, 300), (200, 300), (200, 0)], [(200, 0), (300, 0)])
    assert walk(road_network(both), (0, -5), (300, 0)) == (0, 305)


def test_a_loop_and_a_road_in_several_parts() -> None:
    loop = [(100, 0), (200, 0), (200, 100), (100, 100), (100, 0)]
    drawn = GeoDataFrame(
        geometry=[MultiLineString([[(0, 0), (100, 0)], loop]), LineString()], crs=ZONE
    )
    network = road_network(drawn)
    assert walk(network, (0, 0), (100, 90)) == (0, 190)
    assert network.line_m.sum() == 500


def test_vertices_a_millimetre_apart_are_one_and_ten_centimetres_are_not() -> None:
    near = lines([(0, 0), (100, 0)], [(100.001, 0), (200, 0)])
    apart = lines([(0, 0), (100, 0)], [(100.1, 0), (200, 0)])
    assert walk(road_network(near), (0, 0), (200, 0))[1] == pytest.approx(200, abs=0.01)
    assert walk(road_network(apart), (0, 0), (200, 0)) == (None, np.inf)


def test_a_hill_costs_as_tobler_says_up_and_down_together() -> None:
    # exp(3.5 × 0.15) + exp(3.5 × 0.05) against twice exp(3.5 × 0.05): 1.2095.
    assert slope_cost(np.array([0.0, 0.1, np.nan, -0.1])).round(4).tolist() == [
        1,
        1.2095,
        1,
        1.2095,
    ]
    hill = lines([(0, 0), (1000, 0)], slope=[0.1])
    assert walk(road_network(hill), (0, 0), (1000, 0)) == (0, 1000)
    assert walk(road_network(hill, slopes=True), (0, 0), (1000, 0))[1] == pytest.approx(
        1209.5, abs=0.1
    )


def test_exactly_as_far_is_within_reach_by_road() -> None:
    found = pairs_by_road(points((200, 30), (0, 0)), points((40, 300)), road_network(CROSS), 570)
    assert (found.home.tolist(), found.place.tolist()) == ([0, 1], [0, 0])
    assert found.distance_m.tolist() == [570, 340]
    nearer = pairs_by_road(points((200, 30)), points((40, 300)), road_network(CROSS), 569.9)
    assert nearer.home.tolist() == []


def test_what_cannot_be_is_refused() -> None:
    network, home = road_network(CROSS), points((0, 0))
    with pytest.raises(NoRoads):
        road_network(lines([(5, 5), (5, 5.001)]))
    with pytest.raises(NotInMetres):
        by_road(home.to_crs(4326), home, network)
    with pytest.raises(NotADistance):
        pairs_by_road(home, home, network, np.inf)


# --- apart from us -------------------------------------------------------------------------------

corners = st.tuples(st.integers(0, 6), st.integers(0, 6))
streets = st.lists(st.lists(corners, min_size=2, max_size=5), min_size=1, max_size=12)
anywhere = st.lists(
    st.tuples(st.integers(-100, 700), st.integers(-100, 700)), min_size=1, max_size=6
)


def worked_out_apart(roads: GeoDataFrame, home: Point, place: Point) -> float:
    """The walk by networkx, over a graph in which every meeting point is a node of its own."""
    graph: networkx.Graph[object] = networkx.Graph()
    parts = [
        LineString(pair)
        for road in roads.geometry
        for pair in zip(road.coords, road.coords[1:], strict=False)
        if pair[0] != pair[1]
    ]
    best: dict[str, list[tuple[LineString, float]]] = {}
    for name, point in (("home", home), ("place", place)):
        off = min(part.distance(point) for part in parts)
        best[name] = [(part, off) for part in parts if part.distance(point) <= off + 1e-9]
    for part in parts:
        stops = {0.0, part.length}
        stops |= {
            part.project(p)
            for n, p in (("home", home), ("place", place))
            if any(part is b for b, _ in best[n])
        }
        for a, b in zip(sorted(stops), sorted(stops)[1:], strict=False):
            u, v = (_node(part.interpolate(at)) for at in (a, b))
            graph.add_edge(
                u, v, weight=min(b - a, graph.get_edge_data(u, v, {"weight": np.inf})["weight"])
            )
    found = np.inf
    for on, off in best["home"]:
        for at, away in best["place"]:
            ends = (
                _node(on.interpolate(on.project(home))),
                _node(at.interpolate(at.project(place))),
            )
            with contextlib.suppress(networkx.NetworkXNoPath):
                length = networkx.dijkstra_path_length(graph, *ends)
                found = min(found, length + off + away)
    return found


def _node(point: Point) -> tuple[float, float]:
    return round(point.x, 3), round(point.y, 3)


@settings(max_examples=150)
@given(streets, anywhere, anywhere)
def test_every_walk_is_the_one_worked_out_apart(
    drawn: list[list[tuple[int, int]]], at: list[XY], to: list[XY]
) -> None:
    roads = lines(*([(100 * x, 100 * y) for x, y in street] for street in drawn))
    roads = roads[roads.length > 0]
    if roads.empty:
        return
    network = road_network(roads)
    demand, places = points(*at), points(*to)
    found = by_road(demand, places, network)
    pairs = pairs_by_road(demand, places, network, 2_000)
    walks = {(h, p): d for h, p, d in zip(pairs.home, pairs.place, pairs.distance_m, strict=True)}
    for h, home in enumerate(map(Point, at)):
        ours = [_shortest(network, home, Point(place)) for place in to]
        apart = [worked_out_apart(roads, home, Point(place)) for place in to]
        # Where two roads are equally near, a home is on one of them, and we take either.
        assert all(mine >= other - 1e-6 for mine, other in zip(ours, apart, strict=True))
        assert found["distance_m"].iloc[h] == pytest.approx(min(ours), abs=1e-5)
        for p, mine in enumerate(ours):
            assert walks.get((h, p), np.inf) == pytest.approx(mine if mine <= 2_000 else np.inf)


def _shortest(network: RoadNetwork, home: Point, place: Point) -> float:
    """The walk between two points by all pairs of their edges' ends."""
    a, b = (snap(network, np.array([point], dtype=object)) for point in (home, place))
    graph: networkx.Graph[int] = networkx.Graph()
    for (u, v), cost in zip(network.ends.tolist(), network.cost_m.tolist(), strict=True):
        known = graph.get_edge_data(u, v, {"weight": np.inf})["weight"]
        graph.add_edge(u, v, weight=min(cost, known))
    ways = [abs(a.along_m[0] - b.along_m[0])] if a.edge[0] == b.edge[0] else []
    for u, start in _ends(network, a):
        for v, stop in _ends(network, b):
            with contextlib.suppress(networkx.NetworkXNoPath):
                ways.append(start + networkx.dijkstra_path_length(graph, u, v) + stop)
    return float(min(ways, default=np.inf) + a.off_m[0] + b.off_m[0])


def _ends(network: RoadNetwork, at: Snapped) -> list[tuple[int, float]]:
    edge, along = int(at.edge[0]), float(at.along_m[0])
    first, second = network.ends[edge].tolist()
    return [(first, along), (second, float(network.cost_m[edge]) - along)]


@settings(max_examples=100)
@given(streets, anywhere, anywhere)
def test_no_walk_by_road_is_shorter_than_the_straight_line(
    drawn: list[list[tuple[int, int]]], at: list[XY], to: list[XY]
) -> None:
    roads = lines(*([(100 * x, 100 * y) for x, y in street] for street in drawn))
    if not roads.length.any():
        return
    demand, places = points(*at), points(*to)
    by_line = straight(demand, places)["distance_m"]
    assert (by_road(demand, places, road_network(roads))["distance_m"] >= by_line - 1e-6).all()


def test_pandana_finds_the_same_ways() -> None:
    """On 100,000 corners: see benchmarks/roads.py."""
    xy, ends, length_m = made_network(15_000, seed=1)
    rng, joined = np.random.default_rng(2), np.unique(ends)
    at = rng.choice(joined, 60, replace=False)
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        from pandana import Network

        theirs = Network(
            *(pd.Series(column) for column in (*xy.T, *ends.T)), pd.DataFrame({"metres": length_m})
        )
        theirs.set_pois("places", 9_000, 1, *(pd.Series(column) for column in xy[at].T))
        expected = theirs.nearest_pois(9_000, "places", num_pois=1)[1].to_numpy()
    network = RoadNetwork.from_edges(xy, ends, length_m, ZONE)
    demand = GeoDataFrame(geometry=shapely.points(xy), crs=ZONE)
    found = by_road(demand, demand.iloc[at], network)["distance_m"].to_numpy()[joined]
    assert (found < 9_000).mean() > 0.9
    # pandana stops at 9,000 m.
    assert np.abs(np.minimum(found, 9_000) - expected[joined]).max() < 0.1
