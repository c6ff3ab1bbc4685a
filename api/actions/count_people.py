"""How many supporters (担い手) each area has, for whoever may not see them by name."""

from sqlmodel import Session

from api.actions.locating import Land
from api.store import frames
from api.store.visible import Viewer, head_counts

NOT_YET_OR_ANY_MORE = ("to_call", "left")
"""Whoever has only offered to help (折り返し連絡する) is no supporter yet."""


def people_by_area(session: Session, viewer: Viewer, land: Land) -> dict[str, str]:
    """Area code → how many live there and have not left: 0人, 1〜2人, 3人 …"""
    counts = frames.read(session, head_counts(viewer, land.tenant.code))
    counts = counts[~counts["status"].isin(NOT_YET_OR_ANY_MORE)]
    areas = counts["town_id"].map(land.area_of_town)
    people = counts["people"].astype(int).groupby(areas).sum()
    return {code: few(int(people.get(code, 0))) for code in land.area_names}


def few(people: int) -> str:
    """A count of persons in words; one or two are not told apart."""
    return "1〜2人" if 0 < people < 3 else f"{people:,}人"
