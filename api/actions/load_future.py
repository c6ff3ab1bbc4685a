"""People in a year to come (将来の人口), from what has been imported of projections."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from geopandas import GeoSeries
from pandas import DataFrame, Index, Series
from sqlmodel import Session

from api.actions.find_municipality import Tenant
from api.models import Projection
from api.models.columns import table_of
from api.store import frames
from api.store.visible import Viewer, projected_cells, projected_years, visible
from geo.future import NoSuchYear, in_year, scaled_to, years_around
from geo.mesh import mesh_cells
from web.words import wareki

UNNAMED = "ふつうの推計"
"""What the projection without a name is called and asked for by: forms drop what is empty."""
COLUMNS = {"65": "people_65", "75": "people_75", "all": "people"}


class NoProjection(LookupError):
    """Nobody has projected that year: not imported, or beyond its years (将来推計がない)."""


@dataclass(frozen=True)
class Future:
    """What is known of the years to come.

    `years` : those some projection can answer for the age. `variants` : projections beside each
    other, the one that counts unless another is named first. `year`, `variant` : what was asked
    for; None: today.
    `note` : how it was worked out, for people. `unknown` : cells whose people nobody knows;
    None: as many records as in the survey.
    """

    years: tuple[int, ...] = ()
    variants: tuple[str, ...] = ()
    year: int | None = None
    variant: str = ""
    note: str = ""
    intake_ids: frozenset[int] = frozenset()
    unknown: int | None = None


@dataclass(frozen=True)
class _Survey:
    """The people projections start from: `people` of the age asked for, `people_65`."""

    records: DataFrame
    age: str

    @property
    def day(self) -> date | None:
        found = self.records["survey_date"].iloc[0]
        return found if isinstance(found, date) else None

    @property
    def year(self) -> int | None:
        return self.day.year if self.day else None

    def total(self, column: str) -> float:
        named = "people" if column == COLUMNS[self.age] else column
        return float(self.records[named].astype(float).sum())


def load_future(
    session: Session,
    tenant: Tenant,
    viewer: Viewer,
    survey: DataFrame,
    age: str,
    year: int | None,
    variant: str | None,
) -> tuple[DataFrame, Future]:
    """The records of people as they will be: mesh cells of their own, or the towns scaled.

    `survey` holds the newest records, `people` of the age asked for; for its own year, or where
    none is asked for, they come back as they are.

    Raises
    ------
    NoProjection
    """
    offered = frames.read(session, projected_years(tenant.code))
    variants = _variants(offered, age)
    years = tuple(sorted({int(year) for year in offered.loc[_answers(offered, age), "year"]}))
    base = _Survey(survey, age)
    if year is None or year == base.year:
        return survey, Future(years, variants)
    chosen = _chosen(tenant, variants, variant)
    mine = offered[offered["variant"] == chosen]
    rows = _Rows(session, tenant, viewer, chosen)
    if (mine["cells"] > 0).any():
        people, note, intakes, unknown = _of_cells(rows, mine, age, year)
    else:
        people, note, intakes, unknown = _of_towns(rows, base, year)
    return people, Future(years, variants, year, chosen, note, intakes, unknown)


def _answers(offered: DataFrame, age: str) -> Series:
    """Which years of which projections know people of that age, or those they are a part of."""
    known = offered[COLUMNS[age]] > 0
    if age == "75":  # towns are scaled by all who are 65 where nobody has projected the older ones
        known |= (offered["cells"] == 0) & (offered["people_65"] > 0)
    return known.astype(bool)


def _variants(offered: DataFrame, age: str) -> tuple[str, ...]:
    """Projections beside each other: those that know the age, those by cells, the oldest first."""
    able = set(offered.loc[_answers(offered, age), "variant"])
    order = offered.assign(
        cannot=~offered["variant"].isin(able), towns=offered["cells"] == 0
    ).sort_values(["cannot", "towns", "first_id"])
    return tuple(name or UNNAMED for name in order["variant"].drop_duplicates())


def cells_to_come(session: Session, tenant: Tenant) -> GeoSeries:
    """Outlines of all mesh cells of any projection (index: their code as a number), in metres."""
    codes = frames.read(session, projected_cells(tenant.code))["mesh_code"]
    numbered = codes.set_axis(Index(codes.astype("int64"), name="id"))
    return mesh_cells(numbered).to_crs(tenant.zone)


def _chosen(tenant: Tenant, variants: tuple[str, ...], asked: str | None) -> str:
    if not variants:
        raise NoProjection(f"{tenant.name}の将来推計人口は、まだ取り込まれていません。")
    chosen = variants[0] if asked is None else asked or UNNAMED
    if chosen not in variants:
        names = "、".join(variants)
        raise NoProjection(f"「{chosen}」という将来推計はありません。あるのは {names} です。")
    return "" if chosen == UNNAMED else chosen


@dataclass(frozen=True)
class _Rows:
    """The stored projections of one variant."""

    session: Session
    tenant: Tenant
    viewer: Viewer
    variant: str

    def of(self, *years: int) -> DataFrame:
        """Those of some years, of all years where none is named."""
        table = table_of(Projection)
        where = [table.c.variant == self.variant, *([table.c.year.in_(years)] if years else [])]
        rows = visible(Projection, self.viewer, self.tenant.code, *where)
        return frames.read(self.session, rows)


Found = tuple[DataFrame, str, frozenset[int], int | None]
"""Records of people, the note, where they come from, and how many cells nobody knows."""


def _of_cells(rows: _Rows, offered: DataFrame, age: str, year: int) -> Found:
    column = COLUMNS[age]
    years = offered.loc[offered[column] > 0, "year"].tolist()
    if not years:
        raise NoProjection("メッシュの将来推計に、この年齢の人数がありません。")
    before, after, _ = _around(years, year)
    read = rows.of(before, after)
    read = read[read["mesh_code"].notna()]
    table = read.pivot(index="mesh_code", columns="year", values=column).astype(float)
    people = in_year(table, year)
    known = people.dropna()
    origin = read.drop_duplicates("mesh_code").set_index("mesh_code")["intake_id"]
    nothing: dict[str, Any] = dict.fromkeys(("town_id", "lon", "lat", "survey_date"))
    found = DataFrame({"mesh_code": known.index, "people": known.to_numpy()}).astype(object)
    found = found.assign(**nothing, intake_id=origin.reindex(known.index).to_numpy())
    # The cell's number is its id: the same cell in every year, whichever rows hold it.
    found.index = Index(known.index.astype("int64"), name="id")
    found["people"] = found["people"].astype(float)
    note = f"{year}年の人口は、将来推計人口メッシュの人数です。" + _between(before, after, None)
    return found, note, _intakes(read), len(people) - len(known)


def _of_towns(rows: _Rows, survey: _Survey, year: int) -> Found:
    column, note = COLUMNS[survey.age], ""
    read = rows.of()
    if read[column].isna().all() and survey.age == "75" and survey.total("people_65"):
        column = "people_65"
        note = "75歳以上の推計がないので、65歳以上と同じ割合で増減するものとしました。"
    if read[column].isna().all():
        raise NoProjection("将来推計に、この年齢の人数がありません。")
    known = _from_survey_on(read, survey, column)
    before, after, _ = _around(list(known), year)
    base, now = survey.total(column), survey.total(COLUMNS[survey.age])
    if not base or not now:
        raise NoProjection("いまの人口が0人なので、将来の人口を町に分けられません。")
    total = float(in_year(DataFrame([known]), year).iloc[0]) * now / base
    people = scaled_to(survey.records["people"].astype(float), total)
    named = f"（{rows.variant}）" if rows.variant else ""
    unit = "メッシュ" if survey.records["mesh_code"].notna().any() else "町"
    words = (
        f"{unit}の人口は、{rows.tenant.name}の{year}年の将来推計{named}に合計（{round(total):,}人）を"
        f"あわせて、{wareki(survey.day)}の{unit}の人口をどこも同じ割合で増減させたものです。"
    )
    words += _between(before, after, survey.day) + note
    return survey.records.assign(people=people.astype(float)), words, _intakes(read), None


def _from_survey_on(read: DataFrame, survey: _Survey, column: str) -> Mapping[int, float]:
    """The survey's own total, and what is projected of the years after it."""
    known = read[read[column].notna()]
    later = {
        int(year): float(people)
        for year, people in zip(known["year"], known[column], strict=True)
        if survey.year is None or year > survey.year
    }
    return later if survey.year is None else {survey.year: survey.total(column)} | later


def _around(years: list[int], year: int) -> tuple[int, int, float]:
    try:
        return years_around(years, year)
    except NoSuchYear as beyond:
        words = (
            f"{year}年の推計はありません。{min(years)}年から{max(years)}年までで選んでください。"
        )
        raise NoProjection(words) from beyond


def _between(before: int, after: int, surveyed: date | None) -> str:
    if before == after:
        return ""
    first = f"{before}年"
    if surveyed is not None and surveyed.year == before:
        first = f"{wareki(surveyed)}の人口"
    return f"推計のない年なので、{first}と{after}年の推計のあいだを直線で結びました。"


def _intakes(read: DataFrame) -> frozenset[int]:
    numbers: Series = read["intake_id"].dropna()
    return frozenset(int(number) for number in numbers.unique())
