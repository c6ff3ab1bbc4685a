"""Which reader reads which kind of data (取り込む種類)."""

from collections.abc import Callable

from api.exchange.areas import read_areas
from api.exchange.boundary import read_boundary
from api.exchange.lines_and_landmarks import read_landmarks, read_roads
from api.exchange.organizations import read_organizations
from api.exchange.places import read_places
from api.exchange.population import read_population
from api.exchange.projections import read_projections
from api.exchange.reading import Reading
from api.exchange.services import read_services
from api.exchange.supporters import read_supporters
from api.exchange.towns import read_towns

READERS: dict[str, Callable[..., Reading]] = {
    "boundary": read_boundary,
    "towns": read_towns,
    "areas": read_areas,
    "population": read_population,
    "projections": read_projections,
    "places": read_places,
    "candidates": read_places,
    "services": read_services,
    "organizations": read_organizations,
    "supporters": read_supporters,
    "roads": read_roads,
    "landmarks": read_landmarks,
}
"""Kind → `read_x(source, *, constants, mapping) → Reading`."""
