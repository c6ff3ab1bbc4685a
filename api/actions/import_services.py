"""Import services (生活支援サービス): a line of a list may be several services."""

from typing import Any

import pandas as pd
from geopandas import points_from_xy
from pandas import DataFrame, Series

from api.actions.importing import Bench, reject_duplicates
from api.actions.match_towns import own_towns
from api.actions.met_again import (
    by_name_alone,
    confirmations,
    kept,
    matched,
    namings,
    states,
)
from api.actions.positions import reject_far_rows, settle_zone, towns_around
from api.actions.search_keys import search_keys
from api.actions.served_areas import served_areas
from api.exchange.names import name_keys
from api.exchange.service_kinds import service_kind
from api.models import Organization, Service, Town
from api.models.kinds import ServiceKind
from api.store import frames

SAID = [
    "external_id", "name", "kana", "organization", "target", "fee", "capacity_people",
    "monthly_users_people", "has_room", "transport", "schedule_note", "address", "phone", "url",
    "note", "opened_on", "closed_on", "confirmed_on",
]  # fmt: skip
"""Columns a file of services brings as they are; kind and areas are read from words."""


def import_services(bench: Bench) -> Series:
    """Store services; one met again is the same by its number and kind, else by name and kind."""
    rows = _in_our_scheme(bench)
    if rows.empty:
        return Series(dtype=object)
    settle_zone(bench, rows["lon"], rows["lat"])
    rows = reject_far_rows(bench, rows)
    areas, whole = served_areas(bench, rows["areas"])
    rows = _placed(bench, rows.loc[areas.index].assign(areas=areas, whole=whole))
    keys = rows["external_id"].where(rows["external_id"].notna(), name_keys(rows["name"]))
    both = Series(list(zip(keys, rows["kinds"], strict=True)), index=rows.index, dtype=object)
    stands = reject_duplicates(bench, both, rows[[*SAID, "areas", "whole"]], "name")
    services = _services(bench, rows.loc[stands.unique()], keys)
    known = bench.known(Service)
    ids = _matched(services, known)
    incoming = kept(_records(bench, services, known, ids), known, services["whole"])
    written = bench.write(Service, incoming, known, erase=True)["status"]
    became = _by_row(written, services["row"])
    stands = stands[stands.isin(services["row"])]
    again = stands.index != stands
    return Series(became.reindex(stands).to_numpy(), index=stands.index).mask(again, "unchanged")


def _in_our_scheme(bench: Bench) -> DataFrame:
    """The rows with their kinds as a tuple; care that is no service of ours is passed over."""
    rows = bench.reading.frame
    read = rows["kinds"]
    elsewhere = read.map(lambda found: bool(found.outside) and not found.kinds).astype(bool)
    if elsewhere.any():
        words = dict.fromkeys(word for found in read[elsewhere] for word in found.outside)
        bench.notes.append(
            f"生活支援サービスにあたらない介護サービス（{'、'.join(list(words)[:5])}"
            f"{' など' if len(words) > 5 else ''}）だけの {int(elsewhere.sum()):,} 行は、"
            "読みとばしました。"
        )
        bench.reading.rows_read -= int(elsewhere.sum())
        rows, read = rows[~elsewhere], read[~elsewhere]
    for row, found in read.items():
        for word in found.unknown:
            bench.tell(
                row,
                "kind",
                word,
                "知らない種類です。「その他の生活支援」とします。",
                severity="warning",
            )
    guessed = [_from_name(name) for name in rows["name"]]
    kinds = [found.kinds or (guess,) for found, guess in zip(read, guessed, strict=True)]
    said = read.map(lambda found: bool(found.kinds)).astype(bool)
    return rows.assign(kinds=Series(kinds, index=rows.index, dtype=object), kind_said=said)


def _from_name(name: str) -> str:
    return (service_kind(name) or ServiceKind.OTHER_HELP).value


def _placed(bench: Bench, rows: DataFrame) -> DataFrame:
    """Where its office is: at its coordinates, else at its address's town (おおよそ), else nowhere.

    A service comes to people: one whose office nobody can find is a service all the same.
    """
    rows = rows.assign(approximate=False, address_town=None)
    lost = rows["lon"].isna() & rows["address"].notna()
    found = own_towns(bench).match_address(rows.loc[lost, "address"]).dropna()
    points = bench.known(Town, only=["id", "lon", "lat"]).set_index("id")
    rows.loc[found.index, "lon"] = found.map(points["lon"]).astype(float)
    rows.loc[found.index, "lat"] = found.map(points["lat"]).astype(float)
    rows.loc[found.index, "address_town"] = found
    rows.loc[found.index, "approximate"] = True
    return rows.assign(town_id=towns_around(bench, rows))


