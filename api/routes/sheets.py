"""Sheets to hand out (配る紙): the page to choose on, each as PDF, all in one archive."""

from typing import Annotated, Literal
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import RedirectResponse

from api.actions.load_sheet import towns_in
from api.actions.print_sheet import LABELS, USUAL, Press, SheetKind
from api.actions.sheet_words import Order, SheetOrder
from api.routes.archive import archive
from api.routes.press_line import PressLine
from api.routes.visit import Visit, VisitDep
from web.assets import BUILD
from web.pages import fill
from web.sheets.paper import Paper, PaperName, Way

router = APIRouter(include_in_schema=False)
PDF = "application/pdf"
WHOLE = "all"
"""Stands in addresses for the whole municipality."""


class Wish:
    """How somebody wants a sheet, from the address."""

    def __init__(
        self,
        sheet: Annotated[SheetKind, Query(description="What is printed")] = SheetKind.map,
        paper: Annotated[PaperName | Literal[""], Query()] = "",
        way: Annotated[Way | Literal[""], Query()] = "",
        sides: Annotated[int, Query(ge=1, le=2)] = 1,
        print: Annotated[
            Literal["normal", "large"], Query(description="Size of letters")
        ] = "normal",
        order: Annotated[Order, Query(description="Order of a map's list")] = "map",
        town: Annotated[list[int], Query(max_length=20, description="Towns of the area")] = [],  # noqa: B006
    ) -> None:
        usual = USUAL[sheet]
        self.kind = sheet
        self.paper = Paper(paper or usual.name, way or usual.way, print == "large")
        self.sides = sides
        self.order: Order = order
        self.towns = tuple(sorted(set(town)))

    def for_area(self, area: str, base_url: str) -> SheetOrder:
        """The order of an area's sheet."""
        code = "" if area == WHOLE else area
        return SheetOrder(code, self.towns, self.paper, self.sides, self.order, base_url)


WishDep = Annotated[Wish, Depends()]


@router.get("/{code}/sheets/")
def choose(visit: VisitDep) -> Response:
    """The page on which somebody chooses what to print."""
    return visit.answer("sheets", "text/html; charset=utf-8", lambda: _page(visit))


@router.get("/{code}/sheets/print")
def chosen(visit: VisitDep, wish: WishDep, place: str = WHOLE) -> Response:
    """From the form to the sheet's own address; `place` is an area's code, or area/town."""
    area, _, town = place.partition("/")
    asked = {
        "sheet": wish.kind.value, "paper": wish.paper.name, "way": wish.paper.way,
        "sides": wish.sides, "print": "large" if wish.paper.large else "normal",
        "order": wish.order, **({"town": town} if town else {}),
    }  # fmt: skip
    address = f"/{visit.code}/sheets/{quote(area, safe='')}.pdf?{urlencode(asked)}"
    return RedirectResponse(address, 303)


@router.get("/{code}/sheets/{area}.pdf")
def sheet(visit: VisitDep, area: str, wish: WishDep) -> Response:
    """One sheet as PDF/UA-1, shown by the browser."""
    order = wish.for_area(area, visit.base)
    return visit.answer(
        (wish.kind, order),
        PDF,
        lambda: _press(visit).print(wish.kind, order),
        file_name=f"{visit.tenant.name}_{wish.kind.label}_{wish.paper.name}.pdf",
        shown=True,
        pressed=True,
    )


@router.get("/{code}/list.pdf")
@router.get("/{code}/areas/{area}/list.pdf")
def list_sheet(visit: VisitDep, area: str = "") -> Response:
    """The list residents are handed (ささえあいリスト), of the municipality or of one area."""
    order = SheetOrder(area, paper=USUAL[SheetKind.list], base_url=visit.base)
    return visit.answer(
        order,
        PDF,
        lambda: _press(visit).print(SheetKind.list, order),
        file_name=f"{visit.tenant.name}_ささえあいリスト.pdf",
        shown=True,
        pressed=True,
    )


@router.get("/{code}/sheets.zip")
def every_sheet(visit: VisitDep) -> Response:
    """All sheets of the municipality, sent while they are printed."""
    every = list(_press(visit).everything(visit.base))
    line: PressLine = visit.request.app.state.press_line
    return archive(f"{visit.tenant.name}_配る紙.zip", every, line)


def _press(visit: Visit) -> Press:
    return Press.open(visit.session, visit.code, visit.today)


def _page(visit: Visit) -> str:
    land = _press(visit).land
    areas = [
        (area, name, list(towns_in(land, area)["name"].items()))
        for area, name in zip(land.areas["code"], land.areas["name"], strict=True)
    ]
    styles = ("yori.css", "yori-map.css", "yori-list.css", "yori-sheets.css")
    return fill(
        "sheets.html",
        build=BUILD,
        tenant=visit.tenant,
        areas=areas,
        whole=WHOLE,
        kinds={kind.value: label for kind, label in LABELS.items()},
        styles=[f"/static/yori/{name}?{BUILD}" for name in styles],
    )
