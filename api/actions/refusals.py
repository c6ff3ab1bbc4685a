"""Which exceptions are refusals a person can act on, and whether data or the asking was wrong."""

from api.actions.draw_map import NoSuchArea
from api.actions.find_municipality import NoLandYet, NoSuchMunicipality, WhichMunicipality
from api.actions.init_municipality import NotACode
from api.actions.load_community import NoPopulation, NoSuchScheme
from api.actions.report_coverage import UnknownKind, UnknownWeekday
from api.exchange.problems import Unreadable

DATA: tuple[type[Exception], ...] = (Unreadable, NoPopulation, NoLandYet)
"""The data cannot be used, or does not hold the answer."""
USE: tuple[type[Exception], ...] = (
    NoSuchArea,
    NoSuchMunicipality,
    NoSuchScheme,
    NotACode,
    UnknownKind,
    UnknownWeekday,
    WhichMunicipality,
)
"""Something was asked for that does not exist."""
