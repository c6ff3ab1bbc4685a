"""Files as Takamatsu (高松市), Yaizu (焼津市) and others publish them, with no hand editing."""

import os
from datetime import date
from pathlib import Path

import pytest
from exchange_files import errors, plainly, read, refusal
from geopandas import GeoDataFrame

from api.exchange.kinds import kind_from_name
from api.exchange.names import TownNames
from api.exchange.opening import open_source

DATA = Path(os.environ.get("YORIDOKORO_REAL_DATA") or Path(__file__).parents[3] / "shared" / "data")
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not DATA.is_dir(), reason=f"no real data: {DATA.name} is not there"),
]
TAKAMATSU, YAIZU = DATA / "takamatsu", DATA / "yaizu"


@pytest.mark.parametrize(
    ("name", "day", "sums"),
    [
        ("population_202602.xlsx", date(2026, 2, 1), [418_129, 120_999, 72_026]),
        ("population_202303.csv", date(2023, 3, 1), [421_432, 119_687, 64_340]),
    ],
)
def test_takamatsus_population(name: str, day: date, sums: list[int]) -> None:
    reading = read(TAKAMATSU / name, "population")
    assert reading.problems == []
    assert (reading.rows_read, len(reading.frame)) == (235, 235)
    assert reading.frame[["people", "people_65", "people_75"]].sum().tolist() == sums
    assert reading.survey_date == day
    assert reading.frame[["lon", "lat"]].notna().all(axis=None)
    assert set(reading.codes) == {"37201"}


@pytest.mark.parametrize(
    ("name", "rows", "kinds"),
    [
        ("nursing_home", 11, {"multifunction"}),
        ("regional_comprehensive_support_center", 7, set()),  # its kind is in the names only
        ("elderly_welfare_facility", 47, set()),  # homes to live in: no service that comes
    ],
)
def test_takamatsus_care_providers_as_services(name: str, rows: int, kinds: set[str]) -> None:
    reading = read(TAKAMATSU / "facilities" / f"{name}.xlsx", "services")
    assert reading.problems == []
    assert len(reading.frame) == rows
    assert {kind for found in reading.frame["kinds"] for kind in found.kinds} == kinds
    assert not any(found.unknown for found in reading.frame["kinds"])


@pytest.mark.parametrize(
    ("name", "rows", "kind"),
    [
        ("community_center", 52, "community_center"),
        ("elderly_wedding_house", 10, "rest_house"),
        ("regional_comprehensive_support_center", 7, "consultation"),
        ("elderly_welfare_center", 2, None),
        ("elderly_welfare_facility", 47, None),
        ("exchange_center", 1, "community_center"),
        ("contact_center", 2, "community_center"),
        ("regional_exchange_center", 7, None),
        ("nursing_home", 11, None),
        ("branch_office", 19, None),
        ("middle_school", 28, None),
    ],
)
def test_takamatsus_facilities(name: str, rows: int, kind: str | None) -> None:
    reading = read(TAKAMATSU / "facilities" / f"{name}.xlsx", "places")
    assert reading.problems == []
    assert (reading.rows_read, len(reading.frame)) == (rows, rows)
    assert reading.frame[["lon", "lat"]].notna().all(axis=None)
    assert reading.frame["external_id"].isna().all()
    if kind is not None:
        assert set(plainly(kind_from_name(reading.frame["name"]))) == {kind}


def test_the_sheet_of_examples_is_not_the_data() -> None:
    source = open_source(TAKAMATSU / "facilities" / "exchange_center.xlsx", "places")
    assert (source.sheet, source.frame.index.tolist()) == ("Sheet0", [2])


def test_a_free_text_capacity_is_kept() -> None:
    frame = read(TAKAMATSU / "facilities" / "elderly_welfare_center.xlsx", "places").frame
    assert frame["capacity_people"].isna().all()
    assert frame["note"].iloc[0].startswith("定員: 大会議室：120名")
    assert frame["weekdays"].tolist() == ["月火水木金土", "月火水木金土日"]


@pytest.fixture(scope="module")
def takamatsu_towns() -> TownNames:
    frame = read(TAKAMATSU / "towns.csv", "towns").frame
    return TownNames(frame["name"], frame["name"], "高松市", "香川県")