def _services(bench: Bench, rows: DataFrame, keys: Series) -> DataFrame:
    """One line a service: column `row` is the file's. Two rows may not name the same one."""
    services = rows.assign(row=rows.index, key=keys).explode("kinds").reset_index(drop=True)
    services = services.rename(columns={"kinds": "kind_code"})
    twice = services.duplicated(["key", "kind_code"], keep=False)
    lines = services.loc[twice].drop_duplicates("row").set_index("row")
    bench.say(
        lines["name"],
        "name",
        "同じ名前・同じ種類のサービスが、このファイルのほかの行にもあります。どちらかを直してください。",
    )
    services = services[~services["row"].isin(lines.index)]
    return services.drop(columns="kind").rename(columns={"kind_code": "kind"})


def _matched(services: DataFrame, known: DataFrame) -> Series:
    """The stored service each line is: one office (事業所) may have several of one number."""
    there = known.assign(external_id=_numbered(known), naming=namings(known["name"], known["kind"]))
    ids = matched(_numbered(services), namings(services["name"], services["kind"]), there)
    return by_name_alone(services, ids, known)


def _numbered(rows: DataFrame) -> Series:
    pairs = list(zip(rows["external_id"], rows["kind"], strict=True))
    whole = Series(pairs, index=rows.index, dtype=object)
    return whole.where(rows["external_id"].notna(), None)


def _records(bench: Bench, rows: DataFrame, known: DataFrame, ids: Series) -> DataFrame:
    points = frames.stored(points_from_xy(rows["lon"], rows["lat"])).set_axis(rows.index)
    located = [*points.columns, "town_id", "approximate"]
    facts = rows[[*SAID, "areas", "town_id", "approximate"]].join(points).astype(object)
    facts.loc[rows["lon"].isna(), located] = None
    known_point = ids.isin(known.loc[known["wkb"].notna() & ~known["approximate"].eq(True), "id"])
    facts.loc[rows["approximate"] & known_point, located] = None
    facts["approximate"] = facts["approximate"].where(ids.notna(), rows["approximate"])
    facts = facts.join(search_keys(rows, ids, known))
    # What was only guessed must not overwrite what somebody knows.
    facts["kind"] = rows["kind"].where(ids.isna() | rows["kind_said"])
    facts["organization_id"] = organization_ids(bench, rows["organization"])
    facts["has_room"] = _room(facts, known, ids)
    facts["state"] = states(bench, ids)
    facts["confirmed_on"] = confirmations(bench, facts["confirmed_on"], ids, known)
    return facts.where(facts.notna(), None).assign(id=ids)


def organization_ids(bench: Bench, names: Series) -> Series:
    """The one stored organization (団体) of each name; None where there is none, or several."""
    known = bench.known(Organization, only=["id", "name"])
    keys = name_keys(known["name"].astype("str"))
    only = keys[~keys.duplicated(keep=False)]
    by_key = dict(zip(only, known.loc[only.index, "id"], strict=True))
    found = [by_key.get(key) for key in name_keys(names.astype("str"))]
    return Series(found, index=names.index, dtype=object)


def _room(facts: DataFrame, known: DataFrame, ids: Series) -> Series:
    """Whether there is room: from the figures where both are known, else as it is said."""
    stored = known.set_index("id")
    capacity, users = (
        _or_stored(facts[name], stored[name], ids)
        for name in ("capacity_people", "monthly_users_people")
    )
    figured = [
        None if pd.isna(most) or pd.isna(now) else bool(now < most)
        for most, now in zip(capacity, users, strict=True)
    ]
    said = [None if pd.isna(room) else bool(room) for room in facts["has_room"]]
    rooms = [room if room is not None else word for room, word in zip(figured, said, strict=True)]
    return Series(rooms, index=facts.index, dtype=object)


def _or_stored(said: Series, stored: Series, ids: Series) -> list[Any]:
    was = stored.to_dict()
    return [
        was.get(record) if pd.isna(value) else value
        for value, record in zip(said, ids, strict=True)
    ]


def _by_row(written: Series, rows: Series) -> Series:
    """What became of each line of the file: the most that became of any of its services."""
    rank = {"unchanged": 0, "updated": 1, "inserted": 2}
    most = written.map(rank).groupby(rows).max()
    return most.map({number: word for word, number in rank.items()})
