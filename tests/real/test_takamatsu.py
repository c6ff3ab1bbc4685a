"""Takamatsu (高松市), Yaizu (焼津市) and Hakodate (函館市), from published files to figures."""

import os
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from databases import Shelf
from pdf_sheets import ReadSheet
from small_town import rows_of
from sqlalchemy import Engine
from sqlmodel import Session

from api.actions.coverage_answer import CoverageAnswer, answer
from api.actions.import_files import import_files
from api.actions.importing import Order, Outcome
from api.actions.init_municipality import init_municipality
from api.actions.load_community import NoPopulation
from api.actions.load_sheet import focus_on, places_of
from api.actions.print_sheet import Press, SheetKind
from api.actions.report_coverage import Question, report_coverage
from api.actions.sheet_words import SheetOrder
from api.models import AreaTown, Landmark, Place, Road, Town
from api.store.engine import open_engine
from api.store.visible import OFFICE_PUBLISHED
from web.sheets.paper import Paper

DATA = Path(os.environ.get("YORIDOKORO_REAL_DATA") or Path(__file__).parents[3] / "shared" / "data")
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not DATA.is_dir(), reason=f"no real data: {DATA.name} is not there"),
]
TAKAMATSU, YAIZU = DATA / "takamatsu", DATA / "yaizu"
ON = date(2026, 10, 1)
WHERE_PEOPLE_MEET = ("community_center", "elderly_wedding_house")


def bring(session: Session, code: str, kind: str, *files: Path, **how: Any) -> Outcome:
    return import_files(session, code, Order(kind, files, ON, **how))


def tally(outcome: Outcome) -> tuple[int, int, int, int]:
    counts = (outcome.inserted, outcome.updated, outcome.unchanged, outcome.rejected)
    assert sum(counts) == outcome.rows_read
    return counts


def ask(session: Session, code: str, **question: Any) -> CoverageAnswer:
    asked = Question(**{"on": ON, **question})
    return answer(report_coverage(session, code, OFFICE_PUBLISHED, asked))


def facilities(names: Sequence[str] = WHERE_PEOPLE_MEET) -> list[Path]:
    return [TAKAMATSU / "facilities" / f"{name}.xlsx" for name in names]


def bring_takamatsu(engine: Engine) -> None:
    """Its published files, as they are."""
    with Session(engine) as session:
        init_municipality(session, "37201", "高松市")
        bring(session, "37201", "boundary", TAKAMATSU / "boundary.geojson")
        bring(session, "37201", "towns", TAKAMATSU / "towns.csv")
        bring(session, "37201", "areas", TAKAMATSU / "areas_approx.csv")
        bring(session, "37201", "population", TAKAMATSU / "population_202602.xlsx")
        bring(session, "37201", "places", *facilities())


@pytest.fixture
def takamatsu(shelf: Shelf) -> Any:
    with shelf.copy(bring_takamatsu) as url:
        engine = open_engine(url)
        with Session(engine) as session:
            yield session
        engine.dispose()


@pytest.mark.parametrize(("age", "people"), [("all", 418_129), ("65", 120_999), ("75", 72_026)])
def test_everybody_is_counted(takamatsu: Session, age: str, people: int) -> None:
    found = ask(takamatsu, "37201", age=age)
    assert found.total.population == people
    assert sum(area.population for area in found.areas) == people


def test_76312_of_120999_can_walk_to_a_place(takamatsu: Session) -> None:
    found = ask(takamatsu, "37201")
    assert (found.total.covered, found.total.population) == (76_312, 120_999)
    assert found.total.places == 62
    assert sum(area.covered for area in found.areas) == 76_312
    assert sum(gap.population for gap in found.gaps) == 120_999 - 76_312
    assert found.survey_date == date(2026, 2, 1)


def test_spreading_people_keeps_their_number(takamatsu: Session) -> None:
    assert ask(takamatsu, "37201", spread="area").total.population == 120_999


def test_all_files_again_change_nothing(takamatsu: Session) -> None:
    for kind, files in (
        ("boundary", [TAKAMATSU / "boundary.geojson"]),
        ("towns", [TAKAMATSU / "towns.csv"]),
        ("areas", [TAKAMATSU / "areas_approx.csv"]),
        ("places", facilities()),
    ):
        outcome = bring(takamatsu, "37201", kind, *files)
        assert (outcome.unchanged, outcome.written) == (outcome.rows_read, False), kind
    outcome = bring(takamatsu, "37201", "population", TAKAMATSU / "population_202602.xlsx")
    assert tally(outcome) == (0, 0, 235, 0)
    (warning,) = outcome.problems
    assert warning.severity == "warning"
    assert "45行目 「location」" in str(warning) and "松島町３丁目" in str(warning)
    assert "境界から 4.7 km" in str(warning)


