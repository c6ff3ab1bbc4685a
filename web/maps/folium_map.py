"""The Folium map itself: our own Leaflet, our own layers, no page around it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import folium
from branca.element import MacroElement
from jinja2 import Template

LEAFLET_JS = "/static/leaflet/leaflet.js"
LEAFLET_CSS = "/static/leaflet/leaflet.css"
FARTHEST, CLOSEST = 8, 18


class LocalMap(folium.Map):
    """A Folium map whose Leaflet is served by us: closed networks (閉域網) reach no other host."""

    default_js = [("leaflet", LEAFLET_JS)]  # noqa: RUF012  folium declares it so
    default_css = [("leaflet_css", LEAFLET_CSS)]  # noqa: RUF012


class CommunityLayers(MacroElement):
    """Ground, people, reach, gaps and places, drawn on one canvas by `yori-map.js`.

    `sources` says where each comes from: {"url": …} to fetch, or {"data": …} when it is embedded.
    """

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "Yori.open({{ this._parent.get_name() }}, {{ this.sources|tojson }});"
        "{% endmacro %}"
    )

    def __init__(self, sources: Mapping[str, Any]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "CommunityLayers"
        self.sources = dict(sources)


@dataclass(frozen=True)
class DrawnMap:
    """The two pieces of a Folium map that our own page puts into place."""

    html: str
    script: str


def draw(
    bounds: tuple[float, float, float, float],
    sources: Mapping[str, Any],
    *,
    tile_url: str | None = None,
    tile_credit: str = "",
) -> DrawnMap:
    """Draw a map that opens on `bounds` (west, south, east, north, degrees)."""
    west, south, east, north = bounds
    canvas = LocalMap(
        tiles=None,
        prefer_canvas=True,
        zoom_control=False,
        attribution_control=False,
        zoom_snap=0.25,
        maxZoom=CLOSEST,  # Folium's own max_zoom reaches the tile layer only
        minZoom=FARTHEST,
        location=[(south + north) / 2, (west + east) / 2],
    )
    canvas._id = "community"  # one map a page: the same page comes out each time
    if tile_url:
        folium.TileLayer(tile_url, attr=tile_credit, max_zoom=CLOSEST).add_to(canvas)
    corners = [(south, west), (north, east)]
    canvas.fit_bounds(corners, padding=(12, 12))
    # Said again to our script, which fits once more when the window has its final size.
    CommunityLayers({**sources, "bounds": corners}).add_to(canvas)
    figure: Any = canvas.get_root()
    figure.render()
    return DrawnMap(figure.html.render(), figure.script.render())
