"""JSON as it leaves: compact, Japanese as it is, and never NaN."""

import json
from typing import Any


def json_text(value: Any) -> str:
    """The value as JSON; raises ValueError on NaN, which is no JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
