"""Commands that answer and draw coverage (yoridokoro coverage, map)."""

from pathlib import Path
from typing import Annotated

import typer

from api.cli_options import (
    Age,
    AgeOption,
    By,
    DetourOption,
    DistanceOption,
    Format,
    InformalOption,
    KindOption,
    MunicipalityOption,
    OnOption,
    SchemeOption,
    SlopesOption,
    Spread,
    SpreadOption,
    VariantOption,
    Walking,
    WalkingOption,
    WeekdayOption,
    YearOption,
    in_a_folder,
    question_of,
)
from api.cli_store import opened


def coverage(
    distance: DistanceOption = 500,
    age: AgeOption = Age.over_65,
    walking: WalkingOption = Walking.straight,
    detour: DetourOption = 1.3,
    spread: SpreadOption = Spread.point,
    kind: KindOption = None,
    weekday: WeekdayOption = None,
    on: OnOption = None,
    scheme: SchemeOption = None,
    informal: InformalOption = False,
    slopes: SlopesOption = False,
    year: YearOption = None,
    variant: VariantOption = None,
    by: Annotated[By, typer.Option(help="圏域ごと、または町ごと")] = By.area,
    format_: Annotated[Format, typer.Option("--format", help="書き出す形")] = Format.table,
    municipality: MunicipalityOption = None,
) -> None:
    """歩いて通える人の割合と、空白を答えます。"""
    from api.actions.find_municipality import the_municipality
    from api.actions.print_coverage import print_coverage
    from api.actions.report_coverage import report_coverage
    from api.store.visible import OFFICE_PUBLISHED

    asked = question_of(
        distance,
        age,
        walking,
        detour,
        spread,
        kind,
        weekday,
        on,
        scheme,
        informal=informal,
        slopes=slopes,
        year=year,
        variant=variant,
    )
    with opened() as session:
        code = the_municipality(session, municipality)
        report = report_coverage(session, code, OFFICE_PUBLISHED, asked)
    typer.echo(print_coverage(report, format_.value, by_town=by is By.town), nl=False)


def map_(
    out: Annotated[Path, typer.Argument(help="書き出すHTMLファイル", callback=in_a_folder)],
    distance: DistanceOption = 500,
    age: AgeOption = Age.over_65,
    walking: WalkingOption = Walking.straight,
    detour: DetourOption = 1.3,
    spread: SpreadOption = Spread.point,
    kind: KindOption = None,
    weekday: WeekdayOption = None,
    on: OnOption = None,
    scheme: SchemeOption = None,
    informal: InformalOption = False,
    slopes: SlopesOption = False,
    year: YearOption = None,
    variant: VariantOption = None,
    area: Annotated[str | None, typer.Option(help="一つの圏域だけ（圏域コード）")] = None,
    municipality: MunicipalityOption = None,
) -> None:
    """地図を一つのHTMLファイルに書き出します。ネットワークなしで開けます。"""
    from api.actions.draw_map import view_map
    from api.actions.draw_page import draw_file
    from api.actions.find_municipality import the_municipality
    from api.settings import Settings
    from api.store.visible import RESIDENT

    asked = question_of(
        distance,
        age,
        walking,
        detour,
        spread,
        kind,
        weekday,
        on,
        scheme,
        informal=informal,
        slopes=slopes,
        year=year,
        variant=variant,
    )
    with opened() as session:
        code = the_municipality(session, municipality)
        view = view_map(session, code, RESIDENT, asked, area=area)
        html = draw_file(session, view, RESIDENT, Settings())
    try:
        out.write_text(html, "utf-8")
    except OSError as error:
        raise typer.BadParameter(
            f"{out.name} に書き出せません。書ける場所を指定してください。"
        ) from error
    typer.echo(f"{out.name} を書き出しました（{len(html.encode()) / 1000:,.0f} kB）。")
