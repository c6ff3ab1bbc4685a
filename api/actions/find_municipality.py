"""Find the municipality a command or an address means."""

from dataclasses import dataclass
from typing import Any

import shapely
from geopandas import GeoSeries
from shapely.geometry.base import BaseGeometry
from sqlmodel import Session

from api.actions.init_municipality import five_digits
from api.models import Municipality
from api.store import frames
from api.store.visible import RESIDENT, municipalities, visible
from web.words import WALKING_M_PER_MIN


class NoSuchMunicipality(LookupError):
    """The municipality asked for is not in this store."""


class WhichMunicipality(LookupError):
    """Several municipalities share the store and none was named."""


class NoLandYet(LookupError):
    """Nothing with a position has been imported, so that nothing can be measured or drawn."""


@dataclass(frozen=True)
class Tenant:
    """One municipality (市町村) as actions need it."""

    code: str
    name: str
    prefecture: str | None
    revision: int
    epsg: int | None
    boundary: BaseGeometry | None
    """Degrees (EPSG:4326)."""
    intake_id: int | None
    voice_contact: str | None = None
    """Whom residents may phone instead of writing (問い合わせ先)."""
    walk_m_per_min: int = WALKING_M_PER_MIN
    """Pace of an older walker."""

    @property
    def full_name(self) -> str:
        """香川県 高松市"""
        return f"{self.prefecture} {self.name}" if self.prefecture else self.name

    @property
    def zone(self) -> int:
        """EPSG of the plane zone all lengths are measured in.

        Raises
        ------
        NoLandYet : before the first import that has a position.
        """
        if self.epsg is None:
            raise NoLandYet(f"{self.name}には、まだ境界も町も取り込まれていません。")
        return self.epsg

    def land(self) -> BaseGeometry | None:
        """The boundary in the plane zone (metres); None before it is imported."""
        if self.boundary is None:
            return None
        shape: Any = GeoSeries([self.boundary], crs=frames.DEGREES).to_crs(self.zone).iloc[0]
        return shape  # type: ignore[no-any-return]


def find_municipality(session: Session, code: str) -> Tenant:
    """The municipality with this five-digit code.

    Raises
    ------
    NoSuchMunicipality : it is not in this store.
    """
    found = frames.read(session, visible(Municipality, RESIDENT, code))
    if found.empty:
        raise NoSuchMunicipality(f"市町村コード「{code[:20]}」は、登録されていません。")
    row = found.iloc[0]
    return Tenant(
        code=row["code"],
        name=row["name"],
        prefecture=row["prefecture"],
        revision=row["revision"],
        epsg=row["plane_epsg"],
        boundary=None if row["wkb"] is None else shapely.from_wkb(row["wkb"]),
        intake_id=row["intake_id"],
        voice_contact=row["voice_contact"],
        walk_m_per_min=row["walk_m_per_min"],
    )


def list_municipalities(session: Session) -> list[tuple[str, str, str | None]]:
    """Code, name and prefecture of every municipality of the installation."""
    return [tuple(row) for row in session.connection().execute(municipalities())]  # type: ignore[misc]


def the_municipality(session: Session, code: str | None) -> str:
    """The code asked for (with or without its check digit), or the only municipality there is.

    Raises
    ------
    NotACode
    NoSuchMunicipality : there is none at all.
    WhichMunicipality : there are several, and `code` is None.
    """
    if code is not None:
        return five_digits(code)
    known = list_municipalities(session)
    if not known:
        raise NoSuchMunicipality(
            "市町村がまだ登録されていません。"
            "先に「yoridokoro init コード 名前」を実行してください。"
        )
    if len(known) > 1:
        names = "、".join(f"{code} {name}" for code, name, _ in known)
        raise WhichMunicipality(f"--municipality で市町村を選んでください: {names}")
    return known[0][0]
