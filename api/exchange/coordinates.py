"""Latitude and longitude as people write them, and the ways they go wrong."""

import re
from typing import Literal

import numpy as np
from pandas import DataFrame, Series

from api.exchange.cells import each_distinct, is_unknown, plain, written

LATITUDES = (20.0, 46.0)
LONGITUDES = (122.0, 154.0)
RANGES = "緯度は20〜46、経度は122〜154"

DECIMAL = re.compile(r"[+-]?\d+(?:\.\d*)?")
DEGREES = re.compile(
    r"(\d{1,3})(?:[°度:]|\s)\s*(\d{1,2})(?:['′’分:]|\s)\s*(\d{1,2}(?:\.\d*)?)?\s*(?:[\"″”秒]|'')?"
)
DOTTED = re.compile(r"(\d{2,3})\.(\d{1,2})\.(\d{1,2}(?:\.\d+)?)")
PACKED = re.compile(r"(\d{2,3})([0-5]\d)([0-5]\d(?:\.\d+)?)")
HEADING = re.compile(r"^(?:北緯|東経|[ne])\s*|\s*[ne]$")


def read_angle(text: str) -> float | None:
    """Degrees from NFKC text: 34.34, 34°20′35″, 34度20分35秒, 34.20.35, 342035; else None."""
    text = HEADING.sub("", text.lower().replace("″", '"').replace("′", "'")).strip()
    if DECIMAL.fullmatch(text) and abs(float(text)) < 1000:
        return float(text)
    for form in (DEGREES, DOTTED, PACKED):
        if found := form.fullmatch(text):
            minutes, seconds = int(found[2]), float(found[3] or 0)
            return int(found[1]) + minutes / 60 + seconds / 3600 if minutes < 60 else None
    return None


def angles(cells: Series) -> tuple[Series, Series]:
    """Degrees as float, NaN where blank or unknown, and a mask of what is no angle."""
    texts = plain(cells.map(lambda c: repr(c) if type(c) is float else written(c)))
    read = each_distinct(texts, lambda t: np.nan if is_unknown(t) else read_angle(t))
    return read.astype(float), texts.notna() & read.map(lambda v: v is None)


PAIR = re.compile(r"[(\s]*(.*?)\s*[,、;/\s]\s*(.*?)[)\s]*")


def pairs(cells: Series, order: Literal["latlon", "lonlat"]) -> tuple[DataFrame, Series]:
    """Both coordinates from one cell ("34.342,134.055"); a lone comma is a blank."""
    texts = plain(cells)
    texts = texts.mask(texts.str.fullmatch(r"[,、;/\s-]*"))

    def both(text: str) -> tuple[float, float] | None:
        found = PAIR.fullmatch(text)
        first = read_angle(found[1]) if found else None
        second = read_angle(found[2]) if found else None
        return None if first is None or second is None else (first, second)

    read = each_distinct(texts, both)
    values = [pair or (np.nan, np.nan) for pair in read]
    columns = ["lat", "lon"] if order == "latlon" else ["lon", "lat"]
    return DataFrame(values, index=cells.index, columns=columns), texts.notna() & read.isna()


def faults(lon: Series, lat: Series) -> Series:
    """What is wrong with each point, as a Japanese sentence; NA where nothing is."""
    said = Series(None, index=lon.index, dtype=object)
    both = lon.notna() & lat.notna()
    outside = both & ~(lat.between(*LATITUDES) & lon.between(*LONGITUDES))
    said[outside] = f"日本の外の位置です（{RANGES}のはずです）。度の小数か度分秒で入れてください。"
    swapped = both & lat.between(*LONGITUDES) & lon.between(*LATITUDES)
    said[swapped] = f"緯度と経度が入れ替わっているようです（{RANGES}）。"
    said[both & (lon == 0) & (lat == 0)] = (
        "緯度・経度が (0, 0) です。わからないときは空欄にしてください。"
    )
    said[lat.isna() & lon.notna()] = (
        "経度だけがあって、緯度がありません。両方入れるか、両方空欄にしてください。"
    )
    said[lon.isna() & lat.notna()] = (
        "緯度だけがあって、経度がありません。両方入れるか、両方空欄にしてください。"
    )
    return said
