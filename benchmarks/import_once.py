"""One import in a process of its own, so that its memory is its own: seconds and peak as JSON."""

import json
import sys
from pathlib import Path
from time import perf_counter

from sqlmodel import Session

from benchmarks.made_city import add_file, open_store
from benchmarks.peer_work import peak_mb


def main(store: str, book: str, way: str) -> None:
    """Import `book` into the SQLite file `store`; `way` is "rehearsal" or "import"."""
    before_mb = peak_mb()
    with Session(open_store(Path(store))) as session:
        start = perf_counter()
        outcome = add_file(session, "places", Path(book), rehearsal=way == "rehearsal")
        seconds = perf_counter() - start
    found = {
        "seconds": seconds,
        "inserted": outcome.inserted,
        "before_mb": before_mb,
        "peak_mb": peak_mb(),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
