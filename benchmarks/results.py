"""The table of results: a row each, its limit beside it, on the screen and in `results.md`."""

import os
import platform
import sqlite3
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from benchmarks.measuring import Sample

Unit = Literal["s", "ms", "bytes", "MB"]
HEADER = ("what", "ours", "peer", "ratio", "limit", "reached", "n")
FORMATS: dict[Unit, str] = {
    "s": "{:,.3f} s",
    "ms": "{:,.0f} ms",
    "bytes": "{:,.0f} B",
    "MB": "{:,.0f} MB",
}


@dataclass(frozen=True)
class Row:
    """One measure: ours, the peer's if there is one, and the limit if one is set.

    `at_most` limits ours to that part of the peer's (1/20), or without a peer to that many units.
    """

    what: str
    unit: Unit
    ours: Sample | str
    peer: Sample | str | None = None
    """A word where something that measures is missing; None where there is no peer."""
    at_most: float | None = None
    beside_peer: bool = True
    """Whether `at_most` is a part of the peer's; else it is in units."""

    @property
    def ratio(self) -> float | None:
        """Ours over the peer's, medians; None without a peer's figure."""
        if isinstance(self.ours, str) or not isinstance(self.peer, Sample) or not self.peer.median:
            return None
        return self.ours.median / self.peer.median

    @property
    def reached(self) -> bool | None:
        """Whether the limit is kept; None where there is none, or nothing to hold it against."""
        measured = self.ratio if self.beside_peer else self._median
        if self.at_most is None or measured is None:
            return None
        return measured <= self.at_most

    def cells(self) -> tuple[str, ...]:
        """The row as words, in the order of `HEADER`."""
        return (
            self.what,
            _measured(self.ours, self.unit),
            _measured(self.peer, self.unit),
            "—" if self.ratio is None else as_ratio(self.ratio),
            self._limit(),
            {None: "—", True: "yes", False: "**no**"}[self.reached],
            str(len(self.ours.values)) if isinstance(self.ours, Sample) else "0",
        )

    @property
    def _median(self) -> float | None:
        return self.ours.median if isinstance(self.ours, Sample) else None

    def _limit(self) -> str:
        if self.at_most is None:
            return "—"
        return (
            as_ratio(self.at_most) if self.beside_peer else FORMATS[self.unit].format(self.at_most)
        )


@dataclass(frozen=True)
class Report:
    """What one bench found."""

    title: str
    rows: Sequence[Row]
    notes: Sequence[str] = field(default_factory=list)
    """What a reader must know: what stands for what, what was missing."""


def as_ratio(ratio: float) -> str:
    """1/41.2 where we are below the peer, × 1.85 where above."""
    if ratio >= 1:
        return f"× {ratio:.2f}"
    parts = 1 / ratio
    return f"1/{parts:.0f}" if abs(parts - round(parts)) < 1e-9 or parts > 99 else f"1/{parts:.1f}"


def show(report: Report) -> None:
    """Print a report in columns."""
    table = [HEADER, *(row.cells() for row in report.rows)]
    widths = [max(_width(row[i]) for row in table) for i in range(len(HEADER))]
    print(f"\n{report.title}")
    for row in table:
        print("  " + "  ".join(c + " " * (w - _width(c)) for c, w in zip(row, widths, strict=True)))
    for note in report.notes:
        print(f"  · {note}")


def as_markdown(reports: Iterable[Report], on: str) -> str:
    """All reports as `results.md`."""
    lines = [
        "# Results of `make bench`",
        "",
        f"Measured on {on}: {machine()}. Medians of n, with the least and the most in brackets;",
        "ours and the peer's in turn in one run. Ratios matter, not times.",
    ]
    for report in reports:
        lines += ["", f"## {report.title}", "", _line(HEADER), _line(["---"] * len(HEADER))]
        lines += [_line(row.cells()) for row in report.rows]
        lines += ["", *(f"- {note}" for note in report.notes)] if report.notes else []
    return "\n".join(lines) + "\n"


def machine() -> str:
    """The machine in words: nothing that names it."""
    pages = (
        os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") if hasattr(os, "sysconf") else 0
    )
    memory = f"{pages / 2**30:.0f} GB of memory, " if pages else ""
    return (
        f"{os.cpu_count()} cores, {memory}{platform.system()}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    )


def write(path: Path, reports: Iterable[Report], on: str) -> None:
    """Write `results.md`."""
    path.write_text(as_markdown(reports, on), encoding="utf-8")


def _measured(sample: Sample | str | None, unit: Unit) -> str:
    if not isinstance(sample, Sample):
        return sample or "—"
    form = FORMATS[unit]
    middle = form.format(sample.median)
    if sample.low == sample.high:
        return middle
    low, high = (form.format(v).split(" ")[0] for v in (sample.low, sample.high))
    return f"{middle} ({low}–{high})"


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
