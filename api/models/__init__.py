"""The tables, one file per word of the design; importing this package fills the metadata."""

from api.models.account import Account, SignIn, SignInGuess
from api.models.activity import Activity, Pause
from api.models.area import Area, AreaScheme, AreaTown
from api.models.assignment import Assignment, Training
from api.models.change import Change, ChangedOffice, ChangedPersonal, ChangedPublic, Deed
from api.models.ground import Landmark, Road
from api.models.handout import Handout
from api.models.held_file import HeldFile
from api.models.intake import Intake
from api.models.municipality import Municipality
from api.models.organization import Organization
from api.models.photo import Photo, PhotoFile
from api.models.place import Place
from api.models.planning import Candidate, Founding, Projection, Scenario
from api.models.population import Population
from api.models.proposal import Proposal
from api.models.service import Service
from api.models.suggestion import Need, Reply, Suggestion, SuggestionPhoto
from api.models.supporter import Badge, Posting, Supporter, Viewing
from api.models.town import Town

__all__ = [
    "Account",
    "Activity",
    "Area",
    "AreaScheme",
    "AreaTown",
    "Assignment",
    "Badge",
    "Candidate",
    "Change",
    "ChangedOffice",
    "ChangedPersonal",
    "ChangedPublic",
    "Deed",
    "Founding",
    "Handout",
    "HeldFile",
    "Intake",
    "Landmark",
    "Municipality",
    "Need",
    "Organization",
    "Pause",
    "Photo",
    "PhotoFile",
    "Place",
    "Population",
    "Posting",
    "Projection",
    "Proposal",
    "Reply",
    "Road",
    "Scenario",
    "Service",
    "SignIn",
    "SignInGuess",
    "Suggestion",
    "SuggestionPhoto",
    "Supporter",
    "Town",
    "Training",
    "Viewing",
]
