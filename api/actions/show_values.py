"""Values of the registry in words (値を言葉で): for histories, differences and conflicts."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from api.actions.show_form import FieldView
from api.exchange.schedule_words import in_words as schedule_in_words
from api.exchange.schedules import ImpossibleSchedule, from_json
from web.words import wareki

NOTHING = "（なし）"


def in_words(field: FieldView, value: Any) -> str:
    """One value of a field as people read it."""
    return words_of(field.widget, field.choices, value)


def words_of(widget: str, choices: Mapping[str, str], value: Any) -> str:
    """A value by how its field is asked for."""
    if value is None or value == "" or value == []:
        return NOTHING
    if isinstance(value, bool):
        return ("はい" if value else "いいえ") if widget == "check" else "あり" if value else "なし"
    if widget == "schedule":
        return _schedule(str(value))
    if widget == "date":
        return _day(str(value))
    if widget == "many" and isinstance(value, str):  # as it is stored
        value = json.loads(value)
    if isinstance(value, list):
        return "・".join(choices.get(str(code), str(code)) for code in value)
    return choices.get(str(value), str(value))


def _day(text: str) -> str:
    """A date as people read it; what was typed and is none stays as it is."""
    try:
        return wareki(date.fromisoformat(text[:10]))
    except ValueError:
        return text


def _schedule(text: str) -> str:
    try:
        return schedule_in_words(from_json(text))
    except ImpossibleSchedule:
        return text
