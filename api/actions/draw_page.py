"""Draw the page around the map: for the server, for one request of it, or as one file."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import numpy as np
import shapely
from geopandas import GeoSeries
from numpy.typing import NDArray
from pandas import Series
from sqlmodel import Session

from api.actions.count_functions import count_functions
from api.actions.coverage_answer import Figures, when_people
from api.actions.draw_map import MapView, ground_of, map_layers
from api.actions.load_community import AGES_IN_WORDS, Community
from api.actions.report_coverage import Question
from api.models.kinds import PLACE_FUNCTIONS, PlaceKind
from api.settings import Settings
from api.store import frames
from api.store.visible import Viewer
from web import words
from web.assets import BUILD, one_script, one_stylesheet
from web.maps import folium_map
from web.maps.classes import COLOURS
from web.maps.places import place_columns, place_details
from web.maps.symbols import symbol_of
from web.pages import fill
from web.pages.sharing import Shared

SCRIPTS = (
    "yori-shapes.js", "yori-labels.js", "yori-ground.js", "yori-cards.js", "yori-map.js",
    "yori-panel.js",
)  # fmt: skip
STYLES = ("yori.css", "yori-map.css")


def draw_page(view: MapView, settings: Settings, base: str) -> str:
    """The page as the server sends it: figures and tables stand in it, shapes come after.

    `base` is the address of this installation.
    """
    code, question = view.tenant.code, view.report.question
    ground = {"scheme": question.scheme} if question.scheme else {}
    dated = {"on": question.on.isoformat()} if question.dated else {}
    sources = {
        "ground": {
            "url": _address(
                f"/{code}/map/ground.json", ground | {"age": view.report.community.age} | dated
            )
        },
        "places": {"url": _address(f"/{code}/map/places.json", dated)},
        "details": {"url": _address(f"/{code}/map/details.json", dated)},
        "photos": {"url": f"/{code}/photos/"},
        "pages": {"url": f"/{code}/places/"},
    }
    return fill(
        "map.html",
        **_page_values(view, settings, sources),
        inline=None,
        shared=_shared(view, base),
        styles=[folium_map.LEAFLET_CSS, *(f"/static/yori/{name}?{BUILD}" for name in STYLES)],
        scripts=[folium_map.LEAFLET_JS, *(f"/static/yori/{name}?{BUILD}" for name in SCRIPTS)],
        preloads=[sources["ground"]["url"], sources["places"]["url"]],
        panel_address=_here(view) + "panel",
    )


def draw_panel(view: MapView) -> str:
    """The panel alone, with the map's part of the answer inside: one request changes everything."""
    return fill("panel.html", **_panel_values(view, map_layers(view)), inline=None)


def draw_file(session: Session, view: MapView, viewer: Viewer, settings: Settings) -> str:
    """The whole map as one HTML file that opens from a USB stick with no network."""
    community = view.report.community
    sources = {
        "ground": {"data": ground_of(session, community, viewer)},
        "places": {"data": place_columns(community.places)},
        "details": {"data": place_details(community.places)},
    }
    offline = settings.model_copy(update={"tile_url": None})
    values = _page_values(view, offline, sources, frozen=True)
    return fill(
        "map.html",
        **values,
        shared=None,
        inline={"css": one_stylesheet(STYLES), "script": one_script(SCRIPTS)},
        panel_address="",
    )


def _shared(view: MapView, base: str) -> Shared:
    """What links to the map show, whatever is asked of it."""
    code, area = view.tenant.code, view.focus.area_code
    here = f"/{code}/areas/{quote(area)}" if area else f"/{code}/"
    return Shared(
        title=f"{view.focus.name}の通いの場",
        description=f"{view.focus.name}の通いの場の地図と、歩いて行ける人の割合です。",
        url=base + here,
        picture=f"{base}/{code}/card.png",
        picture_words=f"{view.tenant.full_name}の通いの場",
    )


