"""Nobody sees what is not theirs: by class of column, by publication, by municipality."""

import ast
import datetime
import io
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from command_line import CommandLine
from exchange_files import csv_file
from fastapi.routing import APIRoute
from pdf_sheets import ReadSheet
from small_town import CODE, PLACES_HEADER, bring, everything, lat_lon
from sqlalchemy import Table, insert, select, update
from sqlalchemy.orm import registry
from sqlmodel import AutoString, Field, Session, SQLModel
from starlette.routing import BaseRoute, Mount
from starlette.testclient import TestClient

import api
from api.actions.init_municipality import init_municipality
from api.main import create_app
from api.models import Change, Intake, Place
from api.models.columns import office, public
from api.store import frames, visible
from api.store.visible import OFFICE, OFFICE_PUBLISHED, READABLE, RESIDENT, Viewer, Withheld

API = Path(api.__file__).parent
TABLES: dict[str, Table] = dict(SQLModel.metadata.tables)
MODELS: list[type[SQLModel]] = sorted(READABLE, key=str)
CLASSES = ("public", "office", "personal")
EVERYBODY = Viewer("all", frozenset(CLASSES), drafts=True)


pytestmark = pytest.mark.databases("sqlite")


class Apart(SQLModel, registry=registry()):
    """Tables of the tests' own, apart from the product's."""


class Diary(Apart, table=True):
    """A table with a column of each class, and one whose class was forgotten."""

    id: int | None = public(default=None, primary_key=True)
    municipality_code: str = public()
    title: str = public()
    remark: str = office()
    forgotten: str = Field()


@pytest.fixture
def diary(monkeypatch: pytest.MonkeyPatch) -> type[SQLModel]:
    monkeypatch.setattr(visible, "READABLE", frozenset({Diary}))
    return Diary


def columns(model: type[SQLModel], viewer: Viewer, **how: Any) -> list[str]:
    return [column.name for column in visible.visible(model, viewer, CODE, **how).selected_columns]


def test_a_resident_sees_public_columns_only(diary: type[SQLModel]) -> None:
    assert columns(diary, RESIDENT) == ["id", "municipality_code", "title"]


def test_the_office_sees_its_own_columns_too(diary: type[SQLModel]) -> None:
    assert columns(diary, OFFICE) == ["id", "municipality_code", "title", "remark"]


def test_a_column_without_a_class_is_shown_to_nobody(diary: type[SQLModel]) -> None:
    assert "forgotten" not in columns(diary, EVERYBODY)


def test_naming_a_column_does_not_open_it(diary: type[SQLModel]) -> None:
    assert columns(diary, RESIDENT, only=["title", "remark", "forgotten"]) == ["title"]


def test_the_change_log_is_not_read_this_way() -> None:
    with pytest.raises(TypeError, match="Change"):
        visible.visible(Change, OFFICE, CODE)


@pytest.mark.parametrize("model", MODELS)
def test_every_column_has_a_class(model: type[SQLModel]) -> None:
    table = TABLES[str(model.__tablename__)]
    unclassed = [c.name for c in table.columns if c.info.get("class") not in CLASSES]
    assert unclassed == []


@pytest.mark.parametrize("model", MODELS)
def test_no_office_column_is_ever_selected_for_a_resident(model: type[SQLModel]) -> None:
    table = TABLES[str(model.__tablename__)]
    kept = {column.name for column in table.columns if column.info["class"] != "public"}
    try:
        seen = set(columns(model, RESIDENT))
    except Withheld:
        seen = set()
    assert not kept & seen
    assert seen == set(table.columns.keys()) - kept


@pytest.mark.parametrize("model", MODELS)
def test_no_personal_column_is_ever_selected_for_an_office(model: type[SQLModel]) -> None:
    table = TABLES[str(model.__tablename__)]
    kept = {column.name for column in table.columns if column.info["class"] == "personal"}
    assert kept in (set(), set(table.columns.keys())), "personal data lies in tables of its own"
    if kept:
        with pytest.raises(Withheld):
            columns(model, OFFICE)


@pytest.mark.parametrize("model", MODELS)
def test_every_query_names_the_municipality(model: type[SQLModel]) -> None:
    query = visible.visible(model, EVERYBODY, "12345").compile()
    key = "code" if model.__name__ == "Municipality" else "municipality_code"
    assert f"{model.__tablename__}.{key} = " in str(query).partition("WHERE")[2]
    assert "12345" in query.params.values()


# --- only visible.py selects ---------------------------------------------------------------------


