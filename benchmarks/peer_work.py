"""The peers' side: run by the interpreter of `.venv-peers`, an order a line, an answer a line.

Imports nothing of ours, and each work imports its own peer, so that a missing one hinders no other.
"""

import gc
import importlib.util
import json
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

Answer = dict[str, Any]


def markers(places: str, page: str, carrier: str) -> Answer:
    """A Folium page with one Marker a place; `places` holds [lat, lon, words] each, JSON.

    The words are its `carrier`'s: "popup" or "tooltip".
    """
    import folium

    rows = json.loads(Path(places).read_text("utf-8"))
    start = _start()
    canvas = folium.Map(tiles=None, location=rows[0][:2], zoom_start=12)
    for lat, lon, words in rows:
        folium.Marker((lat, lon), **{carrier: words}).add_to(canvas)
    canvas.fit_bounds([[f(row[i] for row in rows) for i in (0, 1)] for f in (min, max)])
    html = canvas.get_root().render()
    took = perf_counter() - start
    Path(page).write_text(html, encoding="utf-8")
    return {"seconds": took, "bytes": len(html.encode())}


def assets() -> Answer:
    """Where files lie that Folium's page loads from other hosts: name in its address → file."""
    folders = {
        "leaflet.js": ("xstatic.pkg.leaflet", "data/leaflet.js"),
        "leaflet.css": ("xstatic.pkg.leaflet", "data/leaflet.css"),
        "jquery-3.7.1.min.js": ("xstatic.pkg.jquery", "data/jquery.min.js"),
        "bootstrap.bundle.min.js": (
            "js_lib_bootstrap5",
            "static/js-lib-bootstrap5/js/bootstrap.bundle.min.js",
        ),
        "bootstrap.min.css": (
            "js_lib_bootstrap5",
            "static/js-lib-bootstrap5/css/bootstrap.min.css",
        ),
        "all.min.css": ("fontawesomefree", "static/fontawesomefree/css/all.min.css"),
    }
    found = {name: _file(*where) for name, where in folders.items()}
    return {name: path for name, path in found.items() if path}


def excel(path: str, read_only: bool) -> Answer:
    """Read every cell of a workbook with openpyxl."""
    import openpyxl

    start = _start()
    book = openpyxl.load_workbook(path, read_only=read_only, data_only=True)
    rows = [row for sheet in book.worksheets for row in sheet.iter_rows(values_only=True)]
    took = perf_counter() - start
    book.close()
    return {"seconds": took, "rows": len(rows), "peak_mb": peak_mb()}


def nearest(arrays: str, answer: str) -> Answer:
    """Query a bare cKDTree; `arrays` holds `homes` and `places`, metres in three dimensions."""
    import numpy as np
    from scipy.spatial import cKDTree

    with np.load(arrays) as loaded:
        homes, places = loaded["homes"], loaded["places"]
    start = _start()
    metres, _ = cKDTree(places).query(homes, workers=-1)
    took = perf_counter() - start
    np.save(answer, metres)
    return {"seconds": took}


WORKS: dict[str, Callable[..., Answer]] = {
    work.__name__: work for work in (markers, assets, excel, nearest)
}


def peak_mb() -> float | None:
    """The most memory this process has held, MB; None where the system does not say.

    Not `ru_maxrss`: that begins with what the process that started this one held.
    """
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), None)


def main() -> None:
    """Answer orders until there are no more."""
    for line in sys.stdin:
        order = json.loads(line)
        try:
            answer = WORKS[order.pop("work")](**order)
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


def _start() -> float:
    gc.collect()
    return perf_counter()


def _file(package: str, inside: str) -> str | None:
    try:
        spec = importlib.util.find_spec(package)
    except ModuleNotFoundError:
        return None
    folders = spec.submodule_search_locations if spec else None
    path = Path(next(iter(folders))) / inside if folders else None
    return str(path) if path and path.is_file() else None


if __name__ == "__main__":
    main()
