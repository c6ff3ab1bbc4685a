"""Roads, railway and bridges, drawn so that every crossing is a shared point."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
from scipy.spatial import Delaunay
from shapely import STRtree
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

from sample_city.gazetteer import towns
from sample_city.ground import ground
from sample_city.junctions import connected_m, joined
from sample_city.terrain import KM, Floats, Warp, curve, generator
from sample_city.towns import CORE_ROWS, core_blocks, core_to_plane, in_core, middles, shapes

NATIONAL, PREFECTURAL, MUNICIPAL = "国道", "県道", "市道"
Knots = list[tuple[float, float]]


@dataclass(frozen=True)
class Road:
    """道路: one named stretch of road, in local metres."""

    kind: str
    name: str
    line: LineString


def core_points(*uv: tuple[float, float]) -> Knots:
    """Return points of the street frame as plane km, to hang a trunk road on."""
    return [(float(x), float(y)) for x, y in core_to_plane(np.array(uv)) / KM]


_HIGHWAY_IN_TOWN = core_points((-1.6, -1.14), (-0.55, -1.14), (0.62, -1.14), (1.5, -1.14))
_STATION, _NORTH_GATE = core_points((-0.1, 0.0), (-0.1, 0.66))
_WEST_GATE, _EAST_GATE = core_points((-1.6, -0.52), (1.52, -0.52))

# Trunk roads share knots where they meet. The number of the national route is one no route has.
TRUNKS: list[tuple[str, str, Knots]] = [
    (NATIONAL, "国道599号", [(-7.2, -2.2), (-6.2, -2.35), (-5.2, -2.2), (-4.3, -2.15),
        (-3.3, -2.15), (-2.4, -2.05), *_HIGHWAY_IN_TOWN, (2.1, -1.95), (3.3, -1.7), (4.5, -2.0),
        (5.3, -1.85), (6.0, -1.75), (7.1, -1.35)]),
    (NATIONAL, "国道599号（汐見野バイパス）", [(-4.3, -2.15), (-3.7, -1.3), (-2.6, -0.35),
        (-1.7, 0.25), (-0.1, 0.3), (0.9, 0.1), (1.75, 0.05), (2.7, -0.25), (4.2, -0.85),
        (5.3, -1.85)]),
    (PREFECTURAL, "県道12号（汐見野上汐見線）", [_STATION, _NORTH_GATE, (-0.1, 0.3), (0.25, 1.2),
        (0.45, 1.75), (0.5, 2.4), (0.3, 3.1), (0.35, 3.7), (0.55, 4.3), (0.2, 4.9), (0.3, 5.8)]),
    (PREFECTURAL, "県道27号（湯ノ沢線）", [(0.5, 2.4), (-0.1, 2.45), (-0.8, 2.75), (-1.5, 2.95),
        (-1.9, 3.3), (-2.6, 3.85), (-3.6, 4.25), (-4.1, 4.9), (-4.6, 5.4)]),
    (PREFECTURAL, "県道31号（緑が丘線）", [_EAST_GATE, *core_points((0.34, -0.52), (-1.02, -0.52)),
        _WEST_GATE, (-2.15, -0.95), (-2.6, -0.35), (-2.65, 0.35), (-2.85, 1.1), (-2.5, 1.9),
        (-1.9, 2.5), (-1.5, 2.95)]),
    (PREFECTURAL, "県道45号（川東谷口線）", [(3.3, -1.7), (2.8, -1.0), (2.7, -0.25), (2.65, 0.6),
        (2.5, 1.5), (2.0, 2.3), (1.95, 3.05), (2.3, 4.1), (2.35, 5.3)]),
    (PREFECTURAL, "県道46号（大野線）", [(2.65, 0.6), (3.5, 1.1), (3.9, 2.0), (4.7, 2.55),
        (4.75, 3.05), (5.2, 3.9), (5.4, 5.5)]),
    (PREFECTURAL, "県道47号（柿木高田線）", [(5.3, -1.85), (5.25, -0.65), (5.45, 0.7), (4.9, 1.5),
        (4.7, 2.55)]),
    (PREFECTURAL, "県道52号（岬線）", [(-2.4, -2.05), (-2.75, -2.4), (-2.85, -3.0), (-2.75, -3.6),
        (-2.65, -4.1), (-2.5, -4.6), (-2.45, -4.9)]),
    (PREFECTURAL, "県道53号（鳥越線）", [(-5.2, -2.2), (-4.75, -1.3), (-5.15, -0.5), (-5.05, 0.35),
        (-4.75, 1.3), (-5.0, 2.2), (-4.3, 3.1), (-3.6, 4.25)]),
    (MUNICIPAL, "市道本町川東線", [_EAST_GATE, (2.05, -0.75), (2.8, -1.0), (3.6, -0.9),
        (4.2, -0.85)]),
    (MUNICIPAL, "市道桜台川原線", [(-1.7, 0.25), (-1.3, 0.9), (-0.5, 1.1), (0.25, 1.2),
        (1.1, 1.1), (1.75, 1.05), (2.6, 1.0)]),
    (MUNICIPAL, "市道谷口橋線", [(0.45, 1.75), (0.85, 1.85), (1.4, 2.0), (2.0, 2.3)]),
    (MUNICIPAL, "市道東野線", [(2.7, -0.25), (3.4, 0.3), (3.85, 0.75), (4.6, 0.7), (5.45, 0.7)]),
    (MUNICIPAL, "市道東浜線", [(2.1, -1.95), (2.35, -2.5), (2.4, -2.95), (2.45, -3.2)]),
    (MUNICIPAL, "市道浜通り", [(3.3, -1.7), (3.75, -2.25), (4.9, -2.3), (6.0, -1.75)]),
    (MUNICIPAL, "市道沖ノ島循環線", [(5.2, -4.8), (5.5, -4.65), (5.15, -4.55), (4.6, -4.5),
        (4.55, -4.8), (4.9, -4.85), (5.2, -4.8)]),
    (MUNICIPAL, "市道富士見線", [(-3.3, -2.15), (-3.4, -1.75), (-3.05, -1.15), (-2.6, -0.35)]),
    (MUNICIPAL, "市道南平線", [(-2.6, -0.35), (-3.0, -0.25), (-3.25, 0.3), (-3.4, 0.9),
        (-3.35, 1.55), (-2.5, 1.9)]),
]  # fmt: skip

RAILWAY: list[tuple[str, Knots]] = [
    ("みなと鉄道 汐見線", [(-7.3, -1.75), (-6.2, -2.0), (-5.0, -1.95), (-4.1, -1.85), (-3.2, -1.75),
        (-2.4, -1.35), *core_points((-1.6, 0.0), (-0.8, 0.0), (-0.1, 0.0), (0.7, 0.0), (1.5, 0.0)),
        (2.05, -0.95), (2.6, -1.15), (3.4, -1.3), (4.5, -1.55), (5.5, -1.5), (7.1, -0.9)]),
    ("みなと鉄道 臨港線", [*core_points((0.7, 0.0), (1.05, -0.28), (1.12, -0.9), (0.85, -1.5)),
        (0.45, -2.55)]),
]  # fmt: skip
STATIONS = [("汐見野駅", *_STATION), ("西浜駅", -4.1, -1.85), ("西町駅", -2.4, -1.35),
            ("川東駅", 2.6, -1.15), ("東浜駅", 5.5, -1.5), ("港駅", 0.45, -2.55)]  # fmt: skip

_BEND = Warp("road bends", (620, 260), 55)


def bent(knots: Knots) -> LineString:
    """Return a road through the knots that winds the more the wilder the land."""
    line = _BEND(LineString(curve(knots, 45)))
    return LineString(line.simplify(2.5).coords)


def trunks() -> list[Road]:
    """Return trunk roads, cut off at the edge of the city."""
    ashore = ground().land.buffer(-8).union(ground().river.buffer(260).intersection(_delta_mouth()))
    return [
        Road(kind, name, part)
        for kind, name, knots in TRUNKS
        for part in pieces(bent(knots).intersection(ashore), 200)
    ]


def _delta_mouth() -> BaseGeometry:
    return Point(2.2 * KM, -2.1 * KM).buffer(900)


def core_streets() -> list[Road]:
    """Return the street grid of the old centre, with the gaps and T-junctions of a grown town."""
    rng = generator("core streets")
    lines: list[LineString] = []
    tops = [0.66, *(row[0] for row in CORE_ROWS[:-1])]
    for top, (bottom, cuts, _) in zip(tops, CORE_ROWS, strict=True):
        bottom = max(bottom, -2.0)
        edges = np.array([-1.6, *cuts, 2.2])
        inner = [np.linspace(a, b, max(2, round((b - a) / 0.2)) + 1)[1:-1]
                 for a, b in pairwise(edges)]  # fmt: skip
        for u in [*cuts, *np.concatenate(inner)]:
            shift = 0.0 if u in cuts else float(rng.normal(0, 0.012))
            lines.append(LineString([(u + shift, bottom), (u + shift, top)]))
        count = max(2, round((top - bottom) / 0.145))
        for v in np.linspace(bottom, top, count + 1)[1:]:
            for left, right in _runs(edges, 0.18 if v < top else 0.0, rng):
                lines.append(LineString([(left, v), (right, v)]))
    for v in (-1.38, -1.62):
        lines.append(LineString([(-1.6, v), (2.2, v)]))
    block = unary_union(list(core_blocks().values())).intersection(_west_bank())
    cut = [in_core(line).intersection(block) for line in lines]
    return [Road(MUNICIPAL, "", part) for line in cut for part in pieces(line, 60)]


def _runs(edges: Floats, missing: float, rng: np.random.Generator) -> Iterable[tuple[float, float]]:
    """Join neighbouring blocks into long streets, leaving out some."""
    start = edges[0]
    for left, right in pairwise(edges):
        if rng.random() < missing:
            if left > start:
                yield start, left
            start = right
    if edges[-1] > start:
        yield start, edges[-1]


def _west_bank() -> BaseGeometry:
    dry = ground().mainland.buffer(-14).difference(ground().river.buffer(16))
    parts: list[BaseGeometry] = list(getattr(dry, "geoms", [dry]))
    return next(part for part in parts if part.covers(Point(-100, -900)))


def suburb_streets(main: list[Road]) -> list[Road]:
    """Return a small web of streets about the homes of every town outside the centre."""
    tree = STRtree([road.line for road in main])
    rng = generator("suburb streets")
    out = []
    for town in towns():
        if town.in_core or town.life == "newtown":
            continue
        home = middles()[town.name]
        road = main[int(tree.nearest(home))].line
        reach = float(np.clip(16.5 * np.sqrt(town.people), 150, 470))
        web = web_of_streets(home, heading(road, home), reach, town.people < 450, rng)
        room = shapes()[town.name].buffer(-6).difference(ground().waters.buffer(14))
        room = room.intersection(home.buffer(reach * 1.05).union(road.buffer(20)))
        out += [Road(MUNICIPAL, "", part) for line in web
                for part in pieces(line.intersection(room), 150)]  # fmt: skip
    return out


def heading(road: LineString, at: Point) -> float:
    """Return the direction of a road where it passes a point, in radians."""
    along = road.project(at)
    before, after = (road.interpolate(max(along + step, 0)) for step in (-80, 80))
    return float(np.arctan2(after.y - before.y, after.x - before.x))


def web_of_streets(
    home: Point, angle: float, reach: float, sparse: bool, rng: np.random.Generator
) -> list[LineString]:
    """Return crossing streets; a hamlet has few, and they wind."""
    gap = 215.0 if sparse else 178.0
    count = max(1, int(reach / gap))
    offsets = (np.arange(-count, count + 1) + rng.uniform(-0.3, 0.3)) * gap
    offsets = offsets + rng.normal(0, 0.11 * gap, offsets.size)
    skew = angle + np.pi / 2 + rng.normal(0, 0.09)
    if sparse:
        offsets = offsets[::2]
    lines = []
    for turn, side in ((angle, skew), (skew, angle)):
        along = np.array([np.cos(turn), np.sin(turn)])
        across = np.array([np.cos(side), np.sin(side)])
        middle = np.array([home.x, home.y])
        for offset in offsets:
            start, stop = -reach * rng.uniform(0.75, 1.05), reach * rng.uniform(0.75, 1.05)
            ends = [middle + across * offset + along * t for t in np.linspace(start, stop, 9)]
            lines.append(LineString(_LANE(LineString(ends)).coords))
    return lines


_LANE = Warp("lanes", (520, 230), 60)


def newtown_streets() -> list[Road]:
    """Return the ring streets and steep spokes of the estate of the 1970s."""
    centre = np.array([-3.02, 1.08]) * KM
    turn = np.linspace(0, 2 * np.pi, 40)
    out: list[LineString] = []
    for radius in (130, 250, 370, 490, 610, 730):
        squash = np.column_stack([1.05 * np.cos(turn), 0.86 * np.sin(turn)]) * radius
        out.append(LineString(squash + centre))
    for k in range(14):
        angle = k * 2 * np.pi / 14 + 0.13
        inner, outer = (130 if k % 2 else 370), 790 - 40 * (k % 3)
        ray = np.array([[r * 1.05 * np.cos(angle), r * 0.86 * np.sin(angle)]
                        for r in np.linspace(inner, outer, 8)])  # fmt: skip
        out.append(LineString(ray + centre))
    homes = [t.name for t in towns() if t.life == "newtown" and t.name != "松が丘"]
    room = unary_union([shapes()[name] for name in homes]).buffer(-10)
    warp = Warp("newtown", (700, 350), 70)
    lines = [warp(line).intersection(room) for line in out]
    return [Road(MUNICIPAL, "", part) for line in lines for part in pieces(line, 80)]


def lanes_between(main: list[Road]) -> list[Road]:
    """Return lanes between neighbouring towns that no larger road joins yet."""
    names = list(middles())
    at = np.array([(middles()[n].x, middles()[n].y) for n in names])
    tree = Delaunay(at)
    pairs = sorted({tuple(sorted((int(a), int(b)))) for s in tree.simplices
                    for a, b in zip(s, np.roll(s, 1), strict=True)})  # fmt: skip
    core = unary_union(list(core_blocks().values())).buffer(-30)
    close = unary_union([road.line for road in main]).buffer(170)
    land = ground().land.buffer(-30).difference(ground().waters.buffer(12)).difference(core)
    out = []
    for a, b in pairs:
        gap = at - (at[a] + at[b]) / 2
        apart = float(np.hypot(*(at[a] - at[b])))
        alone = np.sum(np.hypot(gap[:, 0], gap[:, 1]) < apart / 2 - 1) == 0
        lane = LineString(_LANE(LineString([at[a], at[b]]).segmentize(60)).coords)
        parts = pieces(lane.intersection(land), apart * 0.75)
        if alone and apart < 2000 and parts and lane.intersection(close).length < 0.75 * apart:
            out += [Road(MUNICIPAL, "", part) for part in parts]
    return out


def pieces(shape: BaseGeometry, at_least_m: float) -> list[LineString]:
    """Return the lines of a shape that are long enough to be a street."""
    parts = getattr(shape, "geoms", [shape])
    return [p for p in parts if isinstance(p, LineString) and p.length >= at_least_m]


@cache
def roads() -> tuple[Road, ...]:
    """Return all roads of the city; crossings are shared points, stray ends of street are left out.

    A walk reaches every road of the mainland from every other, and likewise on the island.
    """
    main = trunks()
    grid = core_streets()
    web = suburb_streets(main) + newtown_streets()
    drawn = [*main, *grid, *web, *lanes_between([*main, *grid])]
    lines = joined([road.line for road in drawn])
    reach = connected_m(lines)
    return tuple(
        Road(road.kind, road.name, line)
        for road, line, metres in zip(drawn, lines, reach, strict=True)
        if metres > 2 * KM
    )


@cache
def railway() -> tuple[tuple[str, LineString], ...]:
    """Return the railway lines, name and line, up to the edge of the city."""
    land = ground().land.union(_delta_mouth())
    tracks = [(name, LineString(curve(knots, 60)).intersection(land)) for name, knots in RAILWAY]
    return tuple((name, part) for name, track in tracks for part in pieces(track, 200))


BRIDGE_NAMES = [
    *("中島橋", "洲崎橋", "汐見大橋", "新汐見大橋", "川原橋"),
    *("谷口橋", "沢口橋", "湯ノ沢橋", "奥沢橋"),
]


def bridges() -> list[tuple[str, Point]]:
    """Return where a named road crosses the river, from the sea upwards."""
    wet = unary_union([ground().river, ground().tributary])
    lines = [road.line for road in roads() if road.name]
    found = [p.centroid for line in lines for p in pieces(line.intersection(wet), 4)]
    apart: list[Point] = []
    for point in sorted(found, key=lambda p: (p.y, p.x)):
        if all(point.distance(other) > 150 for other in apart):
            apart.append(point)
    return list(zip(BRIDGE_NAMES, apart, strict=False))
