"""Terms (任期): from a day to a last day; what they share, and the days between them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Term:
    """From its first to its last day, both within; without a last day it goes on."""

    first: date
    last: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether the day lies in it."""
        return self.first <= day and (self.last is None or day <= self.last)

    def meets(self, other: "Term") -> bool:
        """Whether the two have a day in common."""
        return (self.last is None or other.first <= self.last) and (
            other.last is None or self.first <= other.last
        )


def days_between(terms: Iterable[Term]) -> list[Term]:
    """The days in none of the terms, from the first of them on; what never ends leaves none."""
    empty: list[Term] = []
    reached: date | None = None
    for term in sorted(terms, key=lambda term: term.first):
        if reached is not None and term.first > reached + DAY:
            empty.append(Term(reached + DAY, term.first - DAY))
        if term.last is None:
            return empty
        reached = term.last if reached is None else max(reached, term.last)
    return empty if reached is None else [*empty, Term(reached + DAY)]
