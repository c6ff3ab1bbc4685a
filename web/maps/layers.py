"""What a question changes on the map: the shading of people, and the gaps."""

from typing import Any

from geopandas import GeoDataFrame, GeoSeries

from web.maps.classes import class_of, round_limits
from web.maps.encode import encode_shapes, thinned
from web.words import gap_title

M2_PER_KM2 = 1_000_000.0
ROUGH_M = 8.0


def question_layers(units: GeoDataFrame, gaps: GeoDataFrame) -> dict[str, Any]:
    """Shading and gaps for one question, ready for JSON; frames in the plane zone (metres).

    Parameters
    ----------
    units : what is shaded, towns or mesh cells (index: id): `population`, `covered` (persons;
        missing where it is not known), geometry.
    gaps : index = rank; `people`, `towns` (their names, most people first), geometry.
    """
    density = units["population"] / units.area * M2_PER_KM2
    limits = round_limits(density)
    degrees = GeoSeries(gaps["anchor"], crs=gaps.crs).to_crs("EPSG:4326")
    return {
        "limits": limits,
        "units": {
            "id": [int(number) for number in units.index],
            "class": [None if c is None else int(c) for c in _none(class_of(density, limits))],
            "population": _none(units["population"]),
            "covered": _none(units["covered"]),
        },
        "gaps": {
            "rank": gaps.index.tolist(),
            "people": gaps["people"].round().astype(int).tolist(),
            "title": [gap_title(names) for names in gaps["towns"]],
            "lon": degrees.x.round(5).tolist(),
            "lat": degrees.y.round(5).tolist(),
            "shape": encode_shapes(thinned(GeoSeries(gaps.geometry), ROUGH_M)),
        },
    }


def _none(column: Any) -> list[Any]:
    values: list[Any] = column.astype(object).where(column.notna(), None).tolist()
    return values
