"""Which places are there on a day (その日に開いている場): neither closed nor paused."""

from datetime import date

from sqlmodel import Session

from api.models import Pause, Place
from api.models.columns import table_of
from api.store import frames
from api.store.schemes import holds_on
from api.store.visible import RESIDENT, Viewer, visible


def paused_on(session: Session, viewer: Viewer, code: str, on: date) -> frozenset[int]:
    """Numbers of the places that pause (休止) on that day."""
    columns = ["place_id", "valid_from", "valid_to"]
    pauses = frames.read(session, visible(Pause, viewer, code, only=columns))
    return frozenset(pauses.loc[holds_on(pauses, on), "place_id"].astype(int))


def is_open_to_all(session: Session, code: str, place_id: int, on: date) -> bool:
    """Whether residents find the place on that day: published, begun, not closed, not paused."""
    days = ["opened_on", "closed_on"]
    where = table_of(Place).c.id == place_id
    found = frames.read(session, visible(Place, RESIDENT, code, where, only=days))
    if found.empty:
        return False
    opened, closed = found["opened_on"].iloc[0], found["closed_on"].iloc[0]
    there = (opened is None or opened <= on) and (closed is None or on < closed)
    return there and place_id not in paused_on(session, RESIDENT, code, on)
