"""Kinds of landmarks (目印の種類) from what a file says: a word, tags, its publisher, a name."""

import re

import pandas as pd
from pandas import DataFrame, Series

from api.exchange.cells import each_distinct, plain, tidy
from api.exchange.osm_tags import KINDS_BY_VALUE, LANDMARK_KEYS, landmark_kind
from api.models.landmark_kinds import LANDMARK_KINDS

_WORDS: dict[str, str] = {
    "駅": "鉄道駅 電停",
    "役所": "市役所 区役所 町役場 村役場 役場 支所 出張所 市民センター支所",
    "学校": "小学校 中学校 高校 高等学校 小中学校 大学 短期大学 高専 専修学校 特別支援学校 "
    "義務教育学校 中等教育学校",
    "保育園・幼稚園": "保育園 保育所 幼稚園 こども園 認定こども園",
    "バス停": "バス停留所 停留所 バス",
    "神社": "神宮 社",
    "寺": "寺院 お寺",
    "スーパー": "スーパーマーケット",
    "コンビニ": "コンビニエンスストア",
    "店": "商店 店舗 百貨店 デパート 商業施設 ショッピングセンター ドラッグストア ホームセンター",
    "病院": "医療機関 総合病院",
    "診療所": "医院 クリニック",
    "交番・警察": "交番 警察 警察署 駐在所",
    "消防": "消防署 消防団 消防施設",
    "公共施設": "公民館 集会所 コミュニティセンター 交流センター 文化施設 体育館 福祉会館",
    "公園": "都市公園 緑地 広場",
    "水面": "池 ため池 湖沼 湖 海 海面 水域",
    "川": "河川 水路",
    "海岸線": "海岸",
    "鉄道": "線路 鉄道路線",
    "山林": "森林 森 林",
    "温泉": "銭湯 公衆浴場 温泉・銭湯",
    "港": "漁港 港湾",
    "橋": "橋梁",
}
_BY_WORD: dict[str, str] = {
    **KINDS_BY_VALUE,
    **{word: label for label, words in _WORDS.items() for word in words.split()},
    **{label: label for label in LANDMARK_KINDS},
}

# In the order they are tried: 〇〇小学校前 is a bus stop only where the file says so.
_NAMES: dict[str, str] = {
    "道の駅": "^道の駅",
    "保育園・幼稚園": "(?:保育園|保育所|幼稚園|こども園)$",
    "学校": "(?:小学校|中学校|高等学校|高校|学校|学園|大学|分校)$",
    "駅": ".駅$",
    "病院": "病院",
    "診療所": "(?:診療所|医院|クリニック)$",
    "郵便局": "郵便局$",
    "交番・警察": "(?:交番|駐在所|警察署)$",
    "消防": "消防(?:署|団|局|屯所|分署|出張所)",
    "図書館": "図書館",
    "役所": "(?:市役所|区役所|役場|支所|出張所|総合センター)$",
    "神社": "(?:神社|八幡宮|天満宮|大社|神宮|稲荷|宮)$",
    "寺": ".寺$",
    "公共施設": (
        "公民館|コミュニティ|市民センター|文化センター|福祉センター|総合福祉|保健センター|"
        "交流センター|交流館|連絡所|体育館|会館|ホール$|いこいの家|憩いの家|集会所|資料館|美術館|博物館"
    ),
    "公園": "(?:公園|緑地)$",
    "温泉": "温泉|の湯$",
    "橋": ".橋$",
}
_BY_NAME = {label: re.compile(pattern) for label, pattern in _NAMES.items()}

_PUBLISHED: dict[str, str] = {
    "P29_004": "学校",
    "P30_005": "郵便局",
    "P11_001": "バス停",
    "P13_003": "公園",
    "W05_004": "川",
    "N02_005": "駅",
    "N02_003": "鉄道",
    "P04_002": "診療所",
}
"""Columns of 国土数値情報 that say what the whole file is."""
HOSPITALS = ("P04_001", "1")
"""Where 医療機関データ tells hospitals from clinics."""


def kinds_of(said: Series, names: Series, cells: DataFrame) -> Series:
    """The kind of every row; where nothing is known of it, the file's own word.

    `said`: what its column of kinds says; `cells`: all columns of the file, by its own headers.
    """
    kinds = each_distinct(plain(said), _by_word).astype("str")
    tags = cells[[key for key in LANDMARK_KEYS if key in cells]]
    if len(tags.columns):
        kinds = kinds.fillna(landmark_kind(tags.apply(tidy)))
    kinds = kinds.fillna(_as_published(cells))
    kinds = kinds.fillna(each_distinct(plain(names), _by_name).astype("str"))
    return kinds.fillna(said)


def _by_word(text: str) -> str | None:
    return _BY_WORD.get(text) or _BY_WORD.get(text.lower())


def _by_name(name: str) -> str | None:
    return next((label for label, found in _BY_NAME.items() if found.search(name)), None)


def _as_published(cells: DataFrame) -> Series:
    kinds = Series(None, index=cells.index, dtype="str")
    label = next((kind for mark, kind in _PUBLISHED.items() if mark in cells), None)
    if label is None:
        return kinds
    kinds[:] = label
    column, code = HOSPITALS
    if column in cells:
        kinds = kinds.mask(pd.Series(plain(cells[column]) == code, index=cells.index), "病院")
    return kinds
