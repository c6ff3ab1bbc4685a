"""Reading population: sums of bands and sexes, and figures that contradict each other."""

from datetime import date
from pathlib import Path

import pytest
from exchange_files import csv_file, errors, layer, plainly, read, refusal
from geopandas import GeoDataFrame
from shapely import box

FIGURES = ["people", "people_65", "people_75"]
ENGLISH = ",".join(f"{sex}{n}" for n in range(1, 19) for sex in ("man", "woman"))


def figures(path: Path, **options: object) -> list[list[object]]:
    frame = read(path, "population", **options).frame
    return [plainly(row) for _, row in frame[FIGURES].iterrows()]


def said(path: Path) -> list[str]:
    return [str(problem) for problem in errors(read(path, "population"))]


def test_takamatsus_table_adds_up_by_hand(tmp_path: Path) -> None:
    # One of each sex in every band: 36 people; 5 bands from 65 on, 3 from 75 on.
    path = csv_file(
        tmp_path / "population_202602.csv",
        f"#property,prefCode,surveyDate,regionName,totalPopulation,male,woman,{ENGLISH},location",
        f'1,37201,,塩上町１丁目,36,18,18,{",".join(["1"] * 36)},"34.3382,134.0536"',
        f'2,37201,3/1/2023,塩上町２丁目,36,18,18,{",".join(["1"] * 36)},","',
    )
    reading = read(path, "population")
    assert reading.frame[FIGURES].to_numpy().tolist() == [[36, 10, 6], [36, 10, 6]]
    assert reading.frame["survey_date"].tolist() == [date(2026, 2, 1), date(2023, 3, 1)]
    assert plainly(reading.frame["lon"]) == [134.0536, None]
    assert reading.codes.tolist() == ["37201", "37201"]


def test_bands_without_sex_in_full_width(tmp_path: Path) -> None:
    path = csv_file(
        tmp_path / "a.csv",
        "行政区名,０－６４歳,６５－６９歳,７０－７４歳,７５－９９歳,１００歳以上",
        "東,１０,1,2,3,4",
    )
    assert figures(path) == [[20, 10, 7]]


