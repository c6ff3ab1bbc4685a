"""Files from the desk (ファイルの取り込み): rehearse with all that is wrong, then write."""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path, PurePosixPath, PureWindowsPath
from tempfile import TemporaryDirectory, mkdtemp

from sqlmodel import Session

from api.actions.field_words import ENTITIES
from api.actions.import_files import IMPORTERS, import_files
from api.actions.importing import MAIN_SCHEME, Order, Outcome
from api.actions.save_record import Pen
from api.actions.show_history import as_values
from api.actions.show_values import NOTHING
from api.exchange.aliases import TABLES
from api.store import frames, held_files, history
from api.store.visible import KEEPER

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
PERSONAL_KINDS = frozenset({"supporters"})


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


@dataclass(frozen=True)
class Changed:
    """One stored record a file would change: what it is called, and each column's values."""

    name: str
    columns: list[tuple[str, str, str]]


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

    def look(deed_id: int) -> None:
        rehearsal.added = _added(pen.session, pen.tenant.code, deed_id, wish.kind)
        rehearsal.changed, rehearsal.changed_count = _changes(
            pen.session, pen.tenant.code, deed_id, wish.kind
        )

    with _unpacked(pen, parcel) as paths:
        rehearsal.files = [path.name for path in paths]
        order = replace(_order(pen, wish, paths), dry_run=True)
        rehearsal.outcome = import_files(pen.session, pen.tenant.code, order, look=look)
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


def _added(session: Session, code: str, deed_id: int, kind: str) -> list[str]:
    """The names of the first records that would be added."""
    if kind in PERSONAL_KINDS:
        return []
    names: list[str] = []
    for data_class in ("public", "office"):
        rows = history.changes(KEEPER, code, data_class, [deed_id], most=MOST_SHOWN)
        names += [
            str(as_values(row["after"])["name"])
            for _, row in frames.each(frames.read(session, rows))
            if row["before"] is None and as_values(row["after"]).get("name")
        ]
    return names[:FIRST_ADDED]


def _changes(session: Session, code: str, deed_id: int, kind: str) -> tuple[list[Changed], int]:
    """Records that would be changed, in words; how many there are."""
    if kind in PERSONAL_KINDS:
        return [], 0
    found: dict[tuple[str, str], Changed] = {}
    for data_class in ("public", "office"):
        rows = history.changes(KEEPER, code, data_class, [deed_id])
        for _, row in frames.each(frames.read(session, rows)):
            if row["before"] is None or row["after"] is None:
                continue
            before, after = as_values(row["before"]), as_values(row["after"])
            key = (row["entity"], row["entity_id"])
            name = str(after.get("name") or before.get("name") or row["entity_id"])
            of = ENTITIES.get(row["entity"], row["entity"])
            changed = found.setdefault(key, Changed(f"{of}「{name}」", []))
            changed.columns.extend(_told(kind, before, after))
    return list(found.values())[:MOST_SHOWN], len(found)


def _told(
    kind: str, before: Mapping[str, object], after: Mapping[str, object]
) -> list[tuple[str, str, str]]:
    labels = {ours: names.split()[0] for ours, names in TABLES[kind].items()}
    names = [n for n in {**before, **after} if before.get(n) != after.get(n)]
    return [
        ("位置・形", "いまの形", "新しい形")
        if name == "wkb"
        else (labels.get(name, name), _said(before.get(name)), _said(after.get(name)))
        for name in names
    ]


def _said(value: object) -> str:
    return NOTHING if value is None else str(value)[:200]
