"""Commands that print: one sheet, or all of them (yoridokoro sheet)."""

from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from api.cli_options import MunicipalityOption, in_a_folder
from api.cli_progress import progress
from api.cli_store import opened

Made = tuple[str, Callable[[], bytes]]
"""A file's name, and what makes it."""


class Kind(StrEnum):
    """What is printed."""

    map = "map"
    calendar = "calendar"
    leaflet = "leaflet"
    list = "list"


class PaperSize(StrEnum):
    """How large the paper is."""

    a4 = "A4"
    a3 = "A3"
    a1 = "A1"


class Way(StrEnum):
    """How the paper is held."""

    portrait = "portrait"
    landscape = "landscape"


class Order(StrEnum):
    """In which order the list of a map stands."""

    map = "map"
    week = "week"


def sheet(
    out: Annotated[
        Path,
        typer.Argument(
            help="書き出すPDF。名前が .zip なら、すべての紙を一つにまとめます",
            callback=in_a_folder,
        ),
    ],
    area: Annotated[str, typer.Option(help="圏域コード。なければ市町村全体")] = "",
    town: Annotated[
        list[str] | None, typer.Option(help="その圏域の町だけ（自治会版）。町の名前")
    ] = None,
    kind: Annotated[Kind, typer.Option(help="紙の種類")] = Kind.map,
    paper: Annotated[PaperSize | None, typer.Option(help="用紙")] = None,
    way: Annotated[Way | None, typer.Option(help="縦（portrait）か横（landscape）")] = None,
    sides: Annotated[int, typer.Option(min=1, max=2, help="地図と一覧を、片面か両面に")] = 1,
    large: Annotated[bool, typer.Option("--large", help="大きな文字（18ポイント）")] = False,
    order: Annotated[Order, typer.Option(help="一覧の順。地図の順か、曜日の順")] = Order.map,
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="いつの内容か（今日でなければ）")
    ] = None,
    url: Annotated[
        str, typer.Option(help="QRコードの行き先（https://… ）。なければ設定の公開アドレス")
    ] = "",
    municipality: MunicipalityOption = None,
) -> None:
    """住民に配る紙を、PDFに書き出します。"""
    from api.actions.find_municipality import the_municipality
    from api.actions.print_sheet import USUAL, Press, SheetKind
    from api.actions.sheet_words import SheetOrder
    from api.clock import today
    from web.sheets.paper import Paper

    usual = USUAL[SheetKind(kind.value)]
    chosen = Paper(paper.value if paper else usual.name, way.value if way else usual.way, large)
    with opened() as session, progress() as say:
        code = the_municipality(session, municipality)
        press = Press.open(session, code, on.date() if on else today())
        base = public_url(url)
        if out.suffix.lower() == ".zip":
            every = list(press.everything(base))
            _write(out, lambda path: _archive(every, path, say))
        else:
            wanted = SheetOrder(
                area, press.towns_named(area, town or []), chosen, sides, order.value, base
            )
            made = press.print(SheetKind(kind.value), wanted)
            _write(out, lambda path: path.write_bytes(made))
    _tell(out, base)


def public_url(given: str) -> str:
    """Where residents' phones find this installation: as told, or as the settings say."""
    from api.settings import Settings

    return (given or Settings().public_url or "").rstrip("/")


def _tell(out: Path, url: str) -> None:
    typer.echo(f"{out.name} を書き出しました（{out.stat().st_size / 1000:,.0f} kB）。")
    if not url:
        typer.echo(
            "公開アドレス（--url か YORIDOKORO_PUBLIC_URL）がないため、QRコードは付けていません。",
            err=True,
        )


def _archive(every: Sequence[Made], path: Path, say: Callable[[str], None]) -> None:
    from zipfile import ZIP_STORED, ZipFile

    with ZipFile(path, "w", ZIP_STORED) as archive:
        for number, (name, make) in enumerate(every, start=1):
            say(f"{number}/{len(every)} {name}")
            archive.writestr(name, make())


def _write(out: Path, fill: Callable[[Path], object]) -> None:
    """Nothing is left half-written: the file appears when it is whole."""
    unfinished = out.with_name(f".{out.name}.part")
    try:
        fill(unfinished)
        unfinished.replace(out)
    except OSError as error:
        raise typer.BadParameter(
            f"{out.name} に書き出せません。書ける場所を指定してください。"
        ) from error
    finally:
        unfinished.unlink(missing_ok=True)


def kit(
    out: Annotated[Path, typer.Argument(help="書き出すZIP", callback=in_a_folder)],
    area: Annotated[str, typer.Option(help="圏域コード")],
    slips: Annotated[int, typer.Option(min=2, max=400, help="声の用紙の枚数")] = 30,
    since: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], help="この日からの「みなさんの声」も入れます（話し合いのあとに）"
        ),
    ] = None,
    url: Annotated[
        str, typer.Option(help="QRコードの行き先（https://… ）。なければ設定の公開アドレス")
    ] = "",
    municipality: MunicipalityOption = None,
) -> None:
    """話し合い（ワークショップ）の道具を、まとめて書き出します。"""
    from api.actions.find_municipality import the_municipality
    from api.actions.heard_in_area import heard_in_area
    from api.actions.load_sheet import load_sheet_land
    from api.actions.print_kit import print_kit
    from api.actions.sheet_words import SheetOrder
    from api.clock import today
    from api.store.visible import CONSOLE, RESIDENT

    with opened() as session, progress() as say:
        code, day = the_municipality(session, municipality), today()
        land = load_sheet_land(session, code, RESIDENT, day)
        start = since.date() if since else day
        heard = heard_in_area(session, code, CONSOLE, area, start, on=day) if since else None
        order = SheetOrder(area, base_url=public_url(url))
        sheets = list(print_kit(land, order, heard, start, slips))
        _write(out, lambda path: _archive(sheets, path, say))
    _tell(out, order.base_url)
