"""Registers as tables: out to Excel, CSV, GeoJSON and GeoPackage, corrected there, and back."""

import csv
import io
import re
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

import geopandas
import openpyxl
import pytest
from desk_client import DeskClient, engine_of, signed_in
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter
from small_town import CODE, NAME, TODAY, by_name, degrees, lat_lon, rows_of
from sqlmodel import Session

from api.accounts.roles import Role
from api.actions.export_register import export_register
from api.actions.find_municipality import find_municipality
from api.actions.find_records import Search
from api.actions.import_files import import_files
from api.actions.importing import Order, Outcome
from api.actions.init_municipality import init_municipality
from api.actions.locating import Land
from api.actions.registers import REGISTERS
from api.exchange.register_files import TableFormat
from api.models import Municipality, Place
from api.models.columns import table_of
from api.store.visible import CONSOLE, OFFICE

FORMATS: tuple[TableFormat, ...] = ("xlsx", "csv", "geojson", "gpkg")
every_format = pytest.mark.parametrize("form", FORMATS)


class Office:
    """四角市 with everything in its registers, and somebody who takes tables away."""

    def __init__(self, session: Session, folder: Path) -> None:
        self.session, self.folder = session, folder
        self.admin = signed_in(engine_of(session), Role.ADMINISTRATOR, login="admin")

    @cached_property
    def chief(self) -> DeskClient:
        return signed_in(engine_of(self.session), Role.CHIEF, login="chief")

    def take(self, form: TableFormat, register: str = "places", **asked: Any) -> Path:
        land = Land(self.session, find_municipality(self.session, CODE), TODAY)
        kept = REGISTERS[register]
        viewer = CONSOLE if kept.personal else OFFICE
        search = Search(closed=True, **asked)
        file = export_register(self.session, viewer, land, kept, search, form)
        path = self.folder / file.name
        path.write_bytes(file.content)
        return path

    def bring(self, path: Path, register: str = "places", code: str = CODE, **how: Any) -> Outcome:
        return import_files(self.session, code, Order(register, (path,), TODAY, **how))

    def review(self, *, wanted: bool) -> None:
        """Whether the first tier looks at what coordinators save before it is public."""
        table = table_of(Municipality)
        self.session.connection().execute(table.update().values(reviewed=wanted))
        self.session.commit()

    def row(self, name: str) -> dict[str, Any]:
        self.session.rollback()  # what others wrote meanwhile
        return by_name(self.session, Place)[name]

    def correct(self, name: str, **values: str) -> None:
        """Somebody else corrects a place at the desk."""
        number = self.row(name)["id"]
        said = {"name": name, "kind": "salon", "location_kind": "point", **values}
        said |= {"version": self.admin.version(f"places/{number}")}
        said |= {key: str(self.row(name)[f"min_{key}"]) for key in ("lon", "lat")}
        assert self.admin.post(f"places/{number}", said).status_code == 200


@pytest.fixture
def office(a_small_town: Session, tmp_path: Path) -> Office:
    made = Office(a_small_town, tmp_path)
    lon, lat = degrees(600, 600)
    made.admin.post(
        "places/new",
        {
            "name": "=HYPERLINK(\"x\")の家", "kana": "'ひだまり", "kind": "cafe",
            "functions": ["advice", "meal"], "audience": "older", "location_kind": "area",
            "lon": str(lon), "lat": str(lat), "address": "南西町1-2, 「二階」", "transport": "true",
            "phone": "0877-12-3456", "capacity_people": "20", "office_note": "一行目\n=2+3\n\"三\"",
            "opened_on": "1989-01-08", "contact_name": "山田",
            "schedule": '{"sittings":[{"weekdays":"水","weeks":[2,4],"opens_at":"13:30",'
            '"closes_at":"15:00"}],"holidays_off":true,'
            '"dates_off":["2026-12-30","2027-01-06","2027-01-13"]}',
        },
    )  # fmt: skip
    made.admin.post("organizations/new", {"name": "南の会", "kind": "npo", "areas": ["W"]})
    made.admin.post(
        "services/new",
        {"name": "おかず便", "kind": "meals", "areas": ["W", "E"], "capacity_people": "30"},
    )
    made.chief.post(
        "supporters/new",
        {"name": "川田一", "status": "active", "areas": ["W"], "phone": "087-111-2222"},
    )
    assert len(rows_of(a_small_town, Place)) == 3
    return made


