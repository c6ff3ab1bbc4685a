"""The command line: exit codes, what goes to which stream, and files that come out."""

import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import tomllib
import urllib.request
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
import typer
from command_line import CommandLine
from exchange_files import csv_file
from small_town import (
    CODE,
    NAME,
    PLACES_HEADER,
    boundary_file,
    everything,
    lat_lon,
    places_file,
    rows_of,
    towns_file,
)
from sqlalchemy import update
from sqlmodel import Session, SQLModel

from api import cli
from api.actions.init_municipality import init_municipality
from api.models import Place

CHECKOUT = Path(cli.__file__).parent.parent
BAD_ROW = "沖の店,,,0,0,"


pytestmark = pytest.mark.databases("sqlite")


def mixed_file(folder: Path) -> Path:
    """A good row and a bad one."""
    return csv_file(
        folder / "mixed.csv", PLACES_HEADER, f"新しい会,,,{lat_lon(500, 500)},月", BAD_ROW
    )


# --- help ----------------------------------------------------------------------------------------


def test_every_command_and_option_has_help(yoridokoro: CommandLine) -> None:
    group = typer.main.get_command(cli.app)
    commands = getattr(group, "commands", {})
    known = {"init", "import", "coverage", "map", "backup", "restore", "serve", "demo"}
    assert known <= set(commands)
    for name, command in commands.items():
        assert command.help, name
        untold = [p.name for p in command.params if not getattr(p, "help", None)]
        assert untold == [], name
        assert yoridokoro(name, "--help").code == 0


def test_without_a_command_the_commands_are_listed(yoridokoro: CommandLine) -> None:
    ran = yoridokoro()
    assert ran.code == 2
    assert "coverage" in ran.out + ran.err


def test_help_loads_neither_the_store_nor_the_frames() -> None:
    heavy = ("sqlmodel", "sqlalchemy", "pandas", "geopandas", "fastapi", "folium", "pydantic")
    script = f"import api.cli, sys; print([m for m in {heavy!r} if m in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd="/")
    assert ran.stdout.strip() == "[]", ran.stderr


# --- exit codes and streams ----------------------------------------------------------------------


def test_a_municipality_is_brought_in_from_nothing(yoridokoro: CommandLine, tmp_path: Path) -> None:
    assert yoridokoro("init", "399991", NAME).code == 2  # a wrong check digit
    assert yoridokoro("init", CODE, NAME).code == 0
    assert yoridokoro("import", "boundary", boundary_file(tmp_path)).code == 0
    assert yoridokoro("import", "towns", towns_file(tmp_path)).code == 0
    ran = yoridokoro("import", "places", places_file(tmp_path))
    assert ran.code == 0
    assert "読んだ行 2：追加 2、変更 0、変わりなし 0、取り込めない行 0" in ran.out
    assert Path("var/yoridokoro.sqlite").exists()


def test_data_that_is_refused_ends_with_1(in_town: CommandLine, tmp_path: Path) -> None:
    ran = in_town("import", "places", mixed_file(tmp_path))
    assert ran.code == 1
    assert "エラー: mixed.csv 3行目 「緯度」" in ran.err
    assert "何も書き込みませんでした" in ran.err


@pytest.mark.parametrize(
    "words",
    [
        ("import", "cats", "a.csv"),
        ("import", "places"),
        ("import", "places", "--set", "kind", "a.csv"),
        ("import", "places", "--mapping", "nowhere.toml", "a.csv"),
        ("import", "places", "--rejects", "nowhere/out.csv", "a.csv"),
        ("import", "places", "a.csv", "--municipality", "12345"),
        ("init", "１２", "市"),
        ("coverage", "--age", "70"),
        ("coverage", "--distance", "0"),
        ("coverage", "--distance", "nan"),
        ("coverage", "--walking", "estimate", "--detour", "nan"),
        ("coverage", "--kind", "ぺけ"),
        ("coverage", "--weekday", "祝"),
        ("coverage", "--on", "2026-13-01"),
        ("coverage", "--scheme", "旧町"),
        ("coverage", "--municipality", "12345"),
        ("coverage", "--municipality", "xyz"),
        ("map", "nowhere/out.html"),
        ("map", "out.html", "--area", "Z"),
        ("fly",),
    ],
    ids=" ".join,
)
def test_wrong_use_ends_with_2_and_says_why(in_town: CommandLine, words: tuple[str, ...]) -> None:
    Path("a.csv").write_text("名称\n", "utf-8")
    ran = in_town(*words)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.strip() and "Traceback" not in ran.err


