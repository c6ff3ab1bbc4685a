"""Photo (写真) of a place; the pictures themselves lie in a table of their own."""

from datetime import date

from sqlalchemy import LargeBinary
from sqlmodel import Field, SQLModel

from api.models.columns import office, public


class Photo(SQLModel, table=True):
    """A picture of a place (写真), without the position it was taken at."""

    id: int | None = public(default=None, primary_key=True)
    municipality_code: str = public(foreign_key="municipality.code", index=True)
    place_id: int = public(foreign_key="place.id", index=True)
    caption: str = public()
    """What it shows, also for those who cannot see it."""
    taken_on: date | None = public(default=None)
    width: int = public()
    height: int = public()
    state: str = office(default="published")
    version: int = office(default=1)


class PhotoFile(SQLModel, table=True):
    """The JPEGs of a photo: read one at a time, by whoever may see the photo."""

    photo_id: int = Field(primary_key=True, foreign_key="photo.id")
    full: bytes = Field(sa_type=LargeBinary)
    thumb: bytes = Field(sa_type=LargeBinary)
