"""An office behind a real server: a copy of the sample municipality whose records may change."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn
from browser_page import BrowserPage, until
from desk_client import PASSWORD, with_account
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, ViewportSize, expect
from sqlalchemy import Engine
from sqlmodel import Session

from api.accounts.roles import Role
from api.actions.demo import CODE
from api.main import create_app
from api.models import Area
from api.settings import Settings
from api.store import frames
from api.store.engine import open_engine
from api.store.visible import OFFICE, visible

TABLET = (820, 1180)


@dataclass
class Office:
    """A server whose records may be changed, and who works at it."""

    home: str
    app: FastAPI
    engine: Engine
    chromium: Browser

    @contextmanager
    def sits(self, login: str, size: tuple[int, int] = TABLET, **how: Any) -> Iterator[BrowserPage]:
        """Somebody at the desk in a tab of their own; at the end it must have been quiet."""
        viewport = ViewportSize(width=size[0], height=size[1])
        context = self.chromium.new_context(
            viewport=viewport, locale="ja-JP", timezone_id="Asia/Tokyo", has_touch=True, **how
        )
        tab = BrowserPage.of(context, self.home)
        sign_in(tab.page, self.home, login)
        expect(tab.page.get_by_role("heading", level=1)).to_contain_text("机")
        tab.page.wait_for_load_state()  # the heading is there before the style is
        yield tab
        context.close()
        tab.check_quiet()


def sign_in(page: Page, home: str, login: str) -> None:
    page.goto(f"{home}/{CODE}/desk/")
    page.get_by_label("サインインの名前").fill(login)
    page.get_by_label("パスワード").fill(PASSWORD)
    page.get_by_role("button", name="サインイン").click()


@contextmanager
def open_office(store: Engine, chromium: Browser, folder: Path) -> Iterator[Office]:
    """A copy of the sample municipality, served, with a coordinator (oka) and a chief (tani)."""
    copy = folder / "office.sqlite"
    _copy(str(store.url.database), copy)
    engine = open_engine(f"sqlite:///{copy}")
    app = create_app(engine, Settings())
    with Session(engine) as session:
        codes = frames.read(session, visible(Area, OFFICE, CODE, only=["code"]))["code"].tolist()
    with_account(engine, Role.COORDINATOR, login="oka", areas=[codes[0]], code=CODE, app=app)
    with_account(engine, Role.CHIEF, login="tani", code=CODE, app=app)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until(lambda: server.started, "the server starts")
    port = server.servers[0].sockets[0].getsockname()[1]
    yield Office(f"http://127.0.0.1:{port}", app, engine, chromium)
    server.should_exit = True
    thread.join()
    engine.dispose()


def _copy(source: str, target: Path) -> None:
    with sqlite3.connect(source) as old, sqlite3.connect(target) as new:
        old.backup(new)
    old.close()
    new.close()
