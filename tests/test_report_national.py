"""All Japan at once: by hand on a country of three, and on a cluster that loses a worker."""

import gzip
import json
import os
import signal
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from command_line import CommandLine

from api.actions.report_national import (
    Country,
    NoCluster,
    NoCountry,
    cover,
    load_country,
    write_parquet,
)
from geo.national import covered_by_municipality

TOWNS = """都道府県名,市区町村名,大字町丁目名,緯度,経度
みなと県,一の市,北町,35.0,135.0
みなと県,一の市,南町,35.1,135.0
みなと県,二ヶ村,中,36.0,136.0
みなと県,三町,浜,34.0,134.0
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "towns.csv.gz").write_bytes(gzip.compress(TOWNS.encode()))
    names = {"90001": "一の市", "90002": "二ケ村"}
    features = [
        {
            "type": "Feature",
            "properties": {"N03_001": "みなと県", "N03_003": None, "N03_004": n, "N03_007": c},
            "geometry": {"type": "Point", "coordinates": [135, 35]},
        }
        for c, n in names.items()
    ]
    text = json.dumps({"type": "FeatureCollection", "features": features})
    (tmp_path / "municipalities.topojson").write_text(text, "utf-8")
    (tmp_path / "places.csv").write_text("lon,lat\n135.0,35.001\n136.0,36.1\n", "utf-8")
    return tmp_path


def test_towns_within_reach_are_counted_by_municipality(folder: Path) -> None:
    country = load_country(folder, folder / "places.csv", 1)
    told = pd.concat(cover(country, 500)).set_index("name")
    assert told["towns"].to_dict() == {"一の市": 2, "二ヶ村": 1, "三町": 1}
    # 0.001 degrees of latitude are 111 m; all others are kilometres away.
    assert told["covered_towns"].to_dict() == {"一の市": 1, "二ヶ村": 0, "三町": 0}
    # Nobody has said how many people there are: that is not as many as towns, nor none.
    assert told[["people", "covered_people"]].isna().all(axis=None)
    assert told["ratio"]["一の市"] == 0.5
    assert told["code"].fillna("").to_dict() == {"一の市": "90001", "二ヶ村": "90002", "三町": ""}


def test_where_people_are_known_the_share_is_of_people(folder: Path) -> None:
    table = pd.read_csv(folder / "towns.csv.gz").assign(人口=[90, 10, 5, 0])
    table.to_csv(folder / "towns.csv.gz", index=False)
    told = pd.concat(cover(load_country(folder, folder / "places.csv", 1), 500)).set_index("name")
    assert told["people"].to_dict() == {"一の市": 100, "二ヶ村": 5, "三町": 0}
    assert told["covered_people"].to_dict() == {"一の市": 90, "二ヶ村": 0, "三町": 0}
    assert told["covered_towns"].to_dict() == {"一の市": 1, "二ヶ村": 0, "三町": 0}
    assert told["ratio"]["一の市"] == 0.9
    assert np.isnan(told["ratio"]["三町"])


def test_a_place_across_the_border_counts(folder: Path) -> None:
    (folder / "places.csv").write_text("lon,lat\n136.0,36.001\n", "utf-8")
    extra = TOWNS + "みなと県,三町,境,36.002,136.0\n"
    (folder / "towns.csv.gz").write_bytes(gzip.compress(extra.encode()))
    told = pd.concat(cover(load_country(folder, folder / "places.csv", 1), 500)).set_index("name")
    assert told["covered_towns"].to_dict() == {"一の市": 0, "二ヶ村": 1, "三町": 1}


def test_without_the_programs_for_a_cluster_the_words_say_what_to_install(
    folder: Path, yoridokoro: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    out = folder / "n.parquet"
    ran = yoridokoro("national", out, "--data", folder, "--scheduler", "tcp://127.0.0.1:9")
    assert (ran.code, "yoridokoro[cluster]" in ran.err) == (2, True)
    assert not out.exists()


def test_the_file_says_where_it_comes_from(folder: Path, yoridokoro: CommandLine) -> None:
    out = folder / "n.parquet"
    ran = yoridokoro("national", out, "--data", folder, "--seed", "3", "--distance", "800")
    assert ran.code == 0 and "架空" in ran.out
    file = pq.ParquetFile(out)
    about = {key.decode(): value.decode() for key, value in file.schema_arrow.metadata.items()}
    assert about["distance_m"] == "800"
    assert "種 3" in about["notes"] and "国土数値情報" in about["notes"]
    assert file.read().num_rows == file.read().column("people").null_count == 3
    refused = yoridokoro("national", out, "--data", folder / "nowhere")
    assert (refused.code, "ありません" in refused.err) == (2, True)
    nobody = yoridokoro("national", out, "--data", folder, "--scheduler", "tcp://127.0.0.1:9")
    assert (nobody.code, "つながりません" in nobody.err) == (2, True)


def test_where_it_cannot_be_finished_no_half_file_is_left(folder: Path) -> None:
    country = load_country(folder, folder / "places.csv", 1)
    with pytest.raises(NoCluster, match="つながりません"):
        write_parquet(folder / "x.parquet", country, 500, "tcp://127.0.0.1:9")
    assert list(folder.glob("*parquet*")) == []


def test_a_missing_column_is_told(folder: Path) -> None:
    (folder / "bad.csv").write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(NoCountry, match="経度と緯度"):
        load_country(folder, folder / "bad.csv", 1)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (b"lon,lat\n134,x\n", "2行目"),
        (b"lon,lat\n134,1e400\n", "2行目"),
        (b"lon,lat\n134,91\n", "2行目"),
        (b"lon,lat\n,\n", "一つもありません"),
        (b"\xff\xfe\x00\x81", "読めません"),
        (b"", "読めません"),
    ],
)
def test_broken_places_are_told_in_words(folder: Path, words: bytes, told: str) -> None:
    (folder / "bad.csv").write_bytes(words)
    with pytest.raises(NoCountry, match=told):
        load_country(folder, folder / "bad.csv", 1)


def test_broken_towns_and_no_places_are_told_in_words(folder: Path) -> None:
    with pytest.raises(NoCountry, match="読めません"):
        load_country(folder, folder / "nowhere.csv", 1)
    (folder / "towns.csv.gz").write_bytes(b"no gzip")
    with pytest.raises(NoCountry, match="読めません"):
        load_country(folder, None, 1)
    (folder / "towns.csv.gz").write_bytes(gzip.compress("都道府県名,緯度\n香川,34\n".encode()))
    with pytest.raises(NoCountry, match="「市区町村名」「経度」"):
        load_country(folder, None, 1)


def made_country(municipalities: int) -> Country:
    rng = np.random.default_rng(5)
    number = np.repeat(np.arange(municipalities), 20)
    homes = rng.uniform([135, 34], [136, 35], (len(number), 2))
    names = pd.DataFrame(
        {"code": None, "prefecture": "県", "name": map(str, range(municipalities))}
    )
    return Country(
        names,
        number,
        homes,
        np.ones(len(homes)),
        rng.uniform([135, 34], [136, 35], (900, 2)),
        False,
        (),
    )


def test_a_cluster_that_loses_a_worker_half_way_gives_the_same() -> None:
    from distributed import LocalCluster

    country = made_country(1_200)
    here = pd.concat(cover(country, 500))
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as cluster:
        there = cover(country, 500, cluster.scheduler_address)
        first = next(there)
        victim = next(iter(cluster.workers.values())).pid
        os.kill(victim, signal.SIGKILL)
        rest = list(there)
    pd.testing.assert_frame_equal(pd.concat([first, *rest]), here)


def test_every_municipality_is_the_sum_of_its_homes() -> None:
    country = made_country(40)
    found = covered_by_municipality(
        country.number, country.homes, country.places, 800, country.people
    )
    one_by_one = [
        covered_by_municipality(
            np.zeros(20, dtype=int),
            country.homes[country.number == n],
            country.places,
            800,
            np.ones(20),
        )["covered"].iloc[0]
        for n in range(40)
    ]
    assert found["covered"].tolist() == one_by_one
    assert 0 < found["covered"].sum() < 800