def cells(path: Path) -> list[list[Any]]:
    book = openpyxl.load_workbook(path)
    return [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]


def edit(path: Path, name: str, **new: Any) -> Path:
    """Change cells of a workbook's row as somebody does in Excel."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    titles = [cell.value for cell in sheet[1]]
    (row,) = [cell.row for cell in sheet["A"] if cell.value == name]
    for title, value in new.items():
        sheet.cell(row, titles.index(title) + 1).value = value
    book.save(path)
    return path


def figures(outcome: Outcome) -> tuple[int, int, int, int]:
    return outcome.inserted, outcome.updated, outcome.unchanged, outcome.rejected


# --- out and back, unchanged ---------------------------------------------------------------------


@every_format
@pytest.mark.parametrize("register", list(REGISTERS))
def test_what_nobody_touched_comes_back_unchanged(
    office: Office, register: str, form: TableFormat
) -> None:
    outcome = office.bring(office.take(form, register), register)
    model = REGISTERS[register].model
    assert outcome.problems == [] and outcome.gone == []
    assert figures(outcome) == (0, 0, len(rows_of(office.session, model)), 0)


@every_format
@pytest.mark.parametrize("register", ["places", "services", "organizations"])
def test_into_an_empty_registry_all_of_it_comes_in(
    office: Office, register: str, form: TableFormat
) -> None:
    path, model = office.take(form, register), REGISTERS[register].model
    before = {name: said(register, row) for name, row in by_name(office.session, model).items()}
    office.session.connection().execute(table_of(model).delete())
    forget_the_log(office.session)
    outcome = office.bring(path, register)
    assert outcome.problems == [] and outcome.inserted == len(before)
    after = {name: said(register, row) for name, row in by_name(office.session, model).items()}
    assert after == before


def forget_the_log(session: Session) -> None:
    """As in an installation that never knew these records."""
    for words in (
        *(f"DELETE FROM {table}" for table in ("changedpublic", "changedoffice")),
        "DELETE FROM changedpersonal", "DELETE FROM change",
        "UPDATE intake SET deed_id = NULL", "DELETE FROM deed",
    ):  # fmt: skip
        session.connection().exec_driver_sql(words)
    session.commit()


def said(register: str, row: dict[str, Any]) -> dict[str, Any]:
    """What a record's form shows, and the facts beside it; points to 0.1 m."""
    beside = ("state", "confirmed_on", "closed_on", "external_id", "approximate", "town_id")
    shown = REGISTERS[register].values(row) | {name: row.get(name) for name in beside}
    return {n: round(v, 6) if isinstance(v, float) else v for n, v in shown.items()}


def known(row: dict[str, Any]) -> dict[str, Any]:
    """What a record says, without what only this store knows of it; points to 0.1 m."""
    apart = {"id", "version", "intake_id", "wkb", "confirmed_by"}
    return {
        name: round(value, 6) if isinstance(value, float) else value
        for name, value in row.items()
        if name not in apart
    }


def test_a_workbook_offers_lists_keeps_types_and_runs_nothing(office: Office) -> None:
    path = office.take("xlsx")
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    titles = [str(cell.value) for cell in sheet[1]]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    phone = sheet.cell(2, titles.index("電話") + 1)
    assert phone.number_format == "@"
    rules = {str(rule.sqref).split(":")[0]: rule for rule in sheet.data_validations.dataValidation}
    kind = rules[f"{sheet.cell(2, titles.index('種類') + 1).coordinate}"]
    assert kind.type == "list" and "選べる言葉" in kind.formula1
    offered = [cell.value for column in book["選べる言葉"].iter_cols() for cell in column]
    assert "サロン・お茶" in offered and "あり" in offered
    assert sheet.column_dimensions[get_column_letter(len(titles))].hidden
    assert "どこが変わるか" in str(book["この表について"]["A3"].value)


