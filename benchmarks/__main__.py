"""Run the benches, all of them or those named, e.g. `python -m benchmarks map import`."""

import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from api.clock import today
from benchmarks import (
    coverage_answer,
    excel_import,
    map_page,
    national,
    results,
    roads,
    sheet,
    siting,
)
from benchmarks.results import Report

BENCHES: dict[str, Callable[[Path], Report]] = {
    "map": map_page.run,
    "national": national.run,
    "import": excel_import.run,
    "coverage": coverage_answer.run,
    "sheet": sheet.run,
    "roads": roads.run,
    "siting": siting.run,
}
RESULTS = Path(__file__).with_name("results.md")


def main(names: list[str]) -> int:
    """Run and show; a run of all of them is written to `results.md`."""
    if unknown := [name for name in names if name not in BENCHES]:
        print(f"No bench {', '.join(unknown)}; there are {', '.join(BENCHES)}.", file=sys.stderr)
        return 2
    reports = []
    for name in names or BENCHES:
        print(f"{name} …", flush=True)
        with TemporaryDirectory() as folder:
            reports.append(BENCHES[name](Path(folder)))
        results.show(reports[-1])
    if not names:
        results.write(RESULTS, reports, today().isoformat())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
