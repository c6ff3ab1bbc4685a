"""Choose the municipality's settings (設定): who publishes, and how fresh a record must be."""

from sqlalchemy import update
from sqlmodel import Session

from api.actions.find_municipality import Tenant
from api.actions.records import office_settings
from api.actions.turns import turn
from api.models import Municipality
from api.models.columns import table_of
from api.store.changes import Hand, log_changes, open_deed

STALE_MONTHS = range(1, 61)


class BadSetting(ValueError):
    """A setting that cannot be."""


def choose_settings(
    session: Session, hand: Hand, tenant: Tenant, *, reviewed: bool, stale_months: int
) -> bool:
    """Store what the municipality has chosen; whether anything is different now.

    Raises
    ------
    BadSetting
    """
    if stale_months not in STALE_MONTHS:
        first, last = STALE_MONTHS[0], STALE_MONTHS[-1]
        raise BadSetting(f"確認の期限は、{first}〜{last}か月で入れてください。")
    chosen = {"reviewed": reviewed, "stale_months": stale_months}
    with turn(session, tenant.code):
        before = office_settings(session, tenant)
        if before == chosen:
            return False
        table = table_of(Municipality)
        session.connection().execute(
            update(table).where(table.c.code == tenant.code).values(chosen)
        )
        hand = open_deed(session, hand, "settings", entity="municipality", entity_id=tenant.code)
        log_changes(session, hand, Municipality, [tenant.code], [before], [chosen])
    return True
