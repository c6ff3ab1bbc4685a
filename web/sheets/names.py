"""Which names would stand on the map (地図にのせたい名前), those people steer by first."""

from collections.abc import Iterator

import numpy as np
import shapely
from geopandas import GeoSeries

from web.sheets.frame import MapFrame
from web.sheets.ground_svg import PaperGround
from web.sheets.labels import Wanted
from web.sheets.marks import MARKS


def wanted_names(ground: PaperGround, frame: MapFrame, own: str) -> Iterator[Wanted]:
    """Landmarks in their order, then towns of what the sheet is about, then all others.

    `own`: how names of what the municipality runs begin (高松市立): nobody needs that here.
    """
    marks = ground.landmarks[ground.landmarks["name"].notna()]
    marks = frame.shows(marks[marks["kind"].isin(list(MARKS))])
    middles = frame.onto_paper(GeoSeries(marks.geometry.representative_point()))
    for kind, name, (x, y) in zip(marks["kind"], marks["name"], middles, strict=True):
        yield Wanted(name.removeprefix(own), ((x, y),), sign=kind)
    towns = frame.shows(ground.towns)
    seen = GeoSeries(towns.geometry.intersection(frame.ground))
    spots = _spots_in(seen, frame)
    here = np.ones(len(towns), dtype=bool)
    if ground.focus is not None:
        here = seen.representative_point().within(ground.focus).to_numpy()
    for n in np.argsort(~here, kind="stable"):
        yield Wanted(str(towns["name"].iloc[n]), spots[n], look="town")


def _spots_in(shapes: GeoSeries, frame: MapFrame) -> list[tuple[tuple[float, float], ...]]:
    """A lattice of spots inside each shape, the middlemost first: a name may stand on any."""
    inner = shapes.representative_point()
    found = []
    for middle, shape in zip(frame.onto_paper(GeoSeries(inner)), shapes, strict=True):
        x, y = np.meshgrid(np.arange(-4, 5) * 16.0, np.arange(-4, 5) * 10.0)
        off = np.column_stack([x.ravel(), y.ravel()])
        spots = (middle + off)[np.argsort(np.hypot(*off.T), kind="stable")]
        ground = spots * [1, -1] * frame.m_per_pt + [frame.west_m, frame.north_m]
        shapely.prepare(shape)
        inside = spots[shapely.contains_xy(shape, ground[:, 0], ground[:, 1])]
        found.append(tuple((float(a), float(b)) for a, b in inside))
    return found
