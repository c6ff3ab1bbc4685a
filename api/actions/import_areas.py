"""Import areas (日常生活圏域): a list of towns per area, or polygons; any scheme beside another."""

import re
from collections.abc import Collection, Mapping
from datetime import timedelta

import shapely
from geopandas import GeoDataFrame, GeoSeries
from pandas import DataFrame, Series

from api.actions.importing import Bench, reject_duplicates
from api.actions.match_towns import match_towns
from api.actions.positions import in_metres, settle_zone
from api.exchange.problems import refuse
from api.models import Area, AreaScheme, AreaTown, Town
from api.store import frames
from geo.belonging import belongs_to
from web.words import wareki

UNFIT_FOR_ADDRESSES = re.compile(r"[/\\?#%\s]|^\.+$")


def import_areas(bench: Bench) -> Series:
    """Store the areas of one scheme and which towns belong to them."""
    codes = bench.reading.frame["area_code"]
    unfit = codes.astype(object).map(
        lambda code: isinstance(code, str) and bool(UNFIT_FOR_ADDRESSES.search(code))
    )
    unfit = unfit.astype(bool)
    bench.say(
        codes[unfit], "area_code", "圏域コードに使えない文字（/ \\ ? # % 空白）が入っています。"
    )
    bench.reading.frame = bench.reading.frame[~unfit]
    if bench.reading.frame.empty:
        return Series(dtype=object)
    if bench.reading.frame["geometry"].notna().any():
        return _import_polygons(bench)
    return _import_list(bench)


def _import_list(bench: Bench) -> Series:
    """One row a town: its area's code and name beside it (圏域コード, 圏域名, 町名)."""
    rows = bench.reading.frame
    towns = match_towns(bench, rows["town_name"], "town_name")
    rows = _reject_mixed_up(bench, rows.loc[towns.index].assign(town_id=towns))
    stands = reject_duplicates(
        bench, rows["town_id"], rows[["area_code", "area_name", "town_name"]], "town_name"
    )
    rows = rows.loc[stands.unique()]
    # Only a list says so little: its areas' borders are as approximate as the list itself.
    scheme_id = _scheme(bench)
    areas = _write_areas(bench, scheme_id, rows.assign(wkb=None, approximate=True))
    area_ids = rows["area_name"].map(areas["id"])
    assigned = _assign(bench, scheme_id, area_ids.set_axis(rows["town_id"])).set_axis(rows.index)
    status = assigned.mask(rows["area_name"].map(areas["status"]) == "updated", "updated")
    return status.reindex(stands.index, fill_value="unchanged")


def _reject_mixed_up(bench: Bench, rows: DataFrame) -> DataFrame:
    """Leave out rows whose area has two names under one code, or two codes under one name."""
    codes = rows.groupby("area_name")["area_code"].transform("nunique")
    names = rows.groupby("area_code")["area_name"].transform("nunique")
    mixed = (codes > 1) | (names > 1)
    bench.say(
        rows.loc[mixed, "area_code"],
        "area_code",
        "一つの圏域コードに名前が二つあるか、一つの圏域名にコードが二つあります。"
        "どちらかにそろえてください。",
    )
    return rows[~mixed]


def _import_polygons(bench: Bench) -> Series:
    """One row an area, or a part of one: towns belong where their representative point lies."""
    rows = _reject_mixed_up(bench, bench.reading.frame)
    shapes = GeoSeries(rows["geometry"], crs=frames.DEGREES)
    middle = shapes.representative_point()
    settle_zone(bench, middle.x, middle.y)
    parts = shapes.groupby(rows["area_name"]).agg(list)
    whole = parts.map(lambda some: shapely.normalize(shapely.union_all(some)))
    drawn = frames.stored(rows["area_name"].map(whole)).set_axis(rows.index)
    scheme_id = _scheme(bench)
    areas = _write_areas(bench, scheme_id, rows.join(drawn).assign(approximate=False))
    polygons = GeoSeries(whole[areas.index].to_numpy(), index=areas["id"], crs=frames.DEGREES)
    gained = areas["id"].isin(_assign_by_place(bench, scheme_id, polygons))
    areas["status"] = areas["status"].mask((areas["status"] == "unchanged") & gained, "updated")
    status = rows["area_name"].map(areas["status"])
    return status.mask(rows["area_name"].duplicated(), "unchanged")


def assign_new_towns(bench: Bench) -> None:
    """Put towns that are in no area yet into the area in whose polygon they lie.

    Towns may come after the areas, in any scheme. Areas known as a list wait for a new list.
    """
    areas = bench.known(Area).set_index("id")
    drawn = areas[areas["wkb"].notna() & ~areas["approximate"].astype(bool)]
    assigned = bench.known(AreaTown)
    for scheme_id in drawn["scheme_id"].unique():
        mine = drawn[drawn["scheme_id"] == scheme_id]
        polygons = GeoSeries(
            shapely.from_wkb(mine["wkb"].to_numpy()), index=mine.index, crs=frames.DEGREES
        )
        there = assigned.loc[assigned["scheme_id"] == scheme_id, "town_id"]
        _assign_by_place(bench, scheme_id, polygons, but=there)


