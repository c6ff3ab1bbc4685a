"""The ground of the map: what stays while questions change. Land, towns, areas, roads, water."""

from typing import Any

import pandas as pd
from geopandas import GeoDataFrame, GeoSeries
from shapely.geometry.base import BaseGeometry

from web.maps.encode import encode_points, encode_shapes, simplified, thinned

FINE_M = 4.0
"""How far a drawn border may lie from the true one: a pixel at the closest zoom people use."""
WATER, WOODS, RAIL, RIVER = "水面", "山林", "鉄道", "川"
PARK = "公園"
FACES = {WATER: "water", WOODS: "woods", PARK: "park"}
MAIN_ROADS = {"国道", "県道", "主要道", "motorway", "trunk", "primary", "secondary", "tertiary"}


def ground(
    land: BaseGeometry | None,
    towns: GeoDataFrame,
    cells: GeoSeries,
    areas: GeoDataFrame,
    roads: GeoDataFrame,
    landmarks: GeoDataFrame,
) -> dict[str, Any]:
    """Everything the map stands on, ready for JSON; all frames in one plane zone (metres).

    `towns` (index: id) and `areas` (index: id): `name`, `approximate`, geometry. `cells` (index:
    record id): mesh cells where people are known by mesh. `roads`, `landmarks`: `kind`, `name`.
    """
    drawn = towns[towns.geometry.notna()]
    outlines = areas[areas.geometry.notna()]
    border = thinned(GeoSeries([land] if land is not None else [], crs=towns.crs), FINE_M)
    return {
        "land": encode_shapes(border),
        "towns": {
            "id": [int(number) for number in drawn.index],
            "name": drawn["name"].tolist(),
            "shape": encode_shapes(simplified(drawn.geometry, FINE_M)),
        },
        "cells": {"id": [int(number) for number in cells.index], "shape": encode_shapes(cells)},
        "areas": {
            "id": [int(number) for number in outlines.index],
            "code": outlines["code"].tolist(),
            "name": outlines["name"].tolist(),
            "shape": encode_shapes(simplified(outlines.geometry, FINE_M)),
            "label": _pairs(outlines.representative_point()),
        },
        "roads": _lines(roads, roads["kind"].isin(MAIN_ROADS)),
        "faces": _faces(landmarks),
        "rivers": _lines(landmarks, landmarks["kind"] == RIVER)["main"],
        "rail": _lines(landmarks, landmarks["kind"] == RAIL)["main"],
        "marks": _marks(landmarks),
    }


def _lines(frame: GeoDataFrame, main: "pd.Series[bool]") -> dict[str, list[Any]]:
    """Lines in two weights: those people steer by, and the rest."""
    lines = thinned(GeoSeries(frame.geometry), FINE_M)
    linear = frame.geom_type.isin(["LineString", "MultiLineString"])
    return {
        "main": encode_shapes(GeoSeries(lines[main & linear])),
        "small": encode_shapes(GeoSeries(lines[~main & linear])),
    }


def _faces(landmarks: GeoDataFrame) -> dict[str, list[Any]]:
    areal = landmarks[landmarks.geom_type.isin(["Polygon", "MultiPolygon"])]
    return {
        key: encode_shapes(thinned(GeoSeries(areal[areal["kind"] == kind].geometry), FINE_M))
        for kind, key in FACES.items()
    }


def _marks(landmarks: GeoDataFrame) -> list[list[Any]]:
    """Points with a name: kind, name, longitude, latitude."""
    points = landmarks[(landmarks.geom_type == "Point") & landmarks["name"].notna()]
    return [
        [kind, name, *pair]
        for kind, name, pair in zip(
            points["kind"], points["name"], _pairs(points.geometry), strict=True
        )
    ]


def _pairs(points: GeoSeries) -> list[list[float]]:
    lon, lat = encode_points(points)
    absolute = pd.DataFrame({"lon": lon, "lat": lat}).cumsum() / 100_000
    return absolute.to_numpy().tolist()
