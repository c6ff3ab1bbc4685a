"""What a form shows (入力画面): every field with its value, its choices, and what is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session

from api.actions.locating import Land
from api.actions.registers import Register
from api.actions.registers.fields import asked_how
from api.models import Organization
from api.store import frames
from api.store.visible import Viewer, visible


@dataclass(frozen=True)
class FieldView:
    """One field of a form."""

    name: str
    label: str
    widget: str
    hint: str
    value: Any
    choices: Mapping[str, str] = field(default_factory=dict)
    wrong: str = ""
    required: bool = False
    longest: int | None = None


@dataclass(frozen=True)
class SectionView:
    """Fields under one heading."""

    title: str
    fields: list[FieldView]


def show_form(
    session: Session,
    viewer: Viewer,
    land: Land,
    register: Register,
    values: Mapping[str, Any],
    wrong: Mapping[str, str] | None = None,
) -> list[SectionView]:
    """The form of a register with these values, section by section."""
    sections: dict[str, list[FieldView]] = {}
    lists = _Lists(session, viewer, land)
    for name, known in register.form.model_fields.items():
        how = asked_how(register.form, name)
        view = FieldView(
            name=name,
            label=known.title or name,
            widget=how["widget"],
            hint=how["hint"],
            value=values.get(name, known.get_default()),
            choices=lists.of(how["choices"]),
            wrong=(wrong or {}).get(name, ""),
            required=known.is_required(),
            longest=next((m.max_length for m in known.metadata if hasattr(m, "max_length")), None),
        )
        sections.setdefault(how["section"], []).append(view)
    return [SectionView(title, fields) for title, fields in sections.items()]


def empty_values(register: Register) -> dict[str, Any]:
    """What a form for a new record starts from."""
    fields = register.form.model_fields
    return {name: None if f.is_required() else f.get_default() for name, f in fields.items()}


@dataclass(frozen=True)
class _Lists:
    session: Session
    viewer: Viewer
    land: Land

    def of(self, choices: Mapping[str, str] | str | None) -> Mapping[str, str]:
        """Code → word: a fixed table, or the municipality's own areas, towns, organizations."""
        if choices is None:
            return {}
        if isinstance(choices, Mapping):
            return choices
        return {"areas": self._areas, "towns": self._towns, "organizations": self._organizations}[
            choices
        ]()

    def _areas(self) -> dict[str, str]:
        return self.land.area_names

    def _towns(self) -> dict[str, str]:
        return {str(number): str(name) for number, name in self.land.towns["name"].items()}

    def _organizations(self) -> dict[str, str]:
        rows = visible(Organization, self.viewer, self.land.tenant.code, only=["id", "name"])
        known = frames.read(self.session, rows).sort_values("name")
        return {str(row["id"]): row["name"] for _, row in frames.each(known)}