def test_questions_the_data_cannot_answer_end_with_1(yoridokoro: CommandLine) -> None:
    yoridokoro("init", CODE, NAME)
    ran = yoridokoro("coverage")
    assert (ran.code, ran.out) == (1, "")
    assert "四角市の人口は、まだ取り込まれていません。" in ran.err


def test_before_any_municipality_it_says_how_to_begin(yoridokoro: CommandLine) -> None:
    ran = yoridokoro("coverage")
    assert ran.code == 2
    assert "yoridokoro init" in ran.err


def test_of_several_municipalities_one_must_be_named(
    in_town: CommandLine, a_small_town: Session
) -> None:
    init_municipality(a_small_town, "39998", "隣市")
    ran = in_town("coverage")
    assert ran.code == 2
    assert "39998 隣市" in ran.err and f"{CODE} {NAME}" in ran.err
    assert in_town("coverage", "--municipality", CODE).code == 0
    assert in_town("coverage", "--municipality", "399991").code == 2  # wrong check digit


def test_a_code_may_carry_its_check_digit(in_town: CommandLine, a_small_town: Session) -> None:
    init_municipality(a_small_town, "37201", "隣市")
    assert in_town("coverage", "--municipality", "372013").code == 1  # entered, but empty


def test_a_mistake_of_ours_is_not_called_theirs(
    in_town: CommandLine, a_small_town: Session
) -> None:
    a_small_town.connection().exec_driver_sql("ALTER TABLE population RENAME TO lost")
    a_small_town.commit()
    with pytest.raises(Exception, match="population"):
        in_town("coverage")


# --- coverage ------------------------------------------------------------------------------------


def test_json_stands_alone_on_stdout(in_town: CommandLine) -> None:
    ran = in_town("coverage", "--format", "json")
    found = json.loads(ran.out)
    assert (ran.code, ran.err) == (0, "")
    assert (found["total"]["population"], found["total"]["covered"]) == (100, 50)
    assert [area["code"] for area in found["areas"]] == ["W", "E", None]


def test_options_are_the_question(in_town: CommandLine) -> None:
    ran = in_town(
        "coverage", "--distance", "601", "--age", "75", "--kind", "サロン・お茶",
        "--weekday", "月", "--by", "town", "--format", "json",
    )  # fmt: skip
    found = json.loads(ran.out)
    assert (found["age"], found["total"]["covered"]) == ("75", 12)
    assert len(found["towns"]) == 4


def test_csv_is_what_excel_opens(in_town: CommandLine) -> None:
    lines = in_town("coverage", "--format", "csv").out.splitlines()
    assert lines[0].startswith("\ufeffコード,圏域,65歳以上（人）")
    assert lines[1].startswith("W,西圏域,40,10,30,0.25,1,")
    assert lines[-1].startswith(",合計,100,50,50,0.5,2,")


def test_geojson_holds_a_feature_an_area(in_town: CommandLine) -> None:
    found = json.loads(in_town("coverage", "--format", "geojson").out)
    assert [feature["properties"]["name"] for feature in found["features"]] == ["西圏域", "東圏域"]


def test_the_table_is_for_people(in_town: CommandLine) -> None:
    out = in_town("coverage").out
    assert "高知県 四角市" in out and "出典：国土数値情報（行政区域データ）" in out
    assert re.search(r"西圏域 +40 +10 +30 +25% +1 ", out)
    assert re.search(r"1\. 南西町（西圏域） 30人", out)


# --- import --------------------------------------------------------------------------------------


def test_a_rehearsal_says_the_same_and_writes_nothing(
    in_town: CommandLine, a_small_town: Session, tmp_path: Path
) -> None:
    before = everything(a_small_town)
    rehearsed = in_town("import", "places", mixed_file(tmp_path), "--dry-run")
    done = in_town("import", "places", mixed_file(tmp_path))
    assert (rehearsed.code, rehearsed.err, rehearsed.out) == (done.code, done.err, done.out)
    assert everything(a_small_town) == before


def test_a_rehearsal_of_good_data_says_so_and_writes_nothing(
    in_town: CommandLine, a_small_town: Session, tmp_path: Path
) -> None:
    good = csv_file(tmp_path / "good.csv", PLACES_HEADER, f"新しい会,,,{lat_lon(500, 500)},月")
    before = everything(a_small_town)
    ran = in_town("import", "places", good, "--dry-run")
    assert ran.code == 0
    assert "追加 1" in ran.out and "書き込んでいません" in ran.out
    assert everything(a_small_town) == before


