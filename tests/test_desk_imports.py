"""Files from the desk: rehearsed with every bad row, written, and taken back whole."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from desk_client import DeskClient, signed_in
from exchange_files import csv_file
from osm_extracts import Extract
from small_town import (
    CODE,
    PLACES_HEADER,
    by_name,
    everything,
    geojson,
    lat_lon,
    places_file,
    population_file,
    rows_of,
    square,
)
from sqlalchemy import Engine
from sqlmodel import Session

from api.accounts.roles import Role
from api.models import HeldFile, Place, Population, Road

KEPT = ("heldfile", "signin", "signinguess")


@pytest.fixture
def admin(a_small_town: Session) -> DeskClient:
    engine = a_small_town.get_bind()
    assert isinstance(engine, Engine)
    return signed_in(engine, Role.ADMINISTRATOR)


def bring(admin: DeskClient, kind: str, *files: Path, **how: str) -> Any:
    sent = [("files", (file.name, file.read_bytes())) for file in files]
    return admin.post("imports/", {"kind": kind, **how}, files=sent)


def parcel(page: Any) -> str:
    return str(page.text.split("/imports/")[1].split('"')[0])


def written(session: Session) -> dict[str, Any]:
    """Everything stored but what a rehearsal may leave: held files and sessions."""
    return {name: rows for name, rows in everything(session).items() if name not in KEPT}


def more_places(folder: Path, *rows: str) -> Path:
    return csv_file(folder / "more.csv", PLACES_HEADER, *rows)


def test_a_rehearsal_tells_all_and_writes_nothing(
    a_small_town: Session, admin: DeskClient, tmp_path: Path
) -> None:
    before = written(a_small_town)
    page = bring(
        admin,
        "places",
        more_places(
            tmp_path,
            f"ひだまりサロン,サロン,北西町9,{lat_lon(900, 1500)},火",
            f"新しい会,サロン,北西町1,{lat_lon(800, 1500)},月",
            f"遠い会,サロン,どこか,{lat_lon(90_000, 1500)},月",
        ),
    )
    assert page.status_code == 200
    for words in ("離れています", "4行目", "<ins>北西町9</ins>", "<del>北西町1</del>"):
        assert words in page.text, words
    assert written(a_small_town) == before


def test_a_rehearsal_names_what_is_added_and_a_refused_upload_keeps_its_kind(
    admin: DeskClient, tmp_path: Path
) -> None:
    page = bring(
        admin, "places", more_places(tmp_path, f"新しい会,サロン,北西町1,{lat_lon(800, 1500)},月")
    )
    assert "追加するもの（1件）" in page.text
    assert "<p>新しい会</p>" in page.text
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04broken")
    page = bring(admin, "places", broken)
    assert page.status_code == 422
    assert '<option value="places" selected>' in page.text


def test_what_holds_for_every_row_is_said_once(
    a_small_town: Session, admin: DeskClient, tmp_path: Path
) -> None:
    header = PLACES_HEADER.replace("種別", "memo").replace("種類", "memo")
    file = csv_file(tmp_path / "a.csv", header, f"朝の会,,北西町1,{lat_lon(800, 1500)},月")
    said = {"set-kind": "体操", "set-source": "体操の会の名簿"}
    page = bring(admin, "places", file, **said)
    for name, value in said.items():
        assert f'name="{name}" value="{value}"' in page.text
    admin.post(f"imports/{parcel(page)}", {"kind": "places", "do": "write", **said})
    assert by_name(a_small_town, Place)["朝の会"]["kind"] == "exercise"
    page = admin.get("imports/").text
    assert "体操の会の名簿" in page
    assert "通いの場 1件" in page


def test_a_rehearsed_file_is_written_and_the_file_is_gone(
    a_small_town: Session, admin: DeskClient, tmp_path: Path
) -> None:
    page = bring(
        admin, "places", more_places(tmp_path, f"新しい会,サロン,北西町1,{lat_lon(800, 1500)},月")
    )
    answer = admin.post(f"imports/{parcel(page)}", {"kind": "places", "do": "write"})
    assert "取り込みました" in answer.text
    assert by_name(a_small_town, Place)["新しい会"]["state"] == "published"
    assert rows_of(a_small_town, HeldFile) == []


def test_bad_rows_keep_everything_out_until_they_are_left_out(
    a_small_town: Session, admin: DeskClient, tmp_path: Path
) -> None:
    page = bring(
        admin,
        "places",
        more_places(
            tmp_path,
            f"新しい会,サロン,北西町1,{lat_lon(800, 1500)},月",
            f"遠い会,サロン,どこか,{lat_lon(90_000, 1500)},月",
        ),
    )
    key = parcel(page)
    refused = admin.post(f"imports/{key}", {"kind": "places", "do": "write"})
    assert "何も書き込みませんでした" in refused.text
    assert "新しい会" not in by_name(a_small_town, Place)
    admin.post(f"imports/{key}", {"kind": "places", "do": "write", "keep_good": "1"})
    assert "新しい会" in by_name(a_small_town, Place)
    assert "遠い会" not in by_name(a_small_town, Place)


def test_a_column_nobody_knows_is_chosen_by_hand(
    a_small_town: Session, admin: DeskClient, tmp_path: Path
) -> None:
    odd = csv_file(
        tmp_path / "odd.csv",
        "名称,緯度,経度,おばあちゃんの電話",
        f"新しい会,{lat_lon(800, 1500)},0880-55-5555",
    )
    key = parcel(bring(admin, "places", odd))
    asked = {"kind": "places", "column-phone": "おばあちゃんの電話"}
    again = admin.post(f"imports/{key}", {**asked, "do": "again"})
    assert "<option selected>おばあちゃんの電話" in again.text
    admin.post(f"imports/{key}", {**asked, "do": "write"})
    assert by_name(a_small_town, Place)["新しい会"]["phone"] == "0880-55-5555"


def test_a_whole_import_is_taken_back(
    a_small_town: Session, admin: DeskClient, tmp_path: Path
) -> None:
    places, people = rows_of(a_small_town, Place), rows_of(a_small_town, Population)
    for kind, file in (
        ("places", more_places(tmp_path, f"新しい会,サロン,北西町1,{lat_lon(800, 1500)},月")),
        ("population", population_file(tmp_path, date(2027, 1, 1), times=2)),
    ):
        admin.post(f"imports/{parcel(bring(admin, kind, file))}", {"kind": kind, "do": "write"})
        deed = admin.get("imports/").text.split("/log/")[1].split("/undo")[0]
        admin.post(f"log/{deed}/undo", {"back": "imports/"})
    now = [row for row in rows_of(a_small_town, Place) if row["state"] != "withdrawn"]
    assert now == places
    assert rows_of(a_small_town, Population) == people
    assert "新しい会" not in admin.http.get(f"/{CODE}/map/places.json").text


def test_what_was_changed_since_is_told_and_stays(
    a_small_town: Session, admin: DeskClient, tmp_path: Path
) -> None:
    rows = (
        f"ひだまりサロン,サロン,北西町9,{lat_lon(900, 1500)},月水金",
        f"南東集会所,集会所,南東町9,{lat_lon(1500, 200)},",
    )
    key = parcel(bring(admin, "places", more_places(tmp_path, *rows)))
    admin.post(f"imports/{key}", {"kind": "places", "do": "write"})
    salon = by_name(a_small_town, Place)["ひだまりサロン"]
    page = admin.get(f"places/{salon['id']}").text
    version = page.split('name="version" value="')[1].split('"')[0]
    admin.post(
        f"places/{salon['id']}",
        {
            "name": "ひだまりサロン",
            "kind": "salon",
            "address": "北西町77",
            "version": version,
            "lon": str(salon["min_lon"]),
            "lat": str(salon["min_lat"]),
        },
    )
    deed = admin.get("imports/").text.split("/log/")[1].split("/undo")[0]
    answer = admin.post(f"log/{deed}/undo", {"back": "imports/"})
    assert answer.status_code == 409
    assert "ひだまりサロン" in answer.text
    assert by_name(a_small_town, Place)["南東集会所"]["address"] == "南東町9"
    admin.post(f"log/{deed}/undo", {"back": "imports/", "keep_later": "1"})
    assert by_name(a_small_town, Place)["南東集会所"]["address"] == "南東町1"
    assert by_name(a_small_town, Place)["ひだまりサロン"]["address"] == "北西町77"


def test_the_file_after_an_undone_import_counts_as_new(
    a_small_town: Session, admin: DeskClient, tmp_path: Path
) -> None:
    file = more_places(tmp_path, f"新しい会,サロン,北西町1,{lat_lon(800, 1500)},月")
    for _ in range(2):
        key = parcel(bring(admin, "places", file))
        admin.post(f"imports/{key}", {"kind": "places", "do": "write"})
        deed = admin.get("imports/").text.split("/log/")[1].split("/undo")[0]
        admin.post(f"log/{deed}/undo", {"back": "imports/"})
    names = [row["name"] for row in rows_of(a_small_town, Place) if row["state"] == "published"]
    assert sorted(names) == ["ひだまりサロン", "南東集会所"]


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("../../etc/passwd.csv", b"\xff\xfe\x00\x00"),
        ("bomb.zip", b"PK\x03\x04" + b"\0" * 100),
        ("page.csv", b"<html><script>alert(1)</script></html>"),
        ("empty.xlsx", b""),
        ("x" * 400 + ".csv", "名称\nあ".encode()),
        ("a.geojson", b'{"type":"FeatureCollection","features":[{}]}'),
    ],
)
def test_hostile_files_are_refused_in_words(
    a_small_town: Session, admin: DeskClient, name: str, content: bytes
) -> None:
    before = written(a_small_town)
    answer = admin.post("imports/", {"kind": "places"}, files=[("files", (name, content))])
    assert answer.status_code in (200, 422)
    assert "passwd.csv" not in answer.text or "etc" not in answer.text
    assert written(a_small_town) == before


@pytest.mark.databases("sqlite")
def test_nobody_else_opens_the_files(admin: DeskClient, tmp_path: Path) -> None:
    key = parcel(bring(admin, "places", places_file(tmp_path)))
    other = signed_in(admin.engine, Role.ADMINISTRATOR, login="other", app=admin.app)
    assert other.post(f"imports/{key}", {"kind": "places", "do": "write"}).status_code == 404


def undone(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What is there for people: neither what was taken back, nor how often it was written."""
    there = [row for row in rows if row.get("state") != "withdrawn"]
    return [{name: v for name, v in row.items() if name != "version"} for row in there]


