"""One transaction of one's own (順番): taken before anything is read, kept whole or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlmodel import Session

from api.store.changes import raise_revision, take_turn


@contextmanager
def turn(session: Session, code: str) -> Iterator[None]:
    """Let others who write into this municipality wait; what raises leaves nothing behind."""
    take_turn(session, code)
    try:
        yield
        raise_revision(session, code)
        session.commit()
    finally:
        session.rollback()
