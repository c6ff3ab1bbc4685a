"""Whom to credit (出典) for a file, told by the headers its publisher uses."""

from api.exchange.source import Source

OPENSTREETMAP = "© OpenStreetMap contributors（ODbL）"

PUBLISHERS: tuple[tuple[frozenset[str], str], ...] = (
    (frozenset({"N03_004"}), "国土数値情報（行政区域データ）"),
    (frozenset({"MESH_ID", "SHICODE"}), "国土数値情報（将来推計人口メッシュ）"),
    (frozenset({"KEY_CODE", "S_NAME"}), "国勢調査 小地域（e-Stat）"),
    (frozenset({"大字町丁目名"}), "Geolonia 住所データ"),
    (frozenset({"pref", "city", "town", "koaza"}), "Geolonia 住所データ"),
    (frozenset({"P29_004"}), "国土数値情報（学校データ）"),
    (frozenset({"P30_005"}), "国土数値情報（郵便局データ）"),
    (frozenset({"P11_001"}), "国土数値情報（バス停留所データ）"),
    (frozenset({"P04_002"}), "国土数値情報（医療機関データ）"),
    (frozenset({"P13_003"}), "国土数値情報（都市公園データ）"),
    (frozenset({"W05_004"}), "国土数値情報（河川データ）"),
    (frozenset({"N02_003"}), "国土数値情報（鉄道データ）"),
    (frozenset({"osm_id"}), OPENSTREETMAP),
)
"""Headers that only one publisher writes, and the name to show."""


def credit_of(source: Source, municipality: str) -> str:
    """The publisher's name to show beside figures; otherwise the municipality's own."""
    if source.is_osm:
        return OPENSTREETMAP
    header = set(source.header)
    for marks, credit in PUBLISHERS:
        if marks <= header:
            return credit
    return municipality
