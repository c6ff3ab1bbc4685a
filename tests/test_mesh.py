"""Mesh codes worked out by hand: 5339-46-11 holds a part of central Tokyo."""

import pytest
import shapely
from pandas import Series

from geo.mesh import NotAMesh, are_mesh_codes, mesh_cells, mesh_side_m

# 53 / 1.5 + 4 × 5′ + 1 × 30″ = 35.675 N, 100 + 39 + 6 × 7′30″ + 1 × 45″ = 139.7625 E
SOUTH, WEST = 35.675, 139.7625
HEIGHT, WIDTH = 30 / 3600, 45 / 3600


@pytest.mark.parametrize(
    ("code", "up", "right", "parts"),
    [
        ("53394611", 0, 0, 1),
        ("533946111", 0, 0, 2),
        ("533946112", 0, 1, 2),
        ("533946113", 1, 0, 2),
        ("533946114", 1, 1, 2),
        ("5339461143", 3, 2, 4),  # north-west quarter of the north-east half
    ],
)
def test_a_cell_follows_from_its_code(code: str, up: int, right: int, parts: int) -> None:
    south, west = SOUTH + up * HEIGHT / parts, WEST + right * WIDTH / parts
    (cell,) = mesh_cells(Series([code]))
    expected = (west, south, west + WIDTH / parts, south + HEIGHT / parts)
    assert cell.bounds == pytest.approx(expected, abs=1e-9)


def test_cells_keep_the_index_of_their_codes_and_are_in_degrees() -> None:
    cells = mesh_cells(Series(["53394611", "53394612"], index=["a", "b"]))
    assert cells.index.tolist() == ["a", "b"]
    assert cells.crs == "EPSG:4326"


def test_numbers_are_read_like_text() -> None:
    assert mesh_cells(Series([533946111])).iloc[0] == mesh_cells(Series(["533946111"])).iloc[0]


def test_neighbouring_cells_share_their_corners_to_the_last_bit() -> None:
    kilometres = [f"5339{block}{number:02}" for block in ("46", "47") for number in range(100)]
    cells = mesh_cells(Series(kilometres)).to_numpy()
    assert shapely.coverage_is_valid(cells)
    block = shapely.coverage_union_all(cells)
    assert block.bounds == pytest.approx((139.75, 53 / 1.5 + 4 / 12, 140, 53 / 1.5 + 5 / 12))
    assert block.area == pytest.approx(1 / 4 * 1 / 12)


def test_halves_and_quarters_fill_their_kilometre_once() -> None:
    parts = [*(f"53394611{half}" for half in "123"), *(f"533946114{part}" for part in "1234")]
    cells = mesh_cells(Series(parts)).to_numpy()
    (kilometre,) = mesh_cells(Series(["53394611"]))
    assert shapely.union_all(cells).equals(kilometre)
    assert shapely.area(cells).sum() == pytest.approx(kilometre.area, rel=1e-9)


@pytest.mark.parametrize(
    "code",
    [
        "5339",  # 80 km
        "533946",  # 10 km
        "53398611",  # there are only eight 2nd meshes a side: 0 to 7
        "53394811",
        "533946110",  # halves are 1 to 4
        "533946115",
        "5339461145",
        "53394611111",  # too long
        "５３３９４６１１",
        "5339-46-11",
        "99999999",
        "28394611",  # 18.7° N
        "69394611",  # 46.3° N
        "53204611",  # 120.8° E
        53394611.0,
        None,
    ],
)
def test_what_is_no_mesh_in_japan_is_refused_by_name(code: object) -> None:
    codes = Series(["53394611", code], index=["good", "bad"], dtype=object)
    assert are_mesh_codes(codes).to_dict() == {"good": True, "bad": False}
    with pytest.raises(NotAMesh, match=f"in Japan: {code!r}"):
        mesh_cells(codes)


def test_the_side_follows_from_the_number_of_digits() -> None:
    sides = mesh_side_m(Series(["53394611", "533946111", "5339461111"]))
    assert sides.tolist() == [1000, 500, 250]
    with pytest.raises(NotAMesh, match="'5339'"):
        mesh_side_m(Series(["5339"]))


def test_no_codes_make_no_cells() -> None:
    assert mesh_cells(Series([], dtype=object)).empty
