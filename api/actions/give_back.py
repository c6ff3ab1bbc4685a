"""What was given back to residents (還元): of all that was entered, what they could see or hold."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pandas import DataFrame

from api.actions.find_records import NOWHERE, is_closed
from api.actions.handouts import handout_rows
from api.actions.locating import Land
from api.actions.records import Areas, areas_of_records
from api.actions.registers import REGISTERS, Register
from api.store import frames
from api.store.visible import OFFICE, visible

GIVEN_BACK = ("places", "services")
"""The registers whose records are meant for residents."""
Record = tuple[str, int]
"""Table and number."""


@dataclass(frozen=True)
class Thing:
    """One place or service."""

    register: str
    word: str
    record_id: int
    name: str
    areas: Areas
    published: bool
    given_in: frozenset[str]
    """Codes of the areas whose people got it on paper."""


@dataclass(frozen=True)
class AreaGiven:
    """How much of an area's resources came back to its people (還元)."""

    code: str
    name: str
    entered: int
    published: int
    """On the public map and list."""
    handed: int
    """On a sheet that was given out there."""
    handouts: int
    last_on: date | None
    """The last day a sheet was given out there."""
    missing: list[Thing] = field(default_factory=list)
    """Published, and on no sheet yet."""

    @property
    def published_share(self) -> float | None:
        """Share that residents can see on the map; None where nothing was entered."""
        return self.published / self.entered if self.entered else None

    @property
    def handed_share(self) -> float | None:
        """Share that was given out on paper; None where nothing was entered."""
        return self.handed / self.entered if self.entered else None


@dataclass(frozen=True)
class GiveBack:
    """The whole panel: each area, what belongs to none, and everything once."""

    areas: list[AreaGiven]
    total: AreaGiven


def give_back(land: Land) -> GiveBack:
    """What was entered, published and given out on paper by the day of `land`.

    Entered is all that is not withdrawn or closed, drafts too. A thing that serves the whole
    municipality stands in a row of its own (圏域なし・全域), and was given out once people of every
    area got it: one area's sheet changes that area's share and no other.
    """
    handouts = handout_rows(land.session, land.tenant.code, OFFICE)
    handouts = handouts[handouts["given_on"].map(lambda day: day <= land.on).astype(bool)]
    given = _given(list(land.area_names), handouts)
    things = [thing for key in GIVEN_BACK for thing in _things(land, REGISTERS[key], given)]
    areas = [
        _row(code, name, [t for t in things if t.areas and code in t.areas], [code], handouts)
        for code, name in land.area_names.items()
    ]
    everywhere = list(land.area_names)
    nowhere = [thing for thing in things if not thing.areas]
    if nowhere:
        areas.append(_row(NOWHERE, "圏域なし・全域", nowhere, everywhere, _for_all(handouts)))
    total = _row("", land.tenant.name, things, everywhere, handouts)
    return GiveBack(areas, total)


def _things(land: Land, register: Register, given: dict[Record, set[str]]) -> list[Thing]:
    rows = frames.read(land.session, visible(register.model, OFFICE, land.tenant.code))
    rows = rows[~is_closed(rows, land.on)]
    areas = areas_of_records(land, register, rows)
    return [
        Thing(
            register=register.key,
            word=register.word,
            record_id=row["id"],
            name=row["name"],
            areas=codes,
            published=row["state"] == "published",
            given_in=frozenset(given.get((register.entity, row["id"]), ())),
        )
        for (_, row), codes in zip(frames.each(rows), areas, strict=True)
    ]


def _given(codes: list[str], handouts: DataFrame) -> dict[Record, set[str]]:
    """In which areas each record was given out."""
    found: dict[Record, set[str]] = {}
    for area, on_it in zip(handouts["area_code"], handouts["on_it"], strict=True):
        for record in on_it:
            found.setdefault(record, set()).update(codes if area is None else [area])
    return found


def _was_given(thing: Thing, codes: Iterable[str]) -> bool:
    """Whether people got it: those of one of its areas, or of all where it is for everybody."""
    if not thing.areas:
        return bool(thing.given_in) and thing.given_in.issuperset(codes)
    return not thing.given_in.isdisjoint(thing.areas & frozenset(codes))


def _for_all(handouts: DataFrame) -> DataFrame:
    return handouts[handouts["area_code"].isna()]


def _row(
    code: str, name: str, things: list[Thing], codes: list[str], handouts: DataFrame
) -> AreaGiven:
    mine = handouts
    if code and code != NOWHERE:
        mine = handouts[handouts["area_code"].map(lambda of: of in (None, code)).astype(bool)]
    days: list[Any] = mine["given_on"].tolist()
    given = [thing for thing in things if _was_given(thing, codes)]
    return AreaGiven(
        code=code,
        name=name,
        entered=len(things),
        published=sum(thing.published for thing in things),
        handed=len(given),
        handouts=len(mine),
        last_on=max(days, default=None),
        missing=[t for t in things if t.published and not _was_given(t, codes)],
    )
