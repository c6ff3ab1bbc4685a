"""Suggestions follow what is published (公開されたら、声の返事も変わる).

A correction of the second tier waits for the first; until it is public, its sender reads 確認中.
"""

from datetime import date
from typing import Any

from pandas import DataFrame
from sqlmodel import Session, SQLModel

from api.models import Reply, Suggestion
from api.models.columns import table_of
from api.store import frames
from api.store.changes import Hand, open_deed
from api.store.visible import KEEPER, visible
from api.store.writing import write_records

CORRECTING = "correcting"


def follow_published(session: Session, hand: Hand, place_id: int, today: date) -> None:
    """Tell the senders whose corrections of this place are public now."""
    table = table_of(Suggestion)
    waits = (table.c.place_id == place_id, table.c.status == CORRECTING)
    code = hand.municipality_code
    for _, row in frames.each(frames.read(session, visible(Suggestion, KEEPER, code, *waits))):
        about: dict[str, Any] = {"entity": "suggestion", "entity_id": row["id"]}
        answer(session, open_deed(session, hand, "answer", **about), row, "mended", None, today)


def answer(
    session: Session,
    hand: Hand,
    voice: dict[str, Any],
    status: str,
    words: str | None,
    today: date,
    **more: Any,
) -> None:
    """Write what becomes of a suggestion, and what its sender reads of it."""
    change(session, hand, Suggestion, voice, {"status": status, **more})
    where = table_of(Reply).c.suggestion_id == voice["id"]
    found = frames.read(session, visible(Reply, KEEPER, hand.municipality_code, where))
    reply = next(row for _, row in frames.each(found))
    told = {
        "status": "looking" if status == CORRECTING else status,
        "words": words if words is not None else reply["words"],
        "answered_on": today,
    }
    change(session, hand, Reply, reply, told)


def change(
    session: Session,
    hand: Hand,
    model: type[SQLModel],
    stored: dict[str, Any],
    values: dict[str, Any],
) -> None:
    """Change columns of one record, with its line in the log."""
    incoming = DataFrame([{"id": stored["id"], **values}], dtype=object)
    existing = DataFrame([stored], columns=list(incoming), dtype=object)
    write_records(session, hand, model, incoming, existing, erase=True)
