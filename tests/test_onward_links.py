"""From every public page a resident finds the printed sheet and the way to answer back."""

import re

import pytest
from desk_client import engine_of
from small_town import CODE, by_name
from sqlmodel import Session
from starlette.testclient import TestClient

from api.main import create_app
from api.models import Place

pytestmark = pytest.mark.databases("sqlite")


def main_links(visitor: TestClient, path: str) -> list[str]:
    """Addresses of the links of a page's own part, without those at the head of every page."""
    page = visitor.get(f"/{CODE}{path}").text
    return re.findall(r'<a [^>]*?href="([^"]+)"', page.split("<main", 1)[1])


@pytest.mark.parametrize("path", ["/", "/areas/W", "/list", "/areas/W/list", "/places/{salon}"])
def test_the_sheet_and_the_voice_are_a_tap_away(a_small_town: Session, path: str) -> None:
    salon = by_name(a_small_town, Place)["ひだまりサロン"]["id"]
    visitor = TestClient(create_app(engine_of(a_small_town)))
    links = main_links(visitor, path.format(salon=salon))
    sheet = f"/{CODE}/sheets/" if path in ("/", "/list") else f"/{CODE}/sheets/W.pdf"
    assert sheet in links and visitor.get(sheet).status_code == 200
    (voice,) = [link for link in links if link.startswith(f"/{CODE}/voice")]
    assert visitor.get(voice).status_code == 200


def test_the_map_leads_to_the_list_of_what_it_shows(a_small_town: Session) -> None:
    visitor = TestClient(create_app(engine_of(a_small_town)))
    assert f"/{CODE}/list" in main_links(visitor, "/")
    assert f"/{CODE}/areas/W/list" in main_links(visitor, "/areas/W")
