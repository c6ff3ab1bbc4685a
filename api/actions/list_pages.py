"""The public pages that search engines may list (sitemap)."""

from datetime import date
from urllib.parse import quote

from sqlmodel import Session

from api.actions.find_municipality import find_municipality
from api.actions.find_services import areas_on
from api.actions.told_places import places_there
from api.store.visible import Viewer

MOST_PAGES = 50_000
"""What one sitemap may hold (sitemaps.org)."""
PAGES = ("/", "/near", "/list", "/services")


def list_pages(session: Session, code: str, viewer: Viewer, on: date) -> list[str]:
    """Paths of a municipality's pages: its own, those of its areas and of every place there is."""
    find_municipality(session, code)
    areas = [f"/areas/{quote(area)}" for area in areas_on(session, code, viewer, on)["code"]]
    places = places_there(session, viewer, code, on)
    paths = [
        *PAGES,
        *areas,
        *(f"{area}/list" for area in areas),
        *(f"/places/{number}" for number in places.index),
    ]
    return [f"/{code}{path}" for path in paths[:MOST_PAGES]]
