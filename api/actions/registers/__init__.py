"""The registry (台帳): four registers, each with its table and its form."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import SQLModel

from api.actions.locating import Land
from api.actions.registers.fields import RecordForm, WrongFields, choices_of
from api.actions.registers.organization import OrganizationForm, settle_organization
from api.actions.registers.place import PlaceForm, place_values, settle_place
from api.actions.registers.service import ServiceForm, settle_service
from api.actions.registers.supporter import SupporterForm, settle_supporter
from api.exchange.characters import find_key
from api.models import Organization, Place, Service, Supporter


class NoSuchRegister(LookupError):
    """There is no register of that name."""


def _as_stored(row: Mapping[str, Any]) -> dict[str, Any]:
    return dict(row)


@dataclass(frozen=True)
class Register:
    """One register (台帳) of records that people keep."""

    key: str
    """Its word in addresses."""
    word: str
    """What its records are called on screen."""
    model: type[SQLModel]
    form: type[RecordForm]
    settle: Callable[[Land, dict[str, Any]], dict[str, Any]]
    shown: Callable[[Mapping[str, Any]], dict[str, Any]] = _as_stored
    personal: bool = False
    """People: never published, seen only by the coordinators in charge."""

    @property
    def entity(self) -> str:
        """Its table, as the log calls it."""
        return str(self.model.__tablename__)

    @property
    def lists(self) -> list[str]:
        """Fields that hold a list, stored as JSON."""
        fields = self.form.model_fields
        return [name for name, field in fields.items() if isinstance(field.default, list)]

    def columns(self, land: Land, form: RecordForm) -> dict[str, Any]:
        """What is stored of a form. Raises `WrongFields`."""
        self._refuse_unknown_choices(form)
        columns = self.settle(land, form.model_dump())
        organization = columns.get("organization_id")
        if organization is not None and organization not in land.organization_ids:
            raise WrongFields({"organization_id": "団体を選び直してください。"})
        for name in self.lists:
            chosen = columns[name]
            columns[name] = json.dumps(chosen, ensure_ascii=False) if chosen else None
        return columns | find_keys_of(self, columns)

    def _refuse_unknown_choices(self, form: RecordForm) -> None:
        wrong = {}
        for name, value in form:
            chosen = value if isinstance(value, list) else [] if value is None else [value]
            known = choices_of(self.form, name)
            if isinstance(known, Mapping) and not set(chosen) <= set(known):
                wrong[name] = "選び直してください。"
        if wrong:
            raise WrongFields(wrong)

    def values(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """What the form shows of a stored record."""
        shown = self.shown(row)
        values = {name: shown[name] for name in self.form.model_fields}
        return values | {name: json.loads(values[name] or "[]") for name in self.lists}


def find_keys_of(register: Register, columns: Mapping[str, Any]) -> dict[str, str]:
    """What searching compares: `find_key` of what is public, `office_find_key` of everything."""
    public = [columns.get(name) for name in ("name", "kana", "address")]
    office = [columns.get(name) for name in OFFICE_SEARCHED]
    whole = find_key(" ".join(text for text in [*public, *office] if text))
    if register.personal:
        return {"office_find_key": whole}
    return {
        "find_key": find_key(" ".join(text for text in public if text)),
        "office_find_key": whole,
    }


OFFICE_SEARCHED = ("building", "organization", "phone", "office_address", "contact_name")

REGISTERS: dict[str, Register] = {
    register.key: register
    for register in (
        Register("places", "通いの場", Place, PlaceForm, settle_place, place_values),
        Register("services", "生活支援サービス", Service, ServiceForm, settle_service),
        Register("supporters", "担い手", Supporter, SupporterForm, settle_supporter, personal=True),
        Register("organizations", "団体", Organization, OrganizationForm, settle_organization),
    )
}
BY_ENTITY = {register.entity: register for register in REGISTERS.values()}


def register_named(key: str) -> Register:
    """The register with this word in its address.

    Raises
    ------
    NoSuchRegister
    """
    if key not in REGISTERS:
        raise NoSuchRegister(f"「{key[:20]}」という台帳はありません。")
    return REGISTERS[key]