def _page_values(
    view: MapView, settings: Settings, sources: Mapping[str, Any], *, frozen: bool = False
) -> dict[str, Any]:
    layers = map_layers(view)
    layers["question"]["frozen"] = frozen
    kinds = [
        {"code": kind, "label": PlaceKind(kind).label, "sign": symbol_of(kind).svg()}
        for kind in view.kinds
    ]
    about = {
        "focus": view.focus.area_code,
        "symbols": {kind: symbol_of(kind).as_json() for kind in {*view.kinds, "other"}},
        "kindLabels": {kind.value: kind.label for kind in PlaceKind},
        "functionLabels": PLACE_FUNCTIONS,
        "credit": settings.tile_credit if settings.tile_url else "",
    }
    drawn = folium_map.draw(
        frame_of(view),
        {**sources, **about},
        tile_url=settings.tile_url,
        tile_credit=settings.tile_credit,
    )
    tenant, question, community = view.tenant, view.report.question, view.report.community
    return {
        **_panel_values(view, layers, frozen=frozen),
        "build": BUILD,
        "title": f"{view.focus.name}の通いの場と空白",
        "municipality": tenant.full_name,
        "code": tenant.code,
        "home": f"/{tenant.code}/" if not frozen else "#main",
        "area_name": view.focus.name if view.focus.area_code else None,
        "question": replace(question, age=community.age),
        "distances": sorted({*words.DISTANCES_M, question.distance_m}),
        "ages": {age: (AGES_IN_WORDS[age], age in community.ages_known) for age in AGES_IN_WORDS},
        "kinds": kinds,
        "functions": _functions_there(community.places["functions"]),
        "has_informal": bool(community.places["informal"].any()),
        "has_roads": view.has_roads,
        "years": _years(community, question),
        "variants": community.future.variants,
        "has_badges": bool(community.places["badge"].any()),
        "stale_months": community.stale_months,
        "scheme": community.scheme,
        "scheme_names": view.schemes,
        "shades": COLOURS,
        "limits_in_words": layers["legend"]["limits"],
        "drawn": drawn,
        "tile_origin": origin(settings.tile_url),
    }


def _years(community: Community, question: Question) -> list[int]:
    """Years to come that can be asked for, and the one that was."""
    today = question.on.year
    asked = {question.year} if question.year else set()
    return sorted({*(year for year in community.future.years if year > today), *asked})


def _panel_values(
    view: MapView, layers: Mapping[str, Any], *, frozen: bool = False
) -> dict[str, Any]:
    question, focus = view.report.question, view.focus
    query = asked(question)
    return {
        "answer": view.answer,
        "layers": layers,
        "figures": focus.figures,
        "focus_name": focus.name,
        "has_area": focus.area_code is not None,
        "age_label": AGES_IN_WORDS[view.report.community.age],
        "people_asof": when_people(view.report.community),
        "places_asof": _confirmed(view),
        "on_day": question.on if question.dated else None,
        "functions_counted": count_functions(view.report, focus.area_id),
        "table_title": "町ごと"
        if focus.area_code
        else f"{view.report.community.scheme or '圏域'}ごと",
        "table_of": "町" if focus.area_code else "圏域",
        "rows": [_row(view, row, query) for row in focus.rows],
        "has_pages": focus.area_code is None and not frozen,
        "gaps": view.gaps,
        "credits": list(dict.fromkeys(s.credit for s in view.answer.sources.values())),
        "downloads": [] if frozen else _downloads(view),
        "onward": [] if frozen else _onward(view),
    }


def _functions_there(functions: Series) -> dict[str, str]:
    """Code → word of what some place is to people, in the order of the table."""
    there = {code for codes in functions for code in codes}
    return {code: words for code, words in PLACE_FUNCTIONS.items() if code in there}


def _row(view: MapView, row: Figures, query: str) -> dict[str, Any]:
    """A row of the table: what it says, where a click moves the map, which page it opens."""
    areas, towns = view.report.community.areas, view.report.community.towns
    if view.focus.area_code is None:
        goes_to = ("area", row.code) if row.code in set(areas["code"]) else None
        href = f"/{view.tenant.code}/areas/{quote(row.code)}{query}" if row.code else None
        return {**row.model_dump(), "goes_to": goes_to, "href": href}
    found = towns.index[towns["name"] == row.name]
    goes_to = ("town", str(found[0])) if len(found) else None
    return {**row.model_dump(), "goes_to": goes_to, "href": None}


def _downloads(view: MapView) -> list[dict[str, str | None]]:
    return [
        {
            "label": label,
            "href": f"{_here(view)}coverage.{ending}{asked(view.report.question)}",
            "name": None,
        }
        for ending, label in (("xlsx", "Excel"), ("csv", "CSV"))
    ]


