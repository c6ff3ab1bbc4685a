"""Find records of the registry (台帳からさがす): by any way of writing, area, kind, freshness."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta
from pandas import DataFrame, Series
from sqlalchemy import ColumnElement, or_
from sqlmodel import Session

from api.actions.locating import Land
from api.actions.records import areas_of_records
from api.actions.registers import Register
from api.exchange.names import find_key, find_ways
from api.models.columns import table_of
from api.store import frames
from api.store.visible import Viewer, visible

PAGE = 50


@dataclass(frozen=True)
class Search:
    """What somebody looks for."""

    words: str = ""
    area: str | None = None
    kind: str | None = None
    state: str | None = None
    stale: bool = False
    """Only what nobody has confirmed for longer than the municipality allows."""
    closed: bool = False
    """Also what has closed."""
    page: int = 1


@dataclass(frozen=True)
class Found:
    """Records found, one page of them; `rows` has `in_areas`, `area_names` and `stale` besides."""

    total: int
    page: int
    pages: int
    rows: list[dict[str, Any]] = field(default_factory=list)


def find_records(
    session: Session,
    viewer: Viewer,
    land: Land,
    register: Register,
    search: Search,
    *,
    stale_before: date,
) -> Found:
    """Records the viewer may see, in the order of kind and reading (よみ)."""
    rows = frames.read(
        session,
        visible(register.model, viewer, land.tenant.code, *_conditions(register, search)),
    )
    areas = areas_of_records(land, register, rows)
    if search.area is not None:
        here = areas.map(lambda codes: codes is None or search.area in codes).astype(bool)
        rows, areas = rows[here], areas[here]
    stale = is_stale(rows, stale_before)
    if search.stale:
        rows, areas = rows[stale], areas[stale]
    if not search.closed:
        there = ~is_closed(rows, land.on)
        rows, areas = rows[there], areas[there]
    return _page(land, rows.assign(in_areas=areas, stale=stale), search.page)


def _conditions(register: Register, search: Search) -> list[ColumnElement[bool]]:
    table = table_of(register.model)
    words = filter(None, map(find_ways, search.words.split()[:8]))
    wanted: list[ColumnElement[bool]] = [
        or_(*(table.c.office_find_key.contains(way, autoescape=True) for way in ways))
        for ways in words
    ]
    kind = "status" if register.personal else "kind"
    if search.kind:
        wanted.append(table.c[kind] == search.kind)
    if search.state:
        wanted.append(table.c.state == search.state)
    return wanted


def is_stale(rows: DataFrame, before: date) -> Series:
    """Which records nobody has confirmed since that day (要確認)."""
    days = rows["confirmed_on"]
    return days.map(lambda day: day is None or day < before).astype(bool)


def is_closed(rows: DataFrame, on: date) -> Series:
    """Which records are no longer there on a day."""
    if "closed_on" not in rows.columns:
        return Series(False, index=rows.index)
    return rows["closed_on"].map(lambda day: day is not None and day <= on).astype(bool)


def stale_before(today: date, months: int) -> date:
    """Confirmations from before this day are too old."""
    try:
        return today - relativedelta(months=months)
    except ValueError:  # before the calendar begins
        return date.min


def _page(land: Land, rows: DataFrame, page: int) -> Found:
    kinds = rows["kind"] if "kind" in rows.columns else rows["status"]
    readings = rows["kana"].where(rows["kana"].notna(), rows["name"]).map(find_key)
    ordered = rows.assign(_kind=kinds, _reading=readings).sort_values(["_kind", "_reading", "id"])
    pages = max(1, -(-len(ordered) // PAGE))
    page = min(max(page, 1), pages)
    shown = ordered.iloc[(page - 1) * PAGE : page * PAGE].drop(columns=["_kind", "_reading"])
    listed = [row for _, row in frames.each(shown)]
    for row in listed:
        row["area_names"] = area_words(land, row["in_areas"])
    return Found(len(ordered), page, pages, listed)


def area_words(land: Land, codes: frozenset[str] | None) -> str:
    """西圏域・東圏域, 全域, 圏域なし."""
    if codes is None:
        return "全域"
    order = [name for code, name in land.area_names.items() if code in codes]
    return "・".join(order) or "圏域なし"
