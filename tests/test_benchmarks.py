"""What the benches say about their measurements; never how long anything took."""

from collections.abc import Callable
from typing import Any

import pytest

from benchmarks.browser import Task, longest_task
from benchmarks.measuring import MISSING, PeerMissing, Sample, in_turn
from benchmarks.results import Report, Row, as_markdown, as_ratio


def counting(*values: float) -> Callable[[], float]:
    left = list(values)
    return lambda: left.pop(0)


def test_the_round_that_warms_up_does_not_count() -> None:
    ours, (theirs,) = in_turn(2, counting(9, 1, 3), counting(90, 10, 30))
    assert ours == Sample((1, 3))
    assert theirs == Sample((10, 30))


def test_a_missing_peer_is_one_printed_line(capsys: pytest.CaptureFixture[str]) -> None:
    def missing() -> float:
        raise PeerMissing("no such peer")

    ours, theirs = in_turn(3, counting(1, 2, 3, 4), missing, counting(1, 5, 5, 5))
    assert ours.median == 3
    assert theirs == (MISSING, Sample((5, 5, 5)))
    assert capsys.readouterr().out == "  no such peer\n"


def test_a_row_without_its_peer_stays_and_says_so() -> None:
    row = Row("build", "s", Sample((2.0,)), MISSING, at_most=1 / 20)
    assert row.cells() == ("build", "2.000 s", "missing", "—", "1/20", "—", "1")


@pytest.mark.parametrize(("theirs", "reached"), [(20.0, True), (19.0, False)])
def test_a_limit_beside_a_peer_is_a_part_of_it(theirs: float, reached: bool) -> None:
    row = Row("build", "s", Sample((1.0,)), Sample((theirs,)), at_most=1 / 20)
    assert row.reached is reached


def test_a_limit_of_its_own_is_in_units_whatever_the_peer_took() -> None:
    row = Row("pan", "ms", Sample((90, 101, 300)), Sample((1,)), at_most=100, beside_peer=False)
    assert row.cells()[4:6] == ("100 ms", "**no**")


@pytest.mark.parametrize(
    ("ratio", "said"),
    [(1 / 20, "1/20"), (1 / 41.23, "1/41.2"), (1 / 216.4, "1/216"), (1.854, "× 1.85")],
)
def test_ratios_are_parts_below_the_peer_and_multiples_above(ratio: float, said: str) -> None:
    assert as_ratio(ratio) == said


def test_the_results_name_no_folder_of_this_machine() -> None:
    report = Report("Title", [Row("what", "bytes", Sample((1, 2, 3)))], ["a note"])
    page = as_markdown([report], "2026-04-01")
    assert "| what | 2 B (1–3) | — | — | — | — | 3 |" in page
    assert "- a note" in page
    assert "/" not in page.replace("1/", "")


def event(name: str, thread: int, **more: Any) -> dict[str, Any]:
    return {"name": name, "pid": 1, "tid": thread, "ph": "X", "args": {}, **more}


def test_the_longest_task_is_that_of_the_pages_main_thread() -> None:
    trace = [
        event("thread_name", 1, ph="M", args={"name": "CrRendererMain"}),
        event("thread_name", 2, ph="M", args={"name": "Compositor"}),
        event("RunTask", 1, dur=40_000, tdur=30_000),
        event("RunTask", 2, dur=90_000, tdur=90_000),
        event("Layout", 1, dur=95_000),
    ]
    assert longest_task(trace) == Task(40, 30)
    assert longest_task([]) == Task(0, 0)
