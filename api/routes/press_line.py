"""The line before the press (印刷の順番): how many wait for a sheet or a picture at one time.

One is set after the other. Whoever waits holds one of the threads all pages are made in, so that
only so many may wait, and the next is told to come back instead.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from weakref import finalize

MOST_WAITING = 12
MOST_ARCHIVES = 4
"""Archives being sent at one time: each is many sheets."""
RETRY_AFTER_S = "20"


class PressIsBusy(RuntimeError):
    """Too many sheets are waited for (印刷が混みあっている)."""


def _busy() -> PressIsBusy:
    return PressIsBusy(
        "いま、たくさんの紙が作られています。少し待ってから、もう一度開いてください。"
    )


class PressLine:
    """Whose turn it is in this process."""

    def __init__(self) -> None:
        self._line = threading.BoundedSemaphore(MOST_WAITING)
        self._press = threading.Lock()
        self._archives = threading.BoundedSemaphore(MOST_ARCHIVES)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for the press and hold it. Raises `PressIsBusy` where the line is full."""
        if not self._line.acquire(blocking=False):
            raise _busy()
        try:
            with self._press:
                yield
        finally:
            self._line.release()

    def archive(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        """The pieces of an archive; its place is free once nobody holds them any more.

        A visitor may leave before the first piece is asked for: then nothing of the generator has
        run, and no `finally` in it would.

        Raises
        ------
        PressIsBusy
        """
        if not self._archives.acquire(blocking=False):
            raise _busy()
        held = _each(pieces)
        finalize(held, self._archives.release)
        return held


def _each(pieces: Iterator[bytes]) -> Iterator[bytes]:
    yield from pieces
