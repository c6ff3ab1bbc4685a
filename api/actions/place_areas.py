"""Which area a place is told to be in (圏域): where it lies, or what it says instead of that."""

from geopandas import GeoDataFrame
from pandas import DataFrame, Series

from api.actions.find_municipality import Tenant
from api.store import frames
from geo.belonging import belongs_to


def areas_of_places(tenant: Tenant, areas: DataFrame, places: DataFrame) -> Series:
    """Code of the area of each place (public columns), indexed alike; None: none is told."""
    codes = places["public_area"].astype(object)
    placed = places["wkb"].notna()
    outlined = areas[areas["wkb"].notna()]
    if len(outlined) and placed.any():
        drawn: GeoDataFrame = frames.shaped(outlined, tenant.zone)
        within = belongs_to(frames.shaped(places[placed], tenant.zone), drawn)
        codes.loc[placed] = within.map(outlined["code"]).astype(object)
    told = [code if isinstance(code, str) else None for code in codes]
    return Series(told, index=places.index, dtype=object)
