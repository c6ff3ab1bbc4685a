"""A pause takes a place off the public map and out of coverage on its days, and on no other day."""

from datetime import date, timedelta
from typing import Any

import pytest
from desk_client import DeskClient, engine_of, signed_in
from geopandas import GeoDataFrame
from shapely import box
from small_town import CODE, by_name, rows_of
from sqlmodel import Session

from api.accounts.roles import Role
from api.models import Pause, Place
from web.maps.area_figure import area_figure
from web.pages import ENVIRONMENT

TODAY = date(2026, 10, 1)
APRIL, JUNE = date(2026, 4, 1), date(2026, 6, 30)


@pytest.fixture
def west(a_small_town: Session) -> DeskClient:
    client = signed_in(engine_of(a_small_town), Role.COORDINATOR, areas=["W"])
    client.on(TODAY)
    client.sign_in()
    return client


@pytest.fixture
def salon(a_small_town: Session) -> int:
    return int(by_name(a_small_town, Place)["ひだまりサロン"]["id"])


def pause(client: DeskClient, place: int, first: date, last: date | None, **more: str) -> Any:
    values = {"valid_from": first.isoformat(), "valid_to": last.isoformat() if last else ""}
    return client.post(f"places/{place}/pauses", {**values, **more})


def stored(session: Session) -> list[tuple[date, date | None]]:
    return [(row["valid_from"], row["valid_to"]) for row in rows_of(session, Pause)]


def seen(client: DeskClient, on: date) -> tuple[bool, bool, bool, int]:
    """Whether the map, the JSON and the page have the salon on a day; how many can walk."""
    base, query = f"/api/v1/municipalities/{CODE}", f"?on={on}"
    texts = [
        client.http.get(f"{path}{query}").text
        for path in (f"/{CODE}/map/places.json", f"/{CODE}/map/details.json", f"{base}/places")
    ]
    covered = client.http.get(f"{base}/coverage{query}").json()["total"]["covered"]
    return "ひだまり" in texts[0], "北西町1" in texts[1], "ひだまり" in texts[2], covered


HERE, AWAY = (True, True, True, 50), (False, False, False, 40)


def test_a_pause_is_off_the_map_on_its_days_only(
    a_small_town: Session, west: DeskClient, salon: int
) -> None:
    assert "休止を記録しました" in pause(west, salon, APRIL, JUNE).text
    day = timedelta(days=1)
    assert [seen(west, on) for on in (APRIL - day, APRIL, JUNE, JUNE + day)] == [
        HERE,
        AWAY,
        AWAY,
        HERE,
    ]
    assert stored(a_small_town) == [(APRIL, JUNE)]


def test_a_pause_without_an_end_lasts_until_it_is_ended(
    a_small_town: Session, west: DeskClient, salon: int
) -> None:
    pause(west, salon, APRIL, None)
    assert seen(west, date(2030, 1, 1)) == AWAY
    (row,) = rows_of(a_small_town, Pause)
    answer = west.post(
        f"places/{salon}/pauses/{row['id']}/resume",
        {"version": str(row["version"]), "resumed_on": "2026-10-05"},
    )
    assert "再開を記録しました" in answer.text
    assert stored(a_small_town) == [(APRIL, date(2026, 10, 4))]
    assert (seen(west, date(2026, 10, 4)), seen(west, date(2026, 10, 5))) == (AWAY, HERE)


def test_today_decides_where_no_day_is_asked_for(west: DeskClient, salon: int) -> None:
    pause(west, salon, TODAY, TODAY)
    places = f"/{CODE}/map/places.json"
    assert "ひだまり" not in west.http.get(places).text
    assert "ひだまり" not in west.http.get(f"/{CODE}/").text
    west.on(TODAY + timedelta(days=1))
    assert "ひだまり" in west.http.get(places).text


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (JUNE, APRIL, "始まりの日より前"),
        (JUNE, None, "重なっています"),
        (date(2026, 1, 1), APRIL, "重なっています"),
        (date(2026, 1, 1), None, "重なっています"),
        (date(2026, 5, 1), date(2026, 5, 2), "重なっています"),
    ],
)
def test_what_overlaps_or_runs_backwards_is_refused(
    a_small_town: Session, west: DeskClient, salon: int, first: date, last: date | None, words: str
) -> None:
    pause(west, salon, APRIL, JUNE)
    answer = pause(west, salon, first, last, reason="改修のため")
    assert answer.status_code == 422
    assert words in answer.text
    assert "改修のため" in answer.text, "what was typed is still there"
    assert stored(a_small_town) == [(APRIL, JUNE)]


def test_pauses_that_follow_each_other_do_not_overlap(
    a_small_town: Session, west: DeskClient, salon: int
) -> None:
    pause(west, salon, APRIL, JUNE)
    assert pause(west, salon, JUNE + timedelta(days=1), None).status_code == 200
    assert pause(west, salon, date(2026, 1, 1), APRIL - timedelta(days=1)).status_code == 200
    assert len(stored(a_small_town)) == 3


