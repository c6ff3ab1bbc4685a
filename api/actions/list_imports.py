"""What has been imported (取り込みの一覧), the newest first."""

from dataclasses import dataclass

from pandas import DataFrame
from sqlmodel import Session

from api.accounts.members import Member
from api.actions.desk_imports import KIND_WORDS
from api.actions.field_words import ENTITIES
from api.actions.show_history import local, may_undo
from api.actions.tell_import import PERSONAL_KINDS
from api.models import Intake
from api.store import frames, history
from api.store.visible import visible
from web.words import moment

MOST = 200


@dataclass(frozen=True)
class ImportView:
    """One file that was imported."""

    kind: str
    files: str
    counts: str
    """How many records of what it touched, in words."""
    credit: str
    when: str
    actor: str
    undone: bool
    deed_id: int | None
    may_undo: bool


def list_imports(session: Session, member: Member, code: str) -> list[ImportView]:
    """Every import of the municipality."""
    intakes = frames.read(session, visible(Intake, member.viewer, code))
    intakes = intakes.sort_values("id", ascending=False).head(MOST)
    numbers = [int(number) for number in intakes["deed_id"].dropna()]
    deeds = frames.read(session, history.deeds(member.viewer, code, ids=numbers, most=MOST))
    by_id = {row["id"]: row for _, row in frames.each(deeds)}
    counts = frames.read(session, history.touched(member.viewer, code, numbers))
    found = []
    for _, row in frames.each(intakes):
        deed = by_id.get(row["deed_id"])
        found.append(
            ImportView(
                kind=KIND_WORDS.get(row["kind"], row["kind"]),
                files=row["files"],
                # How many of a list are new would tell who is a supporter already.
                counts=""
                if row["kind"] in PERSONAL_KINDS
                else _in_words(counts[counts["deed_id"] == row["deed_id"]]),
                credit=row["credit"],
                when=moment(local(row["imported_at"])),
                actor=row["actor"],
                undone=bool(row["undone"]),
                deed_id=row["deed_id"],
                may_undo=deed is not None and not row["undone"] and may_undo(member, deed),
            )
        )
    return found


def _in_words(rows: DataFrame) -> str:
    """通いの場 52件、…"""
    pairs = zip(rows["entity"], rows["records"], strict=True)
    return "、".join(f"{ENTITIES.get(entity, entity)} {number:,}件" for entity, number in pairs)