def test_a_csv_opens_in_excel_as_it_is(office: Office) -> None:
    raw = office.take("csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf") and b"\r\n" in raw
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    assert not [cell for row in rows for cell in row if re.match(r"\s*[=+@＝]", cell)]


# --- corrected elsewhere -------------------------------------------------------------------------


def test_only_the_cells_somebody_changed_are_written(office: Office) -> None:
    before = known(office.row("ひだまりサロン"))
    path = edit(office.take("xlsx"), "ひだまりサロン", 定員=25, 電話="087-000-1111", 送迎="あり")
    assert figures(office.bring(path)) == (0, 1, 2, 0)
    after = known(office.row("ひだまりサロン"))
    changed = {name for name in after if after[name] != before[name]}
    assert changed - {"find_key", "office_find_key"} == {"capacity_people", "phone", "transport"}
    assert figures(office.bring(path)) == (0, 0, 3, 0)


def test_words_dates_and_days_are_read_as_people_write_them(office: Office) -> None:
    new = {
        "種類": "カフェ・認知症カフェ",
        "できること": "相談、食事",
        "集まる日": "毎週火曜 10:00〜11:30",
        "始まった日": "令和3年4月1日",
        "確認した日": "R8.9.15",
        "位置の公開": "連絡先だけを出す（位置も住所も出さない）",
    }
    office.bring(edit(office.take("xlsx"), "ひだまりサロン", **new))
    row = office.row("ひだまりサロン")
    assert (row["kind"], row["functions"]) == ("cafe", '["advice", "meal"]')
    assert (row["weekdays"], row["opens_at"]) == ("火", "10:00")
    assert (str(row["opened_on"]), str(row["confirmed_on"])) == ("2021-04-01", "2026-09-15")
    assert row["location_kind"] == "contact" and row["wkb"] is None and row["office_lon"]


def test_an_emptied_cell_says_nothing_any_more(office: Office) -> None:
    office.bring(edit(office.take("xlsx"), "ひだまりサロン", 電話="087-000-1111"))
    office.bring(edit(office.take("xlsx"), "ひだまりサロン", 電話=None))
    assert office.row("ひだまりサロン")["phone"] is None


def test_new_rows_come_in_once(office: Office) -> None:
    path = office.take("csv")
    head = path.read_text("utf-8-sig").splitlines()[0].split(",")
    lat, lon = lat_lon(400, 1600).split(",")
    new = {"名前": "新しい会", "種類": "サロン・お茶", "緯度": lat, "経度": lon}
    with path.open("a", encoding="utf-8", newline="") as out:
        csv.writer(out).writerow([new.get(title, "") for title in head])
    assert figures(office.bring(path)) == (1, 0, 3, 0)
    assert office.row("新しい会")["state"] == "published"
    assert figures(office.bring(path)) == (0, 0, 4, 0)


def test_a_point_moved_in_a_map_program_moves_the_place(office: Office) -> None:
    path = office.take("gpkg")
    frame = geopandas.read_file(path)
    lon, lat = degrees(200, 1800)
    mine = frame["名前"] == "ひだまりサロン"
    frame.loc[mine, "geometry"] = geopandas.points_from_xy([lon], [lat])
    frame.to_file(path, driver="GPKG", layer="通いの場")
    assert figures(office.bring(path)) == (0, 1, 2, 0)
    assert office.row("ひだまりサロン")["min_lat"] == pytest.approx(lat, abs=1e-9)


def test_wrong_cells_are_told_by_row_and_column_and_nothing_is_written(office: Office) -> None:
    new = {
        "種類": "さろん",
        "定員": "多め",
        "集まる日": "たまに",
        "始まった日": "去年",
        "経度": 200,
    }
    path = edit(office.take("xlsx"), "ひだまりサロン", **new)
    edit(path, "南東集会所", 定員=50)
    outcome = office.bring(path)
    told = {problem.column: str(problem) for problem in outcome.refused}
    assert set(told) == {"種類", "集まる日", "始まった日"}
    assert "サロン・お茶" in told["種類"] and "毎週火曜" in told["集まる日"]
    assert all("行" in words for words in told.values())
    assert not outcome.written and office.row("南東集会所")["capacity_people"] is None
    edit(path, "ひだまりサロン", 種類=None, 集まる日=None, 始まった日=None)
    told = {problem.column: str(problem) for problem in office.bring(path).refused}
    assert set(told) == {"定員", "経度"}


