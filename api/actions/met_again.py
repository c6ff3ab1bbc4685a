"""Records met again in a file (同じ記録): which stored one each row is, and what that means."""

from datetime import date

from pandas import DataFrame, Series

from api.actions.importing import Bench
from api.exchange.names import name_keys


def matched(external_ids: Series, names: Series, known: DataFrame) -> Series:
    """The stored record each row is; missing for a new one.

    By the ID, else by what names it: a list with IDs and one without may hold the same records.
    Where both have an ID it alone decides, and no two rows become one stored record.

    Parameters
    ----------
    external_ids, names : keys of the rows; an ID may be missing.
    known : stored records with columns `id`, `external_id` and `naming`, keys of the same sorts.
    """
    numbered = known["external_id"].notna()
    by_id = _looked_up(external_ids, known[numbered], "external_id")
    unnumbered = _looked_up(names, known[~numbered], "naming")
    other = _looked_up(names, known[numbered], "naming").where(external_ids.isna(), None)
    by_name = unnumbered.where(unnumbered.notna(), other).where(by_id.isna(), None)
    free = ~by_name.isin(by_id.dropna()) & ~by_name.duplicated()
    return by_id.where(by_id.notna(), by_name.where(free, None))


def _looked_up(keys: Series, known: DataFrame, column: str) -> Series:
    found = dict(zip(known[column], known["id"], strict=True))
    return Series([found.get(key) for key in keys], index=keys.index, dtype=object)


def namings(names: Series, kinds: Series) -> Series:
    """What makes two records without ID one: name and kind."""
    pairs = list(zip(name_keys(names.astype("str")), kinds, strict=True))
    return Series(pairs, index=names.index, dtype=object)


def by_name_alone(rows: DataFrame, ids: Series, known: DataFrame) -> Series:
    """Rows whose kind was only guessed are the one stored record of that name."""
    stored = name_keys(known["name"].astype("str"))
    only = known.loc[~stored.duplicated(keep=False) & ~known["id"].isin(ids.dropna()), "id"]
    by_name = dict(zip(stored[only.index], only, strict=True))
    keys = name_keys(rows["name"])
    guessed = ids.isna() & ~rows["kind_said"] & rows["external_id"].isna() & ~keys.duplicated()
    return ids.where(~guessed, keys.map(by_name).astype(object))


def kept(incoming: DataFrame, known: DataFrame, whole: Series | None = None) -> DataFrame:
    """Blank facts as they are stored; a row that says 全域 has no list of areas any more."""
    stored = known.set_index("id").reindex(incoming["id"]).set_axis(incoming.index)
    names = [name for name in incoming.columns if name != "id"]
    filled = incoming.copy()
    filled[names] = incoming[names].where(incoming[names].notna(), stored[names])
    if whole is not None:
        filled.loc[whole, "areas"] = None
    return filled.where(filled.notna(), None)


def states(bench: Bench, ids: Series) -> Series:
    """--draft is about records that are new; what comes without it, is published."""
    state = "draft" if bench.order.draft else "published"
    return Series(state, index=ids.index).where(ids.isna() | (not bench.order.draft))


def confirmations(bench: Bench, said: Series, ids: Series, known: DataFrame) -> Series:
    """When each record was last confirmed: what the file says, else the file's date.

    The same file again confirms nothing new, and an older one nothing at all.
    """
    if "confirmed_on" in bench.reading.present:
        return said
    day = None if bench.seen_before else bench.reading.source.modified_on
    stored: dict[object, date | None] = dict(zip(known["id"], known["confirmed_on"], strict=True))
    newer = [_newer(day, stored.get(record)) for record in ids]
    return Series(newer, index=ids.index, dtype=object)


def _newer(day: date | None, old: date | None) -> date | None:
    return day if day and (old is None or old < day) else None
