"""Days of the week as people write them."""

import pytest
from exchange_files import cells, plainly
from hypothesis import given
from hypothesis import strategies as st

from api.exchange.weekdays import WEEK, weekdays


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("月火水木金", "月火水木金"),
        ("月火水木金土日", "月火水木金土日"),
        ("火水木金土日", "火水木金土日"),
        ("月～金", "月火水木金"),
        ("月-金", "月火水木金"),
        ("月曜日から金曜日まで", "月火水木金"),
        ("土～月", "月土日"),
        ("毎週火曜", "火"),
        ("火・木", "火木"),
        ("木、火", "火木"),
        ("月・水・金曜日", "月水金"),
        ("平日", "月火水木金"),
        ("毎日", "月火水木金土日"),
        ("年中無休", "月火水木金土日"),
        ("Mon", "月"),
        ("Mon-Fri", "月火水木金"),
        ("Monday, Wednesday", "月水"),
    ],
)
def test_days_that_say_it_all(text: str, days: str) -> None:
    found, note = weekdays(cells(text))
    assert (found[0], plainly(note)) == (days, [None])


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("第2・第4水曜日", "水"),
        ("第1,3火曜日", "火"),
        ("第2火曜、第4金曜", "火金"),
        ("月1回 第3木曜日", "木"),
        ("土日祝", "土日"),
        ("水曜日（祝日を除く）", "水"),
        ("火曜日 10時～12時", "火"),
        ("隔週金曜", "金"),
    ],
)
def test_days_that_leave_something_to_say_keep_the_text(text: str, days: str) -> None:
    found, note = weekdays(cells(text))
    assert (found[0], note[0]) == (days, text)


@pytest.mark.parametrize(
    "text",
    [
        "月曜日休み",
        "月1回",
        "毎月15日",
        "火曜日以外",
        "不定期",
        "要問合せ",
        "1月〜3月",
        "料金は無料",
    ],
)
def test_days_that_cannot_be_trusted_are_kept_as_text_only(text: str) -> None:
    found, note = weekdays(cells(text))
    assert (plainly(found), note[0]) == ([None], text)


def test_a_blank_or_a_dash_says_nothing() -> None:
    found, note = weekdays(cells("", "-", None))
    assert plainly(found) == plainly(note) == [None, None, None]


@given(st.sets(st.sampled_from(WEEK), min_size=1), st.sampled_from(["", "・", "、", " ", "/"]))
def test_any_days_come_out_in_the_order_of_the_week(days: set[str], separator: str) -> None:
    found, _ = weekdays(cells(separator.join(sorted(days))))
    assert found[0] == "".join(day for day in WEEK if day in days)
