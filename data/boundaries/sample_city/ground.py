"""Coast, island, harbour, rivers and forest: what was there before the people."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from shapely import clip_by_rect, make_valid, unary_union
from shapely.geometry import LineString, MultiPolygon, Point, Polygon

from sample_city.terrain import (
    KM,
    Floats,
    Knot,
    Noise,
    Warp,
    curve,
    line_km,
    organic,
    polygonal,
    rectangle,
    ribbon,
)

# Clockwise from the north-west: ridges, then the coast from east to west. Roughness in metres:
# ridges and cliffs are rough, beaches nearly smooth.
OUTLINE: list[Knot] = [
    (-6.3, 4.2, 130), (-5.4, 4.9, 130), (-4.6, 5.0, 110), (-3.7, 5.75, 130), (-2.6, 5.2, 130),
    (-1.6, 4.5, 130), (-0.5, 5.0, 110), (0.4, 5.65, 60), (1.5, 5.5, 90), (2.4, 4.85, 130),
    (3.6, 4.7, 130), (4.7, 5.25, 130), (5.9, 4.5, 130), (6.7, 3.3, 120), (6.4, 2.1, 120),
    (6.75, 1.2, 110), (6.1, 0.3, 110), (6.5, -0.7, 100),
    (6.75, -1.5, 60), (6.85, -2.05, 25), (6.0, -2.4, 14), (5.0, -2.58, 12), (4.1, -2.66, 14),
    (3.65, -2.95, 30), (3.1, -3.3, 35), (2.45, -3.45, 35), (1.85, -3.25, 30), (1.45, -2.85, 18),
    (0.7, -2.62, 8), (-0.4, -2.52, 8), (-1.4, -2.58, 8), (-1.95, -2.72, 30), (-2.3, -3.05, 60),
    (-2.32, -3.6, 70), (-2.05, -4.05, 75), (-2.0, -4.6, 85), (-2.25, -5.1, 100), (-2.7, -5.15, 90),
    (-2.95, -4.7, 85), (-3.3, -4.35, 85), (-3.35, -3.75, 70), (-3.75, -3.3, 55),
    (-4.2, -2.85, 22), (-4.8, -2.72, 12), (-5.3, -2.9, 40), (-5.65, -3.3, 95),
    (-6.15, -3.15, 100), (-6.5, -2.75, 60), (-6.85, -3.0, 110), (-7.15, -2.6, 90),
    (-6.8, -1.7, 100), (-6.1, -0.8, 110), (-6.3, 0.4, 120), (-5.8, 1.6, 120), (-6.6, 2.9, 130),
]  # fmt: skip
ISLAND: list[Knot] = [
    (4.3, -4.35, 70), (4.75, -4.2, 60), (5.2, -4.4, 60), (5.6, -4.35, 80), (5.85, -4.7, 70),
    (5.6, -5.0, 60), (5.25, -4.92, 25), (4.95, -5.2, 70), (4.5, -5.05, 80), (4.2, -4.75, 60),
]  # fmt: skip
RIVER: list[Knot] = [
    (0.75, 5.75, 40), (0.6, 5.0, 60), (1.15, 4.3, 70), (0.75, 3.45, 70), (1.35, 2.75, 60),
    (1.05, 2.0, 50), (1.7, 1.25, 40), (1.5, 0.4, 30), (2.0, -0.35, 20), (1.95, -1.2, 12),
]  # fmt: skip
WEST_ARM: list[Knot] = [(1.95, -1.2, 12), (1.7, -1.75, 15), (1.72, -2.4, 15), (2.0, -3.7, 10)]
EAST_ARM: list[Knot] = [(1.95, -1.2, 12), (2.5, -1.7, 18), (2.75, -2.3, 18), (3.25, -3.6, 10)]
TRIBUTARY: list[Knot] = [
    (-4.75, 5.6, 30), (-4.3, 4.75, 45), (-3.5, 4.0, 55), (-2.6, 3.6, 55), (-2.0, 2.9, 55),
    (-1.1, 2.65, 50), (-0.4, 2.05, 45), (0.4, 2.15, 35), (1.05, 2.0, 50),
]  # fmt: skip
LOWLAND = [
    (-5.0, -3.3), (-5.1, -2.0), (-4.2, -1.5), (-3.6, -0.7), (-4.25, 0.3), (-4.3, 1.5), (-3.3, 2.25),
    (-2.1, 2.1), (-1.2, 1.8), (-0.7, 2.7), (0.2, 3.0), (1.7, 3.2), (2.4, 2.4), (3.5, 2.6),
    (4.6, 2.3), (5.2, 1.4), (5.9, 0.7), (6.1, -0.4), (7.3, -1.3), (7.6, -3.2), (4.6, -3.6),
    (0.0, -3.8), (-2.2, -3.1), (-2.9, -3.0), (-4.0, -3.4),
]  # fmt: skip
WOODED_HILLS = [(-1.15, 0.45, 190), (4.45, 0.15, 260), (3.2, 1.25, 150), (-3.75, -1.65, 200)]


@dataclass(frozen=True)
class Ground:
    """The land and its waters, in local metres; land is without harbour and river mouths."""

    mainland: Polygon
    island: Polygon
    river: Polygon | MultiPolygon
    tributary: Polygon | MultiPolygon
    channels: tuple[LineString, ...]
    harbour: Polygon
    ponds: tuple[Polygon, ...]

    @property
    def land(self) -> MultiPolygon:
        """Mainland and island together."""
        return MultiPolygon([self.mainland, self.island])

    @property
    def waters(self) -> Polygon | MultiPolygon:
        """Everything inland that nobody can walk across."""
        return polygonal(unary_union([self.river, self.tributary, *self.ponds]))


def channel(knots: list[Knot], noise: Noise) -> Floats:
    """Return the middle line of a stream, its two ends kept where the knots put them."""
    line = organic(knots, noise, step_m=30)
    ends = np.array([knots[0][:2], knots[-1][:2]]) * KM
    fade = np.linspace(0, 1, len(line))[:, None]
    pulled: Floats = line + (1 - fade) ** 12 * (ends[0] - line[0]) + fade**12 * (ends[1] - line[-1])
    return pulled


def harbour_works() -> tuple[Polygon | MultiPolygon, Polygon | MultiPolygon]:
    """Return reclaimed land and breakwaters, and the basin dug between them."""
    quays = [
        rectangle(0.45, -2.74, 1000, 480, 4),
        rectangle(-1.62, -2.72, 420, 420, -6),
        rectangle(-0.72, -2.66, 110, 330, 3),
    ]
    walls = [
        line_km((-2.65, -3.4), (-1.9, -3.42), (-1.5, -3.3)).buffer(13, cap_style="flat"),
        line_km((0.75, -2.85), (0.62, -3.28), (0.1, -3.5), (-0.85, -3.42)).buffer(
            14, cap_style="flat"
        ),
        line_km((-1.3, -3.05), (-0.95, -3.02)).buffer(10, cap_style="flat"),
    ]
    basin = [rectangle(-0.4, -2.56, 520, 300, 3), rectangle(-1.1, -2.58, 620, 280, -2)]
    pier = quays[2]
    return polygonal(unary_union([*quays, *walls[:2]])), polygonal(
        unary_union(basin).difference(pier)
    )


def mainland_shape(estuary: Polygon | MultiPolygon) -> Polygon:
    """Return the mainland: organic outline, harbour works, open river mouths."""
    rough = organic(OUTLINE, Noise("coast", (1100, 520, 260, 130)), closed=True)
    shape = polygonal(Polygon(rough).buffer(0))
    added, dug = harbour_works()
    shape = polygonal(shape.difference(dug).union(added))
    shape = polygonal(shape.difference(clip_by_rect(estuary, -9e3, -9e3, 9e3, -2250)))
    return largest(shape)


@cache
def ground() -> Ground:
    """Draw land and water; drawn once per run."""
    noise = Noise("river", (900, 420, 210))
    stem, west, east = (channel(k, noise) for k in (RIVER, WEST_ARM, EAST_ARM))
    side = channel(TRIBUTARY, noise)
    banks = Noise("banks", (500, 160))
    river = polygonal(
        unary_union(
            [
                ribbon(stem, np.linspace(22, 120, len(stem)), banks),
                ribbon(west, np.linspace(112, 190, len(west)), banks),
                ribbon(east, np.linspace(72, 150, len(east)), banks),
            ]
        )
        .buffer(12)
        .buffer(-12)
    )
    mainland = mainland_shape(river)
    island = Polygon(organic(ISLAND, Noise("island", (420, 210, 110)), 25, closed=True)).buffer(0)
    brook = ribbon(side, np.linspace(8, 34, len(side)), banks)
    bay = Polygon(np.array([(-2.4, -2.3), (0.9, -2.3), (0.62, -3.28), (0.1, -3.5), (-0.85, -3.42),
                            (-1.5, -3.3), (-1.9, -3.42), (-2.45, -3.4)]) * KM)  # fmt: skip
    return Ground(
        mainland=mainland,
        island=polygonal(island),  # type: ignore[arg-type]
        river=polygonal(river.intersection(mainland)),
        tributary=polygonal(brook.intersection(mainland).difference(river)),
        channels=tuple(LineString(c) for c in (stem, west, east, side)),
        harbour=largest(polygonal(bay.difference(mainland.buffer(1)))),
        ponds=(pond(-2.62, -0.62, 90, 55), pond(4.6, 1.25, 130, 70), pond(3.75, 0.3, 60, 45)),
    )


def largest(shape: Polygon | MultiPolygon) -> Polygon:
    """Return the largest part of a shape."""
    parts: list[Polygon] = list(getattr(shape, "geoms", [shape]))
    return max(parts, key=lambda part: part.area)


def pond(x_km: float, y_km: float, wide_m: float, high_m: float) -> Polygon:
    """Return an irrigation pond: round above, a straight dam below."""
    turn = np.linspace(0, 2 * np.pi, 28, endpoint=False)
    ring = np.column_stack([wide_m * np.cos(turn), np.maximum(high_m * np.sin(turn), -high_m / 2)])
    dent = 1 + 0.15 * np.sin(3 * turn + x_km)
    return Polygon(ring * dent[:, None] + np.array([x_km, y_km]) * KM)


def forest(clearings: list[Point], roads: list[LineString]) -> list[Polygon]:
    """Return the wooded hills: land minus lowland, valleys, hamlets and roadsides."""
    land = ground()
    lowland = Polygon(curve(LOWLAND, 60, closed=True))
    valleys = [
        land.channels[0].buffer(330), land.channels[3].buffer(170),
        *(p.buffer(260) for p in clearings), *(r.buffer(70) for r in roads),
    ]  # fmt: skip
    ragged_edge = Warp("forest edge", (700, 330, 170), 110)
    open_land = make_valid(ragged_edge(unary_union([lowland, *valleys]).segmentize(50)))
    hills = [Point(x * KM, y * KM).buffer(r) for x, y, r in WOODED_HILLS]
    ragged = [make_valid(Warp("hill", (500, 220), 160)(hill.segmentize(25))) for hill in hills]
    wooded = land.land.buffer(-25).difference(open_land).union(unary_union(ragged))
    wooded = wooded.difference(land.waters.buffer(15))
    parts = polygonal(wooded.buffer(-25).buffer(40).buffer(-15).simplify(9))
    keep = [p for p in getattr(parts, "geoms", [parts]) if p.area > 25_000]
    return [Polygon(p.exterior, [h for h in p.interiors if Polygon(h).area > 8_000]) for p in keep]
