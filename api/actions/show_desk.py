"""What is waiting on somebody's desk (机の上): stale facts per area, drafts, what was sent back."""

from dataclasses import dataclass, field

from pandas import DataFrame
from sqlalchemy import false, or_
from sqlmodel import Session

from api.accounts.roles import Right
from api.actions.count_people import people_by_area
from api.actions.find_records import NOWHERE, is_closed, is_in_area, is_stale, stale_before
from api.actions.locating import Land
from api.actions.proposals import OPEN
from api.actions.records import areas_of_records, office_settings
from api.actions.registers import REGISTERS, Register
from api.actions.save_record import Pen
from api.models import Photo, Proposal
from api.models.columns import table_of
from api.store import frames
from api.store.visible import OFFICE, Viewer, visible


@dataclass(frozen=True)
class AreaState:
    """How one area's records stand."""

    code: str
    name: str
    mine: bool
    records: int
    stale: int
    """Records nobody has confirmed for longer than the municipality allows."""
    stale_of: dict[str, int]
    """And how many of them are of which register: its key → number."""
    people: str
    """How many supporters live there: a number, never names."""


@dataclass(frozen=True)
class Waiting:
    """A record or a change that is not published yet, and is theirs to go on with."""

    word: str
    """What its register calls it."""
    name: str
    state: str
    """draft, submitted, returned."""
    remark: str | None
    path: str


@dataclass(frozen=True)
class DeskView:
    """Everything the desk's first page says."""

    months: int
    areas: list[AreaState]
    submitted: int
    """What waits to be looked through, all together."""
    reviews: bool
    """Whether that is for this member to do."""
    waiting: list[Waiting] = field(default_factory=list)
    """What goes on with them: drafts, submissions, what was sent back, as `Waiting`."""
    unplaced: dict[str, int] = field(default_factory=dict)
    """Stale records that lie in no area or are for all: register key → number."""


def show_desk(pen: Pen, land: Land) -> DeskView:
    """What is waiting for a member today."""
    months = office_settings(pen.session, pen.tenant)["stale_months"]
    records = _kept_records(pen.session, pen.member.viewer, land)
    stale = is_stale(records, stale_before(pen.today, months))
    mine, people = pen.member.areas, people_by_area(pen.session, pen.member.viewer, land)
    areas = []
    for code, name in land.area_names.items():
        here = records["areas"].map(lambda codes, c=code: is_in_area(codes, c)).astype(bool)
        stale_of = _by_register(records[here & stale])
        areas.append(
            AreaState(
                code=code,
                name=name,
                mine=code in mine,
                records=int(here.sum()),
                stale=sum(stale_of.values()),
                stale_of=stale_of,
                people=people[code],
            )
        )
    nowhere = records["areas"].map(lambda codes: is_in_area(codes, NOWHERE)).astype(bool)
    return DeskView(
        months=months,
        areas=sorted(areas, key=lambda area: not area.mine),
        submitted=_submitted(pen.session, pen.member.viewer, pen.tenant.code),
        reviews=pen.member.may(Right.PUBLISH),
        waiting=_going_on(pen, land),
        unplaced=_by_register(records[nowhere & stale]),
    )


def _by_register(records: DataFrame) -> dict[str, int]:
    counts = records["register"].value_counts()
    return {key: int(counts[key]) for key in REGISTERS if key in counts}


def _kept_records(session: Session, viewer: Viewer, land: Land) -> DataFrame:
    """Every open place, service and organization: `register`, `areas`, `confirmed_on`."""
    parts = []
    for register in _open_registers():
        rows = frames.read(session, visible(register.model, viewer, land.tenant.code))
        rows = rows[~is_closed(rows, land.on)]
        areas = areas_of_records(land, register, rows)
        parts += [
            {"register": register.key, "confirmed_on": day, "areas": codes}
            for day, codes in zip(rows["confirmed_on"], areas, strict=True)
        ]
    return DataFrame(parts, columns=["register", "confirmed_on", "areas"], dtype=object)


def _open_registers() -> list[Register]:
    return [register for register in REGISTERS.values() if not register.personal]


def _submitted(session: Session, viewer: Viewer, code: str) -> int:
    """How many new records and changes wait to be published."""
    table = table_of(Proposal)
    proposals = frames.read(
        session, visible(Proposal, viewer, code, table.c.state == "submitted", only=["id"])
    )
    count = len(proposals) + len(
        frames.read(
            session,
            visible(Photo, viewer, code, table_of(Photo).c.state == "submitted", only=["id"]),
        )
    )
    for register in _open_registers():
        of = table_of(register.model)
        where = of.c.state == "submitted"
        count += len(
            frames.read(session, visible(register.model, viewer, code, where, only=["id"]))
        )
    return count


def _going_on(pen: Pen, land: Land) -> list[Waiting]:
    """What is not published yet, in the areas a coordinator may write in; else one's own changes.

    By area, not by author: whoever takes an area over goes on with what was begun there.
    """
    if not pen.member.may(Right.RECORD):
        return []
    by_area = not pen.member.may(Right.EVERYWHERE)
    found = []
    for register in _open_registers():
        table = table_of(register.model)
        changes = _open_changes(pen, register, mine_only=not by_area)
        new = [table.c.state.in_(("draft", "submitted"))] if by_area else [false()]
        wanted = or_(table.c.id.in_(list(changes)), *new)
        rows = frames.read(
            pen.session, visible(register.model, pen.member.viewer, land.tenant.code, wanted)
        )
        for (_, row), areas in zip(
            frames.each(rows), areas_of_records(land, register, rows), strict=True
        ):
            if pen.member.may_write_in(areas):
                state, remark = changes.get(row["id"], (row["state"], None))
                path = f"{register.key}/{row['id']}"
                found.append(Waiting(register.word, row["name"], state, remark, path))
    order = ("returned", "draft", "submitted")
    return sorted(found, key=lambda each: order.index(each.state))


def _open_changes(
    pen: Pen, register: Register, *, mine_only: bool
) -> dict[int, tuple[str, str | None]]:
    """Records with a change that waits: its state, and why it came back."""
    table = table_of(Proposal)
    where = [table.c.entity == register.entity, table.c.state.in_(OPEN)]
    if mine_only:
        where += [table.c.author_id == pen.member.account_id, table.c.state != "submitted"]
    rows = frames.read(pen.session, visible(Proposal, OFFICE, pen.tenant.code, *where))
    return {row["entity_id"]: (row["state"], row["remark"]) for _, row in frames.each(rows)}
