"""Import what people walk on and steer by: roads and landmarks (道路・目印)."""

import shapely
from pandas import Series
from sqlmodel import SQLModel

from api.actions.importing import Bench
from api.models import Landmark, Road
from api.store import frames


def import_roads(bench: Bench) -> Series:
    """Store roads (道路); one and the same line twice is one road."""
    return _import_shapes(bench, Road)


def import_landmarks(bench: Bench) -> Series:
    """Store landmarks (目印): points, lines and faces."""
    return _import_shapes(bench, Landmark)


def _import_shapes(bench: Bench, model: type[SQLModel]) -> Series:
    """A shape with its kind and name is what it is: there is no other identity."""
    rows = bench.reading.frame
    drawn = frames.stored(shapely.normalize(rows["geometry"].to_numpy())).set_axis(rows.index)
    columns = rows[["kind", "name"]].join(drawn).astype(object)
    columns = columns.where(columns.notna(), None)
    if model is Landmark:
        columns["kind"] = columns["kind"].fillna("その他")
    known = bench.known(model)
    stored = dict(
        zip(zip(known["wkb"], known["kind"], known["name"], strict=True), known["id"], strict=True)
    )
    key = columns[["wkb", "kind", "name"]].apply(tuple, axis=1)
    first = columns[~key.duplicated()]
    incoming = first.assign(id=key[first.index].map(stored).astype(object))
    written = bench.write(model, incoming.where(incoming.notna(), None), known)
    return written["status"].reindex(rows.index, fill_value="unchanged")
