"""Days and hours that a file brings to places (集まる日): what they change of those stored."""

from collections.abc import Collection
from typing import Any

from pandas import DataFrame, Series

from api.actions.importing import Bench
from api.actions.show_history import as_values
from api.exchange.schedules import from_json, hours, weekday_letters
from api.models import Place
from api.models.columns import table_of
from api.store import frames, history
from api.store.visible import KEEPER

COLUMNS = ["weekdays", "opens_at", "closes_at"]
DAYS = [*COLUMNS, "schedule", "schedule_note"]


def imported_days(bench: Bench, rows: DataFrame, known: DataFrame, ids: Series) -> DataFrame:
    """Columns `DAYS` of each row as they are to be stored.

    A remark that was read as a rule is the rule, and no remark any more. A schedule that somebody
    set by hand stays; one that an import brought gives way to what a file says now.
    """
    stored = known.set_index("id")[DAYS].astype(object).reindex(ids).set_axis(rows.index)
    stored = stored.where(stored.notna(), None)
    said = rows[DAYS].astype(object).where(rows[DAYS].notna(), None)
    days = said.where(said.notna(), stored)
    ruled = said["schedule"].notna() | stored["schedule"].notna()
    differ = stored["schedule"].notna() & (stored["schedule"] != said["schedule"])
    brought = _brought(bench, ids[differ])
    settled = [
        _settled(row, old, (number, old["schedule"]) in brought)
        for (_, row), (_, old), number in zip(
            frames.each(said[ruled]), frames.each(stored[ruled]), ids[ruled], strict=True
        )
    ]
    days.loc[ruled] = DataFrame(settled, index=days.index[ruled], columns=DAYS, dtype=object)
    return days.where(days.notna(), None)


def _settled(said: dict[str, Any], old: dict[str, Any], brought: bool) -> dict[str, Any]:
    """The days of one place; what the file leaves blank stays."""
    kept = {name: old[name] if said[name] is None else said[name] for name in DAYS}
    if old["schedule"] is not None and not (brought and _says_other(said, old)):
        note = old["schedule_note"] if said["schedule"] else kept["schedule_note"]
        return {**old, "schedule_note": note}
    if said["schedule"] is None:
        return {**kept, "schedule": None}
    schedule = from_json(said["schedule"])
    opens_at, closes_at = hours(schedule) or (None, None)
    same_note = old["schedule_note"] == said["schedule_note"]
    return {
        "weekdays": weekday_letters(schedule),
        "opens_at": opens_at,
        "closes_at": closes_at,
        "schedule": said["schedule"],
        "schedule_note": None if same_note else old["schedule_note"],
    }


def _says_other(said: dict[str, Any], old: dict[str, Any]) -> bool:
    """Whether a row says other days than a schedule that an import had brought."""
    return (
        said["schedule"] is not None
        or said["schedule_note"] not in (None, old["schedule_note"])
        or any(said[name] not in (None, old[name]) for name in COLUMNS)
    )


def _brought(bench: Bench, ids: Collection[Any]) -> set[tuple[int, str]]:
    """Place and schedule, wherever an import once brought it."""
    if not len(ids):
        return set()
    entity, code = table_of(Place).name, bench.hand.municipality_code
    rows = history.brought_by_imports(KEEPER, code, entity, [str(number) for number in ids])
    found = [
        (int(row["entity_id"]), as_values(row["after"]).get("schedule"))
        for _, row in frames.each(frames.read(bench.session, rows))
    ]
    return {(number, schedule) for number, schedule in found if schedule}
