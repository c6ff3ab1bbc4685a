"""Whom to credit (出典) for a file, told by the headers its publisher uses."""

from api.exchange.source import Source

PUBLISHERS: tuple[tuple[frozenset[str], str], ...] = (
    (frozenset({"N03_004"}), "国土数値情報（行政区域データ）"),
    (frozenset({"KEY_CODE", "S_NAME"}), "国勢調査 小地域（e-Stat）"),
    (frozenset({"大字町丁目名"}), "Geolonia 住所データ"),
    (frozenset({"pref", "city", "town", "koaza"}), "Geolonia 住所データ"),
)
"""Headers that only one publisher writes, and the name to show."""


def credit_of(source: Source, municipality: str) -> str:
    """The publisher's name to show beside figures; otherwise the municipality's own."""
    header = set(source.header)
    for marks, credit in PUBLISHERS:
        if marks <= header:
            return credit
    return municipality