def test_a_pause_is_corrected_and_an_older_reader_is_told(
    a_small_town: Session, west: DeskClient, salon: int
) -> None:
    pause(west, salon, APRIL, JUNE)
    (row,) = rows_of(a_small_town, Pause)
    path, version = f"places/{salon}/pauses/{row['id']}", str(row["version"])
    values = {"valid_from": "2026-04-01", "valid_to": "2026-07-31", "version": version}
    assert west.post(path, values).status_code == 200
    assert stored(a_small_town) == [(APRIL, date(2026, 7, 31))]
    late = west.post(path, {**values, "reason": "あとから来た人"})
    assert late.status_code == 409
    assert "先に同じ休止を変えました" in late.text
    assert "あとから来た人" in late.text
    assert rows_of(a_small_town, Pause)[0]["reason"] is None


def test_the_reason_is_the_offices_own(west: DeskClient, salon: int) -> None:
    pause(west, salon, APRIL, None, reason="HIMITSU", restart_contact="HIMITSUさん")
    assert "HIMITSU" in west.get(f"places/{salon}/pauses").text
    for path in ("", "panel", "map/places.json", "map/details.json", "areas/W", "coverage.csv"):
        for query in ("", "?on=2026-05-01", "?on=2026-01-01"):
            assert "HIMITSU" not in west.http.get(f"/{CODE}/{path}{query}").text


def test_nobody_pauses_a_place_of_another_area(a_small_town: Session, salon: int) -> None:
    east = signed_in(engine_of(a_small_town), Role.COORDINATOR, areas=["E"])
    assert pause(east, salon, APRIL, None).status_code == 403
    assert stored(a_small_town) == []


def test_what_pauses_long_is_listed_with_its_area(west: DeskClient, salon: int) -> None:
    pause(west, salon, date(2026, 6, 30), None, restart_contact="会長の山本さん")
    for months, long in (("1", 1), ("3", 1), ("6", 0), ("12", 0)):
        page = west.get(f"pauses/?months={months}").text
        assert f"休止が {months} か月より長いもの（{long}）" in page
        assert ("会長の山本さん" in page) == bool(long)
    table = west.get("pauses/?months=3").text.split("<tbody>")[1]
    row = table.split("西圏域")[1].split("</tr>")[0]
    assert [part.split("</td>")[0] for part in row.split('"number">')[1:]] == ["1", "1", "0", "1"]
    assert west.get("pauses/?months=2").status_code == 422


def test_a_map_shows_where_places_come_back(west: DeskClient, salon: int) -> None:
    """北 is up: the two areas of 四角市 lie side by side, and only 西圏域 has something to tell."""
    west.on(date(2026, 10, 1))
    west.sign_in()
    pause(west, salon, date(2026, 9, 1), date(2026, 10, 14))
    figure = west.get("pauses/").text.split("area-figure")[1].split("</svg>")[0]
    assert figure.count("<path") == 2
    assert figure.count('class="look soon"') == 1
    assert figure.count('class="look none"') == 1
    words = {part.split("<")[0] for part in figure.split(">")}
    assert {"西圏域", "東圏域", "休止 1（まもなく再開 1）"} <= words
    places = [part.split('"')[0] for part in figure.split('<text x="')[1:]]
    assert float(places[0]) < float(places[1])


def test_words_of_the_map_stay_words() -> None:
    """An area may be called anything: by a file, or by somebody who means harm."""
    hostile = "<script>alert(1)</script>\"'圏域"
    square = box(0, 0, 1000, 1000)
    areas = GeoDataFrame({"code": ["W"], "name": [hostile]}, geometry=[square], crs="EPSG:6673")
    figure = area_figure(areas, {"W": ("soon", hostile)})
    assert figure is not None
    macro: Any = ENVIRONMENT.get_template("area_figure.html").module
    drawn = str(macro.area_figure(figure, hostile, {"soon": hostile}))
    assert "<script" not in drawn
    assert drawn.count("&lt;script&gt;") == 4
    assert area_figure(areas.iloc[:0], {}) is None


def test_three_months_are_not_more_than_three_months(west: DeskClient, salon: int) -> None:
    pause(west, salon, date(2026, 7, 1), date(2026, 10, 20))
    page = west.get("pauses/?months=3").text
    assert "か月より長いもの（0）" in page
    assert "これから再開するもの（1）" in page
    assert "令和8年10月21日" in page


def test_undoing_takes_the_pause_back(a_small_town: Session, west: DeskClient, salon: int) -> None:
    pause(west, salon, APRIL, None)
    page = west.get(f"history/places/{salon}").text
    deed = page.split("/log/")[1].split("/undo")[0]
    west.post(f"log/{deed}/undo", {"back": f"history/places/{salon}"})
    assert stored(a_small_town) == []
    assert seen(west, TODAY) == HERE
