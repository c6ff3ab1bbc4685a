"""Enter every look at a person into the log (閲覧記録)."""

from collections.abc import Sequence

from sqlalchemy import insert

from api.actions.registers import Register
from api.actions.save_record import Pen
from api.models import Viewing


def log_viewings(pen: Pen, register: Register, ids: Sequence[int], how: str) -> None:
    """Write one line for each person of a register that is shown."""
    log_looks(pen, register.entity, ids, how)


def log_looks(pen: Pen, entity: str, ids: Sequence[int], how: str) -> None:
    """Write one line for each person that is shown; it is kept even if the page then fails."""
    if not ids:
        return
    pen.session.rollback()
    pen.session.connection().execute(
        insert(Viewing),
        [
            {
                "municipality_code": pen.tenant.code,
                "at": pen.now,
                "account_id": pen.member.account_id,
                "actor": pen.member.name,
                "entity": entity,
                "entity_id": str(number),
                "how": how,
            }
            for number in ids
        ],
    )
    pen.session.commit()
