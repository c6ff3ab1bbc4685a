"""What becomes of residents' suggestions at the desk (住民の声): by whom, and what is told."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import pytest
from desk_client import DeskClient, engine_of, signed_in
from small_town import CODE, TODAY, by_name, degrees, rows_of
from sqlmodel import Session
from test_photo_uploads import picture
from test_voice import Resident, number_in

from api.accounts.roles import Role
from api.actions.anonymous_words import tells_of_somebody
from api.actions.heard_in_area import Heard, heard_in_area
from api.actions.voice_numbers import in_print, new_number
from api.models import Change, Need, Photo, Place, Reply, Suggestion, Supporter, Town, Viewing
from api.store.visible import KEEPER

pytestmark = pytest.mark.databases("sqlite")
SECRET = "HIMITSU"


class Town1:
    """四角市 with a resident, the coordinators of both areas, and the chief, at one server."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.resident = Resident(session)
        self.towns = {name: row["id"] for name, row in by_name(session, Town).items()}
        self.salon = by_name(session, Place)["ひだまりサロン"]["id"]

    @cached_property
    def west(self) -> DeskClient:
        return self._sits(Role.COORDINATOR, "west", ["W"])

    @cached_property
    def east(self) -> DeskClient:
        return self._sits(Role.COORDINATOR, "east", ["E"])

    @cached_property
    def chief(self) -> DeskClient:
        return self._sits(Role.CHIEF, "chief")

    @cached_property
    def planner(self) -> DeskClient:
        return self._sits(Role.PLANNER, "planner")

    @cached_property
    def admin(self) -> DeskClient:
        return self._sits(Role.ADMINISTRATOR, "admin")

    def _sits(self, role: Role, login: str, areas: Sequence[str] = ()) -> DeskClient:
        engine = engine_of(self.session)
        return signed_in(engine, role, areas=areas, login=login, app=self.resident.app)

    def say(self, town: str = "北西町", files: Any = None, **said: Any) -> tuple[int, str]:
        """Id and number of something a resident says."""
        sent = self.resident.send(town_id=str(self.towns[town]), files=files, **said)
        return self.voice()["id"], number_in(sent.text)

    def voice(self, number: int = -1) -> dict[str, Any]:
        return rows_of(self.session, Suggestion)[number]

    def told(self, number: str) -> str:
        return str(self.resident.look_up(number).text)


@pytest.fixture
def town(a_small_town: Session) -> Town1:
    return Town1(a_small_town)


def answer(client: DeskClient, voice: int, deed: str, **said: str) -> Any:
    version = client.get(f"voices/{voice}").text.split('name="version" value="')[1].split('"')[0]
    return client.post(f"voices/{voice}/{deed}", {"version": version, **said})


# --- who sees what -------------------------------------------------------------------------------


def test_each_sees_what_is_theirs_and_every_look_is_written_down(town: Town1) -> None:
    photo = {"photo": ("a.jpg", picture(), "image/jpeg")}
    voice, _ = town.say(words=SECRET, name=SECRET, phone="0999-00-1234", files=photo)
    pages = ("voices/", f"voices/{voice}", f"places/new?voice={voice}", "", "needs/", "log/")
    for client, sees in (
        (town.west, True),
        (town.chief, True),
        (town.east, False),
        (town.planner, False),
        (town.admin, False),
    ):
        told = {path for path in pages if SECRET in client.get(path).text}
        assert told == ({"voices/", f"voices/{voice}", pages[2]} if sees else set()), client.login
        shot = client.get(f"voices/{voice}/photo/full.jpg").status_code
        assert (shot == 200) is sees
    looks = {row["actor"] for row in rows_of(town.session, Viewing)}
    assert looks == {"westさん", "chiefさん"}
    assert {row["entity"] for row in rows_of(town.session, Viewing)} == {"suggestion"}


def test_what_lies_in_no_area_goes_to_the_chief(town: Town1) -> None:
    town.say("南東町", words="空白の町")
    assert "空白の町" in town.chief.get("voices/").text
    assert "空白の町" not in town.west.get("voices/").text + town.east.get("voices/").text
    assert "住民の声が 1 件" in town.chief.get("").text
    assert "住民の声が" not in town.west.get("").text


def test_the_words_of_a_person_do_not_stand_in_the_public_class_of_the_log(town: Town1) -> None:
    town.say(words=SECRET)
    classes = {
        row["data_class"]
        for row in rows_of(town.session, Change)
        if row["entity"] in ("suggestion", "need")
    }
    assert classes == {"personal"}


