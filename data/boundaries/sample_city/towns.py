"""Town borders: streets in the old centre, ridges and river in the rest."""

from functools import cache

import numpy as np
from scipy.spatial import Voronoi
from shapely import STRtree, make_valid, segmentize, transform
from shapely.geometry import MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import polygonize, unary_union

from sample_city.gazetteer import Town, towns
from sample_city.ground import ground
from sample_city.terrain import KM, Floats, Warp, polygonal

# The old centre in its own street frame (km): rows from north to south, each cut into towns.
CORE_TOP, CORE_LEFT, CORE_RIGHT, CORE_BOTTOM = 0.66, -1.6, 3.0, -3.6
CORE_ROWS: list[tuple[float, list[float], list[str]]] = [
    (0.0, [-0.85, -0.1, 0.72, 1.4], ["錦町", "駅北一丁目", "駅北二丁目", "末広町", "川端町"]),
    (-0.52, [-1.02, -0.42, 0.34, 0.95, 1.52],
     ["弥生町", "栄町", "駅前町", "旭町", "幸町", "柳町"]),
    (-1.14, [-1.1, -0.55, 0.05, 0.62, 1.18],
     ["寺町", "本町一丁目", "本町二丁目", "本町三丁目", "元町", "船場町"]),
    (CORE_BOTTOM, [-0.92, -0.2, 0.5, 1.1], ["魚町", "港町", "浜町", "南浜町", "汐入町"]),
]  # fmt: skip


def core_to_plane(uv_km: Floats) -> Floats:
    """Turn and bend the street frame of the old centre along its shore; metres."""
    u, v = uv_km[:, 0], uv_km[:, 1]
    turn = np.radians(4.0)
    x = -0.1 + u * np.cos(turn) - v * np.sin(turn) + 0.02 * np.sin(2.1 * v + 0.6)
    y = -0.9 + u * np.sin(turn) + v * np.cos(turn) - 0.045 * u**2 + 0.015 * np.sin(2.6 * u)
    return np.column_stack([x, y]) * KM


def in_core(shape: BaseGeometry) -> BaseGeometry:
    """Carry a shape drawn in the street frame (km) to the plane (m)."""
    return transform(segmentize(shape, 0.08), core_to_plane)


def core_blocks() -> dict[str, Polygon]:
    """Return the blocks of the old centre, not yet cut by shore and river."""
    blocks, top = {}, CORE_TOP
    for bottom, cuts, names in CORE_ROWS:
        edges = [CORE_LEFT, *cuts, CORE_RIGHT]
        for name, left, right in zip(names, edges, edges[1:], strict=False):
            ring = [(left, bottom), (right, bottom), (right, top), (left, top)]
            blocks[name] = in_core(Polygon(ring))
        top = bottom
    return blocks  # type: ignore[return-value]


def regions() -> list[Polygon]:
    """Cut the land along the middle of its rivers, and set the old centre apart."""
    land = ground()
    core = unary_union(list(core_blocks().values()))
    lines = unary_union([land.mainland.boundary, land.island.boundary, *land.channels])
    sides = [p for p in polygonize(lines) if land.land.covers(p.representative_point())]
    west_bank = next(p for p in sides if p.covers(Point(-100, -900)))
    rest = [p for p in sides if p is not west_bank]
    pieces = [polygonal(west_bank.intersection(core)), polygonal(west_bank.difference(core)), *rest]
    return [part for piece in pieces for part in getattr(piece, "geoms", [piece])]


def voronoi_cells(points: Floats) -> list[Polygon]:
    """Return the bounded Voronoi cell of each point, in order."""
    far = 60 * KM
    frame = np.array([(-far, 0.0), (far, 0.0), (0.0, -far), (0.0, far)])
    diagram = Voronoi(np.vstack([points, frame]))
    rings = [diagram.regions[diagram.point_region[i]] for i in range(len(points))]
    return [Polygon(diagram.vertices[ring]) for ring in rings]


def rough_cells(members: list[Town]) -> dict[str, BaseGeometry]:
    """Return each town's cell with its borders roughened alike on both sides."""
    seeds = np.array([(town.x_km, town.y_km) for town in members]) * KM
    warp = Warp("borders", (1500, 640, 300, 150), 150)
    board = Point(0, 0).buffer(11 * KM)
    cells = [cell.intersection(board) for cell in voronoi_cells(seeds)]
    # Cut into faces once more: every corner must stand on both sides before it is shifted.
    faces = list(polygonize(unary_union([cell.boundary for cell in cells]).segmentize(45)))
    return {
        town.name: make_valid(warp(next(f for f in faces if f.covers(Point(seed)))))
        for town, seed in zip(members, seeds, strict=True)
    }


