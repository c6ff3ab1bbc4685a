"""Needs (困りごと): how many each town has, for everybody; the words for whoever is in charge."""

from dataclasses import dataclass

from sqlmodel import Session

from api.actions.answer_voice import VoiceChanged
from api.actions.follow_voices import change
from api.actions.locating import Land
from api.actions.records import NoSuchRecord, Row
from api.actions.save_record import Pen
from api.actions.town_choices import ELSEWHERE
from api.actions.voices import where_words
from api.models import Need
from api.models.columns import table_of
from api.models.kinds import NEED_KINDS, NEED_STATUSES
from api.store import frames
from api.store.changes import open_deed
from api.store.visible import Viewer, need_counts, visible
from web.maps.area_figure import Figure, area_figure
from web.words import wareki

FEW = 3
"""Below this a number might tell who it is."""


class NeedsNotShown(LookupError):
    """The municipality does not show residents how many needs there are (公開していない)."""


@dataclass(frozen=True)
class TownNeeds:
    """One town's needs: a number in words, never who."""

    town_id: int
    area: str
    town: str
    count: str


@dataclass(frozen=True)
class NeedView:
    """One need in words, for whoever is in charge."""

    row: Row
    kind: str
    where: str
    when: str
    status: str


def count_needs(session: Session, land: Land) -> list[TownNeeds]:
    """Towns with needs, in the people's order of areas; 1 and 2 are not told apart, and no sums."""
    counts = frames.read(session, need_counts(land.tenant.code))
    known = counts[counts["town_id"].isin(land.towns.index)]
    order = [*land.area_names.values(), ELSEWHERE]
    found = [
        TownNeeds(
            town_id=row["town_id"],
            area=land.area_names.get(land.area_of_town.get(row["town_id"], ""), ELSEWHERE),
            town=str(land.towns.at[row["town_id"], "name"]),
            count=few_needs(int(row["needs"])),
        )
        for _, row in frames.each(known)
    ]
    return sorted(found, key=lambda each: (order.index(each.area), each.town))


def needs_figure(land: Land, counted: list[TownNeeds]) -> Figure | None:
    """The towns with their numbers, without scripts; the table says which is which."""
    numbers = {str(each.town_id): each.count for each in counted}
    drawn = land.towns[land.towns["wkb"].notna()]
    if drawn.empty or not counted:
        return None
    codes = [str(town) for town in drawn.index]
    names = [numbers.get(town, "") for town in codes]
    towns = frames.shaped(drawn.assign(code=codes, name=names), land.tenant.zone)
    return area_figure(towns, dict.fromkeys(numbers, ("later", "")))


LOOKS = {"later": "困りごとがある町（数は件数）", "none": "まだない町"}
"""The figure's legend."""


def few_needs(needs: int) -> str:
    """A number of needs in words."""
    return "1〜2件" if needs < FEW else f"{needs:,}件"


def list_needs(session: Session, viewer: Viewer, land: Land) -> list[NeedView]:
    """The needs somebody may see, open ones first. Raises `Withheld`."""
    found = frames.read(session, visible(Need, viewer, land.tenant.code))
    rows = [row for _, row in frames.each(found.iloc[::-1])]
    return [
        NeedView(
            row=row,
            kind=NEED_KINDS.get(row["kind"], row["kind"]),
            where=where_words(land, row),
            when=wareki(row["heard_on"]),
            status=NEED_STATUSES[row["status"]],
        )
        for row in sorted(rows, key=lambda row: row["status"] != "open")
    ]


def settle_need(pen: Pen, need_id: int, version: int | None, *, met: bool) -> None:
    """Say that a need was met (つながった), or is open again. Raises NoSuchRecord, VoiceChanged."""
    pen = pen.begin()
    try:
        where = table_of(Need).c.id == need_id
        rows = visible(Need, pen.member.viewer, pen.tenant.code, where)
        stored = next((row for _, row in frames.each(frames.read(pen.session, rows))), None)
        if stored is None:
            raise NoSuchRecord("この困りごとは見つからないか、あなたの担当ではありません。")
        if stored["version"] != version:
            raise VoiceChanged("ほかの人が、先に書きこみました。開き直して確かめてください。")
        hand = open_deed(pen.session, pen.hand, "answer", entity="need", entity_id=need_id)
        change(pen.session, hand, Need, stored, {"status": "met" if met else "open"})
        pen.finish()
    finally:
        pen.session.rollback()