def test_words_that_try_to_run_are_only_words_at_the_desk(town: Town1) -> None:
    trap = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    voice, _ = town.say(words=trap, name=trap[:60], place_name=trap)
    assert answer(town.west, voice, "print", printable=trap).status_code == 200
    for path in (
        "voices/",
        f"voices/{voice}",
        f"places/new?voice={voice}",
        f"supporters/new?voice={voice}",
        f"places/{town.salon}?voice={voice}",
        "voices/slips",
    ):
        page = town.west.get(path).text
        assert "<script>alert" not in page and "<img src=x" not in page, path


# --- becoming a correction -----------------------------------------------------------------------


def save_place(client: DeskClient, voice: int, place: int, **more: str) -> Any:
    path = f"places/{place}?voice={voice}"
    page = client.get(path).text
    assert f'name="voice" value="{voice}"' in page and 'class="card-row voice-beside"' in page
    lon, lat = degrees(900, 1500)
    form = {"name": "ひだまりサロン", "kind": "salon", "lon": str(lon), "lat": str(lat)}
    return client.post(
        f"places/{place}",
        form
        | {"voice": str(voice), "version": client.version(path), "phone": "0999-00-0001"}
        | more,
    )


@pytest.mark.databases("sqlite", "postgres")
def test_a_correction_is_told_to_its_sender_once_it_is_public(town: Town1) -> None:
    voice, number = town.say(kind="wrong", words="電話がちがう")
    assert "この場所を開いてなおす" in town.west.get(f"voices/{voice}").text
    assert "提出しました" in save_place(town.west, voice, town.salon, reply="ありがとう").text
    assert (town.voice()["status"], town.voice()["place_id"]) == ("correcting", town.salon)
    assert "確認中" in town.told(number) and "なおしました" not in town.told(number)
    version = town.chief.version("inbox/")
    town.chief.post(f"inbox/places/{town.salon}/publish", {"version": version})
    assert by_name(town.session, Place)["ひだまりサロン"]["phone"] == "0999-00-0001"
    assert "地図になおしました" in town.told(number) and "ありがとう" in town.told(number)


def test_a_chiefs_correction_is_public_and_told_at_once(town: Town1) -> None:
    voice, number = town.say(kind="wrong", words="電話がちがう")
    save_place(town.chief, voice, town.salon)
    assert "地図になおしました" in town.told(number)


def test_a_photo_that_came_with_a_voice_becomes_one_of_the_place(town: Town1) -> None:
    voice, _ = town.say(kind="wrong", files={"photo": ("a.jpg", picture(), "image/jpeg")})
    page = town.west.get(f"places/{town.salon}?voice={voice}").text
    assert "届いた写真を、この場所の写真に入れる" in page
    passed = {"photo_passed": "1", "photo_caption": "新しい玄関の段差"}
    save_place(town.west, voice, town.salon, **passed)
    (photo,) = rows_of(town.session, Photo)
    assert (photo["place_id"], photo["caption"]) == (town.salon, "新しい玄関の段差")
    path = f"/{CODE}/photos/{photo['id']}.jpg"
    assert town.resident.http.get(path).status_code == 404  # a coordinator's waits for the chief
    version = town.chief.version(f"places/{town.salon}/photos")
    town.chief.post(f"places/{town.salon}/photos/{photo['id']}/publish", {"version": version})
    assert town.resident.http.get(path).status_code == 200
    assert town.west.get(f"voices/{voice}/photo/full.jpg").status_code == 200


def test_a_photo_is_passed_on_only_when_asked_and_said_what_it_shows(town: Town1) -> None:
    files = {"photo": ("a.jpg", picture(), "image/jpeg")}
    voice, number = town.say(kind="wrong", files=files)
    refused = save_place(town.chief, voice, town.salon, photo_passed="1", reply="ありがとう")
    assert refused.status_code == 422 and "写真の説明を入れてください" in refused.text
    assert "ありがとう</textarea>" in refused.text and 'value="1" checked' in refused.text
    assert town.voice()["status"] == "received" and rows_of(town.session, Photo) == []
    save_place(town.chief, voice, town.salon, photo_caption="玄関")
    assert rows_of(town.session, Photo) == [] and "なおしました" in town.told(number)


