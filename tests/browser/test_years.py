"""Years to come on the map: a slider by keyboard, cells in place of towns, and back again."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import shapely
import uvicorn
from browser_page import PHONE, BrowserPage, until
from geopandas import GeoSeries
from pandas import Series
from shapely.geometry import mapping
from sqlalchemy import Engine
from sqlmodel import Session

from api.actions.demo import CODE, set_up_demo
from api.actions.find_municipality import find_municipality
from api.actions.import_files import import_files
from api.actions.importing import Order
from api.clock import today
from api.main import create_app
from api.settings import Settings
from api.store.engine import migrate, open_engine
from geo.mesh import mesh_cells

pytestmark = [pytest.mark.browser, pytest.mark.databases("sqlite")]

Opener = Callable[..., BrowserPage]
TOTALS = (
    "年,65歳以上人口,65歳以上人口（市の目標）",
    "2035,20000,19000",
    "2045,10000,15000",
)
SLIDER = ".year-slider input"


def _cells(session: Session) -> list[str]:
    """Codes of the 1 km cells whose middle lies in the sample municipality."""
    tenant = find_municipality(session, CODE)
    outline = tenant.land()
    assert outline is not None
    land = GeoSeries([outline], crs=tenant.zone).to_crs(4326).iloc[0]
    west, south, east, north = land.bounds
    rows = range(int(south * 120), int(north * 120) + 1)
    columns = range(int((west - 100) * 80), int((east - 100) * 80) + 1)
    codes = [
        f"{r // 80:02}{c // 80:02}{r % 80 // 10}{c % 80 // 10}{r % 10}{c % 10}"
        for r in rows
        for c in columns
    ]
    middles = shapely.centroid(mesh_cells(Series(codes)).to_numpy())
    return [code for code, middle in zip(codes, middles, strict=True) if land.contains(middle)]


def _bring(session: Session, folder: Path) -> None:
    (folder / "totals.csv").write_text("\n".join(TOTALS), "utf-8")
    codes = _cells(session)
    features = [
        {
            "type": "Feature",
            "geometry": mapping(shape),
            "properties": {"MESH_ID": code, "SHICODE": CODE, "PTN_2035": 90.5, "PTC_2035": 30.5},
        }
        for code, shape in zip(codes, mesh_cells(Series(codes)), strict=True)
    ]
    mesh = {"type": "FeatureCollection", "features": features}
    (folder / "mesh.geojson").write_text(json.dumps(mesh), "utf-8")
    for name in ("totals.csv", "mesh.geojson"):
        outcome = import_files(session, CODE, Order("projections", (folder / name,), today()))
        assert outcome.written and not outcome.refused


@pytest.fixture(scope="module")
def projected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Give the sample with its totals to come, two ways, and cells of one year."""
    folder = tmp_path_factory.mktemp("years")
    engine = open_engine(f"sqlite:///{folder / 'store.sqlite'}")
    migrate(engine)
    with Session(engine) as session:
        set_up_demo(session, Settings().data_dir / "boundaries", today(), lambda _: None)
        _bring(session, folder)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def served(projected: Engine) -> Iterator[str]:
    """Give the address of a server on it."""
    server = uvicorn.Server(
        uvicorn.Config(create_app(projected, Settings()), port=0, log_level="error", lifespan="off")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until(lambda: server.started, "the server starts")
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


def shaded(page: BrowserPage) -> set[str]:
    """Which kinds of shapes have a colour on the map."""
    return set(
        page.get(
            "Object.keys(Yori.view.units).filter(k => Yori.view.units[k].options.fillOpacity > 0)"
            ".map(k => k.replace(/[0-9]+/, ''))"
        )
    )


def test_the_slider_asks_for_a_year_with_one_request_and_the_whole_page_says_so(
    tab: Opener,
) -> None:
    page = tab().open(f"/{CODE}/")
    today_says = page.headline()
    assert shaded(page) == {"towns"}
    page.asked.clear()
    with page.answered():
        page.find(SLIDER).press("ArrowRight")
    assert len([path for path in page.asked if "/panel?" in path]) == 1
    words = "2035年（令和17年）の推計"
    assert page.find(SLIDER).get_attribute("aria-valuetext") == words
    assert page.find("select[name=year]").input_value() == "2035"
    assert page.find("#panel h1").inner_text().startswith(f"{words}では、")
    assert "メッシュ" in page.find(".note").inner_text()
    assert shaded(page) == {"cells"}
    assert "のあたり" in page.find("#panel .gaps").first.inner_text()
    with page.answered():
        page.find(SLIDER).press("Home")
    assert shaded(page) == {"towns"}
    assert page.headline() == today_says


def test_another_way_things_may_go_is_another_answer(tab: Opener) -> None:
    page = tab().open(f"/{CODE}/?year=2035")
    assert shaded(page) == {"cells"}
    with page.answered():
        page.find("select[name=variant]").select_option("ふつうの推計")
    with page.answered():
        page.find(SLIDER).press("ArrowRight")
    assert "合計（10,000人）" in page.find(".note").inner_text()
    with page.answered():
        page.find("select[name=variant]").select_option("市の目標")
    assert "合計（15,000人）" in page.find(".note").inner_text()
    assert "市の目標" in page.find("#panel .asof").inner_text()
    assert shaded(page) == {"towns"}


def test_a_year_the_chosen_way_does_not_reach_is_told_and_the_old_figures_stay(
    tab: Opener,
) -> None:
    page = tab().open(f"/{CODE}/?year=2035")
    page.expected.append("409")
    before = page.headline()
    page.find(SLIDER).press("End")
    until(lambda: page.find("#message").is_visible(), "the page says what is wrong")
    assert "2045年の推計はありません" in page.find("#message").inner_text()
    assert page.headline() == before
    assert page.find("select[name=year]").input_value() == "2035"
    assert page.find(SLIDER).get_attribute("aria-valuetext") == "2035年（令和17年）の推計"


def test_a_phone_has_room_for_the_slider(tab: Opener) -> None:
    page = tab(PHONE).open(f"/{CODE}/?year=2035")
    box = page.find(SLIDER).bounding_box()
    assert box is not None
    assert box["height"] >= 44 and box["x"] >= 0 and box["x"] + box["width"] <= PHONE[0]


def test_without_scripts_the_years_are_a_list_in_the_form(tab: Opener, served: str) -> None:
    page = tab(java_script_enabled=False).page
    page.goto(f"{served}/{CODE}/")
    page.select_option("select[name=year]", "2035")
    page.click("button.unscripted")
    assert page.locator("#panel h1").inner_text().startswith("2035年（令和17年）の推計では、")
