"""The sample municipality behind a real server, and a Chromium that reaches nothing else."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from browser_page import DESKTOP, PHONE, BrowserPage, until
from playwright.sync_api import Browser, ViewportSize, sync_playwright
from sqlalchemy import Engine
from sqlmodel import Session

from api.actions.demo import CODE, set_up_demo
from api.actions.import_files import import_files
from api.actions.importing import Order
from api.actions.init_municipality import init_municipality
from api.main import create_app
from api.settings import Settings
from api.store.engine import migrate, open_engine

HOSTILE, EMPTY = "99202", "99203"
TODAY = date(2026, 11, 22)
SWITCHES = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
SYSTEM_CHROMIUM = "/usr/bin/chromium"

TRAP = "<script>alert(1)</script>\"'&<img src=x onerror=alert(1)>"
RUNS = "javascript:alert(1)"


def _hostile_files(folder: Path) -> dict[str, str]:
    """A small municipality whose every word tries to run; two places share one spot."""
    people = ",".join(f"{age}歳の{sex}" for age in ("65-69", "70-74") for sex in ("男性", "女性"))
    quoted = '"' + TRAP.replace('"', '""') + '"'
    files = {
        "boundary": '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},'
        '"geometry":{"type":"Polygon","coordinates":'
        "[[[134.0,34.3],[134.06,34.3],[134.06,34.35],[134.0,34.35],[134.0,34.3]]]}}]}",
        "towns": f"町名,緯度,経度\n{quoted},34.32,134.02\n西町,34.33,134.04\n",
        "areas": f"圏域コード,圏域名,町名\n1,{quoted},{quoted}\n2,西圏域,西町\n",
        "population": f"地域名,調査年月日,総人口,{people}\n"
        f"{quoted},2026-10-01,400,50,50,40,60\n西町,2026-10-01,300,30,30,20,40\n",
        "places": "名称,住所,緯度,経度,電話番号,URL,利用可能日時特記事項,団体名,備考\n"
        f"{quoted},西町1,34.33,134.04,{RUNS},{RUNS},{quoted},{quoted},{quoted}\n"
        f"となりの集会所,西町1,34.33,134.04,0999-00-0001,,,,\n",
        "landmarks": '{"type":"FeatureCollection","features":[{"type":"Feature","properties":'
        '{"kind":"駅","name":"<img src=x onerror=alert(1)>駅"},'
        '"geometry":{"type":"Point","coordinates":[134.03,34.34]}}]}',
    }
    for kind, text in files.items():
        (folder / kind).with_suffix(".geojson" if text[0] == "{" else ".csv").write_text(text)
    return files


def _set_up_hostile(session: Session, folder: Path) -> None:
    init_municipality(session, HOSTILE, f"{TRAP}市")
    for kind, text in _hostile_files(folder).items():
        path = (folder / kind).with_suffix(".geojson" if text[0] == "{" else ".csv")
        outcome = import_files(session, HOSTILE, Order(kind, (path,), TODAY))
        assert not outcome.refused, [str(problem) for problem in outcome.problems]


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Give a store with the sample, a hostile and an empty municipality; tests only read it."""
    folder = tmp_path_factory.mktemp("browser")
    engine = open_engine(f"sqlite:///{folder / 'store.sqlite'}")
    migrate(engine)
    with Session(engine) as session:
        set_up_demo(session, Settings().data_dir / "boundaries", TODAY, lambda _: None)
        _set_up_hostile(session, folder)
        init_municipality(session, EMPTY, "からっぽ町")
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def served(store: Engine) -> Iterator[str]:
    """Give the address of a server on that store."""
    server = uvicorn.Server(
        uvicorn.Config(create_app(store, Settings()), port=0, log_level="error", lifespan="off")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until(lambda: server.started, "the server starts")
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Give one Chromium for all: $CHROMIUM, Debian's, else Playwright's own."""
    named = os.environ.get("CHROMIUM") or SYSTEM_CHROMIUM
    path = named if Path(named).exists() else None
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=SWITCHES)
        yield browser
        browser.close()


Opener = Callable[..., BrowserPage]


@contextmanager
def _tabs(chromium: Browser, home: str) -> Iterator[Opener]:
    """What opens a tab of a size; at the end each must have been quiet."""
    opened: list[BrowserPage] = []

    def open_tab(size: tuple[int, int] = DESKTOP, **how: Any) -> BrowserPage:
        viewport = ViewportSize(width=size[0], height=size[1])
        context = chromium.new_context(
            viewport=viewport, locale="ja-JP", reduced_motion="reduce", **how
        )
        opened.append(BrowserPage.of(context, home))
        return opened[-1]

    yield open_tab
    for each in opened:
        each.page.context.close()
    for each in opened:
        each.check_quiet()


@pytest.fixture
def tab(chromium: Browser, served: str) -> Iterator[Opener]:
    """Give what opens a tab for one test."""
    with _tabs(chromium, served) as open_tab:
        yield open_tab


@pytest.fixture
def sample(tab: Opener) -> BrowserPage:
    """Give the sample municipality's page, its map drawn."""
    return tab().open(f"/{CODE}/")


@pytest.fixture(scope="module", params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def untouched(
    request: pytest.FixtureRequest, chromium: Browser, served: str
) -> Iterator[BrowserPage]:
    """Give the sample's page on a desk and on a phone, for tests that only look at it."""
    with _tabs(chromium, served) as open_tab:
        yield open_tab(request.param).open(f"/{CODE}/")
