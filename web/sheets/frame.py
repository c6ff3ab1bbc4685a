"""The map's frame (地図の枠): from metres of the plane zone to points of paper, north up."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from geopandas import GeoDataFrame, GeoSeries
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

ROOM = 0.03
"""Ground shown around what a map is about, as a share of the frame."""
RINGS = re.compile(r"[-\d][^()]*")
CLOSEST_M_PER_PT = 1.2
"""Nearer than that a map of two streets would fill a poster."""


@dataclass(frozen=True)
class MapFrame:
    """A rectangle of paper and the ground it shows."""

    width_pt: float
    height_pt: float
    west_m: float
    north_m: float
    m_per_pt: float

    @classmethod
    def around(cls, about: BaseGeometry, width_pt: float, height_pt: float) -> "MapFrame":
        """The frame that shows `about` (metres) as large as it fits, in the middle."""
        west, south, east, north = about.bounds
        inner = 1 - 2 * ROOM
        m_per_pt = max(
            (east - west) / (width_pt * inner),
            (north - south) / (height_pt * inner),
            CLOSEST_M_PER_PT,
        )
        return cls(
            width_pt=width_pt,
            height_pt=height_pt,
            west_m=(west + east) / 2 - width_pt * m_per_pt / 2,
            north_m=(south + north) / 2 + height_pt * m_per_pt / 2,
            m_per_pt=m_per_pt,
        )

    @property
    def ground(self) -> BaseGeometry:
        """What the frame shows, in metres."""
        east = self.west_m + self.width_pt * self.m_per_pt
        south = self.north_m - self.height_pt * self.m_per_pt
        return shapely.box(self.west_m, south, east, self.north_m)

    def onto_paper(self, points: GeoSeries) -> NDArray[np.float64]:
        """Where points lie on the paper: (n, 2), from the frame's upper left corner."""
        return self._flat(np.column_stack([points.x, points.y]))

    def drawn(self, shapes: Iterable[BaseGeometry | None], finest_pt: float = 0.25) -> list[str]:
        """SVG paths of what the frame shows of each shape; what it does not show is left out."""
        west, south, east, north = self.ground.bounds
        edge = 6 * self.m_per_pt  # strokes along the cut stay outside the frame
        seen = shapely.clip_by_rect(
            np.array(list(shapes), dtype=object),
            west - edge,
            south - edge,
            east + edge,
            north + edge,
        )
        slim = shapely.simplify(seen, finest_pt * self.m_per_pt, preserve_topology=False)
        return [path for path in svg_paths(shapely.transform(slim, self._flat)) if path]

    def shows(self, shapes: GeoDataFrame) -> GeoDataFrame:
        """Rows of which the frame shows something."""
        shown: GeoDataFrame = shapes[shapes.geometry.notna() & shapes.intersects(self.ground)]
        return shown

    def _flat(self, metres: NDArray[Any]) -> NDArray[np.float64]:
        return (metres - [self.west_m, self.north_m]) * [1, -1] / self.m_per_pt


def svg_paths(shapes: Any) -> list[str]:
    """Polygons and lines (points of paper) as SVG paths, rounded to a tenth; others are empty.

    GEOS writes the coordinates as well-known text, a hundred times as fast as Python would.
    """
    texts: Any = shapely.to_wkt(shapes, rounding_precision=1)
    return ["" if text is None else _as_path(text) for text in np.atleast_1d(texts)]


def _as_path(text: str) -> str:
    """MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0))) becomes M0 0L1 0L1 1L0 0Z."""
    if text.startswith("GEOMETRYCOLLECTION"):
        return "".join(svg_paths(shapely.get_parts(shapely.from_wkt(text))))
    if "POINT" in text:
        return ""
    closed = "Z" if "POLYGON" in text else ""
    lines = RINGS.findall(text)
    return "".join(f"M{line.replace(', ', 'L')}{closed}" for line in lines)
