"""Import places (通いの場・拠点)."""

from geopandas import points_from_xy
from pandas import DataFrame, Series

from api.actions.imported_days import DAYS, imported_days
from api.actions.importing import Bench, reject_duplicates
from api.actions.match_towns import own_towns
from api.actions.met_again import confirmations, kept, matched, states
from api.actions.positions import reject_far_rows, settle_zone, towns_around
from api.actions.search_keys import search_keys
from api.actions.withheld_places import (
    POSITION,
    as_the_office_knows,
    tell_withheld,
    without_positions,
)
from api.exchange.kinds import kind_from_name, kind_from_text
from api.exchange.names import name_keys
from api.models import Place, Town
from api.store import frames

FACTS = [
    "external_id", "name", "kana", "kind", "address", "building", "phone", "organization",
    "weekdays", "opens_at", "closes_at", "schedule_note", "capacity_people",
    "participants_people", "fee", "transport", "accessibility", "url", "note",
    "opened_on", "closed_on", "confirmed_on",
]  # fmt: skip
"""Columns a file of places brings; the others follow from them."""


def import_places(bench: Bench) -> Series:
    """Store places; a row met again is the same place by its ID, else by its name and town."""
    rows = bench.reading.frame
    if rows.empty:
        return Series(dtype=object)
    known = bench.known(Place)
    settle_zone(bench, rows["lon"], rows["lat"])
    there = as_the_office_knows(bench, known)
    rows = without_positions(rows.assign(external_id=external_ids_of(rows)), known)
    rows = reject_far_rows(bench, with_points(bench, rows, there))
    said = _kinds_said(bench, rows)
    rows = rows.assign(
        kind=said.fillna(kind_from_name(rows["name"])).fillna("other"),
        kind_said=said.notna(),
        town_id=towns_around(bench, rows),
    )
    names = names_and_towns(rows)
    keys = rows["external_id"].where(rows["external_id"].notna(), names)
    stands = reject_duplicates(bench, keys, rows[[*FACTS, "lon", "lat"]], "name")
    rows = rows.loc[stands.unique()]
    there = there.assign(naming=names_and_towns(there))
    ids = matched(rows["external_id"], names.loc[rows.index], there)
    incoming = _records(bench, rows, known, ids)
    written = bench.write(Place, incoming, known, erase=True)
    return written["status"].reindex(stands.index, fill_value="unchanged")


def with_points(bench: Bench, rows: DataFrame, known: DataFrame) -> DataFrame:
    """A place without coordinates stands at its address's town, approximately (おおよそ).

    One that is stored already, by its ID, stays where it is.
    """
    rows = rows.assign(approximate=rows["lon"].isna(), address_town=None)
    lost = rows[rows["approximate"]]
    if lost.empty:
        return rows
    points = bench.known(Town, only=["id", "lon", "lat"]).set_index("id")
    found = own_towns(bench).match_address(lost["address"]).dropna()
    rows.loc[found.index, "lon"] = found.map(points["lon"]).astype(float)
    rows.loc[found.index, "lat"] = found.map(points["lat"]).astype(float)
    rows.loc[found.index, "address_town"] = found
    rows = _where_they_were(rows, known)
    unknown = rows.loc[rows["lon"].isna(), "address"]
    bench.say(
        unknown,
        "address",
        "緯度・経度がなく、住所から町を見つけることもできません。緯度・経度を入れるか、住所を直してください。",
    )
    return rows.drop(index=unknown.index)


def _where_they_were(rows: DataFrame, known: DataFrame) -> DataFrame:
    """Rows that say nothing about where they are, at the point stored under their ID."""
    stored = known[known["external_id"].notna() & known["min_lon"].notna()]
    stored = stored.set_index("external_id")
    again = rows.loc[rows["lon"].isna() & rows["external_id"].isin(stored.index), "external_id"]
    rows.loc[again.index, "lon"] = again.map(stored["min_lon"]).astype(float)
    rows.loc[again.index, "lat"] = again.map(stored["min_lat"]).astype(float)
    rows.loc[again.index, "approximate"] = again.map(stored["approximate"]).astype(bool)
    rows.loc[again.index, "address_town"] = again.map(stored["town_id"]).astype(object)
    return rows


def _kinds_said(bench: Bench, rows: DataFrame) -> Series:
    """The kind its column or --set says; the name decides about the others."""
    said = kind_from_text(rows["kind"])
    unknown = rows.loc[rows["kind"].notna() & said.isna(), "kind"]
    bench.say(
        unknown,
        "kind",
        "知らない種類です。名前から決めるか、「その他」とします。",
        severity="warning",
    )
    return said


def external_ids_of(rows: DataFrame) -> Series:
    """An ID is one only together with its code block (全国地方公共団体コード)."""
    return (rows["code"] + "/" + rows["external_id"]).where(rows["external_id"].notna())


def names_and_towns(rows: DataFrame) -> Series:
    """What makes two rows without ID one place: name and town (or address, outside any town)."""
    where = rows["town_id"].where(rows["town_id"].notna(), rows["address"]).astype(object)
    pairs = zip(name_keys(rows["name"]), where.where(where.notna(), None), strict=True)
    return Series(list(pairs), index=rows.index, dtype=object)


def _records(bench: Bench, rows: DataFrame, known: DataFrame, ids: Series) -> DataFrame:
    withheld = tell_withheld(bench, rows, ids, known)
    rows.loc[withheld, ["address", "building"]] = None
    facts = rows[[*FACTS, "town_id", "approximate"]].join(
        frames.stored(points_from_xy(rows["lon"], rows["lat"])).set_axis(rows.index)
    )
    facts = facts.join(search_keys(rows, ids, known)).astype(object)
    facts["state"] = states(bench, ids)
    # What was only guessed must not overwrite what somebody knows.
    facts["kind"] = rows["kind"].where(ids.isna() | rows["kind_said"])
    known_point = ids.isin(known.loc[~known["approximate"].astype(bool), "id"])
    located = ["wkb", *frames.BBOX, "town_id", "approximate"]
    facts.loc[rows["approximate"] & known_point, located] = None
    facts.loc[withheld, list(POSITION)] = None
    facts["confirmed_on"] = confirmations(bench, facts["confirmed_on"], ids, known)
    facts = facts.where(facts.notna(), None).assign(id=ids)
    filled = kept(facts, known)
    # A remark that has become a rule is erased.
    filled[DAYS] = imported_days(bench, rows, known, ids)
    return filled
