"""Reading population (人口): people by age in a town or mesh cell, summed to total, 65+ and 75+."""

from collections.abc import Mapping

import pandas as pd
from pandas import DataFrame, Series

from api.exchange.bands import Band, Sex, bands_in, chain
from api.exchange.cells import plain, sure, whole_numbers
from api.exchange.dates import dates
from api.exchange.figure_date import survey_date_of
from api.exchange.reading import Desk, Reading
from api.exchange.shapes import points_of
from api.exchange.source import Source

TOTALS = r"総計|合計|小計|総数|計|.*(?:合計|総計|小計)|全?[市区町村域]計?|.{1,8}[市区町村]計"
NOT_A_COUNT = "人数や世帯数は、0以上の整数で入れてください。"
TOWN_OR_MESH = "町名の列（地域名、町名、S_NAME など）も、メッシュコードの列も見つかりません。"
NO_PEOPLE = "人口の列（総人口、男女別、年齢別 など）が見つかりません。"


def read_population(
    source: Source,
    *,
    constants: Mapping[str, str] | None = None,
    mapping: Mapping[str, str] | None = None,
) -> Reading:
    """Columns `code, town_name, mesh_code, survey_date, lon, lat, people, people_65, people_75,
    households`; unknown figures are NA, never 0.

    Raises
    ------
    Unreadable : neither towns nor mesh codes, or no figures.
    """
    desk = Desk.open(source, constants, mapping)
    bands = bands_in([h for h in source.header if h not in desk.columns.values()])
    bands.update(bands_in([h for h in source.header if h in _aged(desk)]))
    if not (desk.has("town_name") or desk.has("mesh_code") or desk.has("key_code")):
        raise desk.refuse(f"{TOWN_OR_MESH}見出しは {desk.headers_found()} です。")
    if not (bands or any(desk.has(c) for c in ("people", "male", "female"))):
        raise desk.refuse(f"{NO_PEOPLE}見出しは {desk.headers_found()} です。")
    _drop_sums(desk)
    codes = desk.codes()
    frame = points_of(desk).assign(code=codes, **_where(desk))
    frame = frame.assign(**_figures(desk, bands), households=_counts(desk, "households"))
    whole_file = survey_date_of(desk)
    frame["survey_date"] = _survey_dates(desk, whole_file)
    days = frame["survey_date"].dropna().unique()
    columns = ["code", "town_name", "mesh_code", "survey_date", "lon", "lat"]
    figures = ["people", "people_65", "people_75", "households"]
    one = days[0] if len(days) == 1 else whole_file
    return desk.close(frame[columns + figures], codes, survey_date=one)


def _aged(desk: Desk) -> list[str]:
    """Columns that are ours and age bands at once: 65歳以上, 75歳以上."""
    return [desk.columns[c] for c in ("people_65", "people_75") if c in desk.columns]


def _drop_sums(desk: Desk) -> None:
    """Take out rows that only add up others: 合計, and e-Stat's rows above its 丁目."""
    names, keys = plain(desk.raw("town_name")), plain(desk.raw("key_code"))
    sums = sure(names.str.fullmatch(TOTALS))
    known = keys.dropna().drop_duplicates().sort_values()
    following = known.shift(-1)
    above = {
        k for k, n in zip(known, following, strict=True) if isinstance(n, str) and n.startswith(k)
    }
    sums |= keys.isin(list(above)) & names.notna()
    if desk.has("hyosyo"):
        sums |= plain(desk.raw("hyosyo")) == "1"
    desk.tell(sums, "town_name", "ほかの行の合計とみなして、読みとばしました。", "warning")
    desk.drop(sums)


