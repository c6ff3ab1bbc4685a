"""The sample city must hold together: a visitor believes the first map they see."""

import csv
import subprocess
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree
from shapely.geometry.base import BaseGeometry

from api.models.landmark_kinds import LANDMARK_KINDS

FOLDER = Path(__file__).parents[1] / "data" / "boundaries"
FILES = [
    "areas.csv",
    "boundary.geojson",
    "landmarks.geojson",
    "organizations.csv",
    "places.csv",
    "population.csv",
    "roads.geojson",
    "services.csv",
    "supporters.csv",
    "towns.geojson",
]
PLANE = "EPSG:6675"
OLDER = ("65-69歳", "70-74歳", "75-79歳", "80-84歳", "85歳以上")

Rows = list[dict[str, str]]


def table(name: str) -> Rows:
    with (FOLDER / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def layer(name: str) -> gpd.GeoDataFrame:
    return gpd.read_file(FOLDER / name).to_crs(PLANE)


def points(rows: Rows) -> gpd.GeoSeries:
    lon, lat = ([float(row[column]) for row in rows] for column in ("経度", "緯度"))
    return gpd.GeoSeries(gpd.points_from_xy(lon, lat), crs="EPSG:4326").to_crs(PLANE)


def vertices(shape: BaseGeometry) -> set[tuple[float, ...]]:
    return {tuple(xy) for xy in shapely.get_coordinates(shape).tolist()}


def older_people(row: dict[str, str]) -> int:
    return sum(int(row[f"{band}の{sex}"]) for band in OLDER for sex in ("男性", "女性"))


@pytest.fixture(scope="module")
def towns() -> gpd.GeoDataFrame:
    return layer("towns.geojson")


@pytest.fixture(scope="module")
def land() -> gpd.GeoSeries:
    return layer("boundary.geojson").geometry


@pytest.fixture(scope="module")
def population() -> Rows:
    return table("population.csv")


@pytest.fixture(scope="module")
def places() -> Rows:
    return table("places.csv")


def test_drawing_the_city_again_gives_the_very_same_files(tmp_path: Path) -> None:
    script = FOLDER / "draw_sample.py"
    subprocess.run([sys.executable, "-B", str(script), str(tmp_path)], check=True, timeout=300)
    assert sorted(path.name for path in tmp_path.iterdir()) == FILES
    changed = [n for n in FILES if (tmp_path / n).read_bytes() != (FOLDER / n).read_bytes()]
    assert changed == []


def test_the_towns_tile_the_city_without_gap_or_overlap(
    towns: gpd.GeoDataFrame, land: gpd.GeoSeries
) -> None:
    assert towns.is_valid.all()
    whole = towns.union_all()
    assert towns.area.sum() - whole.area == pytest.approx(0, abs=1)
    assert whole.symmetric_difference(land.union_all()).area == pytest.approx(0, abs=1)


def test_every_town_is_one_piece_with_a_key_of_its_own(towns: gpd.GeoDataFrame) -> None:
    assert set(towns.geom_type) == {"Polygon"}
    assert towns["KEY_CODE"].is_unique
    assert towns["KEY_CODE"].str.fullmatch(r"99201\d{6}").all()
    assert towns["S_NAME"].is_unique


def test_every_town_has_exactly_one_area_and_people(
    towns: gpd.GeoDataFrame, population: Rows
) -> None:
    listed = table("areas.csv")
    names = sorted(towns["S_NAME"])
    assert sorted(row["町名"] for row in listed) == names
    assert sorted(row["地域名"] for row in population) == names
    assert len({(row["圏域コード"], row["圏域名"]) for row in listed}) == 6


def test_an_area_is_one_piece_but_for_the_island(towns: gpd.GeoDataFrame) -> None:
    area = {row["町名"]: row["圏域名"] for row in table("areas.csv")}
    whole = towns.dissolve(towns["S_NAME"].map(area)).geometry
    pieces = {name: len(getattr(shape, "geoms", [shape])) for name, shape in whole.items()}
    assert {name: n for name, n in pieces.items() if n > 1} == {"山の手・島圏域": 2}


def test_bands_and_sexes_add_up_to_the_people_of_the_town(population: Rows) -> None:
    for row in population:
        men, women = (
            sum(int(n) for column, n in row.items() if column.endswith(f"の{sex}"))
            for sex in ("男性", "女性")
        )
        assert (men, women) == (int(row["男性"]), int(row["女性"])), row["地域名"]
        assert men + women == int(row["総人口"]), row["地域名"]
        assert 0 < int(row["世帯数"]) <= int(row["総人口"]), row["地域名"]


def test_people_live_inside_their_own_town(towns: gpd.GeoDataFrame, population: Rows) -> None:
    shape = towns.set_index("S_NAME").geometry
    homes = points(population)
    strays = [
        row["地域名"]
        for row, home in zip(population, homes, strict=True)
        if not shape[row["地域名"]].covers(home)
    ]
    assert strays == []


def test_the_city_ages_as_japanese_cities_do(population: Rows) -> None:
    share = {row["地域名"]: older_people(row) / int(row["総人口"]) for row in population}
    total = sum(int(row["総人口"]) for row in population)
    assert 50_000 < total < 54_000
    assert 0.33 < sum(older_people(row) for row in population) / total < 0.38
    assert share["駅前町"] < 0.2
    assert share["大字奥沢"] > 0.5


def test_places_lie_in_the_city_and_have_ids_and_names_of_their_own(
    land: gpd.GeoSeries, places: Rows
) -> None:
    located = [row for row in places if row["緯度"]]
    assert points(located).distance(land.union_all()).max() <= 300
    for column in ("ID", "名称"):
        assert max(Counter(row[column] for row in places).values()) == 1


def test_a_place_names_the_town_it_stands_in(towns: gpd.GeoDataFrame, places: Rows) -> None:
    shape = towns.set_index("S_NAME").geometry
    located = [row for row in places if row["緯度"]]
    for row, at in zip(located, points(located), strict=True):
        town = next(n for n, s in shape.items() if s.covers(at))
        assert row["所在地_連結表記"].startswith(f"みなと県汐見野市{town}"), row["名称"]


def test_some_places_lack_a_position_or_weekdays_as_real_lists_do(places: Rows) -> None:
    assert sum(not row["緯度"] for row in places) == 6
    assert 8 <= sum(not row["利用可能曜日"] for row in places) <= 16


def test_nobody_can_be_rung_by_mistake(places: Rows) -> None:
    # No exchange in Japan begins with 0.
    assert all(row["電話番号"].startswith("0999-00-") for row in places if row["電話番号"])


def test_the_blanks_show_and_differ_from_area_to_area(population: Rows, places: Rows) -> None:
    at, homes = (points([r for r in rows if r["緯度"]]) for rows in (places, population))
    away_m, _ = cKDTree(np.c_[at.x, at.y]).query(np.c_[homes.x, homes.y])
    area = {row["町名"]: row["圏域名"] for row in table("areas.csv")}
    everyone: Counter[str] = Counter()
    near: Counter[str] = Counter()
    for row, metres in zip(population, np.atleast_1d(away_m), strict=True):
        everyone[area[row["地域名"]]] += older_people(row)
        near[area[row["地域名"]]] += older_people(row) if metres <= 500 else 0
    share = {name: near[name] / people for name, people in everyone.items()}
    assert 0.60 < near.total() / everyone.total() < 0.68
    assert max(share.values()) > 0.85
    assert min(share.values()) < 0.45


def test_landmarks_are_of_the_kinds_people_steer_by_and_have_names() -> None:
    marks = gpd.read_file(FOLDER / "landmarks.geojson")
    assert set(marks["kind"]) <= set(LANDMARK_KINDS)
    named = Counter(marks.loc[marks["name"] != "", "kind"])
    for kind in (
        "駅",
        "バス停",
        "学校",
        "神社",
        "寺",
        "スーパー",
        "コンビニ",
        "郵便局",
        "病院",
        "役所",
    ):
        assert named[kind] > 0, kind
    assert named["バス停"] >= 25
    hard = marks.loc[marks["kana"].notna()]
    assert len(hard) >= 5 and hard["kana"].str.fullmatch("[ぁ-んー]+").all()


def test_landmarks_and_roads_are_sound_shapes() -> None:
    for name in ("landmarks.geojson", "roads.geojson"):
        shapes = layer(name).geometry
        assert (shapes.is_valid & ~shapes.is_empty).all(), name


def test_the_sea_meets_the_coast_vertex_by_vertex() -> None:
    marks, city = (gpd.read_file(FOLDER / f"{n}.geojson") for n in ("landmarks", "boundary"))
    land, water = city.union_all(), marks[marks["name"] == "汐見灘"].union_all()
    assert water.intersection(land).area == 0
    along = {xy for xy in vertices(land) if shapely.Point(xy).distance(water) < 1e-7}
    assert along <= vertices(water)
    island, mainland = sorted(shapely.get_parts(land), key=shapely.area)
    assert vertices(island) < along
    assert 0.3 < len(along & vertices(mainland)) / len(vertices(mainland)) < 0.7


def test_the_sea_lies_south_and_the_neighbours_inland(land: gpd.GeoSeries) -> None:
    marks = layer("landmarks.geojson")
    water = marks.loc[marks["name"] == "汐見灘", "geometry"].union_all()
    west, south, east, north = land.total_bounds
    assert water.geom_type == "Polygon"
    assert water.bounds[3] < (south + north) / 2
    middle = land.union_all().centroid
    for x, y in ((west, north), (middle.x, north + 2000), (east, north)):
        assert water.distance(shapely.Point(x, y)) > 3000
    for x, y in ((west, south), (middle.x, south - 15_000), (east, south)):
        assert water.covers(shapely.Point(x, y))


def test_roads_cross_the_river_only_on_bridges(land: gpd.GeoSeries) -> None:
    marks, roads = layer("landmarks.geojson"), layer("roads.geojson")
    rivers = gpd.GeoSeries(marks.loc[marks["name"].isin(["汐見川", "湯ノ沢川"]), "geometry"])
    bridges = marks[marks["kind"] == "橋"].union_all()
    wet = roads.geometry.intersection(rivers.union_all().intersection(land.union_all())).explode()
    assert wet.distance(bridges)[wet.length > 5].max() < 150


def test_every_bridge_carries_a_named_road() -> None:
    marks, roads = layer("landmarks.geojson"), layer("roads.geojson")
    named = roads[roads["name"] != ""].union_all()
    assert marks[marks["kind"] == "橋"].distance(named).max() < 5


def test_one_can_walk_from_every_road_to_every_other_but_for_the_island() -> None:
    numbers: dict[tuple[float, ...], int] = {}
    links: list[tuple[int, int]] = []
    for line in gpd.read_file(FOLDER / "roads.geojson").geometry:
        along = [numbers.setdefault(xy, len(numbers)) for xy in line.coords]
        links += pairwise(along)
    start, stop = np.array(links, dtype=np.int64).T
    graph = coo_array((np.ones(start.size), (start, stop)), shape=(len(numbers),) * 2)
    assert connected_components(graph, directed=False)[0] == 2


def test_tables_open_in_excel_and_all_files_stay_small() -> None:
    for name in FILES:
        if name.endswith(".csv"):
            content = (FOLDER / name).read_bytes()
            assert content.startswith(b"\xef\xbb\xbf"), name
            assert content.count(b"\n") == content.count(b"\r\n"), name
    assert (FOLDER / "landmarks.geojson").stat().st_size < 200_000
    assert sum((FOLDER / name).stat().st_size for name in FILES) < 1_200_000
