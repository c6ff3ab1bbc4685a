"""What search engines are told (robots.txt, sitemap.xml): public pages, and no others."""

from xml.sax.saxutils import escape

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse

from api.actions.find_municipality import list_municipalities
from api.actions.list_pages import list_pages
from api.routes.deps import SessionDep, SettingsDep
from api.routes.visit import Visit, VisitDep, base_url

router = APIRouter(include_in_schema=False)
XML = "application/xml"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
SITEMAPS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
NOT_FOR_LISTS = ("/*/desk/", "/*/plan/", "/api/", "/ogc/", "/*/panel")
"""Where there is nothing to find for anybody without an account, or the same page once more."""


@router.get("/robots.txt")
def robots(request: Request, settings: SettingsDep) -> PlainTextResponse:
    """What may be listed, and where the list of pages is."""
    closed = "".join(f"Disallow: {path}\n" for path in NOT_FOR_LISTS)
    where = f"{base_url(request, settings)}/sitemap.xml"
    return PlainTextResponse(f"User-agent: *\n{closed}\nSitemap: {where}\n")


@router.get("/sitemap.xml")
def sitemaps(request: Request, session: SessionDep, settings: SettingsDep) -> Response:
    """The sitemaps of the municipalities."""
    base = base_url(request, settings)
    listed = "".join(
        f"<sitemap><loc>{escape(f'{base}/{code}/sitemap.xml')}</loc></sitemap>\n"
        for code, _, _ in list_municipalities(session)
    )
    return Response(f"{HEAD}<sitemapindex {SITEMAPS}>\n{listed}</sitemapindex>\n", media_type=XML)


@router.get("/{code}/sitemap.xml")
def sitemap(visit: VisitDep) -> Response:
    """The public pages of one municipality."""
    return visit.answer(visit.base, XML, lambda: _sitemap(visit))


def _sitemap(visit: Visit) -> str:
    paths = list_pages(visit.session, visit.code, visit.viewer, visit.today)
    listed = "".join(f"<url><loc>{escape(visit.base + path)}</loc></url>\n" for path in paths)
    return f"{HEAD}<urlset {SITEMAPS}>\n{listed}</urlset>\n"
