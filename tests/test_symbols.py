"""Signs of the kinds: told apart by shape alone, on a grey copy and by those who see no colour."""

from __future__ import annotations

from itertools import combinations
from xml.etree import ElementTree

import pytest
from shapely import Point, Polygon

from api.models.kinds import PlaceKind
from web.maps.symbols import OTHER, SYMBOLS, Symbol, symbol_of


def area_of(symbol: Symbol) -> Polygon:
    """The sign's shape in radii."""
    return Polygon(symbol.corners) if symbol.corners else Point(0, 0).buffer(1)


def test_every_kind_has_a_sign_of_its_own() -> None:
    assert set(SYMBOLS) == {kind.value for kind in PlaceKind}


def test_no_two_kinds_share_a_shape() -> None:
    for (one, a), (other, b) in combinations(SYMBOLS.items(), 2):
        together, both = area_of(a).union(area_of(b)), area_of(a).intersection(area_of(b))
        alike = both.area / together.area
        assert a.hollow != b.hollow or alike < 0.93, (one, other, alike)


@pytest.mark.parametrize("kind", SYMBOLS)
def test_a_sign_is_a_simple_figure_around_its_point(kind: str) -> None:
    figure = area_of(SYMBOLS[kind])
    assert figure.is_valid
    assert figure.contains(Point(0, 0))
    assert 0.85 < max(abs(edge) for edge in figure.bounds) < 1.3


def test_an_unknown_kind_wears_the_sign_of_others() -> None:
    assert symbol_of("bathhouse") is OTHER
    assert symbol_of("hall") is SYMBOLS["hall"]


@pytest.mark.parametrize("kind", SYMBOLS)
def test_the_legend_draws_what_the_map_draws(kind: str) -> None:
    symbol = SYMBOLS[kind]
    picture = ElementTree.fromstring(symbol.svg())
    assert picture.get("aria-hidden") == "true"  # the word beside it says what it means
    (drawn,) = picture
    assert drawn.get("stroke") == symbol.colour
    assert (drawn.get("fill") == symbol.colour) is not symbol.hollow
    corners = symbol.as_json()["corners"]
    if corners is None:
        assert drawn.tag == "circle"
    else:
        pairs = (drawn.get("points") or "").split()
        assert [tuple(map(float, pair.split(","))) for pair in pairs] == list(corners)
