"""What one visitor may cost everybody: sheets wait in a line, and not everything is kept."""

import threading
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from io import BytesIO

import pytest
from fastapi import FastAPI
from small_town import CODE
from sqlalchemy import Engine, update
from sqlmodel import Session
from starlette.testclient import TestClient

from api.main import create_app
from api.models import Area
from api.models.columns import table_of
from api.routes.press_line import MOST_ARCHIVES, MOST_WAITING, PressIsBusy, PressLine
from api.routes.visit import Answers

pytestmark = pytest.mark.databases("sqlite")
SHEET = f"/{CODE}/sheets/W.pdf?sheet=leaflet"


@pytest.fixture
def app(a_small_town: Session) -> FastAPI:
    engine = a_small_town.get_bind()
    assert isinstance(engine, Engine)
    return create_app(engine)


@pytest.fixture
def visitor(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


class Counted(Answers):
    """Kept answers, and how many were made."""

    times = 0

    def keep(self, key: str, body: bytes, media_type: str) -> None:
        self.times += 1
        super().keep(key, body, media_type)


def test_a_full_line_sends_away_in_words_and_other_pages_go_on(
    app: FastAPI, visitor: TestClient
) -> None:
    line: PressLine = app.state.press_line
    with ExitStack() as waiting:
        for _ in range(MOST_WAITING):
            line._line.acquire()
            waiting.callback(line._line.release)
        for path in (SHEET, f"/{CODE}/list.pdf", f"/{CODE}/card.png"):
            refused = visitor.get(path)
            assert refused.status_code == 503
            assert "混みあっています" in refused.text
            assert int(refused.headers["retry-after"]) > 0
        assert visitor.get(f"/{CODE}/near").status_code == 200
    assert visitor.get(SHEET).status_code == 200


def test_a_line_does_not_hold_every_thread() -> None:
    assert MOST_WAITING + MOST_ARCHIVES < 40, "the threads in which all pages are made"


def test_whoever_waited_for_the_same_sheet_finds_it_made(app: FastAPI, visitor: TestClient) -> None:
    line: PressLine = app.state.press_line
    made = app.state.answers = Counted(100)
    with line._press:
        asking = [threading.Thread(target=visitor.get, args=(SHEET,)) for _ in range(4)]
        for thread in asking:
            thread.start()
        while line._line._value > MOST_WAITING - 4:
            pass
    for thread in asking:
        thread.join()
    assert made.times == 1


def test_archives_are_sent_to_a_few_at_a_time_and_a_visitor_who_leaves_frees_a_place() -> None:
    line = PressLine()
    held = [line.archive(iter([b"a", b"b"])) for _ in range(MOST_ARCHIVES)]
    with pytest.raises(PressIsBusy):
        line.archive(iter([b""]))
    del held[0]  # left before anything was sent
    assert list(line.archive(iter([b"a", b"b"]))) == [b"a", b"b"]
    next(held[0])
    del held[0]  # left in the middle
    line.archive(iter([]))


def test_what_is_kept_is_bounded_in_bytes_too() -> None:
    kept = Answers(most=100, most_bytes=10)
    for key in "abc":
        kept.keep(key, b"12345", "x")
    assert [kept.get(key) is not None for key in "abc"] == [False, True, True]
    kept.keep("c", b"123", "x")
    kept.keep("d", b"12", "x")
    assert [kept.get(key) is not None for key in "bcd"] == [True, True, True]
    kept.keep("e", b"12345678901", "x")
    assert kept.get("e") is None and kept._bytes == 0


def test_towns_asked_for_in_any_order_are_one_sheet(visitor: TestClient) -> None:
    towns = [visitor.get(f"{SHEET}&town={a}&town={b}&town={a}") for a, b in ((1, 3), (3, 1))]
    assert towns[0].status_code == 200
    assert towns[0].headers["etag"] == towns[1].headers["etag"]


@pytest.mark.parametrize("name", ["../../etc", "a\\..\\b", "C:x", "\n", "..", "山/川"])
def test_an_archive_stays_in_the_folder_it_is_unpacked_in(
    a_small_town: Session, visitor: TestClient, name: str
) -> None:
    area = table_of(Area)
    a_small_town.connection().execute(update(area).where(area.c.code == "W").values(name=name))
    a_small_town.commit()
    whole = visitor.get(f"/{CODE}/sheets.zip")
    assert whole.status_code == 200
    for inside in zipfile.ZipFile(BytesIO(whole.content)).namelist():
        parts = inside.split("/")
        assert not {"", ".", ".."} & set(parts), inside
        assert not set("\\:\n") & set(inside)