def test_nobody_passes_on_the_photo_of_a_voice_in_anothers_area(town: Town1) -> None:
    files = {"photo": ("a.jpg", picture(), "image/jpeg")}
    voice, _ = town.say("北東町", kind="wrong", files=files)
    form = {"name": "ひだまりサロン", "kind": "salon", "voice": str(voice)}
    version = town.west.version(f"places/{town.salon}")
    more = {"version": version, "phone": "0999-00-0001", "photo_passed": "1"}
    sent = town.west.post(f"places/{town.salon}", form | more | {"photo_caption": "玄関"})
    assert sent.status_code in (403, 404) and rows_of(town.session, Photo) == []


def test_a_place_that_was_only_looked_at_is_not_told_as_mended(town: Town1) -> None:
    sent = town.resident.send(kind="wrong", place_id=str(town.salon), words="何かちがう")
    voice, number = town.voice()["id"], number_in(sent.text)
    answer(town.west, voice, "look")
    other, _ = town.say(kind="wrong", words="電話がちがう")
    save_place(town.chief, other, town.salon)
    assert "確認中" in town.told(number)


def test_a_missing_place_becomes_a_new_one_with_its_name_and_pin(town: Town1) -> None:
    lon, lat = degrees(400, 1400)
    said = {"lon": str(lon), "lat": str(lat), "place_name": "川べりの縁側"}
    voice, number = town.say(kind="missing", **said)
    page = town.west.get(f"places/new?voice={voice}").text
    assert 'value="川べりの縁側"' in page and f'value="{lon}"' in page
    form = {"name": "川べりの縁側", "kind": "other", "lon": str(lon), "lat": str(lat)}
    town.west.post("places/new", form | {"voice": str(voice)})
    new = by_name(town.session, Place)["川べりの縁側"]
    assert (new["state"], town.voice()["place_id"]) == ("submitted", new["id"])
    town.chief.post(f"inbox/places/{new['id']}/publish", {"version": str(new["version"])})
    assert "地図になおしました" in town.told(number)
    assert "川べりの縁側" in town.resident.http.get(f"/{CODE}/map/places.json").text


def test_a_place_that_is_no_more_is_closed_from_its_voice(town: Town1) -> None:
    voice, number = town.say(kind="closed", words="去年でおわった")
    page = town.chief.get(f"places/{town.salon}?voice={voice}").text
    assert page.count(f'name="voice" value="{voice}"') == 2
    version = town.chief.version(f"places/{town.salon}")
    said = {"version": version, "voice": str(voice), "closed_on": "2026-09-01"}
    town.chief.post(f"places/{town.salon}/close", said)
    assert "地図になおしました" in town.told(number)


def test_nobody_answers_for_another_area_through_a_record_of_their_own(town: Town1) -> None:
    voice, _ = town.say("北東町", words="東のこと")
    lon, lat = degrees(900, 1500)
    form = {"name": "x", "kind": "salon", "lon": str(lon), "lat": str(lat), "voice": str(voice)}
    assert town.west.post("places/new", form).status_code == 404
    assert town.admin.post("places/new", form).status_code == 403
    assert town.voice()["status"] == "received"
    assert "x" not in by_name(town.session, Place)


def test_a_form_left_open_while_somebody_answered_keeps_its_words(town: Town1) -> None:
    voice, _ = town.say(kind="wrong", words="電話がちがう")
    answer(town.chief, voice, "decline", reason="たしかめました")
    version = town.west.version(f"places/{town.salon}")
    lon, lat = degrees(900, 1500)
    form = {"name": "ひだまりサロン", "kind": "salon", "lon": str(lon), "lat": str(lat)}
    more = {"voice": str(voice), "version": version, "note": "書いたこと"}
    late = town.west.post(f"places/{town.salon}", form | more)
    assert late.status_code == 409
    assert "もう答えてあります" in late.text and "書いたこと" in late.text
    assert f'name="voice" value="{voice}"' not in late.text


# --- becoming a need, a supporter, part of another, or nothing -----------------------------------


def need(town: Town1, voice: int, **more: str) -> Any:
    said = {"kind": "ride", "words": "病院まで遠い", "town_id": str(town.towns["北西町"])}
    return answer(town.west, voice, "need", **(said | more))


