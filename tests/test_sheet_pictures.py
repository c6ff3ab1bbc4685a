"""Printed maps as pictures, in grey as a copier leaves them: what has to be seen is seen."""

from __future__ import annotations

import io
from itertools import combinations
from typing import Any

import numpy as np
import pypdfium2  # what reads PDFs back draws them, too
import pytest
from geopandas import GeoSeries
from numpy.typing import NDArray
from shapely import points
from test_map_sheet import KINDS, content

from web.sheets.map_sheet import MapContent, map_pdf, map_values
from web.sheets.paper import Paper

PAPER = Paper("A3", "landscape")
SCALE = 4.0
"""Dots a point."""
Grey = NDArray[np.float64]


def in_grey(data: bytes, page: int = 0) -> Grey:
    """A page as a copier leaves it: 0 is black, 1 is white."""
    drawn = pypdfium2.PdfDocument(io.BytesIO(data))[page].render(scale=SCALE, grayscale=True)
    return np.asarray(drawn.to_pil(), dtype=float) / 255


def apart(count: int = len(KINDS)) -> MapContent:
    """One place of each kind, far from each other."""
    spread = [[200 + 500 * (n % 4), 300 + 600 * (n // 4)] for n in range(count)]
    made = content(count)
    return content(count, points=GeoSeries(points(spread), crs=made.points.crs))


def sign_in(picture: Grey, made: MapContent, number: dict[str, Any]) -> Grey:
    """The sign on a number's box, cut out of the page."""
    values = map_values(made, PAPER)
    box, pill = values["boxes"]["map"], values["pill"]
    x = PAPER.margin_pt + box["x"] + number["x"] - pill["width"] / 2 + pill["inset"] + pill["sign"]
    y = PAPER.margin_pt + box["y"] + number["y"]
    half = round(pill["sign"] * SCALE)
    row, column = round(y * SCALE), round(x * SCALE)
    return picture[row - half : row + half, column - half : column + half]


def test_a_copier_leaves_every_kind_another_sign() -> None:
    made = apart()
    picture = in_grey(map_pdf(made, PAPER))
    numbers = map_values(made, PAPER)["map"]["numbers"]
    signs = {
        entry.kind: sign_in(picture, made, number) > 0.75
        for entry, number in zip(made.entries, numbers, strict=True)
    }
    assert set(signs) == set(KINDS)
    for one, other in combinations(KINDS, 2):
        differing = float(np.mean(signs[one] != signs[other]))
        assert differing > 0.1, f"{one} and {other} differ in {differing:.0%} of their dots"


def test_every_sign_is_dark_on_white() -> None:
    made = apart()
    picture = in_grey(map_pdf(made, PAPER))
    for number in map_values(made, PAPER)["map"]["numbers"]:
        sign = sign_in(picture, made, number)
        assert sign.min() < 0.55 and sign.max() > 0.97


@pytest.mark.parametrize("moved", [0, 7])
def test_a_place_that_moves_is_seen_to_have_moved_and_nothing_else_is(moved: int) -> None:
    made = apart()
    at = np.column_stack([made.points.x, made.points.y])
    at[moved] += [150, 100]
    changed = content(len(at), points=GeoSeries(points(at), crs=made.points.crs))
    before, after = (in_grey(map_pdf(one, PAPER)) for one in (made, changed))
    assert before.shape == after.shape
    list_from = map_values(made, PAPER)["boxes"]["first"]["x"] + PAPER.margin_pt
    seen = np.abs(before - after) > 0.2
    assert seen[:, : round(list_from * SCALE)].any()
    assert not seen[:, round(list_from * SCALE) :].any()


def test_the_same_sheet_is_the_same_picture() -> None:
    made = apart(3)
    assert (in_grey(map_pdf(made, PAPER)) == in_grey(map_pdf(made, PAPER))).all()
