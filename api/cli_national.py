"""All Japan at once, from the command line (yoridokoro national)."""

from pathlib import Path
from typing import Annotated

import typer

from api.cli_options import in_a_folder, number
from api.cli_progress import progress


def national(
    out: Annotated[Path, typer.Argument(help="書き出す Parquet ファイル", callback=in_a_folder)],
    data: Annotated[
        Path, typer.Option(help="towns.csv.gz と municipalities.topojson のあるフォルダー")
    ],
    places: Annotated[
        Path | None, typer.Option(help="通いの場のCSV（経度・緯度）。なければ乱数で置きます")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="乱数の種")] = 1,
    distance: Annotated[
        float, typer.Option(min=1, max=50_000, callback=number, help="歩ける距離（m）")
    ] = 500,
    scheduler: Annotated[
        str | None, typer.Option(help="Dask のスケジューラ（tcp://…）。なければこの機械だけで")
    ] = None,
) -> None:
    """全国の市町村のカバー率を、一つのファイルに書き出します。"""
    from api.actions.report_national import load_country, write_parquet

    with progress() as say:
        say(f"{data} を読んでいます")
        country = load_country(data, places, seed)
        say(f"{len(country.municipalities):,} 市区町村、{len(country.places):,} か所を数えています")
        count = write_parquet(out, country, distance, scheduler)
    typer.echo(f"{out.name} を書き出しました（{count:,} 市区町村）。")
    for note in country.notes:
        typer.echo(f"・{note}")
