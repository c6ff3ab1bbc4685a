"""Record what was given out on paper (配った紙), with what stood on it that day (還元)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pandas import DataFrame, Series
from sqlmodel import Session

from api.accounts.members import Member
from api.actions.find_municipality import Tenant
from api.actions.list_resources import list_resources
from api.actions.records import NotYours, Row
from api.actions.registers.fields import Choice, Day, Line, Number, RecordForm, WrongFields, read
from api.actions.save_record import Pen
from api.actions.show_history import may_undo
from api.models import Handout
from api.models.kinds import PAPERS, SHEETS
from api.store import frames, history
from api.store.changes import Hand, name_deed, open_deed
from api.store.visible import RESIDENT, Viewer, visible
from api.store.writing import write_records

MOST = 10_000
EVERYWHERE = "*"
"""What a form sends for a sheet of the whole municipality (市町村全体)."""


class HandoutForm(RecordForm):
    """What people say of a sheet they gave out."""

    area: Choice = None
    sheet: Choice = None
    paper: Choice = None
    issued_on: Day = None
    given_on: Day = None
    copies: Number = None
    occasion: Line = None
    given_by: Line = None


@dataclass(frozen=True)
class Given:
    """A sheet that was given out: of which area (None: the whole municipality), when, to how many.

    `issued_on`: the day of the facts on it; what was open then stood on it.
    """

    area: str | None
    sheet: str
    given_on: date
    issued_on: date
    paper: str | None = None
    copies: int | None = None
    occasion: str | None = None
    given_by: str | None = None


def record_handout(session: Session, hand: Hand, tenant: Tenant, given: Given) -> int:
    """Write down that a sheet was given out, within the caller's transaction; its number.

    What is published now and was open on its day stood on it, as in `list_resources`: the lists
    are made of the same facts as the sheets. Another day's published state is not kept anywhere,
    so a sheet is best recorded on the day it is printed or given out.
    """
    _, on_it = SHEETS[given.sheet]
    listed = list_resources(session, tenant.code, RESIDENT, given.issued_on, given.area or "")
    numbers: dict[str, list[int]] = {"place": [], "service": []}
    for section in listed.sections:
        for line in section.lines:
            table, number = line.record
            if table in on_it:
                numbers[table].append(int(number))
    row = {
        "id": None,
        "area_code": given.area,
        "sheet": given.sheet,
        "paper": given.paper,
        "issued_on": given.issued_on,
        "given_on": given.given_on,
        "copies": given.copies,
        "occasion": given.occasion,
        "given_by": given.given_by,
        "places": json.dumps(sorted(numbers["place"])),
        "services": json.dumps(sorted(numbers["service"])),
        "version": 1,
    }
    incoming = DataFrame([row], dtype=object)
    signed = open_deed(session, hand, "handout", entity="handout")
    written = write_records(session, signed, Handout, incoming, incoming.iloc[:0])
    number = int(written["id"].iloc[0])
    name_deed(session, signed, number)
    return number


def give_out(pen: Pen, raw: Mapping[str, Any]) -> int:
    """Record a sheet from the desk's form; its number. Raises NotYours, WrongFields."""
    form = read(HandoutForm, raw)
    pen = pen.begin()
    try:
        given = _checked(form, pen)
        refuse_handout(pen.member, given.area)
        number = record_handout(pen.session, pen.hand, pen.tenant, given)
        pen.finish()
        return number
    finally:
        pen.session.rollback()


def _checked(form: HandoutForm, pen: Pen) -> Given:
    wrong = {}
    if form.area != EVERYWHERE and form.area not in pen.land().area_names:
        wrong["area"] = "配った圏域を選んでください。"
    if form.sheet not in SHEETS:
        wrong["sheet"] = "配った紙の種類を選んでください。"
    if form.paper is not None and form.paper not in PAPERS:
        wrong["paper"] = "紙の大きさを選び直してください。"
    if form.given_on is None:
        wrong["given_on"] = "配った日を入れてください。"
    elif form.given_on > pen.today:
        wrong["given_on"] = "配った日が、まだ来ていません。"
    elif form.issued_on is not None and form.issued_on > form.given_on:
        wrong["issued_on"] = "印刷した日が、配った日よりあとになっています。"
    if wrong or form.given_on is None or form.sheet is None:
        raise WrongFields(wrong)
    return Given(
        area=None if form.area == EVERYWHERE else form.area,
        sheet=form.sheet,
        given_on=form.given_on,
        issued_on=form.issued_on or form.given_on,
        paper=form.paper,
        copies=form.copies,
        occasion=form.occasion,
        given_by=form.given_by,
    )


def refuse_handout(member: Member, area: str | None) -> None:
    """Raise `NotYours` unless the member may write about this area, or the whole municipality."""
    if not member.may_write_in(None if area is None else frozenset({area})):
        where = "市町村全体に配った紙" if area is None else "この圏域で配った紙"
        raise NotYours(f"{where}は、あなたの担当ではないため、記録できません。")


def handouts_of(session: Session, member: Member, code: str, area: str = "") -> list[Row]:
    """Sheets that were given out, the latest first; with `area`, those people there were given.

    Each has `on_it`, how many things stood on it, and `undo`, the deed the member may take back.
    """
    rows = handout_rows(session, code, member.viewer)
    deeds = frames.read(session, history.deeds(member.viewer, code, what=["handout"], most=MOST))
    undo = {
        deed["entity_id"]: deed["id"] for _, deed in frames.each(deeds) if may_undo(member, deed)
    }
    if area:
        rows = rows[rows["area_code"].map(lambda of: of in (None, area)).astype(bool)]
    return [
        {**row, "on_it": len(row["on_it"]), "undo": undo.get(str(row["id"]))}
        for _, row in frames.each(rows.sort_values(["given_on", "id"], ascending=False))
    ]


def handout_rows(session: Session, code: str, viewer: Viewer) -> DataFrame:
    """All sheets that were given out, with `on_it`: tables and numbers of what stood on it."""
    rows = frames.read(session, visible(Handout, viewer, code))
    things = [
        frozenset(
            [("place", number) for number in json.loads(places)]
            + [("service", number) for number in json.loads(services)]
        )
        for places, services in zip(rows["places"], rows["services"], strict=True)
    ]
    return rows.assign(on_it=Series(things, index=rows.index, dtype=object))
