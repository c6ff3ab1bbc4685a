"""The figure of a scenario (計画案の図): one map of before and after, as SVG for page and paper.

Towns that gain are striped one way, those that lose another; places that stay are dots, added ones
carry their number in a square, closed ones a cross, moved ones an arrow: a grey copy tells them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

import shapely
from geopandas import GeoDataFrame, GeoSeries
from shapely.geometry.base import BaseGeometry

WIDTH = 720.0
MARGIN = 8.0
INK, SOFT, BLUE, RED, GREEN = "#2b2722", "#8d8374", "#0b5fa5", "#b53a09", "#1d6b3a"
FACE = "BIZ UDPGothic, Noto Sans CJK JP, sans-serif"
PATTERNS = (
    f'<pattern id="gain" width="9" height="9" patternUnits="userSpaceOnUse" '
    f'patternTransform="rotate(45)"><rect width="9" height="9" fill="#e3f1e4"/>'
    f'<rect width="3" height="9" fill="{GREEN}"/></pattern>'
    f'<pattern id="loss" width="9" height="9" patternUnits="userSpaceOnUse">'
    f'<rect width="9" height="9" fill="#fdf1ea"/>'
    f'<path d="M0 0L9 9M9 0L0 9" stroke="{RED}" stroke-width="1.6"/></pattern>'
)

At = Callable[[BaseGeometry], tuple[float, float]]
Path = Callable[[BaseGeometry | None], str]


@dataclass(frozen=True)
class PlanPlaces:
    """Points in the plane zone: places that stay, those closed, moved (from, to), added."""

    stay: GeoSeries
    closed: GeoSeries
    moved: Sequence[tuple[BaseGeometry, BaseGeometry]]
    added: GeoSeries


def plan_figure(
    land: BaseGeometry | None,
    areas: GeoDataFrame,
    towns: GeoDataFrame,
    places: PlanPlaces,
    *,
    reach_m: float | None,
    title: str,
) -> str:
    """An SVG of its own, `WIDTH` wide; everything in metres of one plane zone.

    Parameters
    ----------
    land : the municipality; None: as far as the towns go.
    areas : `name`, geometry.
    towns : `gained` (persons, negative: lost), geometry.
    reach_m : radius of the circles around added places; None: no circles (along roads).
    """
    shapes = [land] if land is not None else list(towns.geometry.dropna())
    west, south, east, north = shapely.total_bounds(shapes)
    scale = (WIDTH - 2 * MARGIN) / max(east - west, 1.0)
    height = (north - south) * scale + 2 * MARGIN

    def at(shape: BaseGeometry) -> tuple[float, float]:
        x, y = shapely.get_x(shape), shapely.get_y(shape)
        return MARGIN + (x - west) * scale, MARGIN + (north - y) * scale

    def path(shape: BaseGeometry | None) -> str:
        if shape is None or shape.is_empty:
            return ""
        moved = shapely.transform(
            shape.simplify(1 / scale), lambda xy: (xy - [west, north]) * [scale, -scale] + MARGIN
        )
        rings = shapely.get_rings(shapely.get_parts(moved))
        return "".join(
            "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in shapely.get_coordinates(ring)) + "Z"
            for ring in rings
        )

    body = [
        f'<path d="{path(land)}" fill="#fdfaf3" stroke="{INK}" stroke-width="1.6"/>',
        *_towns(towns, path),
        *(f'<path d="{path(s)}" fill="none" stroke="{SOFT}"/>' for s in areas.geometry),
        *_reach(places.added, reach_m, scale, at),
        *_signs(places, at),
        *_names(areas, at),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:.0f} {height:.0f}" '
        f'role="img" aria-label="{escape(title)}" font-family="{FACE}">'
        f"<title>{escape(title)}</title><defs>{PATTERNS}</defs>{''.join(body)}</svg>"
    )


def _towns(towns: GeoDataFrame, path: Path) -> list[str]:
    return [
        f'<path d="{path(shape)}" fill="url(#{"gain" if gained > 0 else "loss"})" '
        f'stroke="{GREEN if gained > 0 else RED}" stroke-width="0.8"/>'
        for shape, gained in zip(towns.geometry, towns["gained"], strict=True)
        if shape is not None
    ]


def _reach(points: GeoSeries, reach_m: float | None, scale: float, at: At) -> list[str]:
    if reach_m is None:
        return []
    return [
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{reach_m * scale:.1f}" fill="none" '
        f'stroke="{BLUE}" stroke-width="2" stroke-dasharray="5 3"/>'
        for x, y in map(at, points)
    ]


def _signs(places: PlanPlaces, at: At) -> list[str]:
    signs = [
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="#fffdf9" stroke="{INK}" '
        f'stroke-width="1.4"/>'
        for x, y in map(at, places.stay)
    ]
    for x, y in map(at, places.closed):
        signs.append(
            f'<path d="M{x - 6:.1f} {y - 6:.1f}L{x + 6:.1f} {y + 6:.1f}M{x + 6:.1f} {y - 6:.1f}'
            f'L{x - 6:.1f} {y + 6:.1f}" stroke="#fffdf9" stroke-width="6"/>'
            f'<path d="M{x - 6:.1f} {y - 6:.1f}L{x + 6:.1f} {y + 6:.1f}M{x + 6:.1f} {y - 6:.1f}'
            f'L{x - 6:.1f} {y + 6:.1f}" stroke="{RED}" stroke-width="3"/>'
        )
    for start, stop in places.moved:
        (a, b), (x, y) = at(start), at(stop)
        signs.append(
            f'<path d="M{a:.1f} {b:.1f}L{x:.1f} {y:.1f}" stroke="{BLUE}" stroke-width="2.4"/>'
            f'<circle cx="{a:.1f}" cy="{b:.1f}" r="3.4" fill="#fffdf9" stroke="{BLUE}"/>'
            f'<rect x="{x - 5:.1f}" y="{y - 5:.1f}" width="10" height="10" fill="{BLUE}"/>'
        )
    for number, (x, y) in enumerate(map(at, places.added), start=1):
        signs.append(
            f'<rect x="{x - 11:.1f}" y="{y - 11:.1f}" width="22" height="22" rx="4" '
            f'fill="{BLUE}" stroke="#fffdf9" stroke-width="2"/>'
            f'<text x="{x:.1f}" y="{y + 5.6:.1f}" font-size="16" font-weight="700" '
            f'fill="#ffffff" text-anchor="middle">{number}</text>'
        )
    return signs


def _names(areas: GeoDataFrame, at: At) -> list[str]:
    there = areas[areas.geometry.notna() & ~areas.geometry.is_empty]
    return [
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="17" font-weight="700" text-anchor="middle" '
        f'fill="{INK}" stroke="#fffdf9" stroke-width="4" paint-order="stroke">{escape(name)}</text>'
        for name, (x, y) in zip(
            there["name"].astype(str), map(at, there.geometry.representative_point()), strict=True
        )
    ]
