"""The form of an organization (団体)."""

from typing import Any

from api.actions.locating import Land
from api.actions.registers.fields import (
    Choice,
    Codes,
    Line,
    Name,
    Note,
    Phone,
    RecordForm,
    Url,
    asked,
)
from api.actions.registers.place import OFFICE_ONLY, WHO
from api.actions.registers.service import refuse_unknown_areas
from api.models.kinds import ORGANIZATION_KINDS

WHAT = "どんな団体か"


class OrganizationForm(RecordForm):
    """What people say of an organization (団体)."""

    name: Name = asked("名前", section=WHAT, default=...)
    kana: Line = asked("よみ", section=WHAT)
    kind: Choice = asked(
        "種類", "choice", section=WHAT, choices=ORGANIZATION_KINDS, default="other"
    )
    areas: Codes = asked(
        "活動している圏域",
        "many",
        section=WHAT,
        choices="areas",
        hint="一つも選ばないと、市町村全体になります。",
        default=[],
    )
    address: Line = asked("住所", section=WHO)
    phone: Phone = asked("電話（公開します）", "phone", section=WHO)
    url: Url = asked("ホームページ", "url", section=WHO)
    note: Note = asked("メモ（公開します）", "area", section=WHO)
    contact_name: Line = asked("連絡する人", section=OFFICE_ONLY)
    contact_phone: Phone = asked("その人の電話", "phone", section=OFFICE_ONLY)
    office_note: Note = asked("庁内メモ", "area", section=OFFICE_ONLY)


def settle_organization(land: Land, values: dict[str, Any]) -> dict[str, Any]:
    """The columns of an organization from its form. Raises `WrongFields`."""
    refuse_unknown_areas(land, values["areas"])
    return dict(values)
