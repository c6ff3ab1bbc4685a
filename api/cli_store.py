"""The store as commands open it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlmodel import Session

    from api.settings import Settings


@contextmanager
def opened(settings: "Settings | None" = None) -> "Iterator[Session]":
    """A session on the store, which is made or migrated first."""
    from sqlmodel import Session

    from api.settings import Settings
    from api.store.engine import migrate, open_engine

    engine = open_engine((settings or Settings()).database_url)
    migrate(engine)
    try:
        with Session(engine) as session:
            yield session
    finally:
        engine.dispose()
