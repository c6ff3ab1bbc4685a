"""Repeated measurements, ours and a peer's in turn, so that a noisy machine is noisy for both."""

import gc
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

MISSING = "missing"


class PeerMissing(RuntimeError):
    """A peer is not installed, or could not do its part; the row stays and says so."""


@dataclass(frozen=True)
class Sample:
    """What measuring one thing several times gave."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle one."""
        return statistics.median(self.values)

    @property
    def low(self) -> float:
        """The least."""
        return min(self.values)

    @property
    def high(self) -> float:
        """The most."""
        return max(self.values)


def seconds(work: Callable[[], object]) -> float:
    """How long `work` takes, with the rubbish of what went before cleared away first."""
    gc.collect()
    start = perf_counter()
    work()
    return perf_counter() - start


def one(value: float) -> Sample:
    """A figure that does not change from one time to the next."""
    return Sample((value,))


def in_turn(
    times: int, ours: Callable[[], float], *theirs: Callable[[], float], warm_up: bool = True
) -> tuple[Sample, tuple[Sample | str, ...]]:
    """Let ours and each peer measure itself `times` times, all of them once a round.

    The first round of a warm-up does not count: a server has long been running when someone asks.

    Returns
    -------
    Our sample, and one for each peer; the word "missing" for one that is, after a printed line.
    """
    mine: list[float] = []
    peers: list[list[float] | None] = [[] for _ in theirs]
    for _ in range(times + warm_up):
        mine.append(ours())
        for number, work in enumerate(theirs):
            if (kept := peers[number]) is not None:
                try:
                    kept.append(work())
                except PeerMissing as missing:
                    print(f"  {missing}")
                    peers[number] = None
    return Sample(tuple(mine[warm_up:])), tuple(
        MISSING if kept is None else Sample(tuple(kept[warm_up:])) for kept in peers
    )
