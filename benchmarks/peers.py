"""The peers, at work in an environment and a process of their own."""

import json
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from benchmarks.measuring import PeerMissing

CHECKOUT = Path(__file__).resolve().parent.parent
WORK = Path(__file__).with_name("peer_work.py")
MISSING = "The peers' own environment is missing (make peers); those of .venv stood in."


def interpreter() -> Path:
    """The Python of `.venv-peers`; where it is missing, ours."""
    names = ("bin/python", "Scripts/python.exe")
    found = [CHECKOUT / ".venv-peers" / name for name in names]
    return next((path for path in found if path.exists()), Path(sys.executable))


def notes() -> list[str]:
    """One line where the peers' environment is missing."""
    return [] if interpreter() != Path(sys.executable) else [MISSING]


class Peer:
    """One process of the peers' interpreter; it keeps what it has loaded, as ours does."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [str(interpreter()), "-P", str(WORK)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def __enter__(self) -> Self:
        """Ready for orders."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """No more orders: let it end."""
        self._process.communicate()

    def ask(self, work: str, **arguments: Any) -> dict[str, Any]:
        """Have one work done.

        Raises
        ------
        PeerMissing : it is not installed, or failed.
        """
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            raise PeerMissing(f"{work}: the peers' process has no pipes")
        stdin.write(json.dumps({"work": work, **arguments}) + "\n")
        stdin.flush()
        answer: dict[str, Any] = json.loads(stdout.readline() or '{"error": "no answer"}')
        if "error" in answer:
            raise PeerMissing(f"The peer for “{work}” is missing: {answer['error']}")
        return answer
