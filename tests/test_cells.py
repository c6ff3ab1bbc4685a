"""Cells worked out by hand: what people type, and what it means."""

from datetime import date, datetime, time
from typing import Any

import pytest
from exchange_files import cells, plainly
from hypothesis import given
from hypothesis import strategies as st

from api.exchange.cells import (
    check_digit,
    municipality_codes,
    numbers,
    phones,
    plain,
    tidy,
    whole_numbers,
    yes_no,
)

FULL_WIDTH = str.maketrans("0123456789.,-", "０１２３４５６７８９．，－")


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (12, 12),
        (12.0, 12),
        ("12", 12),
        ("１２", 12),
        (" 12 ", 12),
        ("1,234", 1234),
        ("１，２３４", 1234),
        ("1,234,567", 1234567),
        ("32,500 ", 32500),
        ("12人", 12),
        ("約20名", 20),
        ("402世帯", 402),
        ("▲3", -3),
        ("△３", -3),
        ("－5", -5),
        ("0", 0),
    ],
)
def test_numbers_in_their_many_dresses(cell: Any, value: int) -> None:
    values, bad = whole_numbers(cells(cell))
    assert (values[0], bad[0]) == (value, False)


@pytest.mark.parametrize(
    "cell", ["-", "－", "―", "…", "X", "x", "Ｘ", "***", "秘匿", "不明", "N/A"]
)
def test_a_withheld_figure_is_unknown_and_not_zero(cell: str) -> None:
    values, bad = whole_numbers(cells(cell))
    assert (plainly(values), bad[0]) == ([None], False)


@pytest.mark.parametrize("cell", [None, "", "   ", "　", float("nan")])
def test_a_blank_is_neither_a_number_nor_wrong(cell: Any) -> None:
    values, bad = numbers(cells(cell))
    assert (plainly(values), bad[0]) == ([None], False)


@pytest.mark.parametrize(
    "cell",
    [
        "abc",
        "大会議室：120名、研修室：24名",
        True,
        "inf",
        "1_000",
        "0x1A",
        "1,23",
        date(2026, 2, 1),
        time(9),
    ],
)
def test_what_is_no_number_is_told(cell: Any) -> None:
    values, bad = numbers(cells(cell))
    assert (plainly(values), bad[0]) == ([None], True)


@pytest.mark.parametrize("cell", [12.5, "12.5", 1e300])
def test_half_a_person_is_no_count(cell: Any) -> None:
    values, bad = whole_numbers(cells(cell))
    assert (plainly(values), bad[0]) == ([None], True)


@given(st.integers(-(10**9), 10**9))
def test_full_width_digits_are_the_same_number(number: int) -> None:
    half, full = f"{number:,}", f"{number:,}".translate(FULL_WIDTH)
    (first, _), (second, bad) = whole_numbers(cells(half)), whole_numbers(cells(full))
    assert first[0] == second[0] == number
    assert not bad[0]


@pytest.mark.parametrize(
    ("cell", "value"),
    [("有", True), ("あり", True), ("○", True), ("〇", True), (1, True), ("１", True), (True, True),
     ("TRUE", True), ("無", False), ("なし", False), ("×", False), (0.0, False), (False, False),
     ("-", None), ("", None)],
)  # fmt: skip
def test_yes_and_no(cell: Any, value: bool | None) -> None:
    values, bad = yes_no(cells(cell))
    assert (plainly(values), bad[0]) == ([value], False)


def test_neither_yes_nor_no_is_told() -> None:
    assert yes_no(cells("要相談"))[1][0]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("37201", "37201"),
        (37201.0, "37201"),
        ("３７２０１", "37201"),
        ("372013", "37201"),
        ("92011", "09201"),  # 宇都宮市: zero lost, check digit kept
        ("1100", "01100"),  # 札幌市: zero lost, no check digit
        ("11002", "01100"),
        ("14132", "14132"),
        ("99201", "99201"),  # made up, and no lost zero
        ("37", None),  # a prefecture
        ("370002", None),
        ("", None),
    ],
)
def test_municipality_codes_become_five_digits(cell: Any, code: str | None) -> None:
    values, bad = municipality_codes(cells(cell))
    assert (plainly(values), bad[0]) == ([code], False)


@pytest.mark.parametrize("cell", ["372014", "高松市", "3720130"])
def test_a_broken_code_is_told(cell: str) -> None:
    assert municipality_codes(cells(cell))[1][0]


def test_check_digits() -> None:
    assert [check_digit(code) for code in ("37201", "22212", "01100", "09201")] == [
        "3",
        "7",
        "2",
        "1",
    ]


def test_text_is_kept_as_written_on_one_line() -> None:
    texts = tidy(
        cells(
            "髙﨑邉①㈱", " 仏生山\n交流センター ", "ＦＬＡＧ８階", "\x00\u200b", "か\u3099", 37201.0
        )
    )
    assert plainly(texts) == [
        "髙﨑邉①㈱",
        "仏生山 交流センター",
        "ＦＬＡＧ８階",
        None,
        "が",
        "37201",
    ]


def test_cells_that_are_dates_and_times_are_written_out() -> None:
    texts = tidy(cells(date(2026, 2, 1), datetime(2026, 2, 1, 9, 30), time(9, 0), True))
    assert plainly(texts) == ["2026-02-01", "2026-02-01 09:30:00", "09:00", "TRUE"]


@given(st.lists(st.one_of(st.none(), st.text(max_size=8)), max_size=8))
def test_folding_a_column_folds_each_of_its_cells(texts: list[str | None]) -> None:
    whole = plainly(plain(cells(*texts))) if texts else []
    assert whole == [plainly(plain(cells(text)))[0] for text in texts]


def test_phone_numbers_stay_as_written_in_half_width() -> None:
    texts = phones(cells("０８７－８３４－９９１１", "(054)628ー3359", "-", "087-834-9911 内線12"))
    assert plainly(texts) == ["087-834-9911", "(054)628-3359", None, "087-834-9911 内線12"]