# --- others have not slept -----------------------------------------------------------------------


def test_what_others_changed_meanwhile_stays(office: Office) -> None:
    path = office.take("xlsx")
    office.correct("ひだまりサロン", phone="087-222-2222")
    assert figures(office.bring(edit(path, "ひだまりサロン", 定員=12))) == (0, 1, 2, 0)
    row = office.row("ひだまりサロン")
    assert (row["phone"], row["capacity_people"]) == ("087-222-2222", 12)


def test_what_both_changed_is_a_conflict_until_somebody_decides(office: Office) -> None:
    path = edit(office.take("xlsx"), "ひだまりサロン", 電話="087-333-3333", 定員=12)
    office.correct("ひだまりサロン", phone="087-222-2222")
    outcome = office.bring(path)
    assert figures(outcome) == (0, 0, 2, 1)
    assert "ほかの人が「087-222-2222」に変えています" in str(outcome.refused[0])
    assert office.row("ひだまりサロン")["capacity_people"] is None
    assert figures(office.bring(path, prefer_file=True)) == (0, 1, 2, 0)
    assert office.row("ひだまりサロン")["phone"] == "087-333-3333"


def test_rows_that_are_gone_are_told_and_closed_only_where_asked(office: Office) -> None:
    path = office.take("xlsx")
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    (row,) = [cell.row for cell in sheet["A"] if cell.value == "ひだまりサロン"]
    sheet.delete_rows(row)
    book.save(path)
    office.admin.post("places/new", {"name": "あとの会", "kind": "salon", "location_kind": "point",
                                     "address": "北西町1"})  # fmt: skip
    outcome = office.bring(path)
    assert outcome.gone == ["ひだまりサロン"] and not outcome.written
    assert office.bring(path, close_gone=True).closed == 1
    assert office.row("ひだまりサロン")["closed_on"] == TODAY
    assert office.row("あとの会")["closed_on"] is None


def test_a_part_of_the_list_misses_nothing_but_its_own(office: Office) -> None:
    path = office.take("csv", area="W")
    lines = path.read_text("utf-8-sig").splitlines(keepends=True)
    kept = [line for line in lines if "ひだまり" not in line or "HYPERLINK" in line]
    path.write_text("".join(kept), "utf-8-sig")
    assert office.bring(path).gone == ["ひだまりサロン"]


# --- at the desk ---------------------------------------------------------------------------------


def put(client: DeskClient, path: Path, register: str = "places") -> Any:
    files = {"files": (path.name, path.read_bytes())}
    return client.post(f"{register}/table", files=files)


def test_from_the_list_to_excel_and_back_with_every_difference_shown(office: Office) -> None:
    page = office.chief.get("places/?area=W&q=").text
    address = re.search(r'href="([^"]+table\.xlsx[^"]*)"', page)
    assert address is not None
    answer = office.chief.http.get(address[1].replace("&amp;", "&"))
    assert NAME.encode() in answer.headers["content-disposition"].encode() or (
        "filename*=UTF-8" in answer.headers["content-disposition"]
    )
    assert answer.headers["cache-control"] == "no-store"
    path = office.folder / "mine.xlsx"
    path.write_bytes(answer.content)
    edit(path, "ひだまりサロン", 種類="体操", メモ="<b>太字</b>")
    shown = put(office.chief, path).text
    assert "<del>サロン・お茶</del>" in shown and "<ins>体操</ins>" in shown
    assert "&lt;b&gt;太字" in shown and "<b>太字" not in shown
    assert office.row("ひだまりサロン")["kind"] == "salon"
    target = re.search(r'action="(/[^"]+/table/[^"]+)"', shown)
    assert target is not None
    done = office.chief.post(target[1], {"do": "write"})
    assert "取り込みました" in done.text and office.row("ひだまりサロン")["kind"] == "exercise"


