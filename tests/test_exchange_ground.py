"""Reading boundaries, towns, areas, roads and landmarks."""

import zipfile
from datetime import date
from pathlib import Path

import pytest
from exchange_files import csv_file, errors, layer, plainly, read, refusal
from geopandas import GeoDataFrame, GeoSeries
from shapely import LineString, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

SQUARE = box(134.0, 34.0, 134.1, 34.1)
BOW_TIE = Polygon([(134.0, 34.0), (134.1, 34.1), (134.1, 34.0), (134.0, 34.1)])
LINE = LineString([(134.0, 34.0), (134.1, 34.1)])


def drawn(path: Path, *shapes: BaseGeometry, **columns: list[object]) -> Path:
    return layer(path, GeoDataFrame(columns, geometry=GeoSeries(list(shapes)), crs="EPSG:4326"))


# Boundary


def test_a_boundary_of_n03(tmp_path: Path) -> None:
    path = drawn(tmp_path / "a.geojson", SQUARE, N03_004=["高松市"], N03_007=["37201"])
    frame = read(path, "boundary").frame
    assert frame[["code", "name"]].to_numpy().tolist() == [["37201", "高松市"]]
    assert frame.geometry.tolist() == [SQUARE]


def test_lines_are_no_boundary(tmp_path: Path) -> None:
    message = refusal(drawn(tmp_path / "a.geojson", LINE, N03_004=["高松市"]), "boundary")
    assert "線です" in message
    assert "面（ポリゴン）が要ります" in message


def test_a_table_is_no_boundary(tmp_path: Path) -> None:
    assert "形のない表" in refusal(
        csv_file(tmp_path / "a.csv", "市区町村名,x", "高松市,1"), "boundary"
    )


def test_a_face_that_crosses_itself_is_told_with_the_place(tmp_path: Path) -> None:
    path = drawn(tmp_path / "a.geojson", SQUARE, BOW_TIE, N03_004=["高松市", "丸亀市"])
    reading = read(path, "boundary")
    (problem,) = errors(reading)
    assert problem.row == 3
    assert "自分自身と交わって" in str(problem)
    assert "経度 134.05000、緯度 34.05000" in str(problem)
    assert reading.frame["name"].tolist() == ["高松市"]


# Towns


def test_towns_of_geolonia(tmp_path: Path) -> None:
    path = csv_file(
        tmp_path / "towns.csv",
        "市区町村コード,市区町村名,大字町丁目名,小字,緯度,経度",
        "37201,高松市,塩上町一丁目,,34.3382,134.0536",
        "37201,高松市,庵治町,鞍谷,,",
    )
    frame = read(path, "towns").frame
    assert frame["name"].tolist() == ["塩上町一丁目", "庵治町"]
    assert plainly(frame["koaza"]) == [None, "鞍谷"]
    assert plainly(frame["lon"]) == [134.0536, None]
    assert plainly(frame.geometry) == [None, None]


def test_towns_of_e_stat_are_faces_with_people(tmp_path: Path) -> None:
    path = drawn(
        tmp_path / "h27ka37201.shp",
        SQUARE,
        box(134.1, 34.0, 134.2, 34.1),
        KEY_CODE=["372010010", "372019999"],
        PREF=["37", "37"],
        CITY=["201", "201"],
        S_NAME=["本町", None],
        HCODE=[8101, 8154],
        JINKO=[9, 0],
        SETAI=[4, 0],
    )
    reading = read(path, "towns", constants={"survey_date": "2015-10-01"})
    assert reading.rows_read == 1  # the other is water
    frame = reading.frame
    assert frame[["code", "key_code", "name"]].to_numpy().tolist() == [
        ["37201", "372010010", "本町"]
    ]
    assert frame[["people", "households"]].to_numpy().tolist() == [[9, 4]]
    assert frame.geometry.geom_type.tolist() == ["Polygon"]
    assert frame["lon"].between(134.0, 134.1).all()
    assert reading.survey_date == date(2015, 10, 1)


def test_the_name_of_the_city_where_others_have_its_number(tmp_path: Path) -> None:
    path = csv_file(
        tmp_path / "a.csv", "pref,city,town,lat,lng", "山口県,宇部市,大字中山,33.9,131.2"
    )
    reading = read(path, "towns")
    assert reading.frame["city"].tolist() == ["宇部市"]
    assert plainly(reading.codes) == [None]


