"""Files from the desk (ファイルの取り込み): rehearse with all that is wrong, then write."""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path, PurePosixPath, PureWindowsPath
from tempfile import TemporaryDirectory, mkdtemp

from api.accounts.roles import Right
from api.actions.import_files import IMPORTERS, import_files
from api.actions.importing import MAIN_SCHEME, Order, Outcome
from api.actions.register_table import is_own_table
from api.actions.save_record import Pen
from api.actions.tell_import import Changed, told_changes
from api.exchange.aliases import TABLES
from api.store import held_files

KEPT_FOR = timedelta(days=1)
MOST_SHOWN = 200
FIRST_ADDED = 20
KIND_WORDS: dict[str, str] = {
    "boundary": "境界（行政区域）",
    "towns": "町丁・字",
    "areas": "日常生活圏域",
    "population": "人口",
    "projections": "将来推計人口",
    "places": "通いの場",
    "candidates": "候補地",
    "services": "生活支援サービス",
    "organizations": "団体",
    "supporters": "担い手",
    "roads": "道路",
    "landmarks": "目印",
}


class NoSuchParcel(LookupError):
    """The files are not held any more, or somebody else brought them."""


class NoFiles(ValueError):
    """Nothing was brought, or of a kind nobody knows."""


@dataclass(frozen=True)
class Wish:
    """How the files of a parcel are to be imported."""

    kind: str
    scheme: str = MAIN_SCHEME
    valid_from: date | None = None
    draft: bool = False
    keep_good: bool = False
    mapping: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    """The same value for every row, as `--set` gives it: source, survey_date, kind."""
    prefer_file: bool = False
    close_gone: bool = False
    own_only: bool = False
    """See `Order`."""


@dataclass
class Rehearsal:
    """What an import would do; nothing is written."""

    parcel: str
    files: list[str]
    outcome: Outcome
    changed: list[Changed] = field(default_factory=list)
    changed_count: int = 0
    added: list[str] = field(default_factory=list)
    """What the first of the added records are called; people are not named."""
    columns: dict[str, str] = field(default_factory=dict)
    """Our columns of this kind → what publishers call them first."""
    records: list[int] = field(default_factory=list)
    """Numbers of the stored records it tells of."""
    own: bool = False
    """The files are a register's own table."""


def hold_files(pen: Pen, kind: str, files: Sequence[tuple[str, bytes]]) -> str:
    """Take files in until their import; what to ask for them by.

    Raises
    ------
    NoFiles
    """
    if kind not in IMPORTERS:
        raise NoFiles("取り込むデータの種類を選んでください。")
    if not files:
        raise NoFiles("取り込むファイルを選んでください。")
    parcel = secrets.token_urlsafe(16)
    rows = [
        {
            "municipality_code": pen.tenant.code,
            "account_id": pen.member.account_id,
            "parcel": parcel,
            "name": bare_name(name),
            "content": content,
            "held_at": pen.now,
        }
        for name, content in files
    ]
    pen.session.rollback()
    held_files.hold(pen.session, rows, older_than=pen.now - KEPT_FOR)
    pen.session.commit()
    return parcel


def bare_name(name: str) -> str:
    """A file's name without any folder, fit to be one."""
    bare = PurePosixPath(PureWindowsPath(name).name).name
    plain = "".join(c for c in bare if c.isprintable() and c not in '<>:"|?*').strip(". ")
    # Long Japanese names reach the limit of file systems (255 bytes) early.
    stem, suffix = Path(plain).stem[:60], Path(plain).suffix[:12]
    return f"{stem or 'file'}{suffix}"


def rehearse(pen: Pen, parcel: str, wish: Wish) -> Rehearsal:
    """What the import would do: columns as understood, every bad row, every difference.

    Raises
    ------
    NoSuchParcel
    Unreadable : a file cannot be used at all.
    """
    rehearsal = Rehearsal(parcel, [], Outcome())

    shows_people = wish.own_only and pen.member.may(Right.PEOPLE)

    def look(deed_id: int) -> None:
        told = told_changes(pen, deed_id, wish.kind, people=shows_people)
        rehearsal.added, rehearsal.changed = told.added[:FIRST_ADDED], told.changed[:MOST_SHOWN]
        rehearsal.changed_count, rehearsal.records = len(told.changed), told.records

    with _unpacked(pen, parcel) as paths:
        rehearsal.files = [path.name for path in paths]
        order = replace(_order(pen, wish, paths), dry_run=True)
        rehearsal.outcome = import_files(pen.session, pen.tenant.code, order, look=look)
    rehearsal.own = any(is_own_table(h) for h in rehearsal.outcome.headers.values())
    rehearsal.columns = {ours: names.split()[0] for ours, names in TABLES[wish.kind].items()}
    return rehearsal


def write_held(pen: Pen, parcel: str, wish: Wish) -> Outcome:
    """Import a parcel; it is let go once it is in.

    Raises
    ------
    NoSuchParcel, Unreadable
    """
    with _unpacked(pen, parcel) as paths:
        outcome = import_files(pen.session, pen.tenant.code, _order(pen, wish, paths))
    if not outcome.is_refused(keep_good=wish.keep_good):
        let_go(pen, parcel)
    return outcome


def let_go(pen: Pen, parcel: str) -> None:
    """Drop a parcel without importing it."""
    pen.session.rollback()
    held_files.let_go(pen.session, pen.tenant.code, parcel)
    pen.session.commit()


def _order(pen: Pen, wish: Wish, paths: Sequence[Path]) -> Order:
    return Order(
        kind=wish.kind,
        files=tuple(_openable(paths)),
        today=pen.today,
        mapping=wish.mapping,
        constants=wish.constants,
        scheme=wish.scheme or MAIN_SCHEME,
        valid_from=wish.valid_from,
        draft=wish.draft,
        keep_good=wish.keep_good,
        prefer_file=wish.prefer_file,
        close_gone=wish.close_gone,
        own_only=wish.own_only,
        member=pen.member,
        actor=pen.member.name,
        account_id=pen.member.account_id,
    )


def _openable(paths: Sequence[Path]) -> list[Path]:
    """The files to open: of a Shapefile's parts (.shp .dbf .prj …) the .shp alone."""
    shapes = {path.stem for path in paths if path.suffix.lower() == ".shp"}
    return [path for path in paths if path.suffix.lower() == ".shp" or path.stem not in shapes]


@contextmanager
def _unpacked(pen: Pen, parcel: str) -> Iterator[list[Path]]:
    """The files of a parcel in a folder of their own, for as long as they are read."""
    files = held_files.held(pen.session, pen.tenant.code, pen.member.account_id, parcel)
    if not files:
        raise NoSuchParcel("預かったファイルがもうありません。もう一度選んでください。")
    with TemporaryDirectory(prefix="yoridokoro-") as folder:
        paths = []
        for name, content in files:
            path = Path(folder) / name
            if path.exists():  # parts of a Shapefile stay side by side, a second one of a name not
                path = Path(mkdtemp(dir=folder)) / name
            path.write_bytes(content)
            paths.append(path)
        yield paths
