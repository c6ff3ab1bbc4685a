"""The printed ground (紙の下地): land, water, roads, rail and borders as one SVG, without words.

Everything is told apart by lightness and stroke, so that a black-and-white copy still works.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import shapely
from geopandas import GeoDataFrame, GeoSeries
from shapely.geometry.base import BaseGeometry

from web.maps.ground import MAIN_ROADS, PARK, RAIL, RIVER, WATER, WOODS
from web.sheets.frame import MapFrame

OUTSIDE, LAND, FAR = "#e9e7e2", "#ffffff", "#f3f1ec"
SEA, GREEN, LAWN = "#c9dde8", "#dfe9d8", "#e4efda"
ROAD_EDGE, MAIN_FILL, INK, FAINT = "#a8a49b", "#ffe9b8", "#222222", "#c4c0b7"
NEAR_RING, FAR_RING = "#0b5fa5", "#4a7fa8"


@dataclass(frozen=True)
class PaperGround:
    """What the map stands on; frames in one plane zone (metres).

    `towns`, `areas`: geometry. `roads`, `landmarks`: `kind`, `name`, geometry; landmarks stand in
    the order in which people steer by them. `focus`: what the sheet is
    about. `rings`: around all places together, how far people walk in five and in ten minutes.
    """

    land: BaseGeometry | None
    focus: BaseGeometry | None
    towns: GeoDataFrame
    areas: GeoDataFrame
    roads: GeoDataFrame
    landmarks: GeoDataFrame
    rings: tuple[BaseGeometry, BaseGeometry] | None = None


def ground_svg(ground: PaperGround, frame: MapFrame, over: str = "") -> str:
    """One SVG picture, as large as the frame, in points; `over`: elements that lie on top."""
    layers = [
        _fill(frame.drawn([ground.land]) if ground.land is not None else [], LAND),
        *_faces(ground, frame),
        _aside(ground, frame),
        _line(frame.drawn(_edges(ground.towns)), FAINT, 0.5),
        *_rings(ground, frame),
        *_roads(ground, frame),
        *_rail(ground, frame),
        _line(frame.drawn(_edges(ground.areas)), "#777777", 1.1, dash="7 3 1.5 3"),
        *_focus(ground, frame),
    ]
    size = f"{frame.width_pt:.1f}", f"{frame.height_pt:.1f}"
    back = LAND if ground.land is None else OUTSIDE
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size[0]}pt" height="{size[1]}pt" '
        f'viewBox="0 0 {size[0]} {size[1]}">'
        f'<rect width="{size[0]}" height="{size[1]}" fill="{back}"/>{"".join(layers)}{over}</svg>'
    )


def _edges(shapes: GeoDataFrame) -> GeoSeries:
    there = shapes.geometry[shapes.geometry.notna()]
    return GeoSeries(there.boundary, crs=shapes.crs)


def _faces(ground: PaperGround, frame: MapFrame) -> Iterable[str]:
    areal = ground.landmarks[shapely.get_dimensions(ground.landmarks.geometry.to_numpy()) == 2]
    for kind, colour in ((WOODS, GREEN), (PARK, LAWN), (WATER, SEA)):
        yield _fill(frame.drawn(areal.geometry[areal["kind"] == kind]), colour)
    linear = ground.landmarks[shapely.get_dimensions(ground.landmarks.geometry.to_numpy()) == 1]
    yield _line(frame.drawn(linear.geometry[linear["kind"].isin([WATER, RIVER])]), SEA, 3)


def _aside(ground: PaperGround, frame: MapFrame) -> str:
    """What the sheet is not about lies behind a veil."""
    if ground.focus is None:
        return ""
    rest = shapely.difference(frame.ground.buffer(9 * frame.m_per_pt), ground.focus)
    return _fill(frame.drawn([rest]), FAR, opacity=0.62)


def _rings(ground: PaperGround, frame: MapFrame) -> Iterable[str]:
    if ground.rings is None:
        return
    near, far = (frame.drawn([ring]) for ring in ground.rings)
    yield _line(far, FAR_RING, 1.0, dash="2.5 3")
    yield _line(near, NEAR_RING, 1.1)


def _roads(ground: PaperGround, frame: MapFrame) -> Iterable[str]:
    main = ground.roads["kind"].isin(MAIN_ROADS)
    small, wide = (frame.drawn(ground.roads.geometry[rows]) for rows in (~main, main))
    yield _line(small, ROAD_EDGE, 1.6)
    yield _line(small, "#ffffff", 0.8)
    yield _line(wide, "#8a857b", 4.2)
    yield _line(wide, MAIN_FILL, 2.8)


def _rail(ground: PaperGround, frame: MapFrame) -> Iterable[str]:
    """Black and white in turn, as on every Japanese map."""
    tracks = frame.drawn(ground.landmarks.geometry[ground.landmarks["kind"] == RAIL])
    yield _line(tracks, "#333333", 3.4)
    yield _line(tracks, "#ffffff", 2.2, dash="8 8", cap="butt")


def _focus(ground: PaperGround, frame: MapFrame) -> Iterable[str]:
    if ground.focus is None:
        return
    outline = frame.drawn([shapely.boundary(ground.focus)])
    yield _line(outline, "#ffffff", 4.5)
    yield _line(outline, INK, 2.0, dash="9 4")


def _fill(paths: Iterable[str], colour: str, opacity: float = 1) -> str:
    """Each shape is a path of its own: where two lie over each other, neither is cut out."""
    drawn = "".join(f'<path d="{path}"/>' for path in paths)
    return f'<g fill="{colour}" fill-rule="evenodd" fill-opacity="{opacity}">{drawn}</g>'


def _line(
    paths: Iterable[str], colour: str, width: float, dash: str = "", cap: str = "round"
) -> str:
    drawn = "".join(paths)
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<path fill="none" stroke="{colour}" stroke-width="{width}" stroke-linejoin="round" '
        f'stroke-linecap="{"butt" if dash else cap}"{dashes} d="{drawn}"/>'
        if drawn
        else ""
    )