def test_the_older_survey_stands_beside_the_newer_which_counts(takamatsu: Session) -> None:
    outcome = bring(takamatsu, "37201", "population", TAKAMATSU / "population_202303.csv")
    assert tally(outcome) == (235, 0, 0, 0)
    assert ask(takamatsu, "37201").total.population == 120_999
    then = ask(takamatsu, "37201", on=date(2023, 6, 1))
    assert (then.total.population, then.survey_date) == (119_687, date(2023, 3, 1))


def test_a_second_scheme_has_the_same_total(takamatsu: Session) -> None:
    lists = TAKAMATSU / "areas_approx.csv"
    assert bring(takamatsu, "37201", "areas", lists, scheme="旧町").written
    first, second = ask(takamatsu, "37201"), ask(takamatsu, "37201", scheme="旧町")
    assert first.total == second.total
    assert second.scheme == "旧町"


def test_every_other_list_of_facilities_goes_in(takamatsu: Session) -> None:
    files = sorted((TAKAMATSU / "facilities").glob("*.xlsx"))
    assert len(files) == 11
    outcome = bring(takamatsu, "37201", "places", *files)
    assert outcome.refused == []
    assert (outcome.rejected, outcome.written) == (0, True)
    assert len(rows_of(takamatsu, Place)) == 62 + outcome.inserted
    again = bring(takamatsu, "37201", "places", *files)
    assert (again.inserted, again.written) == (0, False)


def test_landmarks_are_the_published_schools_and_public_facilities(takamatsu: Session) -> None:
    """There are no roads of Takamatsu: its sheets steer by what the city has published."""
    folder = TAKAMATSU / "facilities"
    lists = ("middle_school", "branch_office", "community_center", "exchange_center")
    outcome = bring(takamatsu, "37201", "landmarks", *(folder / f"{name}.xlsx" for name in lists))
    assert (outcome.problems, outcome.rejected) == ([], 0)
    kinds = Counter(row["kind"] for row in rows_of(takamatsu, Landmark))
    assert kinds == {"学校": 28, "役所": 19, "公共施設": 53}
    again = bring(takamatsu, "37201", "landmarks", *(folder / f"{name}.xlsx" for name in lists))
    assert (again.inserted, again.written) == (0, False)


def test_255_rows_of_towns_and_their_koaza_are_235_towns(takamatsu: Session) -> None:
    assert (len(rows_of(takamatsu, Town)), len(rows_of(takamatsu, AreaTown))) == (235, 235)


@pytest.fixture
def empty(engine: Engine) -> Any:
    with Session(engine) as session:
        yield session


def test_yaizus_districts_are_areas_in_both_of_their_coordinate_systems(empty: Session) -> None:
    init_municipality(empty, "22212", "焼津市")
    bring(empty, "22212", "boundary", YAIZU / "boundary.geojson")
    bring(empty, "22212", "towns", YAIZU / "towns.csv")
    middle = YAIZU / "中学校区" / "中学校区.shp"
    primary = YAIZU / "小学校区" / "小学校区.shp"
    assert tally(bring(empty, "22212", "areas", middle)) == (9, 0, 0, 0)
    assert tally(bring(empty, "22212", "areas", primary, scheme="小学校区")) == (13, 0, 0, 0)
    schemes = [row["scheme_id"] for row in rows_of(empty, AreaTown)]
    assert schemes.count(schemes[0]) == len(schemes) / 2  # every town, in both
    assert tally(bring(empty, "22212", "areas", middle)) == (0, 0, 9, 0)


def test_yaizus_lists_of_places_hold_some_twice(empty: Session) -> None:
    init_municipality(empty, "22212", "焼津市")
    bring(empty, "22212", "boundary", YAIZU / "boundary.geojson")
    bring(empty, "22212", "towns", YAIZU / "towns.csv")
    centres = YAIZU / "地域交流センター" / "222127_community_center.csv"
    offices = YAIZU / "市役所・センター" / "222127_facilities_smartmap.csv"
    assert tally(bring(empty, "22212", "places", centres)) == (9, 0, 0, 0)
    outcome = bring(empty, "22212", "places", offices)
    assert outcome.rejected == 0
    assert outcome.unchanged + outcome.updated >= 9


