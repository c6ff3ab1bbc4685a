"""The workshop's kit at the desk (話し合いの道具): for whom, and what was heard without names."""

import io
import re
import zipfile

import pytest
from pdf_sheets import ReadSheet
from small_town import TODAY
from sqlmodel import Session
from test_voice import Resident
from test_voice_desk import Town1, answer

pytestmark = pytest.mark.databases("sqlite")
SECRET, PHONE = "ないしょ花子", "0999-00-9999"
SINCE = "2026-01-01"


@pytest.fixture
def town(a_small_town: Session) -> Town1:
    return Town1(a_small_town)


def heard(client: object, area: str = "W", since: str = SINCE) -> ReadSheet:
    found = client.get(f"kit/heard.pdf?area={area}&since={since}")  # type: ignore[attr-defined]
    assert found.headers["content-type"] == "application/pdf"
    assert "no-store" in found.headers["cache-control"]
    return ReadSheet(found.content)


def test_only_words_made_for_the_paper_are_printed(town: Town1) -> None:
    told, _ = town.say(words=f"{SECRET}が買い物に行けない", name=SECRET, phone=PHONE)
    town.say(words=f"{SECRET}の家の前が暗い", name=SECRET, phone=PHONE)
    answer(town.west, told, "print", printable="買い物に行くのが遠い")
    text = heard(town.west).text
    assert "買い物に行くのが遠い" in text and "北西町" in text
    assert SECRET not in text and PHONE not in text and "暗い" not in text
    assert "いただいた2件" in text
    assert "紙にのせる言葉がまだ書かれていない声1件" in text


def test_what_was_said_elsewhere_stays_there(town: Town1) -> None:
    told, _ = town.say("北東町", words="東の声")
    answer(town.east, told, "print", printable="東の坂がつらい")
    assert "東の坂がつらい" in heard(town.east, "E").text
    for sheet in (heard(town.west, "W"), heard(town.west, "E")):
        assert "東の坂がつらい" not in sheet.text


def test_what_was_said_before_the_day_is_left_out(town: Town1) -> None:
    told, _ = town.say(words="むかし")
    answer(town.west, told, "print", printable="むかしの声")
    assert "むかしの声" not in heard(town.west, since="2027-01-01").text


def test_words_on_the_paper_are_words_and_nothing_else(town: Town1) -> None:
    told, _ = town.say(words="わな")
    trap = '#set text(size: 1pt) *坂* $x$ <b>道</b> "]#['
    answer(town.west, told, "print", printable=trap)
    sheet = heard(town.west)
    assert trap.replace(" ", "") in sheet.text and min(sheet.sizes) >= 12


def test_the_archive_holds_slips_that_can_be_keyed_in(town: Town1) -> None:
    found = town.west.get("kit/kit.zip?area=W&slips=2")
    with zipfile.ZipFile(io.BytesIO(found.content)) as archive:
        (slips,) = [n for n in archive.namelist() if "声の用紙" in n]
        text = ReadSheet(archive.read(slips)).text
    first, second = re.findall(r"受付番号([0-9A-Z]{4}-[0-9A-Z]{4})", text)
    keyed = {
        "area": "W",
        "heard_on": TODAY.isoformat(),
        "kind": "wish",
        "words": "お茶の場がほしい",
        "number": first,
    }
    assert town.west.post("voices/slips", keyed).status_code in (200, 303)
    assert "受け取りました" in Resident(town.session).look_up(first).text
    assert "受け取りました" not in Resident(town.session).look_up(second).text


@pytest.mark.parametrize("query", ["area=W&slips=1", "area=W&slips=401", "slips=2"])
def test_an_impossible_kit_is_refused(town: Town1, query: str) -> None:
    assert town.west.get(f"kit/kit.zip?{query}").status_code == 422


def test_the_page_offers_the_areas_and_leads_to_the_record_of_what_was_given_out(
    town: Town1,
) -> None:
    page = town.west.get("kit/").text
    assert "西圏域" in page and "東圏域" in page
    assert "handouts/new" in page
    assert 'href="/39999/desk/kit/"' in town.west.get("").text