def test_with_rejects_the_good_rows_go_in(
    in_town: CommandLine, a_small_town: Session, tmp_path: Path
) -> None:
    ran = in_town("import", "places", mixed_file(tmp_path), "--rejects", "bad.csv")
    assert ran.code == 0
    assert "追加 1、変更 0、変わりなし 0、取り込めない行 1" in ran.out
    assert "新しい会" in {place["name"] for place in rows_of(a_small_town, Place)}
    header, row = Path("bad.csv").read_text("utf-8-sig").splitlines()
    assert header == f"ファイル,シート,行,理由,{PLACES_HEADER}"
    assert row.startswith("mixed.csv,,3,") and row.endswith(BAD_ROW)
    assert "(0, 0)" in row


def test_rejects_corrected_go_in_as_they_are(
    in_town: CommandLine, a_small_town: Session, tmp_path: Path
) -> None:
    in_town("import", "places", mixed_file(tmp_path), "--rejects", "bad.csv")
    text = Path("bad.csv").read_text("utf-8")
    Path("bad.csv").write_text(text.replace("店,,,0,0", f"店,,,{lat_lon(700, 700)}"), "utf-8")
    assert in_town("import", "places", "bad.csv").code == 0
    assert "沖の店" in {place["name"] for place in rows_of(a_small_town, Place)}


def test_rejects_of_a_rehearsal_are_not_written(in_town: CommandLine, tmp_path: Path) -> None:
    ran = in_town("import", "places", mixed_file(tmp_path), "--rejects", "bad.csv", "--dry-run")
    assert ran.code == 0
    assert not Path("bad.csv").exists()


def test_a_formula_among_the_rejects_does_not_run(in_town: CommandLine) -> None:
    csv_file(Path("evil.csv"), PLACES_HEADER, "=1+1,,,0,0,")
    in_town("import", "places", "evil.csv", "--rejects", "bad.csv")
    assert ",'=1+1," in Path("bad.csv").read_text("utf-8")


def test_a_bad_second_file_keeps_the_first_one_out(
    in_town: CommandLine, a_small_town: Session, tmp_path: Path
) -> None:
    before = everything(a_small_town)
    good = csv_file(tmp_path / "good.csv", PLACES_HEADER, f"新しい会,,,{lat_lon(500, 500)},月")
    assert in_town("import", "places", good, mixed_file(tmp_path)).code == 1
    assert everything(a_small_town) == before


def test_a_draft_is_not_counted_and_not_shown(in_town: CommandLine) -> None:
    csv_file(Path("d.csv"), PLACES_HEADER, f"南西の会,,,{lat_lon(500, 500)},")
    assert in_town("import", "places", "d.csv", "--draft").code == 0
    assert json.loads(in_town("coverage", "--format", "json").out)["total"]["covered"] == 50
    in_town("map", "out.html")
    assert "南西の会" not in Path("out.html").read_text("utf-8")
    assert in_town("import", "places", "d.csv").code == 0
    assert json.loads(in_town("coverage", "--format", "json").out)["total"]["covered"] == 80


def test_a_value_may_be_set_for_every_row(in_town: CommandLine, a_small_town: Session) -> None:
    csv_file(Path("d.csv"), "名称,緯度,経度", f"南西の会,{lat_lon(500, 500)}")
    assert in_town("import", "places", "d.csv", "--set", "kind=いこいの家").code == 0
    assert [place["kind"] for place in rows_of(a_small_town, Place)][-1] == "rest_house"


def test_a_mapping_is_read_from_toml(in_town: CommandLine, a_small_town: Session) -> None:
    csv_file(Path("d.csv"), "あれ,緯度,経度", f"南西の会,{lat_lon(500, 500)}")
    Path("map.toml").write_text('[columns]\nname = "あれ"\n', "utf-8")
    assert tomllib.loads(Path("map.toml").read_text("utf-8"))["columns"] == {"name": "あれ"}
    assert in_town("import", "places", "d.csv").code == 1
    assert in_town("import", "places", "d.csv", "--mapping", "map.toml").code == 0
    assert rows_of(a_small_town, Place)[-1]["name"] == "南西の会"


