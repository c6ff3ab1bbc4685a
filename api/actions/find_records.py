"""Find records of the registry (台帳からさがす): by any way of writing, area, kind, freshness."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta
from pandas import DataFrame, Series
from sqlalchemy import ColumnElement, or_
from sqlmodel import Session

from api.actions.locating import Land
from api.actions.proposals import OPEN
from api.actions.records import areas_of_records
from api.actions.registers import Register
from api.exchange.names import find_key, find_ways
from api.models import Proposal
from api.models.columns import table_of
from api.store import frames
from api.store.visible import OFFICE, Viewer, visible

PAGE = 50
NOWHERE = "-"
"""Asked for instead of an area: what lies in none, or is for the whole municipality."""


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
    found = select_records(session, viewer, land, register, search, stale_before=stale_before)
    return _page(land, found, search.page)


def select_records(
    session: Session,
    viewer: Viewer,
    land: Land,
    register: Register,
    search: Search,
    *,
    stale_before: date,
) -> DataFrame:
    """Every record a list holds, in its order, with `in_areas`, `stale` and `waits` besides."""
    waits = waiting_states(session, land.tenant.code, register)
    wanted = _conditions(register, search, waits)
    rows = frames.read(session, visible(register.model, viewer, land.tenant.code, *wanted))
    areas = areas_of_records(land, register, rows)
    if search.area is not None:
        here = areas.map(lambda codes: is_in_area(codes, search.area)).astype(bool)
        rows, areas = rows[here], areas[here]
    stale = is_stale(rows, stale_before)
    if search.stale:
        rows, areas = rows[stale], areas[stale]
    if not search.closed:
        there = ~is_closed(rows, land.on)
        rows, areas = rows[there], areas[there]
    known = rows["id"].map(waits).astype(object)
    known = known.where(known.notna(), None)
    return _in_order(rows.assign(in_areas=areas, stale=stale[rows.index], waits=known))


def is_in_area(codes: frozenset[str] | None, area: str | None) -> bool:
    """Whether a record belongs to an area; one for the whole municipality belongs to none."""
    return not codes if area == NOWHERE else codes is not None and area in codes


def waiting_states(session: Session, code: str, register: Register) -> dict[int, str]:
    """The records of which a change waits (改訂案), with its state."""
    if register.personal:
        return {}
    table = table_of(Proposal)
    of = (table.c.entity == register.entity, table.c.state.in_(OPEN))
    rows = frames.read(session, visible(Proposal, OFFICE, code, *of, only=["entity_id", "state"]))
    return dict(zip(rows["entity_id"], rows["state"], strict=True))


def _conditions(
    register: Register, search: Search, waits: Mapping[int, str]
) -> list[ColumnElement[bool]]:
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
        changing = [number for number, state in waits.items() if state == search.state]
        wanted.append(or_(table.c.state == search.state, table.c.id.in_(changing)))
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


def _in_order(rows: DataFrame) -> DataFrame:
    kinds = rows["kind"] if "kind" in rows.columns else rows["status"]
    readings = rows["kana"].where(rows["kana"].notna(), rows["name"]).map(find_key)
    ordered = rows.assign(_kind=kinds, _reading=readings).sort_values(["_kind", "_reading", "id"])
    return ordered.drop(columns=["_kind", "_reading"])


def _page(land: Land, ordered: DataFrame, page: int) -> Found:
    pages = max(1, -(-len(ordered) // PAGE))
    page = min(max(page, 1), pages)
    listed = [row for _, row in frames.each(ordered.iloc[(page - 1) * PAGE : page * PAGE])]
    for row in listed:
        row["area_names"] = area_words(land, row["in_areas"])
    return Found(len(ordered), page, pages, listed)


def area_words(land: Land, codes: frozenset[str] | None) -> str:
    """西圏域・東圏域, 全域, 圏域なし."""
    if codes is None:
        return "全域"
    order = [name for code, name in land.area_names.items() if code in codes]
    return "・".join(order) or "圏域なし"