def test_another_table_is_refused_in_words(office: Office) -> None:
    other = office.folder / "other.csv"
    other.write_text("名称,住所\r\nどこか,北西町1\r\n", "utf-8")
    answer = put(office.chief, other)
    assert answer.status_code == 422 and "一覧から書き出した表ではありません" in answer.text


def test_a_coordinator_puts_back_their_own_area_only(office: Office) -> None:
    office.review(wanted=True)
    west = signed_in(engine_of(office.session), Role.COORDINATOR, areas=["W"], login="west")
    path = edit(office.take("xlsx"), "南東集会所", 定員=50)
    edit(path, "ひだまりサロン", 定員=15)
    assert put(west, path).status_code == 403
    office.review(wanted=False)
    shown = put(west, path).text
    assert "あなたの担当ではない" in shown and "定員（人）" in shown
    target = re.search(r'action="(/[^"]+/table/[^"]+)"', shown)
    assert target is not None
    west.post(target[1], {"do": "write", "keep_good": "1"})
    assert office.row("ひだまりサロン")["capacity_people"] == 15
    assert office.row("南東集会所")["capacity_people"] is None


def test_people_leave_only_with_those_in_charge_and_that_is_written_down(office: Office) -> None:
    assert office.admin.get("supporters/table.csv").status_code == 403
    taken = office.chief.get("supporters/table.csv")
    assert "川田一" in taken.text
    assert "書き出し" in office.chief.get("views/").text
    path = office.folder / "s.csv"
    path.write_text(taken.text.replace("087-111-2222", "087-999-9999"), "utf-8-sig", newline="")
    assert "087-999-9999" in put(office.chief, path, "supporters").text
    assert put(office.admin, path, "supporters").status_code == 403
    east = signed_in(engine_of(office.session), Role.COORDINATOR, areas=["E"], login="east")
    assert "川田" not in east.get("supporters/table.csv").text
    assert "川田" not in put(east, path, "supporters").text


# --- by property ---------------------------------------------------------------------------------