def _onward(view: MapView) -> list[tuple[str, str]]:
    """Where a resident goes from the map: the list, the printed sheet, and to say what is wrong."""
    code, area = view.tenant.code, view.focus.area_code
    sheet = (f"/{code}/sheets/", "配る紙をえらんで印刷する")
    if area:
        sheet = (
            f"/{code}/sheets/{quote(area, safe='')}.pdf",
            f"{view.focus.name}の地図を印刷する（PDF）",
        )
    return [
        (
            f"/{code}/areas/{quote(area)}/list" if area else f"/{code}/list",
            f"{view.focus.name}の一覧を見る",
        ),
        sheet,
        (f"/{code}/voice", "ちがっている・のっていない場所を教える"),
    ]


def _confirmed(view: MapView) -> str:
    """令和8年8月確認: the newest date the places were confirmed on."""
    days = view.report.community.places["confirmed_on"].dropna()
    return f"{words.wareki(max(days))}確認" if len(days) else "確認日不明"


def _here(view: MapView) -> str:
    code, area = view.tenant.code, view.focus.area_code
    return f"/{code}/areas/{area}/" if area else f"/{code}/"


def origin(address: str | None) -> str:
    """https://cyberjapandata.gsi.go.jp of a tile address; nothing without one."""
    parts = urlsplit(address or "")
    return f"{parts.scheme}://{parts.netloc.replace('{s}', '*')}" if parts.netloc else ""


def _address(path: str, query: Mapping[str, str]) -> str:
    return f"{path}?{urlencode(query)}" if query else path


def frame_of(view: MapView) -> tuple[float, float, float, float]:
    """Where the map opens (west, south, east, north, degrees): where the people are.

    The outermost two hundredths of them are left aside, so that an island or an empty mountain
    does not make everything else small.
    """
    community = view.report.community
    if view.focus.area_id is not None:
        shape = community.areas.geometry[view.focus.area_id]
        if shape is not None and not shape.is_empty:
            return degrees(shape.bounds, community.tenant.zone)
    points = community.people
    where = shapely.get_coordinates(points.geometry.to_numpy())
    weight = points["people"].to_numpy()
    box = [_quantile(where[:, axis], weight, q) for q in (0.01, 0.99) for axis in (0, 1)]
    margin = 0.06 * max(box[2] - box[0], box[3] - box[1], 1000.0)
    grown = (box[0] - margin, box[1] - margin, box[2] + margin, box[3] + margin)
    return degrees(grown, community.tenant.zone)


def _quantile(values: NDArray[np.float64], weight: NDArray[np.float64], q: float) -> float:
    order = np.argsort(values)
    reached = np.cumsum(weight[order])
    return float(values[order][np.searchsorted(reached, q * reached[-1])])


def degrees(box: Sequence[float], epsg: int) -> tuple[float, float, float, float]:
    """The corners of a box of the plane zone: west, south, east, north, in degrees."""
    corners = GeoSeries([shapely.box(box[0], box[1], box[2], box[3])], crs=epsg).to_crs(
        frames.DEGREES
    )
    west, south, east, north = (round(float(edge), 5) for edge in corners.total_bounds)
    return west, south, east, north


def asked(question: Question, **changes: Any) -> str:
    """The question as the query of an address; defaults are left out."""
    question = replace(question, **changes)
    plain: Mapping[str, Any] = {
        "distance": None if question.distance_m == 500 else f"{question.distance_m:g}",
        "age": None if question.age in ("65", None) else question.age,
        "walking": None if question.walking == "straight" else question.walking,
        "spread": None if question.spread == "point" else question.spread,
        "kind": question.kinds,
        "weekday": question.weekdays,
        "scheme": question.scheme,
        "on": question.on.isoformat() if question.dated else None,
        "function": question.functions,
        "confirmed": "1" if question.confirmed else None,
        "informal": "1" if question.informal else None,
        "slopes": "1" if question.slopes else None,
        "year": None if question.year is None else str(question.year),
        "variant": question.variant if question.year is not None else None,
    }
    words = urlencode({name: value for name, value in plain.items() if value}, doseq=True)
    return f"?{words}" if words else ""