def selecting(source: str) -> list[str]:
    """Calls by which a module would read rows on its own."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom | ast.Import):
            found += [alias.name for alias in node.names if alias.name in ("select", "text")]
        if isinstance(node, ast.Attribute) and node.attr in ("query", "scalars", "exec"):
            owner = ast.unparse(node.value)
            found += [f"{owner}.{node.attr}"] if owner.endswith("session") else []
        if isinstance(node, ast.Attribute) and node.attr == "select":
            found.append(ast.unparse(node))
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found += [node.value] if "SELECT " in node.value and " FROM " in node.value else []
    return found


def test_a_select_elsewhere_would_be_noticed() -> None:
    assert selecting("from sqlmodel import select\n") == ["select"]
    assert selecting("import sqlalchemy as sa\nsa.select(Place)\n") == ["sa.select"]
    assert selecting("session.exec(anything)\n") == ["session.exec"]
    assert selecting("run('SELECT * FROM place')\n") == ["SELECT * FROM place"]


def test_no_other_module_selects() -> None:
    paths = [path for path in API.rglob("*.py") if "migrations" not in path.parts]
    found = {path.relative_to(API).as_posix(): selecting(path.read_text()) for path in paths}
    assert {path: calls for path, calls in found.items() if calls} == {
        "store/visible.py": ["select"],
        "store/backup.py": ["select"],  # every row, into a file for whoever runs the installation
        "store/backup_file.py": [  # and out of it: what a file is, and which tables it has
            "SELECT seal, sha256 FROM yoridokoro_backup",
            "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name",
            "SELECT 1 FROM sqlite_master WHERE ",
        ],
        "store/credentials.py": ["select"],  # accounts and sessions: no entity
        "store/held_files.py": ["select"],  # files between a rehearsal and the import
        "store/history.py": ["select"],  # the log, class by class
        "store/pictures.py": ["select"],  # a photo's bytes, after its row was found here
        "routes/health.py": ["text"],  # SELECT 1: whether the store answers
    }


# --- planted secrets -----------------------------------------------------------------------------

SECRET = "HIMITSU"
PLANTED_AT = datetime.datetime(1999, 9, 9, 9, 9, 9, tzinfo=datetime.UTC)
SECRET_FIGURE = 987_654_321
QUERIES = ("", "?age=all&spread=area&by=town&kind=salon&weekday=月&walking=estimate&on=2031-01-01")
FOR_MEMBERS = ("/api/v1/municipalities/{code}/session", "/api/v1/municipalities/{code}/registry/")
"""How routes beside the desk begin that answer nobody without an account."""
SERVICE_QUERIES = ("", "?kind=meals", "?kind=その他の生活支援&area=W", "?area=E")


@pytest.fixture
def planted(a_small_town: Session, tmp_path: Path) -> Session:
    """四角市 with a secret in every office column, in drafts, and in the municipality next door."""
    draft = csv_file(
        tmp_path / "draft.csv",
        f"{PLACES_HEADER},電話番号,主催者,備考,URL",
        f"{SECRET}の会,サロン,{SECRET},{lat_lon(600, 1400)},月,{SECRET},{SECRET},{SECRET},"
        f"https://{SECRET}.example/",
    )
    submitted = csv_file(
        tmp_path / "submitted.csv",
        PLACES_HEADER,
        f"{SECRET}クラブ,サロン,{SECRET},{lat_lon(700, 1400)},月",
    )
    bring(a_small_town, "places", draft, draft=True)
    bring(a_small_town, "places", submitted)
    next_door(a_small_town)
    connection = a_small_town.connection()
    place, intake = TABLES["place"], TABLES["intake"]
    connection.execute(
        update(place).where(place.c.name == f"{SECRET}クラブ").values(state="submitted")
    )
    office_columns = {
        "files": SECRET,
        "sha256": SECRET,
        "actor": SECRET,
        "imported_at": PLANTED_AT,
    }
    harmless = {"deed_id", "undone"}
    kept = {c.name for c in intake.columns if c.info["class"] == "office"}
    assert set(office_columns) == kept - harmless
    connection.execute(update(intake).values(office_columns))
    plant_photos(a_small_town)
    plant_registers(a_small_town)
    plant_voices(a_small_town)
    connection.execute(update(TABLES["change"]).values(actor=SECRET))
    connection.execute(update(TABLES["changedoffice"]).values(salt=SECRET))
    a_small_town.commit()
    return a_small_town


def plant_photos(session: Session) -> None:
    """A photo residents see (number 1), one that waits, and one of a place nobody sees."""
    place = TABLES["place"]
    rows = [
        (1, place.c.name == "ひだまりサロン", "玄関", "published"),
        (2, place.c.name == "ひだまりサロン", SECRET, "submitted"),
        (3, place.c.name == f"{SECRET}クラブ", SECRET, "published"),
    ]
    size = {"municipality_code": CODE, "width": 4, "height": 3, "version": 1}
    for number, which, caption, state in rows:
        where = select(place.c.id).where(which).scalar_subquery()
        values = {"id": number, "place_id": where, "caption": caption, "state": state}
        session.connection().execute(insert(TABLES["photo"]).values(size | values))
        bytes_of = {"photo_id": number, "full": caption.encode(), "thumb": caption.encode()}
        session.connection().execute(insert(TABLES["photofile"]).values(bytes_of))


def plant_registers(session: Session) -> None:
    """Services and organizations residents see, others they do not, and people nobody sees."""
    connection = session.connection()
    ours = {"municipality_code": CODE, "find_key": ""}
    for table, kind in (("service", "meals"), ("organization", "npo")):
        for name, state in (("西の会", "published"), (SECRET, "draft"), (SECRET, "submitted")):
            said = {"name": name, "kind": kind, "note": name, "state": state}
            more = {"approximate": False} if table == "service" else {}
            connection.execute(insert(TABLES[table]).values(**ours, **said, **more))
    for table in ("place", "service", "organization"):
        connection.execute(update(TABLES[table]).values(secrets_of(TABLES[table], "office")))
    person = {**secrets_of(TABLES["supporter"], "personal"), "areas": None, "skills": None}
    connection.execute(insert(TABLES["supporter"]).values({**person, "municipality_code": CODE}))


def plant_voices(session: Session) -> None:
    """What a resident has said, the need it became, and the number that only they know."""
    connection = session.connection()
    ours = {"municipality_code": CODE, "state": "published"}
    day = {"heard_on": PLANTED_AT.date()}
    town = select(TABLES["town"].c.id).where(TABLES["town"].c.name == "北西町").scalar_subquery()
    suggestion = {
        **secrets_of(TABLES["suggestion"], "personal"),
        "id": 1,
        "received_at": PLANTED_AT,
        "lon": SECRET_FIGURE,
        "status": "noted",
        "areas": None,
        "has_photo": True,
        "town_id": town,
    }
    connection.execute(insert(TABLES["suggestion"]).values({**suggestion, **day, **ours}))
    picture = {"suggestion_id": 1, "full": SECRET.encode(), "thumb": SECRET.encode()}
    connection.execute(insert(TABLES["suggestionphoto"]).values(picture))
    need = {**secrets_of(TABLES["need"], "personal"), "status": "open", "town_id": town}
    connection.execute(insert(TABLES["need"]).values({**need, **day, **ours, "areas": None}))
    reply = {"number": SECRET, "suggestion_id": 1, "status": "noted"}
    when = {"received_on": PLANTED_AT.date()}
    connection.execute(insert(TABLES["reply"]).values({**reply, **when, **ours}))
    connection.execute(update(TABLES["municipality"]).values(needs_shown=True))


def secrets_of(table: Table, data_class: str) -> dict[str, Any]:
    """A secret for every word and every figure of a class, but for states."""
    figures = {"monthly_users_people": SECRET_FIGURE, "office_lon": SECRET_FIGURE}
    words = [
        column.name
        for column in table.columns
        if column.info["class"] == data_class and isinstance(column.type, AutoString)
    ]
    values: dict[str, Any] = {name: SECRET for name in words if name != "state"}
    return values | {name: said for name, said in figures.items() if name in table.columns}


def next_door(session: Session) -> None:
    """A municipality beside it, whose every word is a secret here."""
    init_municipality(session, "39998", "隣市")
    columns = {
        "municipality_code": "39998",
        "name": f"{SECRET}隣",
        "find_key": SECRET,
        "kind": "salon",
        "approximate": False,
        "state": "published",
        "note": SECRET,
    }
    session.connection().execute(insert(TABLES["place"]).values(columns))
    town = {"name": SECRET, "name_key": SECRET, "lon": 133.5, "lat": 33.0, "points": ""}
    session.connection().execute(
        insert(TABLES["town"]).values(municipality_code="39998", approximate=False, **town)
    )


def test_the_secrets_are_planted(planted: Session) -> None:
    rows = everything(planted)
    for table in ("intake", "place", "town", "change", "changedpublic", "changedoffice"):
        assert SECRET in repr(rows[table]), table
    for table in ("service", "organization"):
        (shown,) = [row for row in rows[table] if row["state"] == "published"]
        assert shown["name"] == "西の会"
        assert shown["contact_name"] == shown["contact_phone"] == shown["office_note"] == SECRET
    assert rows["supporter"][0]["name"] == rows["supporter"][0]["phone"] == SECRET
    for name in ("number", "words", "name", "phone", "place_name", "printable"):
        assert rows["suggestion"][0][name] == SECRET
    assert rows["need"][0]["words"] == rows["reply"][0]["number"] == SECRET
    seen = frames.read(planted, visible.visible(Intake, OFFICE, CODE))
    assert set(seen["actor"]) == {SECRET}


def paths_of(routes: Iterable[BaseRoute]) -> Iterator[str]:
    """The path of every GET route but the files served as they are."""
    for route in routes:
        inside = getattr(route, "original_router", None)
        if inside is not None:
            yield from paths_of(inside.routes)
        elif isinstance(route, APIRoute):
            if "GET" in (route.methods or ()):
                yield route.path
        elif not isinstance(route, Mount):
            yield str(getattr(route, "path", ""))


def texts_in(content: bytes) -> Iterator[bytes]:
    """What a body says; a workbook is a zip of several texts."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            for name in book.namelist():
                yield from texts_in(book.read(name))
    if content.startswith(b"%PDF"):
        yield ReadSheet(content).text.encode()
    yield content


