"""Read single records of the registry, and say which areas they belong to."""

import json
from typing import Any

from pandas import DataFrame, Series
from sqlmodel import Session

from api.accounts.members import Member
from api.accounts.roles import Right
from api.actions.find_municipality import Tenant
from api.actions.locating import Land
from api.actions.registers import Register
from api.models import Municipality
from api.models.columns import table_of
from api.store import frames
from api.store.visible import OFFICE, Viewer, visible

Row = dict[str, Any]
Areas = frozenset[str] | None
"""Codes of the areas a record belongs to; None: to the whole municipality."""


class NoSuchRecord(LookupError):
    """There is no such record, or this viewer may not know of it."""


class NotYours(PermissionError):
    """The record belongs to an area that is in somebody else's charge."""


def find_record(session: Session, viewer: Viewer, code: str, register: Register, id_: int) -> Row:
    """One record with every column the viewer may see.

    Raises
    ------
    NoSuchRecord, Withheld
    """
    where = table_of(register.model).c.id == id_
    found = frames.read(session, visible(register.model, viewer, code, where))
    if found.empty:
        raise NoSuchRecord(f"この{register.word}は見つかりません。")
    return next(row for _, row in frames.each(found))


def areas_of_records(land: Land, register: Register, rows: DataFrame) -> Series:
    """The areas each record belongs to, as `Areas` values, indexed like `rows`."""
    if "areas" in rows.columns:
        named = rows["areas"].map(lambda text: frozenset(json.loads(text)) if text else None)
        if register.personal:
            home = rows["town_id"].map(land.area_of_town)
            pairs = zip(named, home, strict=True)
            joined = [
                (some or frozenset()) | ({at} if isinstance(at, str) else set())
                for some, at in pairs
            ]
            return Series(joined, index=rows.index, dtype=object)
        return Series(list(named), index=rows.index, dtype=object)
    hidden = rows["location_kind"] != "point"
    lon = rows["min_lon"].where(~hidden, rows["office_lon"])
    lat = rows["min_lat"].where(~hidden, rows["office_lat"])
    codes = land.area_codes(lon, lat, rows["town_id"])
    return Series(
        [frozenset({c}) if c else frozenset() for c in codes], index=rows.index, dtype=object
    )


def areas_of(land: Land, register: Register, row: Row) -> Areas:
    """The areas one record belongs to."""
    areas: Areas = areas_of_records(land, register, DataFrame([row], dtype=object)).iloc[0]
    return areas


def refuse_others(member: Member, land: Land, register: Register, *rows: Row) -> None:
    """Raise `NotYours` unless the member may write every one of the rows."""
    for row in rows:
        areas = areas_of(land, register, row)
        if not member.may_write_in(areas):
            raise NotYours(why_not(member, land, register, areas))


def refuse_strangers(member: Member, land: Land, register: Register, row: Row) -> None:
    """Raise `NotYours` unless the member may say that the record is true (確認した)."""
    areas = areas_of(land, register, row)
    if not member.may_confirm_in(areas):
        raise NotYours(why_not(member, land, register, areas))


def why_not(member: Member, land: Land, register: Register, areas: Areas) -> str:
    """Why somebody only reads a record: their role, or whose area it is."""
    if not member.may(Right.RECORD):
        return f"「{member.role.label}」は、台帳を見るだけです。"
    names = "・".join(land.area_names.get(code, code) for code in sorted(areas or ()))
    where = names or ("市町村全体" if areas is None else "圏域の外")
    if member.may_confirm_in(areas):
        return (
            f"この{register.word}は「{where}」のものです。確認はできます。"
            "直すときは、第1層にお知らせください。"
        )
    return f"この{register.word}は「{where}」のものです。あなたの担当ではないため、書き込めません。"


CHOSEN = ("reviewed", "stale_months", "voice_contact", "needs_shown", "walk_m_per_min")


def office_settings(session: Session, tenant: Tenant) -> Row:
    """What the municipality has chosen: `reviewed`, `stale_months`, `needs_shown` …"""
    rows = visible(Municipality, OFFICE, tenant.code, only=CHOSEN)
    return next(row for _, row in frames.each(frames.read(session, rows)))
