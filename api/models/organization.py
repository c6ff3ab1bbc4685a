"""Organization (団体): who runs something."""

from api.models.columns import Kept, public


class Organization(Kept, table=True):
    """An organization (団体): 社協, NPO, 自治会, 介護事業所 …"""

    id: int | None = public(default=None, primary_key=True)
    municipality_code: str = public(foreign_key="municipality.code", index=True)
    external_id: str | None = public(default=None, index=True)
    name: str = public()
    find_key: str = public(index=True)
    kana: str | None = public(default=None)
    kind: str = public(default="other", index=True)
    """A code of `OrganizationKind`."""
    areas: str | None = public(default=None)
    """Codes of the areas it works in, a JSON list; NULL: the whole municipality."""
    address: str | None = public(default=None)
    phone: str | None = public(default=None)
    url: str | None = public(default=None)
    note: str | None = public(default=None)
    intake_id: int | None = public(default=None, foreign_key="intake.id")
