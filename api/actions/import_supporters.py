"""Import supporters (担い手). Of where somebody lives only the town is kept, never the house."""

from pandas import DataFrame, Series

from api.actions.import_services import organization_ids
from api.actions.importing import Bench, reject_duplicates
from api.actions.match_towns import own_towns
from api.actions.met_again import confirmations, matched
from api.actions.search_keys import search_keys
from api.actions.served_areas import served_areas
from api.exchange.names import name_keys
from api.models import Supporter
from api.store import frames
from api.store.visible import Viewer, visible

SAID = [
    "external_id", "name", "kana", "phone", "email", "skills", "weekdays", "hours", "trainings",
    "status", "registered_on", "confirmed_on",
]  # fmt: skip
REGISTRAR = Viewer("import", frozenset({"public", "office", "personal"}), drafts=True)
"""Whoever brings a list of people: the import must know whom it meets again. Shows nobody."""
NO_TOWN = (
    "住んでいる町が分かりません。町名を町の一覧のとおりに書くか、手伝える圏域を入れてください。"
)


def import_supporters(bench: Bench) -> Series:
    """Store supporters; a row met again is the same person by ID, else by name and town."""
    rows = bench.reading.frame
    if rows.empty:
        return Series(dtype=object)
    if bench.order.draft:
        bench.notes.append("担い手が公開されることはないので、--draft は使いません。")
    areas, _ = served_areas(bench, rows["areas"])
    rows = _with_towns(bench, rows.loc[areas.index].assign(areas=areas))
    known = frames.read(bench.session, visible(Supporter, REGISTRAR, bench.tenant.code))
    names = _namings(rows)
    keys = rows["external_id"].where(rows["external_id"].notna(), names)
    content = rows[[*SAID, "areas", "town_id", "organization", "note"]]
    stands = reject_duplicates(bench, keys, content, "name")
    rows = rows.loc[stands.unique()]
    there = known.assign(naming=_namings(known))
    ids = matched(rows["external_id"], names.loc[rows.index], there)
    written = bench.write(Supporter, _records(bench, rows, known, ids), known)
    return written["status"].reindex(stands.index, fill_value="unchanged")


def _with_towns(bench: Bench, rows: DataFrame) -> DataFrame:
    """The rows with the town somebody lives in, and from here on without their address.

    Messages leave out what was read: it may be a house number.
    """
    towns = own_towns(bench)
    found = towns.match(rows["town"])
    for column in ("town", "address"):
        found = found.where(found.notna(), towns.match_address(rows[column]))
    told = "town" if "town" in bench.reading.columns else "address"
    lost = rows.index[found.isna() & rows["areas"].isna()]
    bench.say(Series("", index=lost), told, NO_TOWN)
    doubtful = found.isna() & (rows["town"].notna() | rows["address"].notna())
    bench.say(
        Series("", index=rows.index[doubtful].difference(lost)),
        told,
        "町が見つからないので、町は空けておきます。手伝える圏域から担当者が見られます。",
        severity="warning",
    )
    return rows.assign(town_id=found).drop(columns=["town", "address"]).drop(index=lost)


def _namings(rows: DataFrame) -> Series:
    """What makes two rows without ID one person: name and town."""
    towns = rows["town_id"].astype(object).where(rows["town_id"].notna(), None)
    pairs = list(zip(name_keys(rows["name"].astype("str")), towns, strict=True))
    return Series(pairs, index=rows.index, dtype=object)


def _records(bench: Bench, rows: DataFrame, known: DataFrame, ids: Series) -> DataFrame:
    facts = rows[[*SAID, "areas", "town_id"]].astype(object)
    facts["organization_id"] = organization_ids(bench, rows["organization"])
    facts["note"] = _notes(rows, facts["organization_id"])
    facts["status"] = facts["status"].where(facts["status"].notna() | ids.notna(), "active")
    facts["office_find_key"] = search_keys(rows, ids, known)["office_find_key"]
    facts["confirmed_on"] = confirmations(bench, facts["confirmed_on"], ids, known)
    return facts.where(facts.notna(), None).assign(id=ids)


def _notes(rows: DataFrame, organization_ids: Series) -> Series:
    """The note; a group that is in no register of ours is kept there by name."""
    groups = "所属: " + rows["organization"].where(organization_ids.isna())
    notes = rows["note"]
    return (notes + "\u3000" + groups).fillna(notes).fillna(groups)
