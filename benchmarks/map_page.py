"""The map page of 5,000 places against Folium with one Marker each: time to build, and bytes."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session

from api.actions.coverage_answer import answer
from api.actions.draw_map import ground_of, view_map
from api.actions.draw_page import draw_page
from api.actions.report_coverage import Question, measure
from api.clock import today
from api.exchange.json_text import json_text
from api.models.kinds import PlaceKind
from api.settings import Settings
from api.store.visible import RESIDENT
from benchmarks import map_look, peers
from benchmarks.made_city import CODE, set_up_city
from benchmarks.measuring import MISSING, in_turn, one, seconds
from benchmarks.peers import Peer
from benchmarks.results import Report, Row
from web.maps.places import place_columns

PLACES = 5_000
TIMES = 3
TIME_LIMIT, HTML_LIMIT = 1 / 20, 1 / 10
PEERS = {"tooltip": "Marker with a tooltip", "popup": "Marker with a popup"}
Build = Callable[[], dict[str, int]]


def run(folder: Path) -> Report:
    """Measure everything about the map page."""
    engine = set_up_city(folder / "map.sqlite", PLACES)
    words = _words_of_places(engine, folder)
    with Peer() as peer:
        built = _building(engine, peer, words, folder)
        looked, notes = map_look.look(engine, peer, folder / _page_name("tooltip"))
    engine.dispose()
    said = [
        f"{PLACES:,} places at random on the land of the sample municipality. The peer carries in "
        "tooltips or popups what our page carries at the first look: name, kind and days.",
        "Ours builds from loaded frames: coverage and gaps, the page with its tables, the ground "
        "(roads and landmarks read from the store), the places. The peer draws points on white.",
        "So many places leave nobody uncovered: the sample has gaps, this map has none.",
        *notes,
        *peers.notes(),
    ]
    return Report(f"Map page of {PLACES:,} places against Folium", [*built, *looked], said)


def _words_of_places(engine: Engine, folder: Path) -> Path:
    """[latitude, longitude, words] of every place, for the peer."""
    with Session(engine) as session:
        view = view_map(session, CODE, RESIDENT, Question(on=today()))
    places = view.report.community.places.to_crs("EPSG:4326")
    rows = [
        [lat, lon, f"{name}（{PlaceKind(kind).label}、{days or '曜日不明'}）"]
        for lon, lat, name, kind, days in zip(
            places.geometry.x,
            places.geometry.y,
            places["name"],
            places["kind"],
            places["weekdays"],
            strict=True,
        )
    ]
    path = folder / "words.json"
    path.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    return path


def _page_name(carrier: str) -> str:
    return f"markers-{carrier}.html"


def _building(engine: Engine, peer: Peer, words: Path, folder: Path) -> list[Row]:
    """Time to build, and bytes of what was built."""
    sizes: dict[str, int] = {}

    def theirs(carrier: str) -> Callable[[], float]:
        def build() -> float:
            page = str(folder / _page_name(carrier))
            done = peer.ask("markers", places=str(words), page=page, carrier=carrier)
            sizes[carrier] = done["bytes"]
            return float(done["seconds"])

        return build

    with Session(engine) as session:
        build = _builder(session)
        built = build()
        ours, others = in_turn(TIMES, lambda: seconds(build), *(theirs(p) for p in PEERS))
    rows = [
        Row(f"time to build; {name}", "s", ours, sample, TIME_LIMIT)
        for name, sample in zip(PEERS.values(), others, strict=True)
    ]
    weighed = (("HTML", built["page"], HTML_LIMIT), ("HTML + JSON", sum(built.values()), None))
    rows += [
        Row(
            f"{what}; {name}",
            "bytes",
            one(size),
            one(sizes[carrier]) if carrier in sizes else MISSING,
            limit,
        )
        for what, size, limit in weighed
        for carrier, name in PEERS.items()
    ]
    return rows


def _builder(session: Session) -> Build:
    """All that the server builds for the first look, from loaded frames; bytes of each part."""
    question, settings = Question(on=today()), Settings()
    view = view_map(session, CODE, RESIDENT, question)
    community = view.report.community

    def build() -> dict[str, int]:
        report = measure(community, question)
        parts = {
            "page": draw_page(replace(view, report=report, answer=answer(report)), settings, ""),
            "ground": json_text(ground_of(session, community, RESIDENT)),
            "places": json_text(place_columns(community.places)),
        }
        return {name: len(text.encode()) for name, text in parts.items()}

    return build
