"""Import towns (町丁・字): polygons, or points that `redraw` gives approximate shapes."""

import shapely
from geopandas import GeoSeries
from pandas import DataFrame, Series

from api.actions.import_areas import assign_new_towns
from api.actions.importing import Bench
from api.actions.positions import reject_far_rows, settle_zone
from api.exchange.names import name_keys
from api.models import Population, Town
from api.store import frames


def import_towns(bench: Bench) -> Series:
    """Store one town per name; rows of one town (小字, parts with one KEY_CODE) become one."""
    rows = _with_points(bench.reading.frame)
    settle_zone(bench, rows["lon"], rows["lat"])
    rows = reject_far_rows(bench, rows)
    rows = rows.assign(name_key=_keys(bench, rows))
    rows = _reject_placeless(bench, rows)
    towns = _one_per_town(rows)
    known = bench.known(Town)
    towns["id"] = towns["name_key"].map(known.set_index("name_key")["id"]).astype(object)
    # A file of points does not take away the polygon another file brought.
    towns.loc[towns["id"].notna() & towns["wkb"].isna(), "approximate"] = None
    written = bench.write(Town, towns, known)
    status = rows["name_key"].map(written["status"].set_axis(towns["name_key"]))
    counted = _write_people(bench, rows, written["id"].set_axis(towns["name_key"]))
    assign_new_towns(bench)
    newly = rows["name_key"].isin(counted.index[counted != "unchanged"])
    return status.mask((status == "unchanged") & newly, "updated")


def _with_points(frame: DataFrame) -> DataFrame:
    """Rows with a representative point: the file's, or one inside the polygon."""
    shapes = GeoSeries(frame["geometry"], crs=frames.DEGREES)
    inside = shapes.representative_point()
    return frame.assign(
        lon=frame["lon"].astype(float).fillna(inside.x),
        lat=frame["lat"].astype(float).fillna(inside.y),
    )


def _keys(bench: Bench, rows: DataFrame) -> Series:
    """What makes rows one town: its name, and for parts of a KEY_CODE that code's first name."""
    keys = name_keys(rows["name"], bench.tenant.name, bench.tenant.prefecture)
    coded = rows["key_code"].notna()
    keys[coded] = keys[coded].groupby(rows.loc[coded, "key_code"]).transform("first")
    return keys


def _reject_placeless(bench: Bench, rows: DataFrame) -> DataFrame:
    """Leave out towns none of whose rows has a point or a polygon."""
    placed = rows.groupby("name_key")["lon"].transform("count") > 0
    bench.say(
        rows.loc[~placed, "name"],
        "name",
        "この町には代表点（緯度・経度）も形もありません。緯度・経度を入れるか、行を除いてください。",
    )
    return rows[placed]


def _one_per_town(rows: DataFrame) -> DataFrame:
    """A town for each key: its polygon whole, the point of its own row before those of its 小字."""
    own_first = rows.sort_values("koaza", key=lambda k: k.notna(), kind="stable")
    by_town = own_first.groupby("name_key", sort=False)
    towns = by_town[["name", "key_code", "lon", "lat"]].first()
    places = rows["lon"].round(6).astype(str) + " " + rows["lat"].round(6).astype(str)
    towns["points"] = places.groupby(rows["name_key"]).agg(lambda p: ";".join(dict.fromkeys(p)))
    shapes = rows.dropna(subset="geometry").groupby("name_key")["geometry"].agg(list)
    whole = shapes.map(lambda parts: shapely.normalize(shapely.union_all(parts)))
    drawn = frames.stored(
        whole.reindex(towns.index).astype(object).where(lambda s: s.notna(), None)
    )
    towns = towns.reset_index().join(drawn)
    towns["approximate"] = towns["wkb"].isna()
    return towns.astype(object).where(towns.notna(), None)


def _write_people(bench: Bench, rows: DataFrame, ids: Series) -> Series:
    """People that stand in the file of towns itself (e-Stat's JINKO): totals without ages.

    Returns
    -------
    What became of each town's record, by its name key.
    """
    people = (
        rows.dropna(subset="people").groupby("name_key")[["people", "households"]].sum(min_count=1)
    )
    if people.empty:
        return Series(dtype=object)
    records = DataFrame(
        {
            "town_id": Series(people.index, dtype=object).map(ids),
            "survey_date": bench.reading.survey_date,
            "people": people["people"].astype("Int64").to_numpy(dtype=object),
            "households": people["households"].astype("Int64").to_numpy(dtype=object),
        },
        dtype=object,
    )
    known = bench.known(Population)
    same = known[known["survey_date"].map(lambda d: d == bench.reading.survey_date).astype(bool)]
    records["id"] = records["town_id"].map(same.set_index("town_id")["id"]).astype(object)
    written = bench.write(Population, records.where(records.notna(), None), known)
    bench.notes.append(
        f"町の人口 {int(people['people'].sum()):,} 人も取り込みました（年齢別はありません）。"
    )
    return written["status"].set_axis(people.index)
