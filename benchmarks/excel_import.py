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
from benchmarks.measuring import MISSING, Sample, in_turn, one, seconds
from benchmarks.peers import CHECKOUT, Peer
from benchmarks.results import Report, Row

ROWS = 20_000
TIMES = 3
PEERS = {"openpyxl, whole": False, "openpyxl, read-only": True}


def run(folder: Path) -> Report:
    """Measure reading, a rehearsal and a real import, and the memory they need."""
    book = write_places(folder / "places.xlsx", ROWS)
    set_up_city(folder / "empty.sqlite").dispose()
    memory: dict[str, float | None] = {}
    with Peer() as whole, Peer() as lazy:
        imported, others = in_turn(
            TIMES,
            _import(folder, book, "import", memory),
            _import(folder, book, "rehearsal", memory),
            lambda: seconds(lambda: open_source(book, "places")),
            *(
                _read(peer, book, name, memory)
                for peer, name in zip((whole, lazy), PEERS, strict=True)
            ),
            warm_up=False,
        )
    rehearsed, opened, *theirs = others
    rows = [
        Row(f"{what}; {name}", "s", ours, sample)
        for what, ours in (
            ("reading the cells", opened),
            ("rehearsal (--dry-run)", rehearsed),
            ("import", imported),
        )
        for name, sample in zip(PEERS, theirs, strict=True)
    ]
    rows += [
        Row(
            f"peak memory of the process; {name}",
            "MB",
            _known(memory, "import"),
            _known(memory, name),
        )
        for name in PEERS
    ]
    notes = [
        f"{ROWS:,} rows × {len(HEADER)} columns of places, into SQLite: every row is checked, "
        "placed in its town, stored, and written to the change log. The peer only reads the cells.",
        f"Ours holds {memory.get('before') or 0:.0f} MB before it begins: the libraries. "
        "Every import and rehearsal is a process of its own.",
        *peers.notes(),
    ]
    return Report(f"Import of an Excel file of {ROWS:,} places against openpyxl", rows, notes)


def _import(
    folder: Path, book: Path, way: str, memory: dict[str, float | None]
) -> Callable[[], float]:
    """One import or rehearsal into a fresh store."""

    def work() -> float:
        store = shutil.copy(folder / "empty.sqlite", folder / "store.sqlite")
        order = [sys.executable, "-m", "benchmarks.import_once", str(store), str(book), way]
        done = subprocess.run(order, cwd=CHECKOUT, check=True, capture_output=True, text=True)
        found: dict[str, Any] = json.loads(done.stdout)
        if found["inserted"] != ROWS:
            raise RuntimeError(f"{found['inserted']} of {ROWS} rows went in")
        memory[way], memory["before"] = found["peak_mb"], found["before_mb"]
        return float(found["seconds"])

    return work


def _read(
    peer: Peer, book: Path, name: str, memory: dict[str, float | None]
) -> Callable[[], float]:
    def work() -> float:
        found = peer.ask("excel", path=str(book), read_only=PEERS[name])
        memory[name] = found["peak_mb"]
        return float(found["seconds"])

    return work


def _known(memory: dict[str, float | None], name: str) -> Sample | str:
    value = memory.get(name)
    return MISSING if value is None else one(value)