def _assign_by_place(
    bench: Bench, scheme_id: int, polygons: GeoSeries, *, but: Collection[int] = ()
) -> set[int]:
    """Put towns where they lie (index of `polygons`: area id); the areas that gained one."""
    towns = bench.known(Town, only=["id", "lon", "lat"]).set_index("id")
    towns = towns[~towns.index.isin(list(but))]
    if towns.empty:
        return set()
    shapes = GeoDataFrame(geometry=polygons.to_crs(bench.tenant.zone))
    holder = belongs_to(in_metres(bench, towns), shapes).dropna()
    return set(holder[_assign(bench, scheme_id, holder) != "unchanged"])


def _write_areas(bench: Bench, scheme_id: int, rows: DataFrame) -> DataFrame:
    """Store one area per name, in file order; columns `id`, `status`, indexed by area name.

    A stored area is met again by its code, else by its name.
    """
    code_of = rows.groupby("area_name")["area_code"].first()
    areas = rows.drop_duplicates("area_name").set_index("area_name", drop=False)
    areas["area_code"] = code_of
    known = bench.known(Area)
    known = known[known["scheme_id"] == scheme_id]
    by_name = known.drop_duplicates("name").set_index("name")
    kept = _codes_of_series(bench, scheme_id) | by_name["code"].to_dict()
    codes = areas["area_code"].astype(object).fillna(areas["area_name"].map(kept).astype(object))
    fresh = [f"{bench.tenant.code}-{n}" for n in range(1, len(areas) + len(known) + 1)]
    free = iter([code for code in fresh if code not in {*codes.dropna(), *known["code"]}])
    codes = codes.map(lambda code: code if isinstance(code, str) else next(free))
    ids = codes.map(known.set_index("code")["id"]).astype(object)
    named = areas["area_name"].map(by_name["id"])
    ids = ids.fillna(named.where(~named.isin(ids)))
    incoming = DataFrame(
        {
            "id": ids.where(ids.notna(), None),
            "scheme_id": scheme_id,
            "code": codes,
            "name": areas["area_name"],
            "rank": range(1, len(areas) + 1),
            "approximate": areas["approximate"],
            **{column: areas[column] for column in ("wkb", *frames.BBOX) if column in areas},
        },
        dtype=object,
    )
    return bench.write(Area, incoming, known)


def _codes_of_series(bench: Bench, scheme_id: int) -> dict[str, str]:
    """Codes by name in all versions of a scheme: an area keeps its code when areas are redrawn."""
    schemes = bench.known(AreaScheme)
    series = schemes.set_index("id")["series"]
    same = schemes.loc[schemes["series"] == series[scheme_id], "id"]
    areas = bench.known(Area)
    areas = areas[areas["scheme_id"].isin(same)]
    return dict(zip(areas["name"], areas["code"], strict=True))


def _scheme(bench: Bench) -> int:
    """The scheme the areas are of; with a first day (`valid_from`) a new version of it."""
    name, first = bench.order.scheme, bench.order.valid_from
    known = bench.known(AreaScheme)
    same = known[known["name"] == name]
    if same.empty:
        values = {"id": None, "name": name, "series": name, "valid_from": first}
        return _write_scheme(bench, values, known)
    current = same.iloc[0]
    if first is None or first == current["valid_from"]:
        return int(current["id"])
    if current["valid_from"] is not None and first < current["valid_from"]:
        raise refuse(
            bench.reading.source.file,
            f"「{name}」には、{wareki(current['valid_from'])}からの区域がもうあります。"
            "それより後の日を指定してください。",
        )
    last = first - timedelta(days=1)
    old = {"id": current["id"], "name": f"{name}（{wareki(last)}まで）", "valid_to": last}
    _write_scheme(bench, old, known)
    values = {"id": None, "name": name, "series": current["series"] or name, "valid_from": first}
    return _write_scheme(bench, values, known)


def _write_scheme(bench: Bench, values: Mapping[str, object], known: DataFrame) -> int:
    incoming = DataFrame([values], dtype=object)
    return int(bench.write(AreaScheme, incoming, known)["id"].iloc[0])


def _assign(bench: Bench, scheme_id: int, area_of: Series) -> Series:
    """Put towns (index) into areas (values) of the scheme; what became of each, by town."""
    known = bench.known(AreaTown)
    known = known[known["scheme_id"] == scheme_id]
    towns = Series(area_of.index, index=area_of.index)
    incoming = DataFrame(
        {
            "id": towns.map(known.set_index("town_id")["id"]),
            "scheme_id": scheme_id,
            "area_id": area_of,
            "town_id": towns,
        },
        dtype=object,
    )
    return bench.write(AreaTown, incoming, known)["status"]
