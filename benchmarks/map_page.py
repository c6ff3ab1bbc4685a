"""The map page of 5,000 places against Folium with one Marker each: time to build, bytes, panning."""

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser
from sqlalchemy import Engine
from sqlmodel import Session
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from api.actions.coverage_answer import answer
from api.actions.draw_map import ground_of, view_map
from api.actions.draw_page import draw_page
from api.actions.report_coverage import Question, measure
from api.clock import today
from api.exchange.json_text import json_text
from api.main import create_app
from api.models.kinds import PlaceKind
from api.settings import Settings
from api.store.visible import RESIDENT
from benchmarks import peers
from benchmarks.browser import Look, chromium, visit
from benchmarks.made_city import CODE, set_up_city
from benchmarks.measuring import PeerMissing, Sample, in_turn, seconds
from benchmarks.peers import Peer
from benchmarks.results import Report, Row
from benchmarks.serving import served
from web.maps.places import place_columns

PLACES = 5_000
TIMES = 5
TIME_LIMIT, HTML_LIMIT, BYTES_LIMIT, PAN_LIMIT_MS = 1 / 20, 1 / 10, 1 / 3, 100.0
NAMES = {True: "a Marker with its words in a popup", False: "a bare Marker"}
FOREIGN = re.compile(r'(?<=src=")https?://[^"]+|(?<=href=")https?://[^"]+')
Bytes = dict[str, int]


def run(folder: Path) -> Report:
    """Measure everything about the map page."""
    engine = set_up_city(folder / "map.sqlite", PLACES)
    words = _words_of_places(engine, folder)
    with Peer() as peer:
        rows = _building(engine, peer, words, folder)
        page = folder / f"markers-{True}.html"
        said = [
            f"{PLACES:,} places drawn at random over the land of the sample municipality.",
            "Ours builds, from loaded frames: the answer (coverage, gaps), the page with figures and "
            "tables, the ground, the places. The peer draws points on white, without background "
            "tiles.",
        ]
        try:
            peer_page, uncounted = _peer_page(page, peer, folder / "peer")
            said += [f"Not at hand here and not counted for the peer: {', '.join(uncounted)}."]
        except PeerMissing as missing:
            print(f"  {missing}")
            peer_page = None
    try:
        rows += _looking(engine, peer_page, folder)
    except PeerMissing as missing:
        print(f"  {missing}")
        said.append(str(missing))
    return Report(f"Map page of {PLACES:,} places against Folium", rows, [*said, *peers.notes()])


def _words_of_places(engine: Engine, folder: Path) -> Path:
    """[lat, lon, name, kind and days] of every place: what our page carries at the first look."""
    with Session(engine) as session:
        view = view_map(session, CODE, RESIDENT, Question(on=today()))
        places = view.report.community.places.to_crs("EPSG:4326")
    rows = [
        [point.y, point.x, f"{name}（{PlaceKind(kind).label}、{days or '曜日不明'}）"]
        for point, name, kind, days in zip(
            places.geometry, places["name"], places["kind"], places["weekdays"], strict=True
        )
    ]
    path = folder / "words.json"
    path.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    return path


def _building(engine: Engine, peer: Peer, words: Path, folder: Path) -> list[Row]:
    """Time to build, and bytes of what was built."""
    sizes: dict[bool, int] = {}

    def theirs(popups: bool) -> Callable[[], float]:
        def build() -> float:
            page = str(folder / f"markers-{popups}.html")
            done = peer.ask("markers", places=str(words), page=page, popups=popups)
            sizes[popups] = done["bytes"]
            return float(done["seconds"])

        return build

    with Session(engine) as session:
        build = _builder(session)
        built = build()
        ours, rich, bare = in_turn(
            TIMES, lambda: seconds(build), theirs(True), theirs(False)
        )
    whole = _from_the_store(engine)
    if ours is None:
        raise RuntimeError("ours was not measured")
    rows = [
        Row(f"time to build; peer: {NAMES[p]}", "s", ours, sample, TIME_LIMIT)
        for p, sample in ((True, rich), (False, bare))
    ]
    rows += [
        Row(f"{what}; peer: {NAMES[p]}", "bytes", _one(size), _one(sizes.get(p)), limit)
        for what, size, limit in (
            ("HTML", built["page"], HTML_LIMIT),
            ("HTML and all JSON drawn from it", sum(built.values()), None),
        )
        for p in (True, False)
        if size
    ]
    return [*rows, Row("from the store, over HTTP, nothing kept", "s", whole)]
