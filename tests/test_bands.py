"""Age bands in headers, and which of them add up to 65+ and 75+."""

import pytest

from api.exchange.bands import Band, bands_in, chain, read_band


@pytest.mark.parametrize(
    ("header", "band"),
    [
        ("０－４歳", Band("both", 0, 4)),
        ("0〜4歳", Band("both", 0, 4)),
        ("0～4歳（男）", Band("male", 0, 4)),
        ("0-4歳の男性", Band("male", 0, 4)),
        ("男0-4", Band("male", 0, 4)),
        ("男性 65～69歳", Band("male", 65, 69)),
        ("女性85歳以上", Band("female", 85, None)),
        ("85歳以上", Band("both", 85, None)),
        ("１００歳以上", Band("both", 100, None)),
        ("総数０～４歳", Band("both", 0, 4)),
        ("T001081002総数０～４歳", Band("both", 0, 4)),
        ("（再掲）65歳以上", Band("both", 65, None)),
        ("15歳未満", Band("both", 0, 14)),
        ("0_4歳", Band("both", 0, 4)),
        ("7歳", Band("both", 7, 7)),
        ("male_65_69", Band("male", 65, 69)),
    ],
)
def test_bands(header: str, band: Band) -> None:
    assert read_band(header) == band


@pytest.mark.parametrize(
    "header", ["人口", "No.5", "5", "世帯数", "man1", "2026年2月", "1-2丁目", "69-65歳"]
)
def test_other_headers_are_no_bands(header: str) -> None:
    assert read_band(header) is None


def test_the_last_numbered_band_is_open() -> None:
    header = ["male", "woman", *(f"{sex}{n}" for n in range(1, 19) for sex in ("man", "woman"))]
    bands = bands_in(header)
    assert len(bands) == 36
    assert bands["man14"] == Band("male", 65, 69)
    assert bands["woman18"] == Band("female", 85, None)


def five_year(sex_until: int) -> list[Band]:
    closed = [Band("both", age, age + 4) for age in range(0, sex_until, 5)]
    return [*closed, Band("both", sex_until, None)]


def test_five_year_bands_hold_everybody_from_75_on() -> None:
    found = chain(five_year(85), 75)
    assert found is not None
    assert [band.first for band in found] == [75, 80, 85]


def test_a_repeated_sum_is_not_counted_beside_its_parts() -> None:
    found = chain([*five_year(85), Band("both", 65, None)], 65)
    assert found is not None
    assert [band.first for band in found] == [65, 70, 75, 80, 85]


def test_bands_too_coarse_for_75_say_nothing_about_it() -> None:
    coarse = [Band("both", 0, 14), Band("both", 15, 64), Band("both", 65, None)]
    assert chain(coarse, 65) == [Band("both", 65, None)]
    assert chain(coarse, 75) is None


def test_single_years_and_sums_without_an_end_are_tried_once() -> None:
    years = [Band("both", age, age) for age in range(100)]
    sums = [Band("both", age, age + 4) for age in range(0, 100, 5)]
    assert chain([*years, *sums], 0) is None
    assert chain([*years, *sums, Band("both", 100, None)], 75) == [
        *years[75:],
        Band("both", 100, None),
    ]
