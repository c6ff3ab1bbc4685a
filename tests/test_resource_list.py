"""ささえあいリスト: exactly what is published, whole and per area, in HTML and in CSV."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from datetime import date
from html import unescape
from pathlib import Path

import pytest
import shapely
from exchange_files import csv_file
from pdf_sheets import ReadSheet
from small_town import CODE, bring, degrees, geojson, square
from sqlalchemy import Engine, update
from sqlmodel import Session, SQLModel
from starlette.testclient import TestClient

from api.actions.init_municipality import init_municipality
from api.main import create_app
from api.models import Organization, Place, Service
from api.models.columns import table_of

pytestmark = pytest.mark.databases("sqlite")

AREAS = "12345"
EACH = 4
"""Places, services and organizations of each area; the last of each is not published."""
SECRET_NAME, SECRET_PHONE, SECRET_NOTE = "ないしょ花子", "0999-99-9999", "庁内だけの覚え書き"


def name_of(sort: str, area: str, number: int) -> str:
    return f"{sort}{area}の{number}"


@pytest.fixture
def five_areas(session: Session, tmp_path: Path) -> Session:
    """A municipality of five towns in a row, each an area, with resources in every one."""
    init_municipality(session, CODE, "五区市")
    land = shapely.union_all([square(n * 1000, 0) for n in range(len(AREAS))])
    bring(session, "boundary", geojson(tmp_path / "b.geojson", (land, {"N03_007": CODE})))
    towns = [(square(n * 1000, 0), {"町名": f"{area}番町"}) for n, area in enumerate(AREAS)]
    bring(session, "towns", geojson(tmp_path / "t.geojson", *towns))
    listed = [f"A{area},第{area}圏域,{area}番町" for area in AREAS]
    bring(session, "areas", csv_file(tmp_path / "a.csv", "圏域コード,圏域名,町名", *listed))
    for draft in (False, True):
        numbers = (EACH,) if draft else range(1, EACH)
        bring(session, "places", places(tmp_path, numbers), draft=draft)
        for kind, file in registers(tmp_path, numbers).items():
            bring(session, kind, file, draft=draft)
    plant(session)
    return session


def places(folder: Path, numbers: Iterable[int]) -> Path:
    rows = []
    for n, area in enumerate(AREAS):
        for number in numbers:
            lon, lat = degrees(n * 1000 + 100 * number, 500)
            rows.append(
                f"{name_of('場', area, number)},サロン,{area}番町1,{lat!r},{lon!r},月,0999-00-0001"
            )
    return csv_file(folder / "p.csv", "名称,種類,住所,緯度,経度,利用可能曜日,電話番号", *rows)


def registers(folder: Path, numbers: Iterable[int]) -> dict[str, Path]:
    pairs = [(area, number) for area in AREAS for number in numbers]
    helps = [f"{name_of('助', a, n)},配食,第{a}圏域" for a, n in pairs]
    groups = [f"{name_of('団', a, n)},自治会・町内会,第{a}圏域" for a, n in pairs]
    return {
        "services": csv_file(folder / "s.csv", "サービス名,種類,提供圏域", *helps),
        "organizations": csv_file(folder / "o.csv", "団体名,種類,活動圏域", *groups),
    }


def plant(session: Session) -> None:
    """Private names, phones and notes in every record, published or not."""
    for model in (Place, Service, Organization):
        session.connection().execute(
            update(table_of(model)).values(
                contact_name=SECRET_NAME, contact_phone=SECRET_PHONE, office_note=SECRET_NOTE
            )
        )
    session.commit()


@pytest.fixture
def visitor(five_areas: Session) -> Iterator[TestClient]:
    engine = five_areas.get_bind()
    assert isinstance(engine, Engine)
    with TestClient(create_app(engine)) as client:
        yield client


def published(areas: str) -> set[str]:
    return {name_of(sort, a, n) for sort in "場助団" for a in areas for n in range(1, EACH)}


@pytest.mark.parametrize("path", ["list", "areas/A1/list"])
def test_the_code_on_the_printed_list_opens_the_same_list(visitor: TestClient, path: str) -> None:
    said = " ".join(ReadSheet(visitor.get(f"/{CODE}/{path}.pdf").content).alternatives())
    (address,) = re.findall(r"http://testserver(/\S*list)", said)
    assert in_html(visitor, address.removeprefix(f"/{CODE}/")) == in_pdf(visitor, path)


def in_html(visitor: TestClient, path: str) -> list[str]:
    answer = visitor.get(f"/{CODE}/{path}")
    assert answer.status_code == 200
    named = re.findall(r'class="called"><b>(.*?)</b>', answer.text)
    return [unescape(re.sub("<.*?>", "", name)) for name in named]


def in_csv(visitor: TestClient, path: str) -> list[dict[str, str]]:
    answer = visitor.get(f"/{CODE}/{path}.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    assert "attachment" in answer.headers["content-disposition"]
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))


def in_pdf(visitor: TestClient, path: str) -> list[str]:
    """Names on the printed list, in its order."""
    answer = visitor.get(f"/{CODE}/{path}.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    return re.findall(r"[場助団][1-5]の[0-9]", ReadSheet(answer.content).text)


@pytest.mark.parametrize("areas", ["12345", "1", "2", "3", "4", "5"])
def test_every_list_has_exactly_the_published_rows(visitor: TestClient, areas: str) -> None:
    path = "list" if len(areas) > 1 else f"areas/A{areas}/list"
    names = in_html(visitor, path)
    rows = in_csv(visitor, path)
    assert len(names) == len(rows) == 3 * len(areas) * (EACH - 1)
    assert set(names) == {row["名前"] for row in rows} == published(areas)
    assert in_pdf(visitor, path) == names == [row["名前"] for row in rows]


@pytest.mark.parametrize("path", ["list", "list.csv", "areas/A1/list", "areas/A1/list.csv"])
def test_no_private_name_phone_or_note_appears(visitor: TestClient, path: str) -> None:
    text = visitor.get(f"/{CODE}/{path}").text
    for secret in (SECRET_NAME, SECRET_PHONE, SECRET_NOTE):
        assert secret not in text


@pytest.mark.parametrize("path", ["list.pdf", "areas/A1/list.pdf", "sheets/A1.pdf"])
def test_no_private_name_phone_or_note_is_printed(visitor: TestClient, path: str) -> None:
    text = ReadSheet(visitor.get(f"/{CODE}/{path}").content).text
    assert "場1の1" in text
    for secret in (SECRET_NAME, SECRET_PHONE, SECRET_NOTE):
        assert secret not in text


def change(session: Session, model: type[SQLModel], named: str, **values: object) -> None:
    table = table_of(model)
    session.connection().execute(update(table).where(table.c.name == named).values(values))
    session.commit()


def test_lists_go_by_kind_and_reading(five_areas: Session, visitor: TestClient) -> None:
    change(five_areas, Place, name_of("場", "1", 1), kana="んの場")
    change(five_areas, Place, name_of("場", "1", 2), kana="アの場")
    change(five_areas, Place, name_of("場", "1", 3), kind="exercise", kana="をの場")
    rows = [row for row in in_csv(visitor, "areas/A1/list") if row["区分"] == "通いの場"]
    assert [(row["種類"], row["よみ"]) for row in rows] == [
        ("体操", "をの場"),
        ("サロン・お茶", "アの場"),
        ("サロン・お茶", "んの場"),
    ]
    sections = list(dict.fromkeys(row["区分"] for row in in_csv(visitor, "list")))
    assert sections == ["通いの場", "生活支援サービス", "団体"]


def test_what_has_closed_is_not_listed(five_areas: Session, visitor: TestClient) -> None:
    change(five_areas, Place, name_of("場", "1", 1), closed_on=date(2020, 1, 1))
    change(five_areas, Service, name_of("助", "1", 1), closed_on=date(2020, 1, 1))
    assert set(in_html(visitor, "areas/A1/list")) == published("1") - {"場1の1", "助1の1"}


def withhold(session: Session, name: str, kind: str, area: str | None) -> None:
    nowhere = dict.fromkeys(("wkb", "min_lon", "min_lat", "max_lon", "max_lat", "town_id"))
    change(
        session,
        Place,
        name,
        **nowhere,
        address=None,
        location_kind=kind,
        public_area=area,
        office_address="1番町55-5",
    )


def test_a_withheld_position_is_told_as_its_area(five_areas: Session, visitor: TestClient) -> None:
    withhold(five_areas, "場1の1", "area", "A1")
    (row,) = [row for row in in_csv(visitor, "areas/A1/list") if row["名前"] == "場1の1"]
    assert (row["圏域"], row["どこ"]) == ("第1圏域", "くわしい場所はお問い合わせください")
    assert "55-5" not in visitor.get(f"/{CODE}/list").text


def test_a_contact_only_is_in_the_whole_list_without_an_area(
    five_areas: Session, visitor: TestClient
) -> None:
    withhold(five_areas, "場1の1", "contact", None)
    assert "場1の1" not in in_html(visitor, "areas/A1/list")
    (row,) = [row for row in in_csv(visitor, "list") if row["名前"] == "場1の1"]
    assert (row["圏域"], row["電話"]) == ("", "0999-00-0001")


def test_what_serves_everybody_is_in_every_list(five_areas: Session, visitor: TestClient) -> None:
    change(five_areas, Service, "助1の1", areas=None)
    for area in AREAS:
        assert "助1の1" in in_html(visitor, f"areas/A{area}/list")


def test_a_schedule_is_told_in_words(five_areas: Session, visitor: TestClient) -> None:
    schedule = (
        '{"sittings":[{"weekdays":"水","weeks":[2,4],"opens_at":"10:00","closes_at":"11:30"}],'
        '"holidays_off":true}'
    )
    change(five_areas, Place, "場1の1", schedule=schedule, schedule_note="雨の日は休み")
    (row,) = [row for row in in_csv(visitor, "list") if row["名前"] == "場1の1"]
    assert row["いつ"] == "第2・第4水曜 10:00〜11:30（祝日休み）\u3000雨の日は休み"


def test_no_cell_runs_as_a_formula(five_areas: Session, visitor: TestClient) -> None:
    change(five_areas, Service, "助1の1", name="=HYPERLINK(1)", kana="@SUM(1)")
    (row,) = [row for row in in_csv(visitor, "list") if "HYPERLINK" in row["名前"]]
    assert (row["名前"], row["よみ"]) == ("'=HYPERLINK(1)", "'@SUM(1)")


def test_an_area_that_is_not_there(visitor: TestClient) -> None:
    assert visitor.get(f"/{CODE}/areas/A9/list").status_code == 404
