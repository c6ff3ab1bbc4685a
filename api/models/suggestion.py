"""Suggestion (住民の声) and Need (困りごと): what residents say, in tables of their own.

All of it is personal data. What the sender may read about it later is a `Reply`, which
holds nothing they said.
"""

from datetime import date, datetime

from sqlalchemy import LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from api.models.columns import office, personal, public


class Suggestion(SQLModel, table=True):
    """What a resident sent in (住民の声), before or after someone has looked at it."""

    __table_args__ = (
        UniqueConstraint("municipality_code", "number"),
        UniqueConstraint("municipality_code", "form_key"),
    )

    id: int | None = personal(default=None, primary_key=True)
    municipality_code: str = personal(foreign_key="municipality.code", index=True)
    number: str = personal()
    """受付番号: by it the sender, and nobody else, finds the reply."""
    form_key: str | None = personal(default=None)
    """Which copy of the form brought it: sent twice, it is still one. It says nothing of people."""
    kind: str = personal()
    """A code of `SUGGESTION_KINDS`."""
    words: str | None = personal(default=None)
    place_name: str | None = personal(default=None)
    name: str | None = personal(default=None)
    phone: str | None = personal(default=None)
    place_id: int | None = personal(default=None, foreign_key="place.id", index=True)
    """The place it is about; once it has become a correction, the place that was corrected."""
    lon: float | None = personal(default=None)
    lat: float | None = personal(default=None)
    town_id: int | None = personal(default=None, foreign_key="town.id", index=True)
    areas: str | None = personal(default=None)
    """Codes of the areas it belongs to where no town tells, a JSON list."""
    channel: str = personal(default="web")
    """A code of `SUGGESTION_CHANNELS`: by phone or by a paper slip."""
    heard_on: date = personal()
    """The day it was sent, or the day on the slip."""
    received_at: datetime = personal()
    keyed_by: int | None = personal(default=None, foreign_key="account.id")
    """Who keyed the slip in."""
    status: str = personal(default="received", index=True)
    """A code of `SUGGESTION_STATUSES`."""
    printable: str | None = personal(default=None)
    """紙にのせる言葉: what somebody has made sure names nobody."""
    merged_into: int | None = personal(default=None, foreign_key="suggestion.id")
    supporter_id: int | None = personal(default=None, foreign_key="supporter.id")
    has_photo: bool = personal(default=False)
    state: str = personal(default="published")
    """published, or withdrawn (a slip keyed by mistake): nothing of it is ever published."""
    version: int = personal(default=1)


class SuggestionPhoto(SQLModel, table=True):
    """The JPEGs that came with a suggestion: read by whoever may see the suggestion."""

    suggestion_id: int = Field(primary_key=True, foreign_key="suggestion.id")
    full: bytes = Field(sa_type=LargeBinary)
    thumb: bytes = Field(sa_type=LargeBinary)


class Reply(SQLModel, table=True):
    """What the sender learns by their number (返事): how far it is, and the office's words."""

    id: int | None = public(default=None, primary_key=True)
    municipality_code: str = public(foreign_key="municipality.code", index=True)
    number: str = office(index=True)
    suggestion_id: int = office(foreign_key="suggestion.id", index=True)
    status: str = public(default="received")
    words: str | None = public(default=None)
    received_on: date = public()
    answered_on: date | None = public(default=None)
    state: str = office(default="published")
    version: int = office(default=1)


class Need(SQLModel, table=True):
    """One thing heard from or about a resident (困りごと・ニーズ), in its smallest useful form."""

    id: int | None = personal(default=None, primary_key=True)
    municipality_code: str = personal(foreign_key="municipality.code", index=True)
    kind: str = personal()
    """A code of `NEED_KINDS`."""
    words: str = personal()
    anonymous: bool = personal(default=False)
    """Somebody has made sure that the words name nobody."""
    town_id: int | None = personal(default=None, foreign_key="town.id", index=True)
    areas: str | None = personal(default=None)
    heard_on: date = personal()
    suggestion_id: int | None = personal(default=None, foreign_key="suggestion.id", index=True)
    status: str = personal(default="open")
    """A code of `NEED_STATUSES`."""
    state: str = personal(default="published")
    version: int = personal(default=1)
