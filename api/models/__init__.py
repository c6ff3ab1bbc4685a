"""The tables, one file per word of the design; importing this package fills the metadata."""

from api.models.area import Area, AreaScheme, AreaTown
from api.models.change import Change, ChangedOffice, ChangedPersonal, ChangedPublic
from api.models.ground import Landmark, Road
from api.models.intake import Intake
from api.models.municipality import Municipality
from api.models.place import Place
from api.models.population import Population
from api.models.town import Town

__all__ = [
    "Area",
    "AreaScheme",
    "AreaTown",
    "Change",
    "ChangedOffice",
    "ChangedPersonal",
    "ChangedPublic",
    "Intake",
    "Landmark",
    "Municipality",
    "Place",
    "Population",
    "Road",
    "Town",
]
