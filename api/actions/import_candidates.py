"""Import candidates (候補地): lists of facilities, schools, care sites and shops, as published."""

from pandas import DataFrame, Series

from api.actions.import_places import external_ids_of, names_and_towns, with_points
from api.actions.importing import Bench, reject_duplicates
from api.actions.met_again import kept, matched, states
from api.actions.positions import reject_far_rows, settle_zone, towns_around
from api.exchange.candidate_kinds import candidate_kind_from_name, candidate_kind_from_text
from api.models import Candidate

FACTS = ["external_id", "name", "address", "capacity_people", "note"]
LOCATED = ["lon", "lat", "town_id", "approximate"]


def import_candidates(bench: Bench) -> Series:
    """Store candidates; a row met again is the same one by its ID, else by its name and town."""
    rows = bench.reading.frame
    if rows.empty:
        return Series(dtype=object)
    known = bench.known(Candidate)
    there = known.assign(min_lon=known["lon"], min_lat=known["lat"])
    settle_zone(bench, rows["lon"], rows["lat"])
    rows = rows.assign(external_id=external_ids_of(rows))
    rows = reject_far_rows(bench, with_points(bench, rows, there))
    said = _kinds_said(bench, rows)
    rows = rows.assign(
        kind=said.fillna(candidate_kind_from_name(rows["name"])).fillna("other"),
        kind_said=said.notna(),
        town_id=towns_around(bench, rows),
    )
    names = names_and_towns(rows)
    keys = rows["external_id"].where(rows["external_id"].notna(), names)
    stands = reject_duplicates(bench, keys, rows[[*FACTS, "kind", "lon", "lat"]], "name")
    rows = rows.loc[stands.unique()]
    ids = matched(
        rows["external_id"], names.loc[rows.index], there.assign(naming=names_and_towns(there))
    )
    written = bench.write(Candidate, _records(bench, rows, known, ids), known, erase=True)
    return written["status"].reindex(stands.index, fill_value="unchanged")


def _kinds_said(bench: Bench, rows: DataFrame) -> Series:
    """The kind its column or --set says; the name decides about the others."""
    said = candidate_kind_from_text(rows["kind"])
    bench.say(
        rows.loc[rows["kind"].notna() & said.isna(), "kind"],
        "kind",
        "知らない種類です。名前から決めるか、「その他」とします。",
        severity="warning",
    )
    return said


def _records(bench: Bench, rows: DataFrame, known: DataFrame, ids: Series) -> DataFrame:
    facts = rows[[*FACTS, *LOCATED]].astype(object)
    facts["state"] = states(bench, ids)
    # What was only guessed must not overwrite what somebody knows.
    facts["kind"] = rows["kind"].where(ids.isna() | rows["kind_said"])
    known_point = ids.isin(known.loc[~known["approximate"].astype(bool), "id"])
    facts.loc[rows["approximate"] & known_point, LOCATED] = None
    facts = facts.where(facts.notna(), None).assign(id=ids)
    return kept(facts, known)