@pytest.mark.databases("sqlite", "postgres")
def test_a_wish_becomes_a_need_that_is_counted_by_its_town(town: Town1) -> None:
    voice, number = town.say()
    assert need(town, voice, reply="会議で話します").status_code == 200
    (row,) = rows_of(town.session, Need)
    assert (row["kind"], row["suggestion_id"], row["heard_on"]) == ("ride", voice, TODAY)
    assert "書きとめました" in town.told(number) and "会議で話します" in town.told(number)
    page = town.planner.get("needs/").text
    assert "北西町" in page and "1〜2件" in page and "病院まで遠い" not in page
    assert page.count("1〜2件</tspan>") == 1, "and on the figure"
    assert "病院まで遠い" in town.west.get("needs/").text
    assert "病院まで遠い" not in town.east.get("needs/").text


def test_residents_see_numbers_of_needs_only_where_the_municipality_shows_them(
    town: Town1,
) -> None:
    for _ in range(3):
        need(town, town.say()[0])
    public = town.resident.http.get(f"/{CODE}/needs")
    assert public.status_code == 404 and "公開していません" in public.text
    town.admin.post("settings", {"reviewed": "yes", "stale_months": "12", "needs_shown": "yes"})
    shown = town.resident.http.get(f"/{CODE}/needs").text
    assert "3件" in shown and "病院" not in shown
    (row, *_) = rows_of(town.session, Need)
    town.west.post(f"needs/{row['id']}", {"version": str(row["version"]), "met": "yes"})
    assert "1〜2件" in town.resident.http.get(f"/{CODE}/needs").text


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"words": "電話は0999-00-1234です", "anonymous": "true"}, "電話番号"),
        ({"words": "岡さんが困っている", "anonymous": "true"}, "人の名前"),
        ({"printable": "岡さんが困っている"}, "人の名前"),
        ({"kind": ""}, "種類を選んで"),
        ({"words": ""}, "ひとことで"),
        ({"town_id": "999999"}, "選び直して"),
    ],
)
def test_a_need_that_tells_of_somebody_is_not_stored_as_anonymous(
    town: Town1, said: dict[str, str], field: str
) -> None:
    voice, _ = town.say()
    refused = need(town, voice, **said)
    assert refused.status_code == 422 and field in refused.text
    assert rows_of(town.session, Need) == []
    assert town.voice()["status"] == "received"


def test_an_offer_becomes_a_supporter_to_call_back(town: Town1) -> None:
    voice, number = town.say(kind="offer", words="車を出せます", name="岡", phone="0999-00-1234")
    page = town.west.get(f"supporters/new?voice={voice}").text
    assert 'value="岡"' in page and 'value="0999-00-1234"' in page and "車を出せます" in page
    assert '<option value="to_call" selected>' in page
    form = {"name": "岡", "phone": "0999-00-1234", "status": "to_call", "voice": str(voice)}
    town.west.post("supporters/new", form | {"town_id": str(town.towns["北西町"])})
    (person,) = rows_of(town.session, Supporter)
    assert (person["status"], town.voice()["supporter_id"]) == ("to_call", person["id"])
    assert "手伝いの申し出として" in town.told(number)
    assert "担い手 0人" in town.planner.get("").text, "nobody who only offered is counted yet"


def test_two_that_say_the_same_become_one(town: Town1) -> None:
    first, number = town.say(words="バスがない")
    second, other = town.say(words="バスがなくて困る")
    merged = answer(town.west, second, "merge", into=number, merge_reply="まとめて考えます")
    assert merged.status_code == 200
    assert town.voice()["merged_into"] == first
    assert "あわせました" in town.told(other) and "まとめて考えます" in town.told(other)
    third, _ = town.say(words="バス")
    for wrong in (other, in_print(new_number()), "", "x", in_print(town.voice()["number"])):
        assert answer(town.west, third, "merge", into=wrong).status_code == 422


def test_whoever_is_declined_reads_why(town: Town1) -> None:
    voice, number = town.say()
    assert answer(town.west, voice, "decline", reason=" ").status_code == 422
    answer(town.west, voice, "decline", reason="<b>道がせまく</b>通れません")
    assert "見送りました" in town.told(number)
    assert "&lt;b&gt;道がせまく" in town.told(number)
    assert "待っている声はありません" in town.west.get("voices/").text


@pytest.mark.databases("sqlite", "postgres")
def test_an_answer_is_given_once_and_may_be_taken_back(town: Town1) -> None:
    voice, number = town.say()
    need(town, voice)
    assert answer(town.west, voice, "decline", reason="やめた").status_code == 409
    page = town.west.get(f"voices/{voice}").text
    deed = page.split("/log/")[1].split("/undo")[0]
    assert town.east.post(f"log/{deed}/undo").status_code in (403, 409)
    undone = town.west.post(f"log/{deed}/undo", {"back": f"voices/{voice}"})
    assert undone.status_code == 200 and "取り消しました" in undone.text
    assert town.voice()["status"] == "received"
    assert rows_of(town.session, Need)[0]["state"] == "withdrawn"
    assert "受け取りました" in town.told(number)
    assert "病院まで遠い" not in town.west.get("needs/").text


