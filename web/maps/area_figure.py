"""A small map of the areas (圏域の図): one look and a few words for each, drawn without scripts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import shapely
import shapely.affinity
from geopandas import GeoDataFrame
from shapely.geometry.base import BaseGeometry

from web.maps.encode import simplified

WIDTH, MARGIN = 720.0, 8.0
"""Units of the drawing; the page scales it to its own width."""
PIXEL = 1.0


@dataclass(frozen=True)
class FigureArea:
    """One area of the figure: its outline as an SVG path, and where its words stand."""

    path: str
    x: float
    y: float
    name: str
    words: str
    look: str


@dataclass(frozen=True)
class Figure:
    """The whole figure, for `pages/area_figure.html`."""

    width: float
    height: float
    areas: list[FigureArea]


def area_figure(areas: GeoDataFrame, said: Mapping[str, tuple[str, str]]) -> Figure | None:
    """Draw `areas` (metres; columns `code`, `name`) with the look and words `said` of each code.

    North is up. None where no area has an outline.
    """
    drawn = areas[areas.geometry.notna() & ~areas.geometry.is_empty]
    if drawn.empty:
        return None
    west, south, east, north = drawn.total_bounds
    scale = (WIDTH - 2 * MARGIN) / max(east - west, north - south)
    shapes = simplified(drawn.geometry, PIXEL / scale)
    onto = [scale, 0, 0, -scale, MARGIN - west * scale, MARGIN + north * scale]
    figures = []
    for code, name, shape in zip(drawn["code"], drawn["name"], shapes, strict=True):
        look, words = said.get(code, ("none", ""))
        flat = shapely.affinity.affine_transform(shape, onto)
        x, y = _middle(flat)
        figures.append(FigureArea(_path(flat), x, y, name, words, look))
    return Figure(
        width=round((east - west) * scale + 2 * MARGIN, 1),
        height=round((north - south) * scale + 2 * MARGIN, 1),
        areas=figures,
    )


def _middle(shape: BaseGeometry) -> tuple[float, float]:
    """The point deepest inside the largest part: words stand there with most room."""
    largest = max(shapely.get_parts(shape), key=lambda part: float(part.area))
    x, y = shapely.get_coordinates(shapely.maximum_inscribed_circle(largest, tolerance=2))[0]
    return round(float(x), 1), round(float(y), 1)


def _path(shape: BaseGeometry) -> str:
    return "".join(_rings(shapely.get_rings(shapely.get_parts(shape))))


def _rings(rings: Iterable[BaseGeometry]) -> Iterable[str]:
    for ring in rings:
        points = shapely.get_coordinates(ring).round(1)
        yield "M" + "L".join(f"{x:g} {y:g}" for x, y in points[:-1]) + "Z"
