"""The map page in a real Chromium: bytes and time before the first look, and how panning feels."""

import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from api.main import create_app
from api.settings import Settings
from benchmarks.browser import Look, chromium, visit
from benchmarks.made_city import CODE
from benchmarks.measuring import MISSING, PeerMissing, Sample, in_turn, seconds
from benchmarks.peers import Peer
from benchmarks.results import Row, Unit
from benchmarks.serving import served

TIMES, PEER_TIMES = 5, 3
BYTES_LIMIT, PAN_LIMIT_MS = 1 / 3, 100.0
FOREIGN = re.compile(r'(?<=src=")https?://[^"]+|(?<=href=")https?://[^"]+')
ANSWERS = ("", "map/ground.json?age=65", "map/places.json")
Measure = tuple[str, Unit, Callable[[Look], float], float | None, bool]
MEASURES: tuple[Measure, ...] = (
    ("bytes before first look, unpacked", "bytes", lambda v: v.whole_bytes, BYTES_LIMIT, True),
    ("bytes before first look, sent", "bytes", lambda v: v.sent_bytes, BYTES_LIMIT, True),
    ("longest task while panning", "ms", lambda v: v.longest_task.ms, PAN_LIMIT_MS, False),
    ("— of it, processor at work", "ms", lambda v: v.longest_task.busy_ms, None, True),
    ("time to first look", "s", lambda v: v.seconds, None, True),
)


def look(engine: Engine, peer: Peer, page: Path) -> tuple[list[Row], list[str]]:
    """Rows of what a browser sees of our page and of the peer's `page`, and what to say to them."""
    app = create_app(engine, Settings(cached_answers=0))
    with served(app) as address, _served_page(page, peer) as (theirs, notes):
        answered, _ = in_turn(TIMES, lambda: seconds(lambda: _ask_all(address)))
        mine, yours = _visits(f"{address}/{CODE}/", theirs, notes)
    rows = [
        Row(name, unit, _sample(mine, of), _sample(yours, of), limit, beside_peer=beside)
        for name, unit, of, limit, beside in MEASURES
    ]
    return [Row("page, ground and places over HTTP, nothing kept", "s", answered), *rows], notes


def _visits(ours: str, theirs: str | None, notes: list[str]) -> tuple[list[Look], list[Look]]:
    """Visits to both pages in turn, after one to ours that does not count."""
    mine: list[Look] = []
    yours: list[Look] = []
    try:
        with chromium() as browser:
            visit(browser, ours, ours=True)
            for turn in range(TIMES):
                mine.append(visit(browser, ours, ours=True))
                if theirs and turn < PEER_TIMES:
                    yours.append(visit(browser, theirs, ours=False))
            notes.append(
                f"Chromium {browser.version}, 1280 × 800, nothing in its cache; "
                f"the peer's page is visited {PEER_TIMES} times."
            )
    except PeerMissing as missing:
        print(f"  {missing}")
        notes.append(str(missing))
    return mine, yours


def _sample(looks: Sequence[Look], of: Callable[[Look], float]) -> Sample | str:
    return Sample(tuple(of(look) for look in looks)) if looks else MISSING


def _ask_all(address: str) -> None:
    """Ask for everything the server computes for the first look."""
    connection = HTTPConnection(urlsplit(address).netloc)
    for path in ANSWERS:
        connection.request("GET", f"/{CODE}/{path}")
        reply = connection.getresponse()
        reply.read()
        if reply.status != 200:
            raise RuntimeError(f"{path}: {reply.status}")
    connection.close()


@contextmanager
def _served_page(page: Path, peer: Peer) -> Iterator[tuple[str | None, list[str]]]:
    """The peer's page at an address, with the files it loads from other hosts served beside it."""
    try:
        uncounted = _bring_together(page, peer, page.with_suffix(""))
    except (PeerMissing, FileNotFoundError) as missing:
        print(f"  {missing}")
        yield None, [str(missing)]
        return
    files = Mount("/", StaticFiles(directory=page.with_suffix(""), html=True))
    packed = Middleware(GZipMiddleware, minimum_size=1000, compresslevel=6)
    note = f"Not at hand, so not counted for the peer: {', '.join(uncounted)}."
    with served(Starlette(routes=[files], middleware=[packed])) as address:
        yield address, [note] if uncounted else []


def _bring_together(page: Path, peer: Peer, folder: Path) -> list[str]:
    """Put the page and the files at hand into `folder`; the names of those that are not."""
    known = {name: Path(path) for name, path in peer.ask("assets").items()}
    html = page.read_text("utf-8")
    (folder / "files").mkdir(parents=True, exist_ok=True)
    named = {Path(urlsplit(address).path).name for address in FOREIGN.findall(html)}
    for name in named & known.keys():
        shutil.copy(known[name], folder / "files" / name)
        pictures = known[name].parent / "images"
        if name == "leaflet.css" and pictures.is_dir():
            shutil.copytree(pictures, folder / "files" / "images", dirs_exist_ok=True)
    here = FOREIGN.sub(lambda found: f"files/{Path(urlsplit(found[0]).path).name}", html)
    (folder / "index.html").write_text(here, encoding="utf-8")
    return sorted(named - known.keys())