def test_coarse_bands_answer_65_but_not_75(tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", "町名,0-14歳,15-64歳,65歳以上", "本町,1,2,3")
    assert figures(path) == [[6, 3, None]]


def test_columns_of_65_and_75_as_they_stand(tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", "町名,人口,65歳以上人口,75歳以上人口", "本町,9,3,1")
    assert figures(path) == [[9, 3, 1]]


def test_without_ages_65_and_75_are_unknown_and_not_zero(tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", "KEY_CODE,S_NAME,JINKO,SETAI", "372010010,本町,9,4")
    assert figures(path) == [[9, None, None]]


def test_a_withheld_band_leaves_the_sum_unknown(tmp_path: Path) -> None:
    path = csv_file(
        tmp_path / "a.csv", "町名,総人口,0-64歳,65-74歳,75歳以上", "本町,9,X,2,1", "東町,X,-,-,-"
    )
    assert figures(path) == [[9, 3, 1], [None, None, None]]


def test_the_sexes_alone_make_the_total(tmp_path: Path) -> None:
    assert figures(csv_file(tmp_path / "a.csv", "町名,男,女", "本町,4,5")) == [[9, None, None]]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("本町,10,4,5,4,3,2", "総人口 10 人と、男女の合計 9 人が合いません"),
        ("本町,9,4,5,4,3,1", "総人口 9 人と、年齢別の合計 8 人が合いません"),
        ("本町,9,4,5,-4,3,2", "0以上の整数"),
        ("本町,9,4.5,4.5,4,3,2", "0以上の整数"),
        ("本町,九,4,5,4,3,2", "「九」と書かれています"),
        (",9,4,5,4,3,2", "町名を入れてください"),
    ],
)
def test_figures_that_cannot_be_right(tmp_path: Path, row: str, words: str) -> None:
    path = csv_file(tmp_path / "a.csv", "町名,総人口,男,女,0-64歳,65-74歳,75歳以上", row)
    assert words in said(path)[0]
    assert "2行目" in said(path)[0]


def test_more_old_people_than_people(tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", "町名,人口,65歳以上人口", "本町,3,9")
    assert "65歳以上の人口 9 人が、総人口 3 人より多く" in said(path)[0]


def test_people_of_unknown_age_make_up_the_difference(tmp_path: Path) -> None:
    own = csv_file(tmp_path / "a.csv", "町名,総人口,0-64歳,65歳以上,年齢不詳", "本町,10,6,3,1")
    told = csv_file(
        tmp_path / "b.csv", "町名,総数（年齢「不詳」含む）,0-64歳,65歳以上", "本町,10,6,3"
    )
    assert figures(own) == [[10, 3, None]]
    assert read(told, "population", mapping={"people": "総数（年齢「不詳」含む）"}).problems == []


@pytest.mark.parametrize("name", ["合計", "総計", "計", "市計", "高松市計", "総数"])
def test_a_row_that_adds_up_others_is_no_row(tmp_path: Path, name: str) -> None:
    path = csv_file(tmp_path / "a.csv", "町名,総人口", "本町,4", "東町,5", f"{name},9")
    reading = read(path, "population")
    assert (reading.rows_read, reading.frame["people"].sum()) == (2, 9)
    assert [p.severity for p in reading.problems] == ["warning"]


def test_a_town_whose_name_sounds_like_a_sum_stays(tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", "町名,総人口", "計石町,4", "市場町,5")
    assert read(path, "population").rows_read == 2


def test_e_stats_rows_above_its_towns_are_no_rows(tmp_path: Path) -> None:
    path = csv_file(
        tmp_path / "tblT001081C37.txt",
        "KEY_CODE,HYOSYO,CITYNAME,NAME,T001081001,T001081002",
        ",,,,総数、年齢「不詳」含む,総数０～６４歳",
        "37201,1,高松市,,9,9",
        "372010010,2,高松市,本町,9,9",
        "37201001001,3,高松市,本町一丁目,4,4",
        "37201001002,3,高松市,本町二丁目,5,5",
        encoding="cp932",
    )
    frame = read(path, "population", mapping={"people": "T001081001総数、年齢「不詳」含む"}).frame
    assert frame["town_name"].tolist() == ["本町一丁目", "本町二丁目"]


def test_a_mesh_table_without_headers(tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", "623927494,26,8,18,8", "623927591,181,79,102,90")
    frame = read(path, "population").frame
    assert frame["mesh_code"].tolist() == ["623927494", "623927591"]
    assert frame["people"].tolist() == [26, 181]
    assert frame["households"].tolist() == [8, 90]
    assert frame.index.tolist() == [1, 2]


def test_key_code_alone_is_a_mesh_code(tmp_path: Path) -> None:
    path = csv_file(
        tmp_path / "a.csv",
        "KEY_CODE,HTKSYORI,T001141001,T001141002",
        ",,　人口（総数）,　人口（総数）　男",
        "51340001,0,12,5",
    )
    frame = read(path, "population").frame
    assert (frame["mesh_code"].tolist(), frame["people"].tolist()) == (["51340001"], [12])


def test_the_survey_date_from_set_and_from_the_files_name(tmp_path: Path) -> None:
    path = csv_file(tmp_path / "人口R8.2.1.csv", "町名,総人口", "本町,4")
    assert read(path, "population").survey_date == date(2026, 2, 1)
    given = read(path, "population", constants={"survey_date": "令和7年10月1日"})
    assert given.survey_date == date(2025, 10, 1)
    assert given.frame["survey_date"].tolist() == [date(2025, 10, 1)]


def test_a_survey_date_that_is_none(tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", "町名,総人口", "本町,4")
    assert plainly(read(path, "population").frame["survey_date"]) == [None]
    assert "survey_date" in refusal(path, "population", constants={"survey_date": "去年"})


def test_a_layer_with_people(tmp_path: Path) -> None:
    frame = GeoDataFrame(
        {"S_NAME": ["本町"], "JINKO": [9]}, geometry=[box(134, 34, 134.2, 34.2)], crs=4326
    )
    found = read(layer(tmp_path / "a.geojson", frame), "population").frame
    assert found[["lon", "lat", "people"]].to_numpy().tolist() == [[134.1, 34.1, 9]]


@pytest.mark.parametrize(
    ("header", "words"), [("町名,備考", "人口の列"), ("総人口,備考", "町名の列")]
)
def test_a_table_of_something_else_is_refused(tmp_path: Path, header: str, words: str) -> None:
    assert words in refusal(csv_file(tmp_path / "a.csv", header, "9,x"), "population")