@pytest.mark.parametrize("content", ["name = 'あれ'", "[columns", "columns = 3"])
def test_a_broken_mapping_is_wrong_use(in_town: CommandLine, content: str) -> None:
    csv_file(Path("d.csv"), "名称,緯度,経度", f"南西の会,{lat_lon(500, 500)}")
    Path("map.toml").write_text(content, "utf-8")
    assert in_town("import", "places", "d.csv", "--mapping", "map.toml").code == 2


def test_two_imports_take_turns(in_town: CommandLine, a_small_town: Session) -> None:
    """The second waits until the first is done, though it has looked at the store before."""
    csv_file(Path("d.csv"), PLACES_HEADER, f"南西の会,,,{lat_lon(500, 500)},")
    municipality = SQLModel.metadata.tables["municipality"]
    with Session(a_small_town.get_bind()) as first:
        first.connection().execute(update(municipality).values(name="新四角市"))
        release = threading.Timer(0.5, first.commit)
        release.start()
        ran = in_town("import", "places", "d.csv")
        release.join()
    assert ran.code == 0, ran.err
    assert rows_of(a_small_town, Place)[-1]["name"] == "南西の会"


# --- the map as one file -------------------------------------------------------------------------


class Resources(HTMLParser):
    """What a browser would fetch for a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            fetches = name in ("src", "srcset", "data", "poster", "background", "action")
            if fetches or (name == "href" and tag in ("link", "use", "image", "base")):
                self.found.append(value or "")


def fetched(html: str) -> list[str]:
    """Addresses of other files or hosts a page would load."""
    parser = Resources()
    parser.feed(html)
    styles = re.findall(r"url\(\s*['\"]?([^'\")]+)|@import\s+['\"]([^'\"]+)", html)
    found = [*parser.found, *(part for pair in styles for part in pair if part)]
    return [address for address in found if not address.startswith(("data:", "#"))]


def test_what_a_page_would_fetch_is_noticed() -> None:
    page = '<script src="//cdn/x.js"></script><style>a{background:url(https://h/i.png)}</style>'
    assert fetched(page) == ["//cdn/x.js", "https://h/i.png"]
    assert fetched('<img src="data:,"><a href="https://h/">h</a><link href="/s.css">') == ["/s.css"]


def test_the_map_is_one_file_that_fetches_nothing(in_town: CommandLine) -> None:
    before = set(Path().iterdir())
    ran = in_town("map", "out.html")
    assert ran.code == 0
    assert {path.name for path in set(Path().iterdir()) - before} == {"out.html"}
    html = Path("out.html").read_text("utf-8")
    assert fetched(html) == []
    assert "ひだまりサロン" in html and "南西町" in html


def test_the_map_of_one_area_is_about_that_area(in_town: CommandLine) -> None:
    assert in_town("map", "west.html", "--area", "W").code == 0
    assert "西圏域の通いの場" in Path("west.html").read_text("utf-8")


# --- servers -------------------------------------------------------------------------------------


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_port_that_is_taken_is_told(
    yoridokoro: CommandLine, taken_port: int, command: str
) -> None:
    ran = yoridokoro(command, "--port", str(taken_port))
    assert ran.code == 2
    assert f"ポート {taken_port} はほかのプログラムが使っています" in ran.err
    assert f"--port {taken_port + 1}" in ran.err
    assert not Path("var").exists()


def test_the_demo_uses_its_own_database_and_answers(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-c",
        "from api.cli import main; main()",
        "demo",
        "--port",
        str(port),
    ]
    elsewhere = {**os.environ, "YORIDOKORO_DATABASE_URL": f"sqlite:///{tmp_path}/other.sqlite"}
    with subprocess.Popen(command, cwd=tmp_path, env=elsewhere, stderr=subprocess.PIPE) as demo:
        try:
            body = page_of(f"http://127.0.0.1:{port}/", demo)
        finally:
            demo.terminate()
            demo.communicate()
    assert "汐見野市" in body
    with sqlite3.connect(tmp_path / "var" / "demo.sqlite") as store:
        assert store.execute("SELECT count(*) > 100 FROM place").fetchone() == (1,)
    store.close()
    assert not (tmp_path / "other.sqlite").exists()


def page_of(address: str, server: subprocess.Popen[bytes]) -> str:
    """The page, as soon as the server answers."""
    deadline = time.monotonic() + 120
    while server.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=30) as answer:
                return str(answer.read().decode())
        except OSError:
            time.sleep(0.1)
    server.kill()
    raise AssertionError(f"no answer: {server.communicate()[1].decode()}")