def _where(desk: Desk) -> dict[str, Series]:
    """Town or mesh code of every row; KEY_CODE is a mesh code where no town stands beside it."""
    towns, mesh = desk.text("town_name"), plain(desk.raw("mesh_code"))
    if not desk.has("town_name") and not desk.has("mesh_code"):
        mesh = plain(desk.raw("key_code"))
    column = "town_name" if desk.has("town_name") else "mesh_code"
    what = "町名" if column == "town_name" else "メッシュコード"
    desk.tell(towns.isna() & mesh.isna(), column, f"{what}を入れてください。")
    return {"town_name": towns, "mesh_code": mesh}


def _survey_dates(desk: Desk, whole_file: object) -> Series:
    days, bad = dates(desk.raw("survey_date"))
    desk.tell(bad, "survey_date", "日付として読めません（例: 2026-02-01、令和8年2月1日）。")
    return days.where(days.notna(), whole_file)


def _counts(desk: Desk, column: str, header: str | None = None) -> Series:
    cells = desk.raw(column) if header is None else desk.source.frame.loc[desk.rows.index, header]
    values, bad = whole_numbers(cells)
    negative = sure(values < 0)
    desk.tell(bad | negative, header or column, NOT_A_COUNT, read=cells)
    return values.mask(negative)


def _figures(desk: Desk, bands: Mapping[str, Band]) -> dict[str, Series]:
    """Total, 65+ and 75+ of every row, after the figures have been held against each other."""
    people, male, female = (_counts(desk, c) for c in ("people", "male", "female"))
    columns = {band: _counts(desk, "", header) for header, band in bands.items()}
    by_age = _summed(columns, 0, people.index)
    unknown_age = _counts(desk, "unknown_age")
    by_sex = male + female
    _compare(desk, people, by_sex, "男女の合計")
    every_age = by_age + unknown_age.fillna(0)
    if _counts_unknown_ages(desk):
        every_age = every_age.mask(every_age < people)
    _compare(desk, people.fillna(by_sex), every_age, "年齢別の合計")
    older = {
        f"people_{age}": _given(desk, f"people_{age}").fillna(_summed(columns, age, people.index))
        for age in (65, 75)
    }
    people = people.fillna(by_sex).fillna(every_age)
    _must_hold(desk, people, older["people_65"], "65歳以上の人口", "総人口")
    _must_hold(desk, older["people_65"], older["people_75"], "75歳以上の人口", "65歳以上の人口")
    return {"people": people, **older}


def _given(desk: Desk, column: str) -> Series:
    if column in desk.columns:
        return _counts(desk, "", desk.columns[column])
    return Series(pd.NA, index=desk.rows.index, dtype="Int64")


def _summed(columns: Mapping[Band, Series], first: int, index: pd.Index) -> Series:
    """Everybody from `first` years on: the sexes together, else the bands of both; else NA."""
    nothing = Series(pd.NA, index=index, dtype="Int64")

    def of(sex: Sex) -> Series | None:
        bands = chain([b for b in columns if b.sex == sex], first)
        return (
            None
            if bands is None
            else DataFrame({n: columns[b] for n, b in enumerate(bands)}).sum(axis=1, skipna=False)
        )

    male, female, both = of("male"), of("female"), of("both")
    if male is not None and female is not None:
        return (male + female).astype("Int64")
    return nothing if both is None else both.astype("Int64")


def _counts_unknown_ages(desk: Desk) -> bool:
    header = desk.header("people") or ""
    return "不詳" in header and "含" in header and not desk.has("unknown_age")


def _compare(desk: Desk, people: Series, other: Series, what: str) -> None:
    """Note rows where two ways to count everybody differ, with both numbers."""
    differ = sure(people != other)
    for row in people.index[differ]:
        sentence = f"総人口 {people[row]:,} 人と、{what} {other[row]:,} 人が合いません。"
        desk.problems.append(desk.problem(row, "people", "", sentence))


def _must_hold(desk: Desk, whole: Series, part: Series, name: str, of: str) -> None:
    more = sure(part > whole)
    for row in whole.index[more]:
        sentence = f"{name} {part[row]:,} 人が、{of} {whole[row]:,} 人より多くなっています。"
        desk.problems.append(desk.problem(row, "people", "", sentence))
