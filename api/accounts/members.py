"""Member (サインインしている人): an account at work, with its rights and its areas."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from api.accounts.roles import GRANTS, Right, Role
from api.models import Area, AreaScheme, AreaTown, Assignment
from api.models.columns import table_of
from api.store import frames
from api.store.schemes import holds_on, scheme_on
from api.store.visible import OFFICE, Reach, Viewer, visible


@dataclass(frozen=True)
class Member:
    """Somebody who has signed in, or somebody whose session has just been opened."""

    account_id: int
    code: str
    login: str
    name: str
    role: Role
    areas: frozenset[str]
    """Codes of the areas in their charge today."""
    towns: frozenset[int]
    """Towns of these areas."""
    must_change: bool = False
    form_token: str = ""

    def may(self, right: Right) -> bool:
        """Whether their role is granted this."""
        return right in GRANTS[self.role]

    def may_write_in(self, areas: frozenset[str] | None) -> bool:
        """Whether they may write what belongs to these areas; None: the whole municipality."""
        if not self.may(Right.RECORD):
            return False
        if self.may(Right.EVERYWHERE):
            return True
        return areas is not None and bool(areas) and areas <= self.areas

    def may_confirm_in(self, areas: frozenset[str] | None) -> bool:
        """Whether they may say that a record is true: one of its areas being theirs is enough."""
        return self.may_write_in(areas) or (
            self.may(Right.RECORD) and bool(self.areas & (areas or frozenset()))
        )

    @property
    def viewer(self) -> Viewer:
        """What they may see."""
        if not self.may(Right.PEOPLE):
            return Viewer(self.role.value, frozenset({"public", "office"}), drafts=True)
        everybody = self.may(Right.EVERYWHERE)
        return Viewer(
            self.role.value,
            frozenset({"public", "office", "personal"}),
            drafts=True,
            reach=None if everybody else Reach(self.areas, self.towns),
        )


def areas_in_charge(session: Session, code: str, account_id: int, on: date) -> frozenset[str]:
    """Codes of the areas somebody is in charge of on a day (担当圏域)."""
    table = table_of(Assignment)
    mine = frames.read(session, visible(Assignment, OFFICE, code, table.c.account_id == account_id))
    return frozenset(mine.loc[holds_on(mine, on), "area_code"])


def towns_of(session: Session, code: str, areas: frozenset[str], on: date) -> frozenset[int]:
    """The towns that make up these areas on a day, in the municipality's first scheme."""
    scheme = main_scheme(session, code, on)
    if scheme is None or not areas:
        return frozenset()
    known = frames.read(session, visible(Area, OFFICE, code, only=["id", "scheme_id", "code"]))
    mine = known[(known["scheme_id"] == scheme) & known["code"].isin(areas)]
    towns = frames.read(session, visible(AreaTown, OFFICE, code, only=["area_id", "town_id"]))
    return frozenset(towns.loc[towns["area_id"].isin(mine["id"]), "town_id"])


def main_scheme(session: Session, code: str, on: date) -> int | None:
    """The first scheme of areas (圏域), in the version that holds on a day; None: there is none."""
    return scheme_on(frames.read(session, visible(AreaScheme, OFFICE, code)), on)
