"""Choose the municipality's settings (設定): who publishes, and how fresh a record must be."""

from sqlalchemy import update
from sqlmodel import Session

from api.actions.find_municipality import Tenant
from api.actions.records import office_settings
from api.actions.registers.fields import LONGEST_LINE
from api.actions.turns import turn
from api.models import Municipality
from api.models.columns import table_of
from api.store.changes import Hand, log_changes, open_deed
from web.words import WALKING_M_PER_MIN

STALE_MONTHS = range(1, 61)
PACES = range(20, 101)
"""Metres a minute: slower than any walk, faster than any older walker's."""


class BadSetting(ValueError):
    """A setting that cannot be."""


def choose_settings(
    session: Session,
    hand: Hand,
    tenant: Tenant,
    *,
    reviewed: bool,
    stale_months: int,
    voice_contact: str | None = None,
    needs_shown: bool = False,
    walk_m_per_min: int = WALKING_M_PER_MIN,
) -> bool:
    """Store what the municipality has chosen; whether anything is different now.

    Raises
    ------
    BadSetting
    """
    if stale_months not in STALE_MONTHS:
        first, last = STALE_MONTHS[0], STALE_MONTHS[-1]
        raise BadSetting(f"確認の期限は、{first}〜{last}か月で入れてください。")
    if walk_m_per_min not in PACES:
        raise BadSetting(f"歩く速さは、1分に{PACES[0]}〜{PACES[-1]} mで入れてください。")
    if voice_contact is not None and len(voice_contact) > LONGEST_LINE:
        raise BadSetting(f"問い合わせ先は、{LONGEST_LINE}文字までにしてください。")
    chosen = {
        "reviewed": reviewed,
        "stale_months": stale_months,
        "voice_contact": voice_contact,
        "needs_shown": needs_shown,
        "walk_m_per_min": walk_m_per_min,
    }
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
