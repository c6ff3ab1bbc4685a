"""The command line: the same actions as the pages, translated to and from words and exit codes.

Only typer and the standard library are imported here at the start, so that `--help` answers at
once; each command imports its action inside.
"""

import sys
import tomllib
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer.exceptions import TyperException

from api import cli_account, cli_coverage, cli_national, cli_sheet, cli_site
from api.cli_options import (
    Kind,
    MunicipalityOption,
    in_a_folder,
    wrong_use,
)
from api.cli_progress import progress
from api.cli_store import opened

if TYPE_CHECKING:
    from api.actions.importing import Outcome
    from api.settings import Settings

REFUSED, WRONG_USE = 1, 2
STORE_FAILED = (
    "データベースを使えません。ほかの取り込みが動いていれば終わるまで待ち、"
    "YORIDOKORO_DATABASE_URL とその場所を確かめて、もう一度実行してください。"
)

app = typer.Typer(
    help="拠り所: 通いの場と、歩いて通える人の地図。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(cli_account.app, name="account")
app.command()(cli_coverage.coverage)
app.command("map")(cli_coverage.map_)
app.command()(cli_sheet.sheet)
app.command()(cli_sheet.kit)
app.command()(cli_site.site)
app.command()(cli_national.national)


def main() -> None:
    """Run the command line (console script); refusals end in one Japanese line and exit code."""
    try:
        sys.exit(app(standalone_mode=False) or 0)
    except TyperException as exc:
        typer.echo(wrong_use(exc), err=True)
        sys.exit(WRONG_USE)
    except Exception as exc:
        from api.actions.refusals import DATA, USE, is_store_failure

        unreachable = is_store_failure(exc)
        if not unreachable and not isinstance(exc, DATA + USE):
            raise
        typer.echo(STORE_FAILED if unreachable else str(exc), err=True)
        sys.exit(REFUSED if isinstance(exc, DATA) else WRONG_USE)


@app.command()
def init(
    code: Annotated[str, typer.Argument(help="全国地方公共団体コード（5桁か6桁）")],
    name: Annotated[str, typer.Argument(help="市町村の名前")],
    prefecture: Annotated[str | None, typer.Option(help="都道府県名")] = None,
) -> None:
    """市町村を登録します。"""
    from api.actions.init_municipality import init_municipality

    with opened() as session:
        entered = init_municipality(session, code, name, prefecture=prefecture)
    typer.echo(f"{name}（{entered}）を登録しました。")


@app.command("import")
def import_(
    kind: Annotated[Kind, typer.Argument(help="データの種類")],
    files: Annotated[list[Path], typer.Argument(help="取り込むファイル")],
    set_: Annotated[
        list[str] | None, typer.Option("--set", help="すべての行に入れる値（列名=値）")
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option(help="列の対応表（TOML）", exists=True, dir_okay=False)
    ] = None,
    scheme: Annotated[str, typer.Option(help="区域区分の名前（areas のとき）")] = "圏域",
    from_: Annotated[
        datetime | None,
        typer.Option(
            "--from",
            formats=["%Y-%m-%d"],
            help="区域を引き直したとき、その最初の日（areas のとき）。前の区域は残ります",
        ),
    ] = None,
    draft: Annotated[bool, typer.Option("--draft", help="公開せずに下書きで入れます")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="確かめるだけで、書き込みません")
    ] = False,
    rejects: Annotated[
        Path | None,
        typer.Option(
            help="よい行だけ取り込み、だめな行をこのCSVに書き出します", callback=in_a_folder
        ),
    ] = None,
    municipality: MunicipalityOption = None,
) -> None:
    """ファイルを取り込みます。間違いがあれば、場所をお知らせし、何も書き込みません。"""
    from api.actions.find_municipality import the_municipality
    from api.actions.import_files import import_files
    from api.actions.importing import Order
    from api.clock import today

    _refuse_missing(files)
    if rejects is not None and rejects.resolve() in {path.resolve() for path in files}:
        raise typer.BadParameter("--rejects には、取り込むファイルと別の名前を付けてください。")
    order = Order(
        kind=kind.value,
        files=tuple(files),
        today=today(),
        constants=_constants(set_ or []),
        mapping=_mapping(mapping),
        scheme=scheme,
        valid_from=from_.date() if from_ else None,
        draft=draft,
        dry_run=dry_run,
        keep_good=rejects is not None,
    )
    with opened() as session, progress() as say:
        code = the_municipality(session, municipality)
        outcome = import_files(session, code, order, say)
    _tell(outcome, dry_run=dry_run, rejects=rejects)


def _refuse_missing(files: list[Path]) -> None:
    for path in files:
        if not path.is_file():
            raise typer.BadParameter(f"ファイルが見つかりません: {path.name}")


def _constants(pairs: list[str]) -> dict[str, str]:
    constants = {}
    for pair in pairs:
        column, sign, value = pair.partition("=")
        if not sign or not column.strip():
            raise typer.BadParameter(f"--set は 列名=値 の形で書きます（読んだもの: {pair}）")
        constants[column.strip()] = value.strip()
    return constants


def _mapping(path: Path | None) -> dict[str, str]:
    if path is None:
        return {}
    try:
        columns = tomllib.loads(path.read_text("utf-8")).get("columns")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise typer.BadParameter(f"{path.name} を TOML として読めません（{exc}）") from exc
    if not isinstance(columns, dict):
        raise typer.BadParameter(f"{path.name} に [columns] がありません")
    return {str(ours): str(theirs) for ours, theirs in columns.items()}


