"""Which exceptions are refusals a person can act on, and whether data or the asking was wrong."""

import re

from sqlalchemy.exc import ArgumentError, DatabaseError

from api.accounts.keeping import BadLogin, LoginTaken, NoSuchAccount
from api.actions.assign import CannotAssign
from api.actions.draw_map import NoSuchArea
from api.actions.find_municipality import NoLandYet, NoSuchMunicipality, WhichMunicipality
from api.actions.init_municipality import NotACode
from api.actions.load_community import NoPopulation, NoSuchScheme
from api.actions.load_future import NoProjection
from api.actions.load_roads import NoRoadsYet
from api.actions.locating import NoSuchTown
from api.actions.manage_accounts import LastAdministrator
from api.actions.report_coverage import UnknownKind, UnknownWeekday
from api.actions.report_national import NoCluster, NoCountry
from api.actions.siting_candidates import UnknownSite
from api.exchange.problems import Unreadable
from api.store.backup import BackupExists, IsTheStore, NothingToKeep, StoreInUse
from api.store.backup_file import CannotWriteBackup, DamagedBackup, NewerBackup, NotABackup
from api.store.engine import NoPlaceForStore
from geo.siting import CannotBeMet
from web.sheets.spread import NoRoom

DATA: tuple[type[Exception], ...] = (
    DamagedBackup,
    NewerBackup,
    NoLandYet,
    NoPopulation,
    NoProjection,
    NoRoadsYet,
    NotABackup,
    NothingToKeep,
    Unreadable,
)
"""The data cannot be used, or does not hold the answer."""
USE: tuple[type[Exception], ...] = (
    BackupExists,
    BadLogin,
    CannotAssign,
    CannotWriteBackup,
    IsTheStore,
    LastAdministrator,
    LoginTaken,
    NoSuchAccount,
    NoSuchArea,
    NoSuchMunicipality,
    NoRoom,
    NoSuchScheme,
    NoSuchTown,
    NotACode,
    StoreInUse,
    CannotBeMet,
    NoCluster,
    NoCountry,
    UnknownKind,
    UnknownSite,
    UnknownWeekday,
    WhichMunicipality,
)
"""Something was asked for that does not exist, or that needs a clear word first."""

OUT_OF_REACH = re.compile(
    "locked|unable to open|not a database|could not connect|connection failed|refused|timeout"
)


def is_store_failure(exc: Exception) -> bool:
    """Whether the database cannot be reached, is locked, is none, or has nowhere to lie.

    Any other complaint of the database is a mistake of ours, and must not be called theirs.
    """
    if isinstance(exc, (ArgumentError, NoPlaceForStore)):
        return True
    return isinstance(exc, DatabaseError) and bool(OUT_OF_REACH.search(str(exc.orig)))
