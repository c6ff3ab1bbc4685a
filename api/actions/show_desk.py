"""What is waiting on somebody's desk (机の上): stale facts per area, drafts, what was sent back."""

from dataclasses import dataclass, field
from typing import Any

from pandas import DataFrame
from sqlmodel import Session

from api.accounts.roles import Right
from api.actions.count_people import people_by_area
from api.actions.find_records import is_closed, is_stale, stale_before
from api.actions.locating import Land
from api.actions.proposals import OPEN
from api.actions.records import areas_of_records, office_settings
from api.actions.registers import BY_ENTITY, REGISTERS, Register
from api.actions.save_record import Pen
from api.models import Photo, Proposal
from api.models.columns import table_of
from api.store import frames
from api.store.visible import Viewer, visible


@dataclass(frozen=True)
class AreaState:
    """How one area's records stand."""

    code: str
    name: str
    mine: bool
    records: int
    stale: int
    """Records nobody has confirmed for longer than the municipality allows."""
    people: str
    """How many supporters live there: a number, never names."""


@dataclass(frozen=True)
class DeskView:
    """Everything the desk's first page says."""

    months: int
    areas: list[AreaState]
    submitted: int
    """What waits to be looked through, all together."""
    reviews: bool
    """Whether that is for this member to do."""
    waiting: list[dict[str, Any]] = field(default_factory=list)
    """Their own drafts and what was sent back: word, name, state, remark, path."""
    unplaced: int = 0
    """Stale records that lie in no area."""


def show_desk(pen: Pen, land: Land) -> DeskView:
    """What is waiting for a member today."""
    months = office_settings(pen.session, pen.tenant)["stale_months"]
    records = _kept_records(pen.session, pen.member.viewer, land)
    stale = is_stale(records, stale_before(pen.today, months))
    mine, people = pen.member.areas, people_by_area(pen.session, pen.member.viewer, land)
    areas = [
        AreaState(
            code=code,
            name=name,
            mine=code in mine,
            records=int(here.sum()),
            stale=int((here & stale).sum()),
            people=people[code],
        )
        for code, name in land.area_names.items()
        for here in [records["areas"].map(lambda codes, c=code: codes is not None and c in codes)]
    ]
    nowhere = records["areas"].map(lambda codes: not codes)
    return DeskView(
        months=months,
        areas=sorted(areas, key=lambda area: not area.mine),
        submitted=_submitted(pen.session, pen.member.viewer, pen.tenant.code),
        reviews=pen.member.may(Right.PUBLISH),
        waiting=_own(pen),
        unplaced=int((nowhere & stale).sum()),
    )


def _kept_records(session: Session, viewer: Viewer, land: Land) -> DataFrame:
    """Every open place, service and organization: `areas`, `confirmed_on`."""
    parts = []
    for register in _open_registers():
        rows = frames.read(session, visible(register.model, viewer, land.tenant.code))
        rows = rows[~is_closed(rows, land.on)]
        areas = areas_of_records(land, register, rows)
        parts += [
            {"confirmed_on": day, "areas": codes}
            for day, codes in zip(rows["confirmed_on"], areas, strict=True)
        ]
    return DataFrame(parts, columns=["confirmed_on", "areas"], dtype=object)


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


def _own(pen: Pen) -> list[dict[str, Any]]:
    """The member's own drafts, and what was sent back to them."""
    table = table_of(Proposal)
    rows = visible(
        Proposal,
        pen.member.viewer,
        pen.tenant.code,
        table.c.author_id == pen.member.account_id,
        table.c.state.in_([state for state in OPEN if state != "submitted"]),
    )
    found = []
    for _, row in frames.each(frames.read(pen.session, rows)):
        register = BY_ENTITY[row["entity"]]
        named = visible(
            register.model,
            pen.member.viewer,
            pen.tenant.code,
            table_of(register.model).c.id == row["entity_id"],
            only=["name"],
        )
        names = frames.read(pen.session, named)["name"].tolist()
        found.append(
            {
                "word": register.word,
                "name": names[0] if names else "",
                "state": row["state"],
                "remark": row["remark"],
                "path": f"{register.key}/{row['entity_id']}",
            }
        )
    return found
