"""Print a sheet for residents (紙を刷る), or all of a municipality's in one archive."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import partial

from sqlmodel import Session

from api.actions.list_resources import ResourceList, list_resources
from api.actions.load_sheet import SheetLand, focus_on, load_sheet_land, towns_in
from api.actions.locating import NoSuchTown
from api.actions.print_lists import print_calendar, print_leaflet, print_resources
from api.actions.print_map import print_map
from api.actions.sheet_words import SheetOrder
from api.exchange.characters import folded
from api.store.visible import RESIDENT
from web.sheets.paper import Paper


class SheetKind(StrEnum):
    """What can be printed (紙の種類)."""

    map = "map"
    calendar = "calendar"
    leaflet = "leaflet"
    list = "list"

    @property
    def label(self) -> str:
        """The word people choose it by."""
        return LABELS[self]


LABELS: dict[SheetKind, str] = {
    SheetKind.map: "通いの場マップ",
    SheetKind.calendar: "一週間の予定",
    SheetKind.leaflet: "困ったときの電話帳",
    SheetKind.list: "ささえあいリスト",
}
USUAL: Mapping[SheetKind, Paper] = {
    SheetKind.map: Paper("A3", "landscape"),
    SheetKind.calendar: Paper("A3", "landscape"),
    SheetKind.leaflet: Paper("A4", "portrait"),
    SheetKind.list: Paper("A4", "portrait"),
}
"""The paper a sheet is printed on if nobody asks for another."""
IN_THE_ARCHIVE: tuple[tuple[SheetKind, Paper, int], ...] = (
    (SheetKind.map, Paper("A3", "landscape"), 1),
    (SheetKind.map, Paper("A4", "portrait"), 2),
    (SheetKind.map, Paper("A3", "portrait", large=True), 2),
    *((kind, paper, 1) for kind, paper in USUAL.items() if kind is not SheetKind.map),
)
"""Kind, paper and sides of the sheets each area finds in the archive."""


@dataclass(frozen=True)
class Press:
    """Everything sheets are printed from, as residents may see it on a day."""

    land: SheetLand
    lists: Callable[[str], ResourceList]
    """The list (ささえあいリスト) of an area, by its code."""

    @classmethod
    def open(cls, session: Session, code: str, on: date) -> "Press":
        """Load a municipality once, for as many sheets as are wanted.

        Raises
        ------
        NoSuchMunicipality, NoLandYet
        """
        land = load_sheet_land(session, code, RESIDENT, on)
        return cls(land, lambda area: list_resources(session, land.tenant.code, RESIDENT, on, area))

    def print(self, kind: SheetKind, order: SheetOrder) -> bytes:
        """One sheet as PDF.

        Raises
        ------
        NoSuchArea, NoSuchTown, NoLandYet, NoRoom
        """
        if kind is SheetKind.list:
            return print_resources(self.land, self.lists(order.area), order)
        prints = {
            SheetKind.map: print_map,
            SheetKind.calendar: print_calendar,
            SheetKind.leaflet: print_leaflet,
        }
        return prints[kind](self.land, order)

    def towns_named(self, area: str, names: Sequence[str]) -> tuple[int, ...]:
        """Numbers of towns of an area by their names.

        Raises
        ------
        NoSuchArea, NoSuchTown
        """
        mine = towns_in(self.land, area)
        by_name = dict(zip(mine["name"].map(folded), mine.index, strict=True))
        for name in names:
            if folded(name) not in by_name:
                raise NoSuchTown(f"「{name[:30]}」という町は、その圏域にありません。")
        return tuple(int(by_name[folded(name)]) for name in names)

    def file_name(self, kind: SheetKind, order: SheetOrder) -> str:
        """汐見野市_中央圏域_通いの場マップ_A3.pdf

        Raises
        ------
        NoSuchArea, NoSuchTown
        """
        focus = focus_on(self.land, order.area, order.towns)
        town = self.land.tenant.name
        paper = f"{order.paper.name}{'大きな文字' if order.paper.large else ''}"
        of = [] if focus.name == town else [focus.name]
        return "_".join([town, *of, kind.label, paper]) + ".pdf"

    def everything(self, base_url: str) -> Iterator[tuple[str, Callable[[], bytes]]]:
        """Name and maker of every sheet of the municipality, area by area, then the whole."""
        areas = [*self.land.areas["code"], *([] if len(self.land.areas) == 1 else [""])]
        for area in areas:
            for kind, paper, sides in IN_THE_ARCHIVE:
                order = SheetOrder(area=area, paper=paper, sides=sides, base_url=base_url)
                yield self._named(kind, order)
            if not area:
                poster = replace(order, paper=Paper("A1", "portrait"), sides=1)
                yield self._named(SheetKind.map, poster)

    def _named(self, kind: SheetKind, order: SheetOrder) -> tuple[str, Callable[[], bytes]]:
        """The rows of a list are read now, since the store may be closed when it is printed."""
        make: Callable[[], bytes] = partial(self.print, kind, order)
        if kind is SheetKind.list:
            make = partial(print_resources, self.land, self.lists(order.area), order)
        return f"{focus_on(self.land, order.area).name}/{self.file_name(kind, order)}", make
