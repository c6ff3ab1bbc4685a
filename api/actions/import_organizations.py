"""Import organizations (団体)."""

from pandas import DataFrame, Series

from api.actions.importing import Bench, reject_duplicates
from api.actions.met_again import (
    by_name_alone,
    confirmations,
    kept,
    matched,
    namings,
    states,
)
from api.actions.search_keys import search_keys
from api.actions.served_areas import served_areas
from api.models import Organization

FACTS = [
    "external_id", "name", "kana", "kind", "areas", "address", "phone", "url", "note",
    "confirmed_on",
]  # fmt: skip


def import_organizations(bench: Bench) -> Series:
    """Store organizations; a row met again is the same by its ID, else by name and kind."""
    rows = bench.reading.frame
    if rows.empty:
        return Series(dtype=object)
    areas, whole = served_areas(bench, rows["areas"])
    rows = rows.loc[areas.index].assign(areas=areas, whole=whole)
    known = bench.known(Organization)
    names = namings(rows["name"], rows["kind"])
    keys = rows["external_id"].where(rows["external_id"].notna(), names)
    stands = reject_duplicates(bench, keys, rows[[*FACTS, "whole"]], "name")
    rows = rows.loc[stands.unique()]
    there = known.assign(naming=namings(known["name"], known["kind"]))
    ids = matched(rows["external_id"], names.loc[rows.index], there)
    ids = by_name_alone(rows, ids, known)
    incoming = kept(_records(bench, rows, known, ids), known, rows["whole"])
    written = bench.write(Organization, incoming, known, erase=True)
    return written["status"].reindex(stands.index, fill_value="unchanged")


def _records(bench: Bench, rows: DataFrame, known: DataFrame, ids: Series) -> DataFrame:
    facts = rows[FACTS].join(search_keys(rows, ids, known)).astype(object)
    facts["kind"] = rows["kind"].where(ids.isna() | rows["kind_said"])
    facts["state"] = states(bench, ids)
    facts["confirmed_on"] = confirmations(bench, facts["confirmed_on"], ids, known)
    return facts.where(facts.notna(), None).assign(id=ids)
