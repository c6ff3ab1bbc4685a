"""Handout (配った紙): what residents were given on paper, where and when (還元)."""

from datetime import date

from sqlmodel import SQLModel

from api.models.columns import office


class Handout(SQLModel, table=True):
    """A sheet that was given out (配った紙), with what stood on it."""

    id: int | None = office(default=None, primary_key=True)
    municipality_code: str = office(foreign_key="municipality.code", index=True)
    area_code: str | None = office(default=None, index=True)
    """By code: redrawn areas keep what they were given. NULL: the whole municipality."""
    sheet: str = office()
    """What it was: a key of `kinds.SHEETS`."""
    paper: str | None = office(default=None)
    """A4, A3 …"""
    issued_on: date = office()
    """The day of the facts on it (印刷した日)."""
    given_on: date = office()
    """The day it was given out (配った日)."""
    copies: int | None = office(default=None)
    occasion: str | None = office(default=None)
    """Where, on what occasion (配った場)."""
    given_by: str | None = office(default=None)
    places: str = office(default="[]")
    """Ids of the places on it, as a JSON list."""
    services: str = office(default="[]")
    """Ids of the services on it, as a JSON list."""
    version: int = office(default=1)
