"""Import places (通いの場・拠点)."""

from datetime import date

from geopandas import points_from_xy
from pandas import DataFrame, Series

from api.actions.importing import Bench, reject_duplicates
from api.actions.match_towns import own_towns
from api.actions.positions import in_metres, reject_far_rows, settle_zone
from api.exchange.kinds import kind_from_name, kind_from_text
from api.exchange.names import find_keys, name_keys
from api.models import Place, Town
from api.store import frames
from geo.belonging import belongs_to

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
    settle_zone(bench, rows["lon"], rows["lat"])
    rows = reject_far_rows(bench, _with_points(bench, rows))
    said = _kinds_said(bench, rows)
    rows = rows.assign(
        kind=said.fillna(kind_from_name(rows["name"])).fillna("other"),
        kind_said=said.notna(),
        external_id=_external_ids(rows),
        town_id=_towns(bench, rows),
    )
    known = bench.known(Place)
    keys = _keys(rows)
    stands = reject_duplicates(bench, keys, rows[[*FACTS, "lon", "lat"]], "name")
    rows = rows.loc[stands.unique()]
    incoming = _records(bench, rows, known, _matched(keys.loc[rows.index], known))
    written = bench.write(Place, incoming, known)
    return written["status"].reindex(stands.index, fill_value="unchanged")


def _with_points(bench: Bench, rows: DataFrame) -> DataFrame:
    """A place without coordinates stands at its address's town, approximately (おおよそ)."""
    rows = rows.assign(approximate=rows["lon"].isna(), address_town=None)
    lost = rows[rows["approximate"]]
    if lost.empty:
        return rows
    matched = own_towns(bench).match_address(lost["address"])
    unknown = lost.loc[matched.isna(), "address"]
    bench.say(
        unknown,
        "address",
        "緯度・経度がなく、住所から町を見つけることもできません。緯度・経度を入れるか、住所を直してください。",
    )
    points = bench.known(Town, only=["id", "lon", "lat"]).set_index("id")
    found = matched.dropna()
    rows.loc[found.index, "lon"] = found.map(points["lon"]).astype(float)
    rows.loc[found.index, "lat"] = found.map(points["lat"]).astype(float)
    rows.loc[found.index, "address_town"] = found
    return rows.drop(index=unknown.index)


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


def _external_ids(rows: DataFrame) -> Series:
    """An ID is one only together with its code block (全国地方公共団体コード)."""
    return (rows["code"] + "/" + rows["external_id"]).where(rows["external_id"].notna())


def _towns(bench: Bench, rows: DataFrame) -> Series:
    """The town each place lies in; a place put at its address's town is there."""
    towns = bench.known(Town, only=["id", "wkb"])
    towns = towns[towns["wkb"].notna()].set_index("id")
    if towns.empty or rows.empty:
        return rows["address_town"]
    polygons = frames.shaped(towns, bench.tenant.zone)
    return rows["address_town"].fillna(belongs_to(in_metres(bench, rows), polygons))


def _keys(rows: DataFrame) -> Series:
    """What makes two rows one place: the ID, else name and town (or address, outside any town)."""
    names = name_keys(rows["name"])
    where = rows["town_id"].where(rows["town_id"].notna(), rows["address"])
    by_name = Series(list(zip(names, where, strict=True)), index=rows.index, dtype=object)
    return rows["external_id"].where(rows["external_id"].notna(), by_name)


def _matched(keys: Series, known: DataFrame) -> Series:
    """The stored place each row is, by the same keys; missing for a new one."""
    if known.empty:
        return Series(None, index=keys.index, dtype=object)
    stored = _keys(known)
    by_key = dict(zip(stored, known["id"], strict=True))
    return keys.map(lambda key: by_key.get(key)).astype(object)


def _records(bench: Bench, rows: DataFrame, known: DataFrame, ids: Series) -> DataFrame:
    facts = rows[[*FACTS, "town_id", "approximate"]].join(
        frames.stored(points_from_xy(rows["lon"], rows["lat"])).set_axis(rows.index)
    )
    facts = facts.astype(object)
    facts["find_key"] = find_keys(
        rows["name"] + " " + rows["kana"].fillna("") + " " + rows["address"].fillna("")
    )
    # What a place was published as, it stays: --draft is about places that are new.
    state = "draft" if bench.order.draft else "published"
    facts["state"] = Series(state, index=rows.index).where(ids.isna())
    # What was only guessed must not overwrite what somebody knows.
    facts["kind"] = rows["kind"].where(ids.isna() | rows["kind_said"])
    known_point = ids.isin(known.loc[~known["approximate"].astype(bool), "id"])
    located = ["wkb", *frames.BBOX, "town_id", "approximate"]
    facts.loc[rows["approximate"] & known_point, located] = None
    if "confirmed_on" not in bench.reading.present:
        facts["confirmed_on"] = _file_date(bench)
    return facts.where(facts.notna(), None).assign(id=ids)


def _file_date(bench: Bench) -> date | None:
    """Without a column of dates, facts count as confirmed on the file's date.

    The same file again confirms nothing new.
    """
    return None if bench.seen_before else bench.reading.source.modified_on
