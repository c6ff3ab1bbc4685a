"""Courses of the coordinators (研修): which follow-up is overdue, and who has been left alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta

COURSE_KINDS = {
    "before": "配置前の研修",
    "follow_up": "フォローアップ研修",
    "other": "そのほかの研修",
}
ALONE_AFTER = relativedelta(months=12)
"""How long somebody may go on with a course from before their posting alone."""


@dataclass(frozen=True)
class Course:
    """A course somebody took (研修)."""

    account_id: int
    kind: str
    held_on: date
    follow_up_due: date | None = None
    followed_up_on: date | None = None


@dataclass(frozen=True)
class Alone:
    """A coordinator whom training has not reached."""

    account_id: int
    since: date | None
    """The last course, from before their posting; None: there has been none at all."""


def is_overdue(course: Course, today: date) -> bool:
    """Whether its follow-up should have been by yesterday, and has not been."""
    due = course.follow_up_due
    return due is not None and course.followed_up_on is None and due < today


def left_alone(coordinators: Iterable[int], courses: Iterable[Course], today: date) -> list[Alone]:
    """Coordinators without a course, or with none but 配置前 that is older than 12 months.

    A course counts from its day on. Twelve months to the day are not yet too long.
    """
    taken = [course for course in courses if course.held_on <= today]
    found = []
    for account in coordinators:
        mine = [course for course in taken if course.account_id == account]
        last = max((course.held_on for course in mine), default=None)
        before_only = all(course.kind == "before" for course in mine)
        if last is None or (before_only and last < today - ALONE_AFTER):
            found.append(Alone(account, last))
    return found
