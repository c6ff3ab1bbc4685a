"""Repeated measurements, ours and a peer's in turn, so that a noisy machine is noisy for both."""

import gc
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter


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


def in_turn(
    times: int, *works: Callable[[], float], warm_up: bool = True
) -> tuple[Sample | None, ...]:
    """Let each work measure itself `times` times, all of them once a round.

    The first round of a warm-up does not count: a server has long been running when someone asks.

    Returns
    -------
    A sample for each work; None for a peer that is missing, after one printed line.
    """
    kept: dict[int, list[float]] = {number: [] for number in range(len(works))}
    for turn in range(times + warm_up):
        for number, work in enumerate(works):
            if number not in kept:
                continue
            try:
                value = work()
            except PeerMissing as missing:
                print(f"  {missing}")
                del kept[number]
                continue
            if turn or not warm_up:
                kept[number].append(value)
    return tuple(
        Sample(tuple(kept[number])) if number in kept else None for number in range(len(works))
    )
