"""Print the map residents take home (配る地図): numbered places, and the list keyed to them."""

import numpy as np
import pandas as pd
from geopandas import GeoDataFrame, GeoSeries

from api.actions.load_sheet import Focus, SheetLand, about, focus_on, places_of
from api.actions.sheet_words import Order, SheetOrder, cover, place_entry
from api.models.kinds import PLACE_KIND_LABELS
from api.store import frames
from web.sheets.ground_svg import PaperGround
from web.sheets.map_sheet import MapContent, map_pdf
from web.sheets.sheet import Cover, Entry
from web.words import WEEKDAYS

ROWS = 7
"""In the order of the map, numbers run in so many rows from north to south, each from the west."""


def print_map(land: SheetLand, order: SheetOrder) -> bytes:
    """The printed map as PDF.

    Raises
    ------
    NoSuchArea, NoSuchTown, NoLandYet, NoRoom
    """
    focus = focus_on(land, order.area, order.towns)
    said = cover(land, focus, order, "通いの場マップ", "歩いて行ける、集まれる場所です。")
    content = map_content(land, focus, _ordered(places_of(land, focus), order.order), said)
    return map_pdf(content, order.paper, order.sides)


def map_content(land: SheetLand, focus: Focus, places: GeoDataFrame, said: Cover) -> MapContent:
    """A map of `places`, numbered in their order; those without a point come last, without one.

    Raises
    ------
    NoLandYet
    """
    placed = places[places.geometry.notna()]
    kinds = set(placed["kind"])
    return MapContent(
        cover=said,
        about=about(focus, placed),
        ground=PaperGround(
            land.tenant.land(), focus.shape, land.towns, land.areas, land.roads, land.landmarks
        ),
        points=GeoSeries(placed.geometry),
        entries=numbered_entries(land, places),
        kinds={k.value: label for k, label in PLACE_KIND_LABELS.items() if k.value in kinds},
        walk_m_per_min=land.tenant.walk_m_per_min,
        remarks=_remarks(land, focus),
    )


def numbered_entries(land: SheetLand, places: GeoDataFrame) -> list[Entry]:
    """An entry for each place, numbered in their order; those without a point come last."""
    pointless = places.geometry.isna()
    ordered = pd.concat([places[~pointless], places[pointless]]).drop(columns="geometry")
    last = len(places) - int(pointless.sum())
    return [
        place_entry(land, row, number if number <= last else None)
        for number, (_, row) in enumerate(frames.each(ordered), start=1)
    ]


def in_map_order(land: SheetLand, focus: Focus) -> GeoDataFrame:
    """The places of a sheet in the order in which its map numbers them."""
    return _ordered(places_of(land, focus), "map")


def _ordered(places: GeoDataFrame, order: Order) -> GeoDataFrame:
    """In the order of the week: first day, then hour; in that of the map: row by row."""
    if order == "week":
        days = places["weekdays"].map(lambda days: WEEKDAYS.index(days[0]) if days else 7)
        hours = places["opens_at"].fillna("99:99")
        return places.iloc[np.lexsort((places["name"], hours, days))]
    there = places[places.geometry.notna()]
    if there.empty:
        return places
    _, south, _, north = there.total_bounds
    row = ((north - there.geometry.y) / max(north - south, 1) * ROWS).clip(upper=ROWS - 1)
    rank = np.lexsort((there.geometry.x, row.astype(int)))
    return places.loc[[*there.index[rank], *places.index[places.geometry.isna()]]]


def _remarks(land: SheetLand, focus: Focus) -> tuple[str, ...]:
    said = []
    if land.roads.empty:
        said.append("道路のデータがないため、道はえがいていません。")
    rough = {"圏域": land.areas, "町": land.towns}
    if borders := [word for word, of in rough.items() if bool(of["approximate"].any())]:
        said.append(f"{'と'.join(borders)}の境はおおよそです。")
    if focus.is_part:
        said.append("町から歩いて20分ほどまでの場所をのせています。")
    if land.credits:
        said.append(f"出典：{'、'.join(land.credits)}")
    return tuple(said)
