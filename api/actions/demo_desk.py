"""Fill the sample's desk as a year of work would: charges, pauses, badges, sheets, voices.

All of it goes through the actions the desk's own forms use. What a table holds already stays as it
is, so that a second time changes nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import Session, SQLModel

from api.accounts.keeping import list_accounts
from api.accounts.members import Member
from api.accounts.roles import Role
from api.actions.assign import Order, assign
from api.actions.contacts import add_contact, fiscal_year, make_series, year_of_days
from api.actions.demo import CODE
from api.actions.demo_voices import say_demo_voices
from api.actions.find_municipality import find_municipality
from api.actions.handouts import give_out
from api.actions.manage_accounts import open_account
from api.actions.pauses import put_pause
from api.actions.postings import put_posting
from api.actions.records import Row
from api.actions.registers import register_named
from api.actions.registers.fields import read
from api.actions.save_record import Pen, save_record, version_of
from api.actions.trainings import TrainingForm, save_training
from api.models import Activity, Handout, Pause, Place, Posting, Suggestion, Training
from api.store import frames
from api.store.visible import KEEPER, how_many, visible

COLLEAGUES = (("sc2", "林 たけし"), ("sc3", "森 あゆみ"))
"""Further coordinators: invented. Their first passwords are told to nobody."""
INFORMAL: dict[str, tuple[list[str], str]] = {
    "純喫茶ともしび 朝の会": (["hangout", "cafe"], "older"),
    "岬の釣具店 ベンチの会": (["hangout", "shop"], "all_ages"),
    "直売所みやまえ 縁側": (["drop_in", "shop", "active"], "all_ages"),
    "下汐見直売所の縁側": (["drop_in", "shop"], "older"),
    "光明寺 お茶のみ会": (["hangout", "advice"], "older"),
    "宮ノ下 空き家ひろば": (["hangout", "active", "children_110"], "all_ages"),
}
"""Where people come together by themselves (なじみの場): what each is to them, and for whom."""
OTHERS: dict[str, tuple[list[str], str]] = {
    "港町コミュニティセンター": (["drop_in", "advice", "care_110"], "all_ages"),
    "川東一丁目昼ごはん会": (["meal", "hangout"], "all_ages"),
    "オレンジカフェ しおみ": (["cafe", "advice"], "care"),
    "いきいき百歳体操 旭町": (["exercise"], "older"),
    "新川町おたがいさまの家": (["advice", "active", "care_110"], "care"),
}
BADGED, LOST, UNTRAINED = "港町コミュニティセンター", "東町コミュニティセンター", "本町一丁目公民館"


@dataclass(frozen=True)
class _Desk:
    """Who fills it in, on which day, and the places by name."""

    pen: Pen
    places: dict[str, Row]

    def ago(self, days: int) -> date:
        """A day so many days before today; a negative number lies ahead."""
        return self.pen.today - timedelta(days=days)


def fill_demo_desk(session: Session, today: date, now: datetime) -> None:
    """Let the sample's desk hold something of everything; its people have been seated before."""
    accounts = {entry.login: entry for entry in list_accounts(session, CODE)}
    chief = accounts["chief"]
    member = Member(
        chief.account_id, CODE, chief.login, chief.name, Role.CHIEF, frozenset(), frozenset()
    )
    pen = Pen(session, find_municipality(session, CODE), member, today, now)
    found = frames.read(session, visible(Place, KEEPER, CODE))
    desk = _Desk(pen, {row["name"]: row for _, row in frames.each(found)})
    if COLLEAGUES[0][0] not in accounts:
        _share_the_areas(desk)
    _describe(desk)
    parts: tuple[tuple[type[SQLModel], Callable[[_Desk], None]], ...] = (
        (Pause, _pause),
        (Posting, _post),
        (Training, _train),
        (Activity, _meet),
        (Handout, _give_out),
        (Suggestion, lambda desk: say_demo_voices(desk.pen)),
    )
    for model, fill in parts:
        if not session.connection().execute(how_many(model, KEEPER, CODE)).scalar_one():
            fill(desk)


def _share_the_areas(desk: _Desk) -> None:
    """Each area has a centre; the coordinator who is there keeps the first, two share the rest."""
    pen, land = desk.pen, desk.pen.land()
    first, _ = year_of_days(fiscal_year(pen.today))
    ids = []
    for login, name in COLLEAGUES:
        opened = open_account(
            pen.session, pen.hand, land, login, name, Role.COORDINATOR, now=pen.now
        )
        ids.append(opened[0].account_id)
    for number, (area, name) in enumerate(land.area_names.items()):
        centre = f"{name.removesuffix('圏域')}地域包括支援センター"
        assign(pen.session, pen.hand, land, Order(area, first, duty="center", body=centre))
        if number:
            order = Order(area, first, account_id=ids[number % 2], body="社会福祉協議会")
            assign(pen.session, pen.hand, land, order)


