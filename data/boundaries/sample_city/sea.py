"""The sea off the city, 汐見灘, and the neighbours' coasts, where the city's own leaves off."""

from shapely.geometry import LineString, Polygon, box

from sample_city.ground import ground
from sample_city.terrain import KM, Knot, Noise, organic

# Some 20 km from the city on every side: more than the map shows when it opens.
FRAME_KM = (-30.0, -25.0, 30.0, 26.0)
# From the city's outermost point of coast outwards, past the frame: beaches and headlands.
EAST_COAST: list[Knot] = [
    (7.5, -1.82, 25), (8.4, -1.75, 30), (9.6, -2.0, 25), (11.0, -2.6, 25), (12.2, -3.5, 60),
    (12.9, -4.4, 150), (13.6, -4.7, 170), (14.1, -4.1, 150), (13.9, -3.3, 110), (14.5, -2.5, 70),
    (15.5, -2.4, 80), (16.3, -3.0, 150), (17.0, -2.9, 160), (17.3, -2.0, 110), (18.6, -0.9, 50),
    (20.6, -0.6, 40), (22.6, -1.4, 60), (24.2, -2.9, 160), (25.4, -3.3, 170), (26.2, -2.5, 150),
    (28.5, -2.6, 130), (33.0, -4.0, 130),
]  # fmt: skip
WEST_COAST: list[Knot] = [
    (-7.65, -2.62, 40), (-8.2, -2.55, 45), (-8.8, -2.95, 90), (-9.3, -3.0, 100), (-9.6, -2.5, 80),
    (-10.3, -2.25, 80), (-10.8, -2.8, 130), (-11.1, -3.7, 150), (-11.9, -4.1, 160),
    (-12.5, -3.5, 150), (-12.4, -2.5, 110), (-12.9, -1.6, 70), (-14.2, -1.2, 40), (-16.2, -1.4, 35),
    (-18.2, -2.2, 50), (-19.6, -3.4, 130), (-20.5, -3.8, 170), (-21.3, -3.0, 150),
    (-22.5, -2.6, 130), (-24.0, -3.4, 170), (-25.5, -3.2, 150), (-27.0, -1.9, 100),
    (-29.0, -1.6, 100), (-33.0, -2.8, 130),
]  # fmt: skip


def sea() -> Polygon:
    """Return the frame without the neighbours' land: sea, with the city still lying in it."""
    west, south, east, north = (side * KM for side in FRAME_KM)
    inland = [(2 * east, 2 * north), (2 * west, 2 * north)]
    # Closed through the middle of the city, whose own coast is cut out vertex by vertex later.
    neighbours = Polygon(
        [(0, 0), *coast(EAST_COAST, 1), *inland, *reversed(coast(WEST_COAST, -1))]
    )  # fmt: skip
    open_sea = box(west, south, east, north).difference(neighbours)
    assert isinstance(open_sea, Polygon), "a neighbour's coast cuts the sea in two"
    return open_sea


def coast(knots: list[Knot], side: int) -> list[tuple[float, ...]]:
    """Return a neighbour's coast, from the city's vertex farthest east (1) or west (-1)."""
    start = max(ground().mainland.exterior.coords, key=lambda xy: side * xy[0])
    noise = Noise("neighbours' coast", (1500, 700, 340, 170))
    line = organic([(start[0] / KM, start[1] / KM, 0.0), *knots], noise)
    line[0] = start
    return list(LineString(line).simplify(3).coords)
