"""Show an edit conflict (同時の書き込み): both versions side by side, and what each one changed."""

import json
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from api.actions.locating import Land
from api.actions.save_record import EditConflict
from api.actions.show_form import FieldView, show_form
from api.actions.show_values import in_words
from api.store.visible import Viewer


@dataclass(frozen=True)
class Choice:
    """One field that differs: what it would be by either version."""

    field: FieldView
    yours: str
    theirs: str
    your_value: str
    their_value: str
    take_yours: bool


def show_conflict(
    session: Session, viewer: Viewer, land: Land, conflict: EditConflict, base: str
) -> dict[str, Any]:
    """What the page needs: the fields that differ, and those that are the same.

    `base` is the JSON of what the form showed when it was opened: a field only one of the two has
    changed since is taken from whoever changed it.
    """
    began = _values(base)
    yours, theirs = _plain(conflict.yours), _plain(conflict.theirs)
    choices, same = [], {}
    for section in show_form(session, viewer, land, conflict.register, conflict.yours):
        for field in section.fields:
            name = field.name
            if yours[name] == theirs[name]:
                same[name] = yours[name]
                continue
            choices.append(
                Choice(
                    field=field,
                    yours=in_words(field, conflict.yours[name]),
                    theirs=in_words(field, conflict.theirs[name]),
                    your_value=json.dumps(yours[name], ensure_ascii=False),
                    their_value=json.dumps(theirs[name], ensure_ascii=False),
                    take_yours=began.get(name, None) != yours[name],
                )
            )
    return {
        "record_id": conflict.record_id,
        "version": conflict.version,
        "choices": choices,
        "same": {name: json.dumps(value, ensure_ascii=False) for name, value in same.items()},
    }


def _values(base: str) -> dict[str, Any]:
    try:
        found = json.loads(base)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """Values as JSON holds them, so that both sides compare alike."""
    plain: dict[str, Any] = json.loads(json.dumps(values, ensure_ascii=False, default=str))
    return plain
