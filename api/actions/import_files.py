"""Import files (取り込み) in one transaction: every bad row is told, or nothing is written."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from pandas import DataFrame, Series
from sqlalchemy import insert
from sqlmodel import Session

from api.actions.find_municipality import NoSuchMunicipality, find_municipality
from api.actions.import_areas import import_areas
from api.actions.import_boundary import import_boundary
from api.actions.import_candidates import import_candidates
from api.actions.import_ground import import_landmarks, import_roads, surroundings
from api.actions.import_organizations import import_organizations
from api.actions.import_places import import_places
from api.actions.import_population import import_population
from api.actions.import_projections import import_projections
from api.actions.import_services import import_services
from api.actions.import_supporters import import_supporters
from api.actions.import_towns import import_towns
from api.actions.importing import Bench, Importer, Look, Order, Outcome, Progress
from api.actions.put_back import put_back
from api.actions.redraw import redraw
from api.actions.register_table import is_own_table
from api.actions.registers import REGISTERS
from api.exchange.cells import written
from api.exchange.credits import credit_of
from api.exchange.opening import open_source
from api.exchange.problems import RowProblem, Unreadable, refuse
from api.exchange.readers import READERS
from api.exchange.reading import Reading, as_it_stands
from api.models import Intake
from api.models.columns import table_of
from api.store import frames
from api.store.changes import Hand, open_deed, raise_revision, take_turn
from api.store.visible import OFFICE, visible

IMPORTERS: dict[str, Importer] = {
    "boundary": import_boundary,
    "towns": import_towns,
    "areas": import_areas,
    "population": import_population,
    "projections": import_projections,
    "places": import_places,
    "candidates": import_candidates,
    "services": import_services,
    "organizations": import_organizations,
    "supporters": import_supporters,
    "roads": import_roads,
    "landmarks": import_landmarks,
}
SHAPING = frozenset({"boundary", "towns", "areas"})
"""Kinds after which drawn towns and areas are drawn again."""
DRAWN = frozenset({"roads", "landmarks"})
"""Kinds of which a file may hold the whole country."""


def import_files(
    session: Session,
    code: str,
    order: Order,
    progress: Progress = lambda _: None,
    look: Look = lambda _: None,
) -> Outcome:
    """Import `order.files` in one transaction.

    `look` is called with the number of the deed when all rows are in, before they are kept or not:
    a rehearsal reads there what would change.

    Nothing is written when a row is bad (unless `keep_good`), on a rehearsal (`dry_run`), or when
    nothing is new.

    Raises
    ------
    Unreadable : a whole file cannot be used; nothing is written.
    NoSuchMunicipality
    """
    _lock(session, code)
    outcome = Outcome()
    try:
        hand = open_deed(session, Hand(code, order.actor, account_id=order.account_id), "import")
        for path in order.files:
            bench = _set_up(session, hand, order, _read(session, code, path, order, progress))
            progress(f"{path.name} を取り込んでいます（{len(bench.reading.frame):,}行）")
            importer = put_back if _is_own(bench.reading) else IMPORTERS[order.kind]
            _count(outcome, bench, importer(bench))
        if hand.deed_id is not None:
            look(hand.deed_id)
        if _is_to_be_kept(outcome, order):
            if order.kind in SHAPING:
                progress("町と圏域の形を引き直しています")
                redraw(session, find_municipality(session, code))
            raise_revision(session, code)
            session.commit()
            outcome.written = True
    finally:
        session.rollback()
    return outcome


def _read(session: Session, code: str, path: Path, order: Order, progress: Progress) -> Reading:
    progress(f"{path.name} を読んでいます")
    around = surroundings(find_municipality(session, code)) if order.kind in DRAWN else None
    source = open_source(path, order.kind, order.mapping, progress, around)
    if order.kind in REGISTERS and is_own_table(source.header):
        return as_it_stands(source)
    if order.own_only:
        words = "一覧から書き出した表ではありません。「拠り所番号」の列のある表を選んでください。"
        raise refuse(path.name, words, sheet=source.sheet)
    return READERS[order.kind](source, constants=order.constants, mapping=order.mapping)


def _is_own(reading: Reading) -> bool:
    return reading.source.kind in REGISTERS and is_own_table(reading.source.header)


def _set_up(session: Session, hand: Hand, order: Order, reading: Reading) -> Bench:
    tenant = find_municipality(session, hand.municipality_code)
    bench = Bench(session, tenant, hand, order, reading)
    intakes = frames.read(session, visible(Intake, OFFICE, tenant.code))
    same = (intakes["sha256"] == reading.source.sha256) & (intakes["kind"] == order.kind)
    bench.seen_before = bool((same & ~intakes["undone"].astype(bool)).any())
    bench.hand = _open_intake(bench)
    _leave_out_other_municipalities(bench)
    return bench


def _lock(session: Session, code: str) -> None:
    if not take_turn(session, code):
        session.rollback()
        raise NoSuchMunicipality(
            f"市町村コード {code} は、まだ登録されていません。"
            f"先に「yoridokoro init {code} 名前」を実行してください。"
        )


def _is_to_be_kept(outcome: Outcome, order: Order) -> bool:
    refused = outcome.is_refused(keep_good=order.keep_good)
    return not (refused or order.dry_run) and bool(
        outcome.inserted + outcome.updated + outcome.closed
    )


def _open_intake(bench: Bench) -> Hand:
    source, order = bench.reading.source, bench.order
    table = table_of(Intake)
    new = insert(table).values(
        municipality_code=bench.tenant.code,
        kind=order.kind,
        credit=order.constants.get("source") or credit_of(source, bench.tenant.name),
        dated=source.modified_on,
        files=source.file,
        sha256=source.sha256,
        imported_at=datetime.now(UTC),
        actor=order.actor,
        deed_id=bench.hand.deed_id,
    )
    (number,) = bench.session.connection().execute(new).inserted_primary_key or (None,)
    return replace(bench.hand, intake_id=number)


def _leave_out_other_municipalities(bench: Bench) -> None:
    """Pass over rows of other municipalities, good or bad: national files hold them all."""
    reading = bench.reading
    codes = reading.codes.dropna()
    theirs = codes.index[codes != bench.tenant.code]
    if theirs.empty:
        return
    if len(theirs) == reading.rows_read:
        raise Unreadable(
            RowProblem(
                reading.source.file,
                reading.source.sheet,
                None,
                reading.columns.get("code"),
                str(codes.iloc[0]),
                f"{bench.tenant.name}（{bench.tenant.code}）の行が一つもありません。",
            )
        )
    strangers = set(theirs)
    reading.frame = reading.frame[~reading.frame.index.isin(theirs)]
    reading.problems = [p for p in reading.problems if p.row not in strangers]
    reading.rows_read -= len(theirs)
    bench.notes.append(f"ほかの市町村の {len(theirs):,} 行は読みとばしました。")


def _count(outcome: Outcome, bench: Bench, status: Series) -> None:
    reading = bench.reading
    tally = status.value_counts()
    outcome.rows_read += reading.rows_read
    outcome.inserted += int(tally.get("inserted", 0))
    outcome.updated += int(tally.get("updated", 0))
    outcome.unchanged += int(tally.get("unchanged", 0))
    problems = reading.problems + bench.problems
    outcome.problems += problems
    outcome.gone += bench.gone
    outcome.closed += bench.closed
    outcome.notes += [f"{reading.source.file}: {note}" for note in bench.notes]
    outcome.columns[reading.source.file] = reading.columns
    outcome.headers[reading.source.file] = reading.source.header
    outcome.rejects.append(_rejects(bench, problems))


def _rejects(bench: Bench, problems: list[RowProblem]) -> DataFrame:
    """The refused rows as they stood, so that they can be corrected and imported by themselves.

    What held for the whole file (--set, a date in its name) goes with each row.
    """
    reading = bench.reading
    reasons: dict[int, list[str]] = {}
    for problem in problems:
        if problem.severity == "error" and problem.row is not None:
            reasons.setdefault(problem.row, []).append(str(problem))
    raw = reading.source.frame
    raw = raw.loc[raw.index.isin(list(reasons))]
    front = DataFrame(
        {
            "ファイル": reading.source.file,
            "シート": reading.source.sheet,
            "行": raw.index,
            "理由": [" ".join(reasons[row]) for row in raw.index],
        },
        index=raw.index,
    )
    taken = {name: f"{name}（元）" for name in front.columns if name in raw.columns}
    whole = {name: said for name, said in bench.order.constants.items() if name != "source"}
    if reading.survey_date is not None:
        whole["survey_date"] = reading.survey_date.isoformat()
    missing = {name: said for name, said in whole.items() if name not in reading.columns}
    return front.join(raw.map(written).rename(columns=taken)).assign(**missing)