def test_an_old_page_answers_nothing(town: Town1) -> None:
    voice, _ = town.say()
    old = town.west.get(f"voices/{voice}").text.split('name="version" value="')[1].split('"')[0]
    answer(town.chief, voice, "look")
    late = town.west.post(f"voices/{voice}/decline", {"version": old, "reason": "x"})
    assert late.status_code == 409 and "先にこの声に書きこみました" in late.text


def test_undoing_tells_no_name_to_whoever_may_not_see_it(town: Town1) -> None:
    voice, _ = town.say(name=SECRET, words=SECRET)
    answer(town.west, voice, "look")
    deed = town.west.get(f"voices/{voice}").text.split("/log/")[1].split("/undo")[0]
    answer(town.west, voice, "decline", reason="x")
    clash = town.admin.post(f"log/{deed}/undo")
    assert clash.status_code == 409 and SECRET not in clash.text


# --- slips ---------------------------------------------------------------------------------------


def key(client: DeskClient, **said: str) -> Any:
    return client.post("voices/slips", {"kind": "wish", "area": "W", "words": "声"} | said)


def test_thirty_slips_in_a_row(town: Town1) -> None:
    for n in range(30):
        page = key(town.west, words=f"声{n}", heard_on="2026-09-30").text
    assert "きょう 30 枚" in page and "声29" in page and "声20" in page and "声19" not in page
    assert 'value="2026-09-30"' in page, "the day stays"
    rows = rows_of(town.session, Suggestion)
    assert len({row["number"] for row in rows}) == 30
    assert {(row["channel"], row["heard_on"]) for row in rows} == {("slip", date(2026, 9, 30))}
    assert "受け取りました" in town.told(in_print(rows[0]["number"]))


def test_the_number_printed_on_a_slip_is_taken_once(town: Town1) -> None:
    number = new_number()
    assert "まだ入っていません" not in key(town.west, number=in_print(number).lower()).text
    assert town.voice()["number"] == number
    assert "もう打ちこまれています" in key(town.west, number=number).text
    assert "印刷のとおり" in key(town.west, number="ABCD").text
    assert len(rows_of(town.session, Suggestion)) == 1


@pytest.mark.databases("sqlite", "postgres")
def test_a_slip_is_put_right_and_taken_back_and_its_number_is_free_again(town: Town1) -> None:
    number = new_number()
    key(town.west, number=number, words="まちがい")
    row = town.voice()
    page = town.west.get(f"voices/slips/{row['id']}").text
    assert "まちがい" in page and in_print(number) in page
    fixed = {"kind": "offer", "area": "W", "words": "正しい", "number": number}
    town.west.post(f"voices/slips/{row['id']}", fixed | {"version": str(row["version"])})
    row = town.voice()
    assert (row["kind"], row["words"], row["number"]) == ("offer", "正しい", number)
    assert town.east.post(f"voices/slips/{row['id']}/remove").status_code == 404
    town.west.post(f"voices/slips/{row['id']}/remove", {"version": str(row["version"])})
    assert town.resident.look_up(number).status_code == 404
    assert "正しい" not in town.west.get("voices/").text
    assert "まだ入っていません" not in key(town.west, number=number).text
    assert "受け取りました" in town.told(number)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"area": ""}, "圏域を選んで"),
        ({"area": "E"}, "担当ではありません"),
        ({"town_id": "北東町"}, "担当ではありません"),
        ({"heard_on": "2026-10-02"}, "きょうより先"),
        ({"heard_on": "x"}, "日付を"),
        ({"kind": ""}, "一つ選んで"),
    ],
)
def test_a_slip_that_is_not_theirs_or_not_whole_is_not_taken(
    town: Town1, said: dict[str, str], words: str
) -> None:
    fields = {name: str(town.towns.get(value, value)) for name, value in said.items()}
    assert words in key(town.west, **fields).text
    assert rows_of(town.session, Suggestion) == []


