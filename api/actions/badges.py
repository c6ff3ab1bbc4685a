"""Badges (相談バッジ) of places with a trained worker: when they hold one, who lost it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from pandas import DataFrame, Series
from sqlmodel import Session

from api.actions.find_records import area_words
from api.actions.locating import Land
from api.actions.records import areas_of_records
from api.actions.registers import register_named
from api.models import Badge, Place, Posting
from api.models.columns import table_of
from api.store import frames
from api.store.changes import Hand
from api.store.schemes import holds_on
from api.store.visible import KEEPER, RESIDENT, Viewer, visible
from api.store.writing import take_away, write_records

Term = tuple[date, date | None]
"""First and last day; None: nobody knows the last."""
TOLD_DAYS = 90
"""How long the loss of a badge is told."""


def badge_terms(postings: Iterable[Mapping[str, Any]]) -> list[Term]:
    """The days on which at least one posted worker is trained, as terms that do not touch.

    A worker counts from the day they are both posted and trained; one without training never does.
    """
    terms: list[Term] = []
    for first, last in sorted(_trained_terms(postings), key=lambda term: term[0]):
        if terms and _touches(terms[-1], first):
            terms[-1] = (terms[-1][0], _later(terms[-1][1], last))
        else:
            terms.append((first, last))
    return terms


def _trained_terms(postings: Iterable[Mapping[str, Any]]) -> list[Term]:
    known = [row for row in postings if row["trained_on"] is not None]
    terms = [(max(row["valid_from"], row["trained_on"]), row["valid_to"]) for row in known]
    return [(first, last) for first, last in terms if last is None or first <= last]


def _touches(term: Term, first: date) -> bool:
    return term[1] is None or first <= term[1] + timedelta(days=1)


def _later(one: date | None, other: date | None) -> date | None:
    return None if one is None or other is None else max(one, other)


def settle_badges(session: Session, hand: Hand, place_id: int) -> None:
    """Let a place's badges follow from its postings, in the same transaction."""
    code = hand.municipality_code
    of = table_of(Posting).c.place_id == place_id
    postings = frames.read(session, visible(Posting, KEEPER, code, of))
    of = table_of(Badge).c.place_id == place_id
    held = frames.read(session, visible(Badge, KEEPER, code, of))
    wanted = set(badge_terms(row for _, row in frames.each(postings)))
    there = list(zip(held["valid_from"], held["valid_to"], strict=True))
    over = Series([term not in wanted for term in there], dtype=bool)
    take_away(session, hand, Badge, held[over])
    new = [
        {"id": None, "place_id": place_id, "valid_from": first, "valid_to": last}
        for first, last in sorted(wanted - set(there), key=lambda term: term[0])
    ]
    if new:
        incoming = DataFrame(new, dtype=object)
        write_records(session, hand, Badge, incoming, incoming.iloc[:0])


def badged_on(session: Session, code: str, on: date) -> frozenset[int]:
    """Numbers of the places that hold the badge on that day."""
    badges = frames.read(session, visible(Badge, RESIDENT, code))
    return frozenset(badges.loc[holds_on(badges, on), "place_id"].astype(int))


@dataclass(frozen=True)
class BadgeHolder:
    """A place with a badge: now, from some day on, or no more."""

    place_id: int
    name: str
    area: str
    first: date
    last: date | None


@dataclass(frozen=True)
class BadgeView:
    """Who holds the badge today, who will, and who has lost it lately."""

    now: list[BadgeHolder] = field(default_factory=list)
    coming: list[BadgeHolder] = field(default_factory=list)
    lost: list[BadgeHolder] = field(default_factory=list)


def show_badges(session: Session, viewer: Viewer, land: Land) -> BadgeView:
    """The badges of the places that are not closed."""
    on, code = land.on, land.tenant.code
    badges = frames.read(session, visible(Badge, viewer, code))
    here = table_of(Place).c.id.in_(badges["place_id"].tolist())
    places = frames.read(session, visible(Place, viewer, code, here))
    places = places[places["closed_on"].map(lambda day: day is None or on < day).astype(bool)]
    areas = areas_of_records(land, register_named("places"), places)
    words = {
        number: (name, area_words(land, codes))
        for number, name, codes in zip(places["id"], places["name"], areas, strict=True)
    }
    holders = [
        BadgeHolder(row["place_id"], *words[row["place_id"]], row["valid_from"], row["valid_to"])
        for _, row in frames.each(badges.sort_values(["valid_from", "id"]))
        if row["place_id"] in words
    ]
    now = [h for h in holders if h.first <= on and (h.last is None or on <= h.last)]
    held = {holder.place_id for holder in now}
    since = on - timedelta(days=TOLD_DAYS)
    ended = {h.place_id: h for h in holders if h.last is not None and since <= h.last < on}
    return BadgeView(
        now=now,
        coming=[holder for holder in holders if on < holder.first],
        lost=[holder for number, holder in ended.items() if number not in held],
    )
