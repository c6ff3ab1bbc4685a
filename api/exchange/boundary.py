"""Reading a boundary (行政区域): faces with the municipality's code and name."""

from collections.abc import Mapping

from pandas import DataFrame

from api.exchange.reading import Desk, Reading
from api.exchange.shapes import framed, must_be_faces, shapes_of
from api.exchange.source import Source


def read_boundary(
    source: Source,
    *,
    constants: Mapping[str, str] | None = None,
    mapping: Mapping[str, str] | None = None,
) -> Reading:
    """Columns `code`, `name`, `geometry` (Polygon or MultiPolygon, EPSG:4326), one row a feature.

    Raises
    ------
    Unreadable : the file holds lines or points, or no shapes.
    """
    desk = Desk.open(source, constants, mapping)
    shapes = shapes_of(desk)
    must_be_faces(desk, shapes)
    codes = desk.codes()
    frame = DataFrame({"code": codes, "name": desk.text("name")})
    return desk.close(framed(frame, shapes), codes)
