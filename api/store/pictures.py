"""The JPEGs of photos (写真のファイル): written once, read one at a time.

Who may see a photo is decided by its row, through `visible.py`; here lie only its bytes.
"""

from typing import Literal

from sqlalchemy import insert, select
from sqlmodel import Session

from api.models import PhotoFile
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
