"""What is wrong with a file, said so that the person who made it can put it right."""

from dataclasses import dataclass
from typing import Literal

LONGEST_QUOTE = 40


@dataclass(frozen=True)
class RowProblem:
    """One thing wrong in one file: where, what was read, what was expected (取込の指摘)."""

    file: str
    sheet: str | None
    row: int | None
    column: str | None
    read: str
    expected: str
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        """One plain Japanese line."""
        place = [self.file]
        if self.sheet is not None:
            place.append(f"シート「{quoted(self.sheet)}」")
        if self.row is not None:
            place.append(f"{self.row}行目")
        if self.column is not None:
            place.append(f"「{quoted(self.column)}」")
        read = f"「{quoted(self.read)}」と書かれています。" if self.read else ""
        return f"{' '.join(place)}: {read}{self.expected}"


class Unreadable(Exception):
    """The whole file is refused (取り込めないファイル); `problem` says where and why."""

    def __init__(self, problem: RowProblem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def refuse(
    file: str,
    expected: str,
    *,
    sheet: str | None = None,
    row: int | None = None,
    column: str | None = None,
    read: str = "",
) -> Unreadable:
    """The exception for a file that is refused as a whole: `raise refuse(…)`."""
    return Unreadable(RowProblem(file, sheet, row, column, read, expected))


def quoted(text: str) -> str:
    """Text of a stranger's file, short and on one line, fit to stand in a message."""
    line = "".join(c if c.isprintable() else " " for c in text).strip()
    return line if len(line) <= LONGEST_QUOTE else line[:LONGEST_QUOTE] + "…"