LETTERS = st.characters(exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp"], codec="utf-8")
TEXT = st.text(LETTERS | st.sampled_from("=+-@',\"、,\n；;＝　"), max_size=30)
DAY = st.dates(min_value=TODAY.replace(year=1901), max_value=TODAY.replace(year=2190))
PLACE = st.fixed_dictionaries(
    {
        "name": TEXT.map(str.strip).filter(bool),
        "kana": TEXT, "address": TEXT, "note": TEXT, "office_note": TEXT, "fee": TEXT,
        "capacity_people": st.none() | st.integers(0, 10**6),
        "opened_on": st.none() | DAY.map(str),
        "transport": st.sampled_from([None, True, False]),
        "informal": st.booleans(),
        "kind": st.sampled_from(["salon", "meal", "other"]),
        "functions": st.lists(st.sampled_from(["advice", "drop_in", "care_110"]), unique=True),
    }
)  # fmt: skip


@pytest.fixture
def made(a_small_town: Session, tmp_path: Path) -> Callable[[dict[str, Any]], Office]:
    """Give an office that knows one place more, with whatever values."""
    office = Office(a_small_town, tmp_path)
    return lambda values: _with(office, values)


def _with(office: Office, values: dict[str, Any]) -> Office:
    register = REGISTERS["places"]
    land = Land(office.session, find_municipality(office.session, CODE), TODAY)
    lon, lat = degrees(600, 600)
    form = register.form.model_validate({**values, "lon": lon, "lat": lat})
    columns = register.columns(land, form)
    number = office.row("ひだまりサロン")["id"] if "ひだまりサロン" in by_name(
        office.session, Place
    ) else rows_of(office.session, Place)[0]["id"]  # fmt: skip
    office.session.connection().execute(
        table_of(Place).update().where(table_of(Place).c.id == number).values(**columns)
    )
    office.session.commit()
    return office


@pytest.mark.databases("sqlite")
@every_format
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(values=PLACE)
def test_any_words_come_back_as_they_left(
    made: Callable[[dict[str, Any]], Office], form: TableFormat, values: dict[str, Any]
) -> None:
    office = made(values)
    outcome = office.bring(office.take(form), dry_run=True)
    assert [str(problem) for problem in outcome.problems] == []
    assert figures(outcome) == (0, 0, 2, 0)


# --- what would do harm --------------------------------------------------------------------------


def drop_row(path: Path, name: str) -> Path:
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    (row,) = [cell.row for cell in sheet["A"] if cell.value == name]
    sheet.delete_rows(row)
    book.save(path)
    return path


@pytest.mark.databases("sqlite")
def test_a_list_of_what_is_stale_misses_nothing_that_was_not_on_it(office: Office) -> None:
    office.admin.post(f"places/{office.row('南東集会所')['id']}/confirm")
    path = office.take("xlsx", stale=True)
    assert office.bring(path).gone == []
    assert office.bring(path, close_gone=True).closed == 0


@pytest.mark.databases("sqlite")
def test_what_others_changed_since_does_not_count_as_gone(office: Office) -> None:
    path = drop_row(office.take("xlsx"), "ひだまりサロン")
    office.correct("ひだまりサロン", phone="087-222-2222")
    assert office.bring(path, close_gone=True).closed == 0


@pytest.mark.databases("sqlite")
def test_a_table_of_another_register_or_municipality_is_refused(office: Office) -> None:
    path = office.take("csv", "organizations")
    told = office.bring(path, "services").refused
    assert told and "団体の表" in str(told[0])
    init_municipality(office.session, "39998", "隣市")
    office.session.commit()
    outcome = office.bring(path, "organizations", code="39998")
    assert not outcome.written and "別の市町村" in str(outcome.refused[0])


@pytest.mark.databases("sqlite")
def test_two_rows_of_one_name_are_never_two_records(office: Office) -> None:
    path = office.take("csv")
    head = path.read_text("utf-8-sig").splitlines()[0].split(",")
    lat, lon = lat_lon(400, 1600).split(",")
    new = {"名前": "新しい会", "種類": "サロン・お茶", "緯度": lat, "経度": lon}
    old = new | {"名前": "ひだまりサロン"}
    with path.open("a", encoding="utf-8", newline="") as out:
        for row in (new, new, old):
            csv.writer(out).writerow([row.get(title, "") for title in head])
    outcome = office.bring(path)
    assert not outcome.written
    assert [problem.read for problem in outcome.refused] == ["新しい会", "ひだまりサロン"]


@pytest.mark.databases("sqlite")
def test_a_coordinator_closes_only_what_is_theirs(office: Office) -> None:
    office.review(wanted=False)
    west = signed_in(engine_of(office.session), Role.COORDINATOR, areas=["W"], login="west")
    path = drop_row(drop_row(office.take("xlsx"), "ひだまりサロン"), "南東集会所")
    shown = put(west, path)
    assert shown.status_code == 200 and "ファイルにないもの" in shown.text
    target = re.search(r'action="(/[^"]+/table/[^"]+)"', shown.text)
    assert target is not None
    west.post(target[1], {"do": "write", "close_gone": "1"})
    assert office.row("ひだまりサロン")["closed_on"] is not None
    assert office.row("南東集会所")["closed_on"] is None


@pytest.mark.databases("sqlite")
@every_format
def test_words_that_look_garbled_are_words_in_a_table_of_ours(
    office: Office, form: TableFormat
) -> None:
    office.correct("ひだまりサロン", note="縺ｲ縺ｾ繧� Ã£Â", fee="繝繝繝")
    assert figures(office.bring(office.take(form))) == (0, 0, 3, 0)


@pytest.mark.databases("sqlite")
@every_format
def test_an_apostrophe_before_a_formula_is_a_letter_like_others(
    office: Office, form: TableFormat
) -> None:
    office.correct("ひだまりサロン", note="'=1+1", fee="''＝2")
    assert figures(office.bring(office.take(form))) == (0, 0, 3, 0)