def test_a_town_without_a_name_is_told(tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", "町名,緯度,経度", ",34.3,134.0", "本町,34.3,134.0")
    assert [p.row for p in errors(read(path, "towns"))] == [2]


def test_no_column_of_town_names(tmp_path: Path) -> None:
    assert "町名の列" in refusal(csv_file(tmp_path / "a.csv", "緯度,経度", "34.3,134.0"), "towns")


# Areas


def test_areas_as_a_list_of_towns(tmp_path: Path) -> None:
    path = csv_file(
        tmp_path / "a.csv",
        "圏域コード,圏域名,町名",
        "37201-1,中央圏域,塩屋町",
        "37201-1,中央圏域,",
        ",,",
    )
    reading = read(path, "areas")
    columns = ["area_code", "area_name", "town_name"]
    assert reading.frame[columns].to_numpy().tolist() == [["37201-1", "中央圏域", "塩屋町"]]
    assert reading.rows_read == 2
    assert "町名を入れて" in str(errors(reading)[0])


def test_names_of_areas_from_the_file_beside(tmp_path: Path) -> None:
    path = drawn(tmp_path / "a.shp", SQUARE, item1=["7"], item2=["港中学校"], item3=["おことわり"])
    csv_file(
        tmp_path / "attributes.csv",
        "original_name,display_name,label_flag",
        "item3,注記,",
        "item2,学校名,",
    )
    assert read(path, "areas").frame["area_name"].tolist() == ["港中学校"]


def test_names_of_areas_by_the_only_column_of_distinct_words(tmp_path: Path) -> None:
    path = drawn(
        tmp_path / "a.geojson",
        SQUARE,
        box(134.1, 34.0, 134.2, 34.1),
        item1=["1", "2"],
        item3=["注記", "注記"],
        item2=["港", "東"],
    )
    assert read(path, "areas").frame["area_name"].tolist() == ["港", "東"]


def test_areas_without_names_or_towns_are_refused(tmp_path: Path) -> None:
    nameless = drawn(tmp_path / "a.geojson", SQUARE, item1=["1"])
    assert "圏域名の列" in refusal(nameless, "areas")
    assert "町名の列" in refusal(csv_file(tmp_path / "a.csv", "圏域名,x", "中央,1"), "areas")


# Roads and landmarks


def test_roads_are_lines(tmp_path: Path) -> None:
    path = drawn(
        tmp_path / "a.geojson", LINE, Point(134, 34), name=["市道", "点"], highway=["path", ""]
    )
    reading = read(path, "roads")
    assert reading.frame[["kind", "name"]].to_numpy().tolist() == [["path", "市道"]]
    assert [p.row for p in errors(reading)] == [3]


def test_no_lines_no_roads(tmp_path: Path) -> None:
    assert "線（ライン）" in refusal(drawn(tmp_path / "a.geojson", SQUARE, name=["x"]), "roads")


def test_landmarks_are_of_any_shape(tmp_path: Path) -> None:
    path = drawn(tmp_path / "a.geojson", LINE, Point(134, 34), SQUARE, name=["川", "駅", "池"])
    assert read(path, "landmarks").frame.geometry.geom_type.tolist() == [
        "LineString",
        "Point",
        "Polygon",
    ]


def test_landmarks_from_a_table(tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", "名称,種別,緯度,経度", "高松駅,駅,34.35,134.04", "池,,,")
    reading = read(path, "landmarks")
    assert reading.frame.geometry.tolist() == [Point(134.04, 34.35)]
    assert "緯度・経度を入れて" in str(errors(reading)[0])


def test_landmarks_need_a_position(tmp_path: Path) -> None:
    assert "位置がありません" in refusal(
        csv_file(tmp_path / "a.csv", "名称,種別", "池,水"), "landmarks"
    )


@pytest.mark.parametrize("kind", ["boundary", "towns", "areas", "roads", "landmarks"])
def test_frames_are_in_degrees(tmp_path: Path, kind: str) -> None:
    shape = LINE if kind == "roads" else SQUARE
    frame = GeoDataFrame({"名称": ["本町"]}, geometry=[shape], crs=4326).to_crs("EPSG:6672")
    found = read(layer(tmp_path / "a.gpkg", frame), kind).frame
    assert found.crs == "EPSG:4326"
    assert found.total_bounds == pytest.approx(shape.bounds, abs=1e-6)


def several(path: Path) -> None:
    """Houses, roads and shops, all with the same columns, as one file holds a city."""
    for name, shape in (("houses", SQUARE), ("roads", LINE), ("shops", Point(134, 34))):
        frame = GeoDataFrame(
            {"name": [f"{name}の一つ"], "fclass": ["residential"]}, geometry=[shape], crs=4326
        )
        folder = path.parent / name
        if path.suffix == ".gpkg":
            layer(path, frame, layer=name)
        else:
            folder.mkdir()
            layer(folder / f"{name}.shp", frame, encoding="utf-8")
            with zipfile.ZipFile(path, "a") as archive:
                for part in sorted(folder.iterdir()):
                    archive.write(part, part.name)


@pytest.mark.parametrize("name", ["city.gpkg", "city.zip"])
def test_of_several_layers_roads_are_read_from_the_one_with_lines(
    tmp_path: Path, name: str
) -> None:
    several(tmp_path / name)
    reading = read(tmp_path / name, "roads")
    assert reading.frame["name"].tolist() == ["roadsの一つ"]
    assert reading.source.sheet == "roads"
    assert reading.problems == []


@pytest.mark.parametrize("name", ["city.gpkg", "city.zip"])
def test_of_several_layers_landmarks_are_read_from_one_and_the_others_named(
    tmp_path: Path, name: str
) -> None:
    several(tmp_path / name)
    reading = read(tmp_path / name, "landmarks")
    assert len(reading.frame) == 1
    assert {p.sheet for p in reading.problems} == {"houses", "roads", "shops"} - {
        reading.source.sheet
    }


# Kinds of landmarks


@pytest.mark.parametrize(
    ("said", "name", "kind"),
    [
        ("小学校", "四角", "学校"),
        ("中学校", "四角", "学校"),
        ("駅", "四角", "駅"),
        ("神社", "四角", "神社"),
        ("supermarket", "四角", "スーパー"),
        ("shinto", "四角", "神社"),
        ("", "高松市立桜町中学校", "学校"),
        ("", "四角駅", "駅"),
        ("", "道の駅しかく", "道の駅"),
        ("", "四角八幡宮", "神社"),
        ("", "金倉寺", "寺"),
        ("", "仏生山交流センター", "公共施設"),
        ("", "四角こども園", "保育園・幼稚園"),
        ("指定避難所", "四角小学校", "学校"),
        ("文化財", "四角の大クス", "文化財"),
        ("", "四角の大クス", None),
    ],
)
def test_the_kind_of_a_landmark_from_a_word_else_from_its_name(
    tmp_path: Path, said: str, name: str, kind: str | None
) -> None:
    path = csv_file(tmp_path / "a.csv", "名称,種別,緯度,経度", f"{name},{said},34.3,134.0")
    assert plainly(read(path, "landmarks").frame["kind"]) == [kind]


def test_kind_and_reading_of_landmarks_by_set_and_column(tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", "名称,名称_カナ,緯度,経度", "紫雲,シウン,34.3,134.0")
    frame = read(path, "landmarks", constants={"kind": "学校"}).frame
    assert frame[["kind", "kana"]].to_numpy().tolist() == [["学校", "シウン"]]


@pytest.mark.parametrize(
    ("columns", "kind", "name"),
    [
        ({"P29_003": ["16001"], "P29_004": ["四角小"]}, "学校", "四角小"),
        ({"P30_005": ["四角局"]}, "郵便局", "四角局"),
        ({"P11_001": ["本町"], "P11_002": ["四角バス"]}, "バス停", "本町"),
        ({"P04_001": [1], "P04_002": ["四角総合"]}, "病院", "四角総合"),
        ({"P04_001": [2], "P04_002": ["山田"]}, "診療所", "山田"),
        ({"osm_id": ["1"], "code": [2082], "fclass": ["school"], "name": ["東"]}, "学校", "東"),
        ({"name": ["西"], "amenity": ["post_office"], "shop": [None]}, "郵便局", "西"),
    ],
)
def test_landmarks_as_the_state_and_openstreetmap_publish_them(
    tmp_path: Path, columns: dict[str, list[object]], kind: str, name: str
) -> None:
    reading = read(drawn(tmp_path / "a.geojson", Point(134, 34), **columns), "landmarks")
    assert reading.frame[["kind", "name"]].to_numpy().tolist() == [[kind, name]]
    assert reading.problems == []
