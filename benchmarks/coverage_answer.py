"""One question about coverage, end to end through the API: computed, kept, and unchanged."""

import json
from collections.abc import Callable, Mapping
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from sqlalchemy import Engine
from sqlmodel import Session

from api.actions.init_municipality import init_municipality
from api.main import create_app
from benchmarks.made_city import BOUNDARIES, CODE, add_file, open_store, set_up_city
from benchmarks.measuring import in_turn, seconds
from benchmarks.real_data import real_data
from benchmarks.results import Report, Row
from benchmarks.serving import served

TIMES = 7
TAKAMATSU = "37201"
FILES = (
    ("boundary", "boundary.geojson"),
    ("towns", "towns.csv"),
    ("areas", "areas_approx.csv"),
    ("population", "population_202602.xlsx"),
    ("places", "facilities/community_center.xlsx"),
    ("places", "facilities/elderly_wedding_house.xlsx"),
)
COVERED, OLDER = 76_312, 120_999
"""65+ within 500 m of these places, and all of them: computed apart from this project."""


class Caller:
    """Somebody who asks over HTTP, and whose answers are all right."""

    def __init__(self, address: str, code: str) -> None:
        self._connection = HTTPConnection(urlsplit(address).netloc)
        self._path = f"/api/v1/municipalities/{code}/coverage?"

    def ask(self, headers: Mapping[str, str] | None = None, **question: str) -> tuple[bytes, str]:
        """The answer and its ETag."""
        self._connection.request("GET", self._path + urlencode(question), headers=headers or {})
        reply = self._connection.getresponse()
        body = reply.read()
        if reply.status not in (200, 304):
            raise RuntimeError(f"{question}: {reply.status} {body[:200]!r}")
        return body, reply.headers["ETag"]


def run(folder: Path) -> Report:
    """Measure one question, people at points and spread over areas."""
    source = real_data("takamatsu")
    code = TAKAMATSU if source else CODE
    engine = _takamatsu(folder, source) if source else _sample(folder)
    with served(create_app(engine)) as address:
        caller = Caller(address, code)
        rows = [row for spread in ("point", "area") for row in _asked(caller, spread)]
        notes = _said(caller) if source else ["The sample municipality, for want of real data."]
    engine.dispose()
    name = "Takamatsu" if source else "the sample municipality"
    return Report(f"One answer about coverage, {name}, over HTTP", rows, notes)


def _takamatsu(folder: Path, source: Path) -> Engine:
    engine = open_store(folder / "takamatsu.sqlite")
    with Session(engine) as session:
        init_municipality(session, TAKAMATSU, "高松市", prefecture="香川県", actor="bench")
        for kind, name in FILES:
            add_file(session, kind, source / name, code=TAKAMATSU)
    return engine


def _sample(folder: Path) -> Engine:
    engine = set_up_city(folder / "sample.sqlite")
    with Session(engine) as session:
        add_file(session, "places", BOUNDARIES / "places.csv")
    return engine


def _asked(caller: Caller, spread: str) -> list[Row]:
    """A new question each time; then one asked before, plainly and with its ETag."""
    metres = count(501)
    _, etag = caller.ask(spread=spread)
    ways: dict[str, Callable[[], object]] = {
        "computed": lambda: caller.ask(spread=spread, distance=str(next(metres))),
        "kept": lambda: caller.ask(spread=spread),
        "unchanged (304)": lambda: caller.ask({"If-None-Match": etag}, spread=spread),
    }
    computed, others = in_turn(
        TIMES,
        *(lambda way=way: seconds(way) for way in ways.values()),
    )
    return [
        Row(f"people by {spread}, {way}", "s", sample)
        for way, sample in zip(ways, (computed, *others), strict=True)
    ]


def _said(caller: Caller) -> list[str]:
    total = json.loads(caller.ask()[0])["total"]
    same = (total["covered"], total["population"]) == (COVERED, OLDER)
    return [
        f"65+ within 500 m of {total['places']} places: {total['covered']:,} of "
        f"{total['population']:,}, {'as' if same else 'NOT as'} computed apart from this project."
    ]
