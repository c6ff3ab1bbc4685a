"""The JPEGs of photos (写真のファイル): written once, read one at a time.

Who may see a photo is decided by its row, through `visible.py`; here lie only its bytes.
"""

from typing import Literal

from sqlalchemy import delete, insert, select
from sqlmodel import Session

from api.models import PhotoFile, SuggestionPhoto
from api.models.columns import table_of

Size = Literal["full", "thumb"]


def keep_picture(session: Session, photo_id: int, full: bytes, thumb: bytes) -> None:
    """Store the two JPEGs of a photo."""
    table = table_of(PhotoFile)
    values = {"photo_id": photo_id, "full": full, "thumb": thumb}
    session.connection().execute(insert(table).values(values))


def picture(session: Session, photo_id: int, size: Size) -> bytes | None:
    """One JPEG; whoever calls has made sure that the photo may be seen."""
    table = table_of(PhotoFile)
    rows = select(table.c[size]).where(table.c.photo_id == photo_id)
    found: bytes | None = session.connection().execute(rows).scalar_one_or_none()
    return found


def drop_picture(session: Session, photo_id: int) -> None:
    """Take the JPEGs of a photo away for good: somebody in it has asked for that."""
    table = table_of(PhotoFile)
    session.connection().execute(delete(table).where(table.c.photo_id == photo_id))


def keep_sent_picture(session: Session, suggestion_id: int, full: bytes, thumb: bytes) -> None:
    """Store the two JPEGs that came with a suggestion (住民の声の写真)."""
    table = table_of(SuggestionPhoto)
    values = {"suggestion_id": suggestion_id, "full": full, "thumb": thumb}
    session.connection().execute(insert(table).values(values))


def sent_picture(session: Session, suggestion_id: int, size: Size) -> bytes | None:
    """One of them; whoever calls has made sure that the suggestion may be seen."""
    table = table_of(SuggestionPhoto)
    rows = select(table.c[size]).where(table.c.suggestion_id == suggestion_id)
    found: bytes | None = session.connection().execute(rows).scalar_one_or_none()
    return found


def drop_sent_picture(session: Session, suggestion_id: int) -> None:
    """Take them away for good: whoever sent them has asked for that."""
    table = table_of(SuggestionPhoto)
    session.connection().execute(delete(table).where(table.c.suggestion_id == suggestion_id))
