"""The map as one file: everything stands in it, nothing is fetched, nothing else may run."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from small_town import CODE, TODAY, bring_everything
from sqlmodel import Session

from api.actions.draw_map import view_map
from api.actions.draw_page import draw_file
from api.actions.report_coverage import Question
from api.settings import Settings
from api.store.engine import migrate, open_engine
from api.store.visible import RESIDENT

Draw = Callable[..., str]
TILES = "https://tiles.example/{z}/{x}/{y}.png"


class Elements(HTMLParser):
    """Every element with its attributes, and the text of every script."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[tuple[str | None, str]] = []
        self._within: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        self._within = tag
        if tag == "script":
            self.scripts.append((dict(attrs).get("type"), ""))

    def handle_endtag(self, tag: str) -> None:
        self._within = None if tag == self._within else self._within

    def handle_data(self, data: str) -> None:
        if self._within == "script":
            kind, text = self.scripts[-1]
            self.scripts[-1] = (kind, text + data)


@pytest.fixture
def drawn(tmp_path: Path) -> Iterator[Draw]:
    """Give what draws 四角市 into one file."""
    engine = open_engine(f"sqlite:///{tmp_path / 'town.sqlite'}")
    migrate(engine)
    bring_everything(engine)
    with Session(engine) as session:

        def draw(area: str | None = None, settings: Settings | None = None, **asked: Any) -> str:
            question = Question(on=TODAY, **asked)
            view = view_map(session, CODE, RESIDENT, question, area=area)
            return draw_file(session, view, RESIDENT, settings or Settings())

        yield draw
    engine.dispose()


def sources(html: str) -> dict[str, Any]:
    """What the file hands to the map."""
    (text,) = re.findall(r"Yori\.open\(\w+, (\{.*\})\);", html)
    found: dict[str, Any] = json.loads(text)
    return found


def test_no_element_fetches_anything(drawn: Draw) -> None:
    elements = Elements(drawn()).found
    fetching = [
        (tag, name, value)
        for tag, attributes in elements
        for name, value in attributes.items()
        if name in ("src", "srcset", "href", "action", "data-panel", "poster")
        and not (value or "").startswith(("#", "data:"))
    ]
    assert fetching == []


def test_styles_fetch_nothing(drawn: Draw) -> None:
    (css,) = re.findall(r"<style>(.*?)</style>", drawn(), re.DOTALL)
    assert "@import" not in css
    urls = re.findall(r"url\(([^)]*)\)", css)
    assert [url for url in urls if not url.startswith(("data:", "#"))] == []


def test_ground_places_and_details_stand_in_the_file(drawn: Draw) -> None:
    given = sources(drawn())
    assert given["ground"]["data"]["towns"]["name"] == ["北西町", "北東町", "南西町", "南東町"]
    assert given["places"]["data"]["name"] == ["ひだまりサロン", "南東集会所"]
    assert given["details"]["data"]["when"][0] == "月・水・金曜"
    assert "url" not in json.dumps({key: list(given[key]) for key in ("ground", "places")})


def test_only_the_scripts_in_the_file_may_run(drawn: Draw) -> None:
    page = Elements(drawn())
    (policy,) = [a["content"] for tag, a in page.found if tag == "meta" and "http-equiv" in a]
    running = [text for kind, text in page.scripts if kind is None]
    for text in running:
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in (policy or "")
    assert (policy or "").count("sha256-") == len(running) == 2


def test_background_tiles_are_left_out_because_the_stick_has_no_network(drawn: Draw) -> None:
    html = drawn(settings=Settings(tile_url=TILES, tile_credit="国土地理院"))
    assert "tiles.example" not in html


def test_the_file_answers_the_question_it_was_drawn_for(drawn: Draw) -> None:
    assert "歩いて通える人は 50%" in drawn()
    assert "歩いて通える人は 100%" in drawn(distance_m=1200.0)


def test_the_file_says_that_its_figures_stay(drawn: Draw) -> None:
    assert "数字と空白は変わりません" in drawn()


def test_one_area_alone_can_be_drawn(drawn: Draw) -> None:
    html = drawn(area="W")
    assert sources(html)["focus"] == "W"
    assert "<title>西圏域の通いの場と空白" in html


def test_the_same_map_is_the_same_file(drawn: Draw) -> None:
    assert drawn() == drawn()


def test_a_small_town_makes_a_small_file(drawn: Draw) -> None:
    assert len(drawn().encode()) < 300_000  # half of it Leaflet


def test_a_file_without_a_server_has_no_link_that_leads_nowhere(drawn: Draw) -> None:
    html = drawn()
    assert 'href="/' not in html and "紙と声" not in html
