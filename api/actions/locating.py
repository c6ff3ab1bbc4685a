"""Where something is (位置): the town and area a point fell in, the town an address names."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import geopandas
from geopandas import GeoDataFrame
from pandas import DataFrame, Series
from sqlmodel import Session

from api.accounts.members import main_scheme
from api.actions.find_municipality import Tenant
from api.exchange.names import TownNames
from api.models import Area, AreaTown, Organization, Town
from api.models.columns import table_of
from api.store import frames
from api.store.visible import OFFICE, visible
from geo.belonging import TOLERANCE_M, belongs_to, distance_outside_m


class NoSuchTown(LookupError):
    """The municipality, or the area asked for, has no such town."""


@dataclass(frozen=True)
class Spot:
    """A point with what it fell in."""

    lon: float
    lat: float
    town_id: int | None
    town: str | None
    area_code: str | None
    area: str | None
    outside_m: float
    """How far outside the municipality it lies, metres; 0 inside or within 300 m."""
    approximate: bool = False
    """The town's point stands in for an address (おおよそ)."""


@dataclass(frozen=True)
class Land:
    """The towns and areas of a municipality on a day, loaded when first asked for."""

    session: Session
    tenant: Tenant
    on: date

    @cached_property
    def towns(self) -> DataFrame:
        """Towns (index: id): name, lon, lat, wkb."""
        rows = visible(Town, OFFICE, self.tenant.code, only=["id", "name", "lon", "lat", "wkb"])
        return frames.read(self.session, rows).set_index("id")

    @cached_property
    def areas(self) -> DataFrame:
        """Areas of the first scheme (index: id): code, name, rank, wkb; in the people's order."""
        scheme = main_scheme(self.session, self.tenant.code, self.on)
        of = table_of(Area).c.scheme_id == (-1 if scheme is None else scheme)
        rows = frames.read(self.session, visible(Area, OFFICE, self.tenant.code, of))
        return rows.sort_values("rank").set_index("id")

    @cached_property
    def organization_ids(self) -> frozenset[int]:
        """The municipality's organizations (団体), also those that are not published yet."""
        rows = visible(Organization, OFFICE, self.tenant.code, only=["id"])
        return frozenset(frames.read(self.session, rows)["id"])

    @cached_property
    def area_names(self) -> dict[str, str]:
        """Code → name, in the order people know."""
        return dict(zip(self.areas["code"], self.areas["name"], strict=True))

    @cached_property
    def area_of_town(self) -> dict[int, str]:
        """Town id → the area's code."""
        links = frames.read(self.session, visible(AreaTown, OFFICE, self.tenant.code))
        links = links[links["area_id"].isin(self.areas.index)]
        return dict(zip(links["town_id"], links["area_id"].map(self.areas["code"]), strict=True))

    def area_codes(self, lon: Series, lat: Series, town_ids: Series) -> Series:
        """The area's code of each record: by its point, else by its town; None: in none."""
        codes = town_ids.map(self.area_of_town).astype(object)
        drawn = self.areas[self.areas["wkb"].notna()]
        placed = lon.notna() & lat.notna()
        if len(drawn) and placed.any():
            points = self._points(lon[placed], lat[placed])
            found = belongs_to(points, frames.shaped(drawn, self.tenant.zone))
            codes.loc[placed] = found.map(drawn["code"]).astype(object)
        return codes.where(codes.notna(), None)

    def spot(self, lon: float, lat: float, *, approximate: bool = False) -> Spot:
        """What a point fell in."""
        lons, lats = Series([lon], dtype=float), Series([lat], dtype=float)
        town = self._town_at(lons, lats)
        code = self.area_codes(lons, lats, Series([town], dtype=object)).iloc[0]
        return Spot(
            lon=lon,
            lat=lat,
            town_id=town,
            town=None if town is None else str(self.towns.at[town, "name"]),
            area_code=code,
            area=self.area_names.get(code) if code else None,
            outside_m=self._outside_m(lons, lats),
            approximate=approximate,
        )

    def find_address(self, address: str) -> Spot | None:
        """The point of the town an address names (おおよそ); None: no town of ours."""
        names = TownNames(
            self.towns.index, self.towns["name"], self.tenant.name, self.tenant.prefecture
        )
        found = names.match_address(Series([address], dtype="str")).iloc[0]
        if found is None or found != found:
            return None
        town: Any = self.towns.loc[found]
        return self.spot(float(town["lon"]), float(town["lat"]), approximate=True)

    def _town_at(self, lon: Series, lat: Series) -> int | None:
        drawn = self.towns[self.towns["wkb"].notna()]
        if drawn.empty:
            return None
        found = belongs_to(self._points(lon, lat), frames.shaped(drawn, self.tenant.zone)).iloc[0]
        return None if found is None or found != found else int(found)

    def _outside_m(self, lon: Series, lat: Series) -> float:
        land = self.tenant.land()
        if land is None:
            return 0.0
        metres = float(distance_outside_m(self._points(lon, lat), land).iloc[0])
        return metres if metres > TOLERANCE_M else 0.0

    def _points(self, lon: Series, lat: Series) -> GeoDataFrame:
        points: Any = geopandas.points_from_xy(
            lon.astype(float), lat.astype(float), crs=frames.DEGREES
        )
        return GeoDataFrame(index=lon.index, geometry=points).to_crs(self.tenant.zone)
