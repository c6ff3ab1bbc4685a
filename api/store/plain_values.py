"""Column values as JSON holds them, and back: for the log, and for what waits to be published."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, DateTime, LargeBinary, Table


def plain(value: Any) -> Any:
    """A value as JSON holds it: bytes as hex, dates in ISO 8601."""
    if isinstance(value, bytes):
        return value.hex()
    return value.isoformat() if isinstance(value, date) else value


def typed(table: Table, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as the columns of `table` hold them; names that are no column now are left out."""
    return {
        name: _typed(table.c[name].type, value)
        for name, value in values.items()
        if name in table.columns
    }


def _typed(kind: object, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if isinstance(kind, LargeBinary):
        return bytes.fromhex(value)
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    is_moment = isinstance(getattr(kind, "impl", kind), DateTime)
    return datetime.fromisoformat(value) if is_moment else value


def to_text(values: Mapping[str, Any]) -> str:
    """Values as one JSON text."""
    return json.dumps({name: plain(value) for name, value in values.items()}, ensure_ascii=False)


def from_text(table: Table, text: str) -> dict[str, Any]:
    """The values of `to_text`, as the columns of `table` hold them."""
    return typed(table, json.loads(text))