def test_what_a_resident_sent_is_rewritten_by_nobody(town: Town1) -> None:
    voice, _ = town.say()
    version = {"version": str(town.voice()["version"])}
    said = {"kind": "wish", "area": "W", "words": "べつのこと"}
    assert town.west.post(f"voices/slips/{voice}", said | version).status_code == 409
    assert town.west.post(f"voices/slips/{voice}/remove", version).status_code == 409


# --- what may be printed -------------------------------------------------------------------------


def heard(town: Town1, since: date = TODAY) -> list[Heard]:
    found = heard_in_area(town.session, CODE, KEEPER, "W", since, on=TODAY)
    town.session.rollback()  # what is read next is read anew
    return found


@pytest.mark.databases("sqlite", "postgres")
def test_the_sheet_of_what_was_heard_prints_only_what_somebody_wrote_for_it(town: Town1) -> None:
    voice, number = town.say(words=SECRET, name=SECRET, phone="0999-00-1234")
    assert SECRET not in repr(heard(town)) and "1234" not in repr(heard(town))
    answer(town.west, voice, "print", printable="買い物が遠い")
    again, _ = town.say(words="買い物")
    answer(town.west, again, "merge", into=number)
    key(town.west, words=SECRET)
    town.say("北東町", words="東のこと")
    slip, web = heard(town)
    assert (slip.words, slip.town, slip.voices) == (None, None, 1)
    assert (web.words, web.town, web.voices) == ("買い物が遠い", "北西町", 2)
    assert (web.kind, web.state) == ("こんな場所や助けが、ほしい", "受け取りました")
    assert heard(town, TODAY + timedelta(days=1)) == []


def test_the_sheet_is_for_whoever_is_in_charge(town: Town1) -> None:
    town.say()
    refused = answer(town.west, town.voice()["id"], "print", printable="岡さんへ 0999-00-1234")
    assert refused.status_code == 422
    assert rows_of(town.session, Suggestion)[0]["printable"] is None
    assert rows_of(town.session, Reply)[0]["status"] == "received"


@pytest.mark.parametrize(
    "text",
    ["0999-00-1234", "０９９９ー００ー１２３４", "電話09012345678まで", "a@b.example", "西町1-2-3",
     "3丁目5", "岡みどりさん", "谷様に", "ヤマダさん"],
)  # fmt: skip
def test_what_points_to_somebody_is_noticed(text: str) -> None:
    assert tells_of_somebody(text)


@pytest.mark.parametrize(
    "text",
    ["皆さんで集まりたい", "娘さんが来る", "お医者さんが遠い", "バスが1日3本",
     "2026年11月20日に始まる", "10時から12時", "集まりがたくさんある",
     "1丁目のバス停", "100円から500円", "65歳以上が300人"],
)  # fmt: skip
def test_what_points_to_nobody_is_let_through(text: str) -> None:
    assert tells_of_somebody(text) is None


def test_a_flood_is_declined_at_once_and_undone_one_by_one(town: Town1) -> None:
    said = [town.say(words=f"いたずら{number}") for number in range(3)]
    kept = {row["id"]: f"{row['id']}:{row['version']}" for row in rows_of(town.session, Suggestion)}
    marked = [kept[voice] for voice, _ in said[:2]]
    assert town.chief.post("voices/decline", {"voice": marked}).status_code == 422
    assert town.chief.post("voices/decline", {"reason": "いたずら"}).status_code == 422
    stale = {"voice": [marked[0], f"{said[1][0]}:9"], "reason": "いたずら"}
    assert town.chief.post("voices/decline", stale).status_code == 409
    assert {row["status"] for row in rows_of(town.session, Suggestion)} == {"received"}
    town.chief.post("voices/decline", {"voice": marked, "reason": "同じものが続いたため"})
    stored = [row["status"] for row in rows_of(town.session, Suggestion)]
    assert stored == ["declined", "declined", "received"]
    assert "同じものが続いたため" in town.told(said[1][1])
    deed = town.chief.get(f"voices/{said[0][0]}").text.split("desk/log/")[1].split("/")[0]
    town.chief.post(f"log/{deed}/undo", {"back": "voices/"})
    stored = [row["status"] for row in rows_of(town.session, Suggestion)]
    assert stored == ["received", "declined", "received"]


def test_another_areas_coordinator_declines_nothing_of_a_flood(town: Town1) -> None:
    voice, _ = town.say()
    sent = {"voice": [f"{voice}:{town.voice()['version']}"], "reason": "いたずら"}
    assert town.east.post("voices/decline", sent).status_code == 404
    assert town.voice()["status"] == "received"