def test_ubes_walking_network_is_roads(empty: Session) -> None:
    init_municipality(empty, "35202", "宇部市")
    bring(empty, "35202", "boundary", DATA / "ube" / "boundary.geojson")
    bring(empty, "35202", "towns", DATA / "ube" / "towns.csv")
    outcome = bring(empty, "35202", "roads", DATA / "ube" / "ube_walk_edges.gpkg")
    assert (outcome.rejected, outcome.written) == (0, True)
    assert len(rows_of(empty, Road)) == outcome.inserted > 15_000


def test_hakodates_mesh_cells_answer_for_everybody(empty: Session) -> None:
    init_municipality(empty, "01202", "函館市")
    boundary = bring(empty, "01202", "boundary", DATA / "japan" / "municipalities.topojson")
    assert boundary.written
    mesh = DATA / "hokkaido-mesh" / "population_mesh_third_half.csv"
    outcome = bring(empty, "01202", "population", mesh, constants={"survey_date": "2010-10-01"})
    assert (outcome.rejected, outcome.written) == (0, True)
    found = ask(empty, "01202", age="all")
    assert found.total.population == pytest.approx(
        279_127, rel=0.03
    )  # cells on the border go whole
    with pytest.raises(NoPopulation, match="年齢別の数がない"):
        ask(empty, "01202")


def bring_takamatsu_to_print(engine: Engine) -> None:
    """What it publishes, with schools and public facilities to steer by: there are no roads."""
    bring_takamatsu(engine)
    with Session(engine) as session:
        names = ("middle_school", "branch_office", "exchange_center", "contact_center")
        for path in facilities(names):
            bring(session, "37201", "landmarks", path)
        centres = facilities(["regional_comprehensive_support_center"])
        bring(session, "37201", "services", *centres, constants={"kind": "地域包括支援センター"})


@pytest.fixture
def press(shelf: Shelf) -> Any:
    engine = open_engine(shelf.kept(bring_takamatsu_to_print))
    with Session(engine) as session:
        yield Press.open(session, "37201", ON)
    engine.dispose()


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("area", [*(f"37201-{n}" for n in range(1, 8)), ""])
@pytest.mark.parametrize(
    ("paper", "sides"),
    [
        (Paper("A3", "landscape"), 1),
        (Paper("A4", "portrait"), 2),
        (Paper("A3", "portrait", True), 2),
    ],
)
def test_every_area_prints_whole_and_says_what_is_missing(
    press: Press, area: str, paper: Paper, sides: int
) -> None:
    order = SheetOrder(area, paper=paper, sides=sides, base_url="https://example.lg.jp")
    sheet = ReadSheet(press.print(SheetKind.map, order))
    assert sheet.overprinted() == [] and sheet.beyond_the_page() == []
    assert min(sheet.sizes) >= paper.type.body
    assert "〓" not in sheet.text
    assert "道路のデータがないため、道はえがいていません" in sheet.text
    assert "圏域と町の境はおおよそです" in sheet.text
    names = places_of(press.land, focus_on(press.land, area))["name"]
    assert len(names) and all(name.replace(" ", "") in sheet.text for name in names)
    assert "中学校" in sheet.text_of(0)


def test_takamatsus_two_ways_into_the_future(takamatsu: Session) -> None:
    """Its own projection and its aim, as published: totals match, and 2026 is the survey."""
    outcome = bring(takamatsu, "37201", "projections", TAKAMATSU / "future_population.xlsx")
    assert tally(outcome) == (11, 0, 0, 0)
    for variant, people in (("", 135_669), ("市の目標", 136_598)):
        found = ask(takamatsu, "37201", year=2040, variant=variant)
        assert found.total.population == people
        assert sum(area.population for area in found.areas) == people
        # Every town grows alike, so that the share within reach stays what it is today.
        assert found.total.ratio == pytest.approx(76_312 / 120_999, abs=0.001)
    assert ask(takamatsu, "37201", year=2026).total.population == 120_999
    assert ask(takamatsu, "37201", year=2040, age="all", variant="").total.population == 389_216
    # 72,026 of 75 and over, by the factor of 65 and over: × 135,669 / 120,999.
    assert ask(takamatsu, "37201", year=2040, age="75", variant="").total.population == 80_758
    # A quarter of the way from 120,999 in 2026 to 125,522 in 2030.
    assert ask(takamatsu, "37201", year=2027, variant="").total.population == 122_130