def tells(content: bytes) -> bool:
    secrets = (SECRET.encode(), b"1999-09-09", str(SECRET_FIGURE).encode())
    return any(secret in text for text in texts_in(content) for secret in secrets)


def test_no_public_route_tells_a_secret(planted: Session) -> None:
    app = create_app(planted.get_bind())  # type: ignore[arg-type]
    paths = [path for path in paths_of(app.routes) if not path.startswith("/{code}/desk")]
    assert len(paths) > 15
    assert {"/{code}/", "/{code}/coverage.xlsx", "/api/v1/municipalities/{code}/places"} <= {*paths}
    assert {"/{code}/voice", "/{code}/voice/status", "/{code}/needs"} <= {*paths}
    assert {"/{code}/sheets/{area}.pdf", "/{code}/sheets.zip", "/{code}/list.pdf"} <= {*paths}
    assert {"/{code}/services", "/{code}/list", "/{code}/areas/{area}/list.csv"} <= {*paths}
    with TestClient(app) as visitor:
        for path in paths:
            for query in SERVICE_QUERIES if "/services" in path else QUERIES:
                address = path.replace("{code}", CODE).replace("{area}", "W") + query
                address = address.replace("{photo}", "1").replace("{record}", "1")
                address = address.replace("{place}", "1").replace("{plan}", "1")
                assert "{" not in address, f"no value is known for {address}"
                answer = visitor.get(address)
                assert answer.status_code == (401 if path.startswith(FOR_MEMBERS) else 200), address
                assert not tells(answer.content), address


