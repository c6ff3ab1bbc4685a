"""Undoing what the public sees (公開中の記録の取り消し): it needs the same leave as a change does.

Whoever may not publish takes nothing back in public either: the old values become a
proposal (改訂案) that the first tier looks through, like any other change of theirs.
"""

from typing import Any

from api.actions.proposals import close_proposal, open_proposal, proposed_values, put_proposal
from api.actions.records import Row
from api.actions.registers import Register
from api.actions.save_record import OFFICE_NOTES, Pen, may_publish
from api.store.changes import Hand

FREE = OFFICE_NOTES | {"confirmed_on", "confirmed_by", "office_find_key"}
"""Columns that change without anybody's leave."""


class CannotUndo(PermissionError):
    """This deed is not theirs to take back, or has been taken back."""


def propose_old_values(
    pen: Pen, hand: Hand, register: Register, row: Row, values: dict[str, Any]
) -> dict[str, Any]:
    """What of the old `values` may be written at once: `values` itself, if nothing has to wait."""
    if row["state"] != "published" or may_publish(pen, register):
        return values
    free = {name: value for name, value in values.items() if name in FREE}
    waits = {n: value for n, value in values.items() if n not in FREE and row.get(n) != value}
    if not waits:
        return values
    waiting = open_proposal(pen.session, pen.tenant.code, register, row["id"])
    together = (proposed_values(register, waiting) if waiting else {}) | waits
    put_proposal(
        pen.session,
        hand,
        register,
        row,
        together,
        state="submitted",
        now=pen.now,
        existing=waiting,
    )
    return free


def refuse_withdrawing(pen: Pen, register: Register, rows: list[Row]) -> None:
    """Raise `CannotUndo` where a record would vanish from the public without anybody's leave."""
    if any(row["state"] == "published" for row in rows) and not may_publish(pen, register):
        raise CannotUndo(
            "もう公開されているため、足したことは取り消せません。「終了」を提出してください。"
        )


def withdraw_proposals(pen: Pen, hand: Hand, register: Register, rows: list[Row]) -> None:
    """Close what waits for these records: nobody could look through it any more."""
    if register.personal:
        return
    for row in rows:
        waiting = open_proposal(pen.session, pen.tenant.code, register, row["id"])
        if waiting is not None:
            close_proposal(pen.session, hand, waiting, "withdrawn", pen.now, None)