def _tell(outcome: "Outcome", *, dry_run: bool, rejects: Path | None) -> None:
    """What became of the import: every problem, the counts, and whether anything was written."""
    from api.actions.export_rejects import write_rejects

    for problem in outcome.problems:
        mark = "エラー" if problem.severity == "error" else "注意"
        typer.echo(f"{mark}: {problem}", err=True)
    for note in outcome.notes:
        typer.echo(note, err=True)
    typer.echo(
        f"読んだ行 {outcome.rows_read:,}：追加 {outcome.inserted:,}、変更 {outcome.updated:,}、"
        f"変わりなし {outcome.unchanged:,}、取り込めない行 {outcome.rejected:,}"
    )
    refused = outcome.is_refused(keep_good=rejects is not None)
    if rejects is not None and not dry_run:
        try:
            count = write_rejects(outcome, rejects)
        except OSError:
            typer.echo(
                f"{rejects.name} に書き出せませんでした。よい行は取り込み済みです。"
                "書ける場所を指定して、もう一度取り込むと、だめな行だけが書き出されます。",
                err=True,
            )
            raise typer.Exit(WRONG_USE) from None
        typer.echo(f"取り込めない {count:,} 行を {rejects.name} に書き出しました。")
    if refused:
        typer.echo(
            "間違いがあるため、何も書き込みませんでした。直してから、もう一度取り込んでください。",
            err=True,
        )
        raise typer.Exit(REFUSED)
    if dry_run:
        typer.echo("確かめただけで、書き込んでいません（--dry-run）。")
    elif not outcome.written:
        typer.echo("新しいことはなかったので、何も変えていません。")


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="控えのファイル", callback=in_a_folder)],
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="同じ名前のファイルがあれば、置きかえます")
    ] = False,
) -> None:
    """データベース全体の控えを、一つのファイルにとります。"""
    from api.actions.back_up import back_up

    with opened() as session:
        rows = back_up(session, file, overwrite=overwrite, say=_tell_progress)
    size = file.stat().st_size
    typer.echo(f"{file.name} に控えをとりました（{rows:,} 行、{size / 1000:,.0f} kB）。")
    typer.echo(
        "控えには個人情報が入っています。個人情報として、決まった人だけが開ける場所に保管してください。"
    )


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="「yoridokoro backup」でとった控え")],
    replace: Annotated[
        bool,
        typer.Option("--replace", help="いまのデータを別のファイルに控えてから、入れ替えます"),
    ] = False,
) -> None:
    """控えからデータベースにもどします。"""
    from api.actions.back_up import put_back

    _refuse_missing([file])
    with opened() as session:
        restored = put_back(session, file, replace=replace, say=_tell_progress)
    typer.echo(f"{file.name} からもどしました（{restored.rows:,} 行）。")
    if restored.safety_copy is not None:
        typer.echo(
            f"もどす前のデータは {restored.safety_copy} にあります（個人情報が入っています）。"
        )


def _tell_progress(words: str) -> None:
    typer.echo(words, err=True)


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="待ち受けるアドレス")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="待ち受けるポート")] = 8000,
) -> None:
    """ページを表示するサーバーを動かします。"""
    from api.settings import Settings

    _serve(Settings(), host, port)


@app.command()
def demo(
    host: Annotated[str, typer.Option(help="待ち受けるアドレス")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="待ち受けるポート")] = 8000,
) -> None:
    """見本の市を var/demo.sqlite に用意して、ページを表示します。"""
    from api.actions.demo import CODE, seat_demo_people, set_up_demo
    from api.actions.demo_desk import fill_demo_desk
    from api.clock import now, today
    from api.settings import Settings

    _refuse_taken(host, port)
    settings = Settings(database_url="sqlite:///var/demo.sqlite")
    with opened(settings) as session, progress() as say:
        set_up_demo(session, settings.data_dir / "boundaries", today(), say)
        seated = seat_demo_people(session, today(), now())
        fill_demo_desk(session, today(), now())
    if seated:
        typer.echo(f"担当者の机は http://{host}:{port}/{CODE}/desk/ です。", err=True)
    for login, name, role, password in seated:
        typer.echo(f"  {login}（{role.label} {name}） はじめのパスワード {password}", err=True)
    _serve(settings, host, port)


def _serve(settings: "Settings", host: str, port: int) -> None:
    import uvicorn

    from api.main import create_app
    from api.store.engine import migrate, open_engine

    _refuse_taken(host, port)
    engine = open_engine(settings.database_url)
    migrate(engine)
    typer.echo(f"http://{host}:{port}/ を開いてください。止めるには Ctrl+C。", err=True)
    # The app object itself: a name would be imported from whatever folder this is started in.
    uvicorn.run(
        create_app(engine, settings),
        host=host,
        port=port,
        log_level="warning",
        forwarded_allow_ips=settings.trusted_proxies,
    )


def _refuse_taken(host: str, port: int) -> None:
    import socket

    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError:
            typer.echo(
                f"ポート {port} はほかのプログラムが使っています。"
                f"そのプログラムを止めるか、--port {port + 1} のように別の番号にしてください。",
                err=True,
            )
            raise typer.Exit(WRONG_USE) from None