def test_the_walk_would_notice_a_draft_that_is_published(planted: Session) -> None:
    planted.connection().execute(update(TABLES["place"]).values(state="published"))
    planted.commit()
    with TestClient(create_app(planted.get_bind())) as visitor:  # type: ignore[arg-type]
        assert tells(visitor.get(f"/{CODE}/map/places.json").content)


@pytest.mark.parametrize("path", ["list", "list.csv", "services", "areas/W/list"])
def test_the_walk_would_notice_a_service_that_is_published(planted: Session, path: str) -> None:
    planted.connection().execute(update(TABLES["service"]).values(state="published"))
    planted.commit()
    with TestClient(create_app(planted.get_bind())) as visitor:  # type: ignore[arg-type]
        assert tells(visitor.get(f"/{CODE}/{path}").content)


@pytest.mark.parametrize("form", ["table", "json", "csv", "geojson"])
def test_no_export_tells_a_secret(planted: Session, yoridokoro: CommandLine, form: str) -> None:
    run = yoridokoro.on(planted)
    for by in ("area", "town"):
        ran = run("coverage", "--municipality", CODE, "--format", form, "--by", by)
        assert ran.code == 0
        assert not tells(ran.out.encode() + ran.err.encode())


def test_the_single_file_tells_no_secret(planted: Session, yoridokoro: CommandLine) -> None:
    ran = yoridokoro.on(planted)("map", "out.html", "--municipality", CODE)
    assert ran.code == 0
    assert not tells(Path("out.html").read_bytes())


# --- drafts --------------------------------------------------------------------------------------


def names(session: Session, viewer: Viewer) -> set[str]:
    return set(frames.read(session, visible.visible(Place, viewer, CODE))["name"])


def test_a_resident_sees_no_draft(planted: Session) -> None:
    assert names(planted, RESIDENT) == {"ひだまりサロン", "南東集会所"}


def test_reports_of_the_office_count_no_draft(planted: Session) -> None:
    assert names(planted, OFFICE_PUBLISHED) == {"ひだまりサロン", "南東集会所"}


def test_the_office_itself_sees_its_drafts(planted: Session) -> None:
    assert names(planted, OFFICE) > {f"{SECRET}の会", f"{SECRET}クラブ"}


def test_viewers_with_other_rights_never_share_an_answer() -> None:
    assert len({viewer.grants for viewer in (RESIDENT, OFFICE_PUBLISHED, OFFICE)}) == 3
