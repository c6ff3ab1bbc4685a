"""Files that only point at other files: GDAL would follow, and read whatever this process may."""

import zipfile
from pathlib import Path

import pyogrio
import pytest
from exchange_files import csv_file, refusal

from api.exchange.drivers import ALLOWED, read_frame
from api.exchange.signatures import Form, form_of


def pointing_at(path: Path, name: str) -> bytes:
    """A virtual layer of GDAL's that reads another file."""
    return (
        f"<OGRVRTDataSource><!-- <kml --><OGRVRTLayer name='{name}'>"
        f"<SrcDataSource>CSV:{path}</SrcDataSource><SrcSQL>select * from himitsu</SrcSQL>"
        "</OGRVRTLayer></OGRVRTDataSource>"
    ).encode()


@pytest.fixture
def himitsu(tmp_path: Path) -> Path:
    """Give a file of the server that nobody may read from outside."""
    return csv_file(tmp_path / "himitsu.csv", "名称,住所", "HIMITSU,北町1")


def test_no_format_is_left_that_reads_other_files() -> None:
    assert set(pyogrio.list_drivers()) <= ALLOWED


def test_gdal_itself_does_not_follow(tmp_path: Path, himitsu: Path) -> None:
    """The second wall, should a file ever pass the first."""
    file = tmp_path / "a.vrt"
    file.write_bytes(pointing_at(himitsu, "himitsu"))
    with pytest.raises(pyogrio.errors.DataSourceError):
        read_frame(file)


def test_a_virtual_layer_is_no_kml(tmp_path: Path, himitsu: Path) -> None:
    file = tmp_path / "a.kml"
    file.write_bytes(pointing_at(himitsu, "himitsu"))
    assert "KMLではないXML" in refusal(file)


def test_a_virtual_layer_is_no_shapefile_either(tmp_path: Path, himitsu: Path) -> None:
    file = tmp_path / "a.zip"
    with zipfile.ZipFile(file, "w") as archive:
        for ending in (".shp", ".dbf", ".shx"):
            archive.writestr(f"a{ending}", pointing_at(himitsu, "layer0"))
    assert "シェープファイルではない" in refusal(file)


@pytest.mark.parametrize(
    "head",
    [
        "<?xml version='1.0' encoding='Shift_JIS'?><!-- 一覧 -->",
        "\ufeff<?xml version='1.0' encoding='UTF-8'?>",
        "<?xml version='1.0'?>\n<!-- <html> -->\n",
        "",
    ],
)
def test_a_kml_is_known_by_its_root(tmp_path: Path, head: str) -> None:
    file = tmp_path / "a.kml"
    file.write_bytes(
        f"{head}<kml xmlns='http://www.opengis.net/kml/2.2'><Document><Placemark><name>あ</name>"
        "<Point><coordinates>134.05,34.34</coordinates></Point></Placemark></Document></kml>"
        .encode("cp932" if "Shift_JIS" in head else "utf-8")
    )  # fmt: skip
    assert form_of(file) is Form.LAYER