def _describe(desk: _Desk) -> None:
    """Say what places are to people, where nobody has said it yet."""
    register = register_named("places")
    for informal, named in ((True, INFORMAL), (False, OTHERS)):
        for name, (functions, audience) in named.items():
            stored = desk.places.get(name)
            if stored is None or stored["functions"]:
                continue
            more = {"functions": functions, "audience": audience, "informal": informal}
            form = read(register.form, register.values(stored) | more)
            version = version_of(stored, None)
            save_record(desk.pen, register, form, record_id=stored["id"], version=version)


def _pause(desk: _Desk) -> None:
    whom = "町内会長　電話 0999-00-2210"
    for name, since, until, reason in (
        ("ふれあいサロン うみねこ", 150, None, "世話役が足りない"),
        ("いこいの家 潮音荘", 70, -100, "建物の改修"),
        ("いきいき百歳体操 川端町", 20, -20, "会場の工事"),
    ):
        last = None if until is None else desk.ago(until).isoformat()
        pause = {"valid_from": desk.ago(since).isoformat(), "valid_to": last, "reason": reason}
        put_pause(desk.pen, desk.places[name]["id"], pause | {"restart_contact": whom})


def _post(desk: _Desk) -> None:
    """One badge that is held, one that was lost a month ago, and one without training."""
    for name, person, trained, since, until in (
        (BADGED, "浜 さちえ", 200, 180, None),
        (LOST, "沢 ひろし", 400, 380, 30),
        (UNTRAINED, "水野 のぞみ", None, 40, None),
    ):
        days = {"trained_on": trained, "valid_from": since, "valid_to": until}
        raw = {key: None if n is None else desk.ago(n).isoformat() for key, n in days.items()}
        put_posting(desk.pen, desk.places[name]["id"], {"name": person, **raw})


def _train(desk: _Desk) -> None:
    pen = desk.pen
    accounts = {entry.login: entry.account_id for entry in list_accounts(pen.session, CODE)}
    for login, course, kind, held, due, done in (
        ("sc", "生活支援コーディネーター基礎研修", "before", 400, 30, None),
        ("sc2", "生活支援コーディネーター基礎研修", "before", 240, 60, 55),
        ("sc2", "フォローアップ研修", "follow_up", 55, -120, None),
        ("chief", "第1層コーディネーター研修", "other", 300, None, None),
    ):
        days = [None if n is None else desk.ago(n) for n in (held, due, done)]
        form = TrainingForm(accounts[login], course, kind, *days)
        save_training(pen.session, pen.hand, form)


def _meet(desk: _Desk) -> None:
    """おでんの会 on the second Wednesday of each month, and what led to it."""
    areas = list(desk.pen.land().area_names)
    for title, area, stage, ago, people in (
        ("自治会での説明会", areas[0], "known", 240, 24),
        ("民生委員の定例会で説明", areas[0], "understood", 150, 12),
        ("声を聞く会", areas[0], "heard", 45, 9),
        ("老人クラブでの説明会", areas[1], "known", 90, 31),
    ):
        day = desk.ago(ago).isoformat()
        contact: dict[str, Any] = {"title": title, "where": f"area:{area}", "stage": stage}
        add_contact(desk.pen, contact | {"held_on": day, "people": people})
    oden = desk.places["おでんの会"]["id"]
    series = {"title": "おでんの会", "where": f"place:{oden}", "stage": "understood"}
    monthly = {"week": "2", "weekday": "水", "year": fiscal_year(desk.pen.today)}
    make_series(desk.pen, series | monthly)


def _give_out(desk: _Desk) -> None:
    """Sheets that went to two areas: in the others, nothing has come back on paper yet."""
    areas = list(desk.pen.land().area_names)
    for area, sheet, paper, ago, copies, occasion in (
        (areas[0], "map", "A3", 24, 60, "本町いきいきサロン"),
        (areas[0], "list", "A4", 24, 60, "本町いきいきサロン"),
        (areas[2], "calendar", "A4", 6, 35, "川東市民センターの窓口"),
    ):
        given = {"area": area, "sheet": sheet, "paper": paper, "copies": copies}
        give_out(
            desk.pen,
            given
            | {"given_on": desk.ago(ago).isoformat(), "occasion": occasion, "given_by": "谷 ゆき"},
        )
