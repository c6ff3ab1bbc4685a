"""Import of 20,000 places in an Excel file, against openpyxl only reading it."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from api.exchange.opening import open_source
from benchmarks import peers
from benchmarks.made_city import HEADER, set_up_city, write_places
from benchmarks.measuring import MISSING, PeerMissing, Sample, in_turn, one, seconds
from benchmarks.peers import Peer
from benchmarks.results import Report, Row

ROWS = 20_000
TIMES = 3
WAYS = {"openpyxl, whole": False, "openpyxl, read-only": True}


def run(folder: Path) -> Report:
    """Measure reading, a rehearsal, a real import, and the memory they need."""
    book = write_places(folder / "places.xlsx", ROWS)
    set_up_city(folder / "empty.sqlite").dispose()
    with Peer() as peer:
        theirs = [_reading(peer, book, read_only) for read_only in WAYS.values()]
        rows = []
        for what, ours in (
            ("reading the cells", lambda: seconds(lambda: open_source(book, "places"))),
            ("rehearsal (--dry-run)", lambda: _import(folder, book, "rehearsal")["seconds"]),
            ("import", lambda: _import(folder, book, "import")["seconds"]),
        ):
            ...
    return Report("", rows)
