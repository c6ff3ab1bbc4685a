"""The drawing board: local metres, noise, and lines that look as if nature had drawn them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline
from shapely import make_valid, transform
from shapely.geometry import LineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

CODE = "99201"
CITY = "汐見野市"
PREFECTURE = "みなと県"
SEED = 20261001
KM = 1000.0

Floats = NDArray[np.float64]
Knot = tuple[float, float, float]


def generator(stream: str) -> np.random.Generator:
    """Return a generator of its own for each idea, so that changing one leaves the others alone."""
    return np.random.default_rng([SEED, *stream.encode()])


class Noise:
    """Smooth fractal noise of the plane, about -1 to 1, made of many random waves."""

    def __init__(self, stream: str, wavelengths_m: Sequence[float], waves: int = 9) -> None:
        """Draw the waves from the stream's own generator."""
        rng = generator(stream)
        lengths = np.repeat(np.asarray(wavelengths_m, dtype=float), waves)
        lengths *= rng.uniform(0.75, 1.3, lengths.size)
        headings = rng.uniform(0, 2 * np.pi, lengths.size)
        self._kx = 2 * np.pi * np.cos(headings) / lengths
        self._ky = 2 * np.pi * np.sin(headings) / lengths
        self._phase = rng.uniform(0, 2 * np.pi, lengths.size)
        # Short waves are weak in proportion to their length, as on a real coast.
        self._weight = lengths / np.sqrt(np.sum(lengths**2) / 2) / 1.4

    def __call__(self, xy: Floats) -> Floats:
        """Return the noise at each row of ``xy`` (metres)."""
        angle = np.outer(xy[:, 0], self._kx) + np.outer(xy[:, 1], self._ky) + self._phase
        # Rounded, because the last bit depends on a point's position in the array, and the first
        # and last point of a ring must move alike.
        values: Floats = np.round((np.sin(angle) * self._weight).sum(axis=1), 7)
        return values


def wildness(xy: Floats) -> Floats:
    """Return 0.06 in the ordered centre, rising to 1 in the hills."""
    away = np.hypot((xy[:, 0] - 300) / 1.3, xy[:, 1] + 1200)
    return np.clip((away - 1500) / 3200, 0.06, 1.0)


class Warp:
    """Shift points by noise that depends on where they are, never on whose they are.

    Two towns sharing a border therefore shift it alike, and still fit.
    """

    def __init__(self, stream: str, wavelengths_m: Sequence[float], amplitude_m: float) -> None:
        """Draw one noise for each direction."""
        self._east = Noise(stream + " east", wavelengths_m)
        self._north = Noise(stream + " north", wavelengths_m)
        self._amplitude_m = amplitude_m

    def __call__(self, shape: BaseGeometry) -> BaseGeometry:
        """Return the shape with every vertex shifted."""
        return transform(shape, self._shift)

    def _shift(self, xy: Floats) -> Floats:
        size = self._amplitude_m * wildness(xy)
        shift = np.column_stack([size * self._east(xy), size * self._north(xy)])
        return xy + shift


def curve(knots_km: Sequence[Sequence[float]], step_m: float = 40, closed: bool = False) -> Floats:
    """Return points of a smooth curve through the knots; extra columns are interpolated too."""
    knots = np.asarray(knots_km, dtype=float) * KM
    if closed:
        knots = np.vstack([knots, knots[:1]])
    gaps = np.hypot(*np.diff(knots[:, :2], axis=0).T)
    # Root of chord length: the spline neither loops nor overshoots where knots crowd together.
    at = np.concatenate([[0.0], np.cumsum(np.sqrt(gaps))])
    spline = CubicSpline(at, knots, bc_type="periodic" if closed else "natural")
    pieces = [
        np.linspace(at[i], at[i + 1], max(2, int(gap / step_m)), endpoint=False)
        for i, gap in enumerate(gaps)
    ]
    points: Floats = spline(np.concatenate([*pieces, at[-1:]]))
    return points


def organic(
    knots: Sequence[Knot], noise: Noise, step_m: float = 35, closed: bool = False
) -> Floats:
    """Return a curve through knots (km, km, roughness in m), pushed sideways by noise."""
    scaled = [(x, y, rough_m / KM) for x, y, rough_m in knots]
    points = curve(scaled, step_m, closed)
    line = points[:, :2]
    ahead = np.gradient(line, axis=0)
    normal = np.column_stack([-ahead[:, 1], ahead[:, 0]])
    normal /= np.hypot(normal[:, 0], normal[:, 1])[:, None]
    push = np.maximum(points[:, 2], 0.0) * noise(line)
    return line + normal * push[:, None]


def ribbon(line: Floats, widths_m: Floats, noise: Noise) -> Polygon | MultiPolygon:
    """Return a river of two banks around its middle line."""
    ahead = np.gradient(line, axis=0)
    normal = np.column_stack([-ahead[:, 1], ahead[:, 0]])
    normal /= np.hypot(normal[:, 0], normal[:, 1])[:, None]
    half = widths_m / 2
    left = line + normal * (half * (1 + 0.25 * noise(line + 5000)))[:, None]
    right = line - normal * (half * (1 + 0.25 * noise(line - 5000)))[:, None]
    banks = Polygon(np.vstack([left, right[::-1]]))
    return polygonal(make_valid(banks))


def polygonal(shape: BaseGeometry) -> Polygon | MultiPolygon:
    """Return only the areas of a shape, without stray lines and points."""
    parts = getattr(shape, "geoms", [shape])
    areas = unary_union([p for p in parts if isinstance(p, (Polygon, MultiPolygon))])
    if not isinstance(areas, (Polygon, MultiPolygon)):
        return Polygon()
    return areas


def rectangle(x_km: float, y_km: float, wide_m: float, high_m: float, turn: float = 0) -> Polygon:
    """Return a rectangle about its middle, turned anticlockwise by degrees."""
    angle = np.radians(turn)
    along = np.array([np.cos(angle), np.sin(angle)]) * wide_m / 2
    across = np.array([-np.sin(angle), np.cos(angle)]) * high_m / 2
    middle = np.array([x_km, y_km]) * KM
    corners = [middle + i * along + j * across for i, j in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
    return Polygon(corners)


def line_km(*knots: tuple[float, float]) -> LineString:
    """Return a straight-sided line through knots given in km."""
    return LineString(np.asarray(knots) * KM)