@pytest.mark.parametrize("kind", ["areas", "towns", "boundary", "supporters", "services"])
def test_every_kind_of_file_is_taken_back(
    a_small_town: Session, admin: DeskClient, tmp_path: Path, kind: str
) -> None:
    """Redrawn areas, another town, another coast, people nobody at this desk may see."""
    new_town = (square(2000, 0, 200), {"町名": "東の町"})
    files = {
        "areas": csv_file(tmp_path / "areas.csv", "圏域名,町名", "東圏域,北西町", "東圏域,北東町"),
        "towns": geojson(tmp_path / "towns.geojson", new_town),
        "boundary": geojson(tmp_path / "coast.geojson", (square(0, 0, 2100), {"N03_007": CODE})),
        "supporters": csv_file(tmp_path / "people.csv", "氏名,町名,電話", "ある人,北西町,0880-1-1"),
        "services": csv_file(
            tmp_path / "s.csv", "サービス名,種類,提供圏域", "配食の会,配食,西圏域"
        ),
    }
    tables = ("area", "areascheme", "areatown", "town", "municipality", "supporter", "service")
    before = {name: undone(everything(a_small_town)[name]) for name in tables}
    wish = {"kind": kind, **({"valid_from": "2027-04-01"} if kind == "areas" else {})}
    more = {name: said for name, said in wish.items() if name != "kind"}
    page = bring(admin, kind, files[kind], **more)
    assert page.status_code == 200, page.text
    answer = admin.post(f"imports/{parcel(page)}", {**wish, "do": "write"})
    assert "取り込みました" in answer.text
    changed = {name: undone(everything(a_small_town)[name]) for name in tables}
    assert changed != before
    deed = admin.get("imports/").text.split("/log/")[1].split("/undo")[0]
    answer = admin.post(f"log/{deed}/undo", {"back": "imports/"})
    assert answer.status_code == 200, answer.text
    after = {name: undone(everything(a_small_town)[name]) for name in tables}
    for name in tables:
        keep = [[(k, v) for k, v in row.items() if k != "revision"] for row in after[name]]
        was = [[(k, v) for k, v in row.items() if k != "revision"] for row in before[name]]
        assert keep == was, name


def test_an_extract_of_openstreetmap_from_the_desk(
    a_small_town: Session, admin: DeskClient, tmp_path: Path
) -> None:
    with Extract(tmp_path / "四角 市.osm.pbf") as extract:
        extract.line([(0, 500), (2000, 500)], highway="residential", name="本通り")
        extract.line([(0, 600), (2000, 600)], highway="motorway", name="高速")
        extract.line([(90_000, 0), (90_000, 500)], highway="path")
    page = bring(admin, "roads", extract.path)
    assert "本通り" in page.text and "歩く道ではない 1 本" in page.text
    assert rows_of(a_small_town, Road) == []
    admin.post(f"imports/{parcel(page)}", {"kind": "roads", "do": "write"})
    assert [row["name"] for row in rows_of(a_small_town, Road)] == ["本通り"]
    assert "© OpenStreetMap contributors（ODbL）" in admin.get("imports/").text
