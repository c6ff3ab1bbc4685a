"""Import areas (日常生活圏域): a list of towns per area, or polygons; any scheme beside another."""

import shapely
from geopandas import GeoDataFrame, GeoSeries
from pandas import DataFrame, Series
from sqlalchemy import Table, insert

from api.actions.importing import Bench, reject_duplicates
from api.actions.match_towns import match_towns
from api.actions.positions import in_metres, settle_zone
from api.models import Area, AreaScheme, AreaTown, Town
from api.store import frames
from geo.belonging import belongs_to


def import_areas(bench: Bench) -> Series:
    """Store the areas of one scheme and which towns belong to them."""
    if bench.reading.frame.empty:
        return Series(dtype=object)
    if bench.reading.frame["geometry"].notna().any():
        return _import_polygons(bench)
    return _import_list(bench)


def _import_list(bench: Bench) -> Series:
    """One row a town: its area's code and name beside it (圏域コード, 圏域名, 町名)."""
    rows = bench.reading.frame
    towns = match_towns(bench, rows["town_name"], "town_name")
    rows = rows.loc[towns.index].assign(town_id=towns)
    stands = reject_duplicates(
        bench, rows["town_id"], rows[["area_code", "area_name", "town_name"]], "town_name"
    )
    rows = rows.loc[stands.unique()]
    # Only a list says so little: its areas' borders are as approximate as the list itself.
    areas = _write_areas(bench, rows.assign(wkb=None, approximate=True))
    area_ids = rows["area_name"].map(areas["id"])
    assigned = _assign(bench, area_ids.set_axis(rows["town_id"])).set_axis(rows.index)
    status = assigned.mask(rows["area_name"].map(areas["status"]) == "updated", "updated")
    return status.reindex(stands.index, fill_value="unchanged")


def _import_polygons(bench: Bench) -> Series:
    """One row an area, or a part of one: towns belong where their representative point lies."""
    rows = bench.reading.frame
    shapes = GeoSeries(rows["geometry"], crs=frames.DEGREES)
    middle = shapes.representative_point()
    settle_zone(bench, middle.x, middle.y)
    parts = shapes.groupby(rows["area_name"]).agg(list)
    whole = parts.map(lambda some: shapely.normalize(shapely.union_all(some)))
    drawn = frames.stored(rows["area_name"].map(whole)).set_axis(rows.index)
    areas = _write_areas(bench, rows.join(drawn).assign(approximate=False))
    polygons = GeoDataFrame(
        geometry=GeoSeries(whole, crs=frames.DEGREES).to_crs(bench.tenant.zone)
    ).loc[areas.index]
    towns = bench.known(Town, only=["id", "lon", "lat"]).set_index("id")
    if len(towns):
        holder = belongs_to(in_metres(bench, towns), polygons).dropna()
        _assign(bench, holder.map(areas["id"]))
    status = rows["area_name"].map(areas["status"])
    return status.mask(rows["area_name"].duplicated(), "unchanged")


def _write_areas(bench: Bench, rows: DataFrame) -> DataFrame:
    """Store one area per name, in file order; columns `id`, `status`, indexed by area name."""
    scheme_id = _scheme(bench)
    areas = rows.drop_duplicates("area_name").set_index("area_name", drop=False)
    known = bench.known(Area)
    known = known[known["scheme_id"] == scheme_id]
    codes = areas["area_code"].fillna(areas["area_name"].map(known.set_index("name")["code"]))
    fresh = [f"{bench.tenant.code}-{n}" for n in range(1, len(areas) + len(known) + 1)]
    free = iter([code for code in fresh if code not in {*codes.dropna(), *known["code"]}])
    codes = codes.map(lambda code: code if isinstance(code, str) else next(free))
    incoming = DataFrame(
        {
            "id": codes.map(known.set_index("code")["id"]),
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


def _scheme(bench: Bench) -> int:
    name = bench.order.scheme
    known = bench.known(AreaScheme, only=["id", "name"])
    found = known.loc[known["name"] == name, "id"]
    if len(found):
        return int(found.iloc[0])
    table: Table = AreaScheme.__table__  # type: ignore[attr-defined]
    new = insert(table).values(municipality_code=bench.tenant.code, name=name)
    (number,) = bench.session.connection().execute(new).inserted_primary_key or (0,)
    return int(number)


def _assign(bench: Bench, area_of: Series) -> Series:
    """Put towns (index) into areas (values) of the scheme; what became of each, by town."""
    scheme_id = _scheme(bench)
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