@cache
def shapes() -> dict[str, Polygon | MultiPolygon]:
    """Return the polygon of every town; together they tile the land."""
    blocks = core_blocks()
    core = unary_union(list(blocks.values()))
    outer = [town for town in towns() if not town.in_core]
    cells: list[dict[str, BaseGeometry]] = []
    sides = regions()
    for side in sides:
        if core.covers(side.representative_point()) and side.distance(Point(-100, -900)) == 0:
            cells.append(dict(blocks))
            continue
        members = [t for t in outer if side.covers(Point(t.x_km * KM, t.y_km * KM))]
        cells.append(rough_cells(members) if len(members) > 1 else {t.name: side for t in members})
    return _named_faces(sides, cells)


def _named_faces(
    sides: list[Polygon], cells: list[dict[str, BaseGeometry]]
) -> dict[str, Polygon | MultiPolygon]:
    """Node all borders at once, name each face, and hand scraps to the neighbour they lean on."""
    lines: list[BaseGeometry] = [side.boundary for side in sides]
    for side, named in zip(sides, cells, strict=True):
        # A centimetre too long: a border that ends short of the river by rounding divides nothing.
        reach = side.buffer(0.01)
        lines += [_edges(cell).intersection(reach) for cell in named.values() if cell is not side]
    faces = list(polygonize(unary_union(lines)))
    names = [_name(face, sides, cells) for face in faces]
    land = ground().land
    owned = [(n, f) for n, f in zip(names, faces, strict=True)
             if land.covers(f.representative_point())]  # fmt: skip
    return _settle(owned)


def _edges(cell: BaseGeometry) -> BaseGeometry:
    return unary_union([p.boundary for p in getattr(cell, "geoms", [cell]) if p.area])


def _name(face: Polygon, sides: list[Polygon], cells: list[dict[str, BaseGeometry]]) -> str:
    inside = face.representative_point()
    for side, named in zip(sides, cells, strict=True):
        if side.covers(inside):
            return next((name for name, cell in named.items() if cell.covers(inside)), "")
    return ""


def _settle(owned: list[tuple[str, Polygon]]) -> dict[str, Polygon | MultiPolygon]:
    """Join faces by name; whatever hangs apart from its town goes to a neighbour."""
    homes: dict[str, Polygon] = {}
    loose: list[Polygon] = []
    for name in dict.fromkeys(n for n, _ in owned):
        joined = polygonal(unary_union([f for n, f in owned if n == name]))
        parts = sorted(getattr(joined, "geoms", [joined]), key=lambda p: -p.area)
        loose += parts if not name else parts[1:]
        if name:
            homes[name] = parts[0]
    while loose:
        names = list(homes)
        tree = STRtree([homes[n] for n in names])
        leans = [_longest_border(part, names, homes, tree) for part in loose]
        # A scrap of a scrap waits until its neighbour has found a home.
        part, (border_m, name) = max(zip(loose, leans, strict=True), key=lambda pair: pair[1])
        if border_m == 0:
            name = names[int(tree.nearest(part))]
        homes[name] = unary_union([homes[name], part])  # type: ignore[assignment]
        loose.remove(part)
    return dict(homes)


def _longest_border(
    part: Polygon, names: list[str], homes: dict[str, Polygon], tree: STRtree
) -> tuple[float, str]:
    near = [names[i] for i in sorted(tree.query(part))]
    return max(((part.boundary.intersection(homes[n].boundary).length, n) for n in near),
               default=(0.0, ""))  # fmt: skip


@cache
def middles() -> dict[str, Point]:
    """Return the middle of each town's homes."""
    land = shapes()
    out = {}
    for town in towns():
        if town.in_core:
            dry = land[town.name].difference(ground().waters.buffer(20)).buffer(-30)
            centre = dry.centroid
            out[town.name] = centre if dry.covers(centre) else dry.representative_point()
        else:
            out[town.name] = Point(town.x_km * KM, town.y_km * KM)
    return out
