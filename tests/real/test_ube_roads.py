"""The walking network of central Ube (宇部市) as OpenStreetMap holds it: 15,374 edges."""

import os
from pathlib import Path

import geopandas
import networkx
import numpy as np
import pandas as pd
import pytest
import shapely
from geopandas import GeoDataFrame

from geo.roads import road_network
from geo.walking import by_road, straight

DATA = Path(os.environ.get("YORIDOKORO_REAL_DATA") or Path(__file__).parents[3] / "shared" / "data")
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not DATA.is_dir(), reason=f"no real data: {DATA.name} is not there"),
]
ZONE = "EPSG:6671"


def edges() -> GeoDataFrame:
    return GeoDataFrame(geopandas.read_file(DATA / "ube" / "ube_walk_edges.gpkg")).to_crs(ZONE)


def test_every_walk_is_the_one_its_nodes_tell() -> None:
    drawn = edges()
    network = road_network(drawn)
    corners = GeoDataFrame(geometry=shapely.points(network.junctions), crs=ZONE)
    graph: networkx.Graph[int] = networkx.Graph()
    for u, v, metres in zip(drawn["u"], drawn["v"], drawn.length, strict=True):
        known = graph.get_edge_data(u, v, {"weight": np.inf})["weight"]
        graph.add_edge(u, v, weight=min(metres, known))
    ends = shapely.get_point(shapely.get_geometry(drawn.geometry.to_numpy(), 0), 0)
    starts = dict(zip(drawn["u"], ends, strict=True))
    rng = np.random.default_rng(3)
    chosen = [drawn["u"].iloc[i] for i in rng.choice(len(drawn), 40, replace=False)]
    places = GeoDataFrame(geometry=[starts[node] for node in chosen], crs=ZONE)
    expected = networkx.multi_source_dijkstra_path_length(graph, set(chosen))
    homes = [node for node in starts if node in expected]
    demand = GeoDataFrame(geometry=[starts[node] for node in homes], crs=ZONE)
    found = by_road(demand, places, network)["distance_m"].to_numpy()
    assert len(corners) >= 10_403
    longer = found - np.array([expected[node] for node in homes])
    # Where lines share a vertex that is no node of theirs, the way may be shorter; two nodes of the
    # file have edges that begin elsewhere.
    assert (np.abs(longer) < 0.5).mean() > 0.98
    assert (longer > 0.5).mean() < 0.01


def test_towns_reach_places_along_roads_and_never_sooner_than_straight() -> None:
    towns = pd.read_csv(DATA / "ube" / "towns.csv").dropna(subset=["lng", "lat"])
    points = shapely.points(towns["lng"].to_numpy(), towns["lat"].to_numpy())
    demand = GeoDataFrame(geometry=points, crs="EPSG:4326").to_crs(ZONE)
    network = road_network(edges())
    places = demand.iloc[::10]
    walk = by_road(demand, places, network)
    near = walk["off_road_m"] <= 300
    assert near.sum() > 200
    line = straight(demand, places)["distance_m"]
    assert (walk["distance_m"] >= line - 1e-6).all()
    ratio = (walk["distance_m"] / line)[near & (line > 100) & np.isfinite(walk["distance_m"])]
    assert 1.1 < ratio.median() < 1.8
