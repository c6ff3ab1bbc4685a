"""The sea off the city, 汐見灘, and the neighbours' coasts, where the city's own leaves off."""

from shapely.geometry import Polygon, box

from sample_city.ground import ground
from sample_city.terrain import KM, Floats, Knot, Noise, organic, polygonal

# Beyond the picture on every side, some 20 km from the city.
FRAME_KM = (-27.0, -25.0, 27.0, 26.0)
# From the city's outermost point of coast outwards, past the frame: beaches between headlands.
EAST_COAST: list[Knot] = [
    (7.5, -1.85, 20), (8.3, -1.95, 30), (9.0, -2.4, 60), (9.35, -3.0, 90), (9.8, -3.25, 100),
    (10.3, -2.9, 90), (10.45, -2.2, 60), (11.1, -1.5, 25), (12.4, -1.2, 20), (13.7, -1.6, 40),
    (14.6, -2.5, 100), (15.6, -2.9, 120), (16.4, -2.2, 100), (17.8, -1.3, 60), (20.0, -1.9, 60),
    (22.2, -3.7, 130), (24.0, -3.9, 130), (26.0, -2.8, 110), (29.0, -2.4, 110),
]  # fmt: skip
WEST_COAST: list[Knot] = [
    (-7.65, -2.62, 30), (-8.3, -2.5, 25), (-9.0, -2.7, 45), (-9.5, -3.3, 90), (-10.1, -3.75, 110),
    (-10.7, -3.4, 110), (-10.85, -2.6, 80), (-11.4, -1.7, 40), (-12.6, -1.1, 25), (-14.0, -1.2, 40),
    (-15.1, -2.0, 90), (-15.7, -3.1, 130), (-16.6, -3.4, 130), (-17.4, -2.5, 110), (-19.0, -1.5, 60),
    (-21.2, -1.7, 60), (-23.2, -3.0, 120), (-25.0, -3.2, 130), (-29.0, -1.8, 110),
]  # fmt: skip


def sea() -> Polygon:
    """Return the frame without the neighbours' land: sea, with the city still lying in it."""
    west, south, east, north = (side * KM for side in FRAME_KM)
    top = [(30 * KM, 2 * north), (-30 * KM, 2 * north)]
    east_coast, west_coast = coast(EAST_COAST, 1), coast(WEST_COAST, -1)
    # Closed through the middle of the city: its coast is the city's own, vertex by vertex.
    neighbours = Polygon([(0, 0), *east_coast, *top, *west_coast[::-1]])
    open_sea = polygonal(box(west, south, east, north).difference(neighbours))
    assert isinstance(open_sea, Polygon)
    return open_sea


def coast(knots: list[Knot], side: int) -> Floats:
    """Return a neighbour's coast, from the city's vertex farthest east (1) or west (-1)."""
    shore = ground().mainland.exterior.coords
    start = max(shore, key=lambda xy: side * xy[0])
    line = organic([(start[0] / KM, start[1] / KM, 0.0), *knots],
                   Noise("neighbours' coast", (1500, 700, 340, 170)), step_m=55)  # fmt: skip
    line[0] = start
    return line