def test_every_town_of_the_population_is_a_town(takamatsu_towns: TownNames) -> None:
    names = read(TAKAMATSU / "population_202602.xlsx", "population").frame["town_name"]
    matched = takamatsu_towns.match(names)
    assert matched.notna().all()
    assert matched.nunique() == 235


def test_every_town_of_the_areas_is_a_town(takamatsu_towns: TownNames) -> None:
    frame = read(TAKAMATSU / "areas_approx.csv", "areas").frame
    assert takamatsu_towns.match(frame["town_name"]).notna().all()
    assert frame["area_name"].nunique() == frame["area_code"].nunique() == 7


@pytest.mark.parametrize(
    "path", sorted((TAKAMATSU / "facilities").glob("*.xlsx")), ids=lambda p: p.stem
)
def test_every_address_has_a_town(takamatsu_towns: TownNames, path: Path) -> None:
    addresses = read(path, "places").frame["address"]
    lost = addresses[takamatsu_towns.match_address(addresses).isna()]
    assert lost.tolist() == []


@pytest.mark.parametrize(
    ("folder", "rows"),
    [
        ("地域交流センター", 9),
        ("福祉会館", 2),
        ("市役所・センター", 28),
        ("避難所一覧", 56),
        ("公園一覧", 142),
        ("まちなか涼みどころ", 108),
        ("図書館", 11),
        ("スポーツ施設", 16),
    ],
)
def test_yaizus_facilities(folder: str, rows: int) -> None:
    (path,) = (p for p in (YAIZU / folder).glob("*.csv") if p.name != "attributes.csv")
    reading = read(path, "places")
    assert errors(reading) == []
    assert len(reading.frame) == rows
    assert reading.frame["name"].notna().all()
    has_code = folder != "公園一覧"
    assert plainly(reading.codes.drop_duplicates()) == (["22212"] if has_code else [None])


@pytest.mark.parametrize(("name", "count"), [("中学校区", 9), ("小学校区", 13)])
def test_yaizus_districts(name: str, count: int) -> None:
    reading = read(YAIZU / name / f"{name}.shp", "areas")
    assert reading.problems == []
    assert reading.frame["area_name"].is_unique
    assert reading.frame["area_name"].str.endswith("学校").all()
    square_km = GeoDataFrame(reading.frame).to_crs("EPSG:6676").area.sum() / 1e6
    assert len(reading.frame) == count
    assert square_km == pytest.approx(70.565, abs=0.001)


def test_yaizus_administrative_borders_are_lines() -> None:
    assert "線です" in refusal(YAIZU / "行政区域界" / "行政区域界.shp", "boundary")


def test_yaizus_bus_routes() -> None:
    path = YAIZU / "焼津市自主運行バス路線図_路線" / "bus-route.geojson"
    assert len(read(path, "roads").frame) == 14


@pytest.mark.parametrize(
    ("city", "towns"), [("takamatsu", 255), ("yaizu", 141), ("ube", 288), ("seed-cities", 1618)]
)
def test_towns(city: str, towns: int) -> None:
    reading = read(DATA / city / "towns.csv", "towns")
    assert (errors(reading), len(reading.frame)) == ([], towns)


def test_all_municipalities_of_japan() -> None:
    reading = read(DATA / "japan" / "municipalities.topojson", "boundary")
    assert reading.rows_read == 1906
    assert len(errors(reading)) == 2
    assert reading.codes.notna().sum() > 1890


def test_half_kilometre_meshes_without_headers() -> None:
    reading = read(DATA / "hokkaido-mesh" / "population_mesh_third_half.csv", "population")
    assert (reading.rows_read, reading.frame["people"].sum()) == (45_723, 5_528_676)
    assert reading.frame["people_65"].isna().all()


def test_one_table_in_two_encodings() -> None:
    one = open_source(DATA / "localgovjp" / "localgovjp-utf8.csv", "landmarks").frame
    other = open_source(DATA / "localgovjp" / "localgovjp-20200104-sjis.csv", "landmarks").frame
    assert one["city"].eq(other["city"]).to_numpy().mean() > 0.99


def test_a_walking_network() -> None:
    assert len(read(DATA / "ube" / "ube_walk_edges.gpkg", "roads").frame) == 15_374


def test_what_is_no_table_of_population() -> None:
    assert "見出し" in refusal(TAKAMATSU / "insured.xlsx", "population")
