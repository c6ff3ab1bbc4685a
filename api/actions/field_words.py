"""What columns are called and how their values read (項目の言葉): for histories and differences."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import shapely
from pyproj import Geod
from shapely import Point

from api.actions.locating import Land
from api.actions.show_form import FieldView, SectionView
from api.actions.show_values import NOTHING, words_of
from api.models.kinds import STATES
from web.words import metres

GEOD = Geod(ellps="GRS80")

MORE_LABELS: dict[str, tuple[str, str]] = {
    "state": ("公開", "choice"),
    "closed_on": ("終了の日", "date"),
    "confirmed_on": ("確認日", "date"),
    "confirmed_by": ("確認した人", "text"),
    "public_area": ("公開する圏域", "choice"),
    "external_id": ("提供元のID", "text"),
}
"""Columns no form asks for; the others without a label follow from those that have one."""
POSITION = "位置"
POSITION_COLUMNS = frozenset({"wkb", "office_lon", "office_lat"})
ADDRESS_COLUMNS = frozenset({"office_address"})


RELATED: dict[str, dict[str, tuple[str, str]]] = {
    "pause": {
        "valid_from": ("休止の始まる日", "date"),
        "valid_to": ("休止の終わりの日", "date"),
        "reason": ("休止の理由", "text"),
        "restart_contact": ("再開の相談をする人", "text"),
    },
    "photo": {"caption": ("写真に写っているもの", "text"), "state": ("写真の公開", "choice")},
    "badge": {
        "valid_from": ("バッジの始まる日", "date"),
        "valid_to": ("バッジの終わりの日", "date"),
    },
    "proposal": {"remark": ("差し戻しの言葉", "text")},
}
"""What hangs on a record and is told in its history; who is posted there is not: people."""


@dataclass(frozen=True)
class Difference:
    """One field before and after."""

    label: str
    before: str
    after: str


def differences(
    sections: list[SectionView], land: Land, before: Mapping[str, Any], after: Mapping[str, Any]
) -> list[Difference]:
    """What changed between two sets of stored columns, in the order of the form.

    A position is told by area, town and coordinates, and how far it has moved.
    """
    fields = {field.name: field for section in sections for field in section.fields}
    changed = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    found = [
        _difference(fields[name], before.get(name), after.get(name))
        for name in fields
        if name in changed
    ]
    if changed & ADDRESS_COLUMNS:
        found.append(_plain("住所（庁内だけ）", before, after, "office_address"))
    if changed & POSITION_COLUMNS:
        found.append(_moved(land, before, after))
    for name, (label, widget) in MORE_LABELS.items():
        if name in changed:
            choices = land.area_names if name == "public_area" else STATES
            told = [words_of(widget, choices, values.get(name)) for values in (before, after)]
            found.append(Difference(label, *told))
    return [each for each in found if each.before != each.after]  # an empty list says nothing


def related_differences(
    entity: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> list[Difference]:
    """What changed in something that hangs on the record; nothing for other entities."""
    found = []
    for name, (label, widget) in RELATED.get(entity, {}).items():
        if before.get(name) != after.get(name):
            choices = STATES if name == "state" else {}
            told = [words_of(widget, choices, values.get(name)) for values in (before, after)]
            found.append(Difference(label, *told))
    return found


def _difference(field: FieldView, before: Any, after: Any) -> Difference:
    told = [words_of(field.widget, field.choices, value) for value in (before, after)]
    return Difference(field.label, *told)


def _plain(
    label: str, before: Mapping[str, Any], after: Mapping[str, Any], name: str
) -> Difference:
    return Difference(label, before.get(name) or NOTHING, after.get(name) or NOTHING)


def _moved(land: Land, before: Mapping[str, Any], after: Mapping[str, Any]) -> Difference:
    """Where it was and where it is; in the public columns, or in the office's."""
    old, new = _point(before), _point(after)
    told = [NOTHING if point is None else _where(land, point) for point in (old, new)]
    if old is not None and new is not None and old != new:
        *_, metres_apart = GEOD.inv(old.x, old.y, new.x, new.y)
        told[1] += f"　{metres(metres_apart)} 動きました"
    return Difference(POSITION, *told)


def _point(values: Mapping[str, Any]) -> Point | None:
    shape, lon, lat = (values.get(name) for name in ("wkb", "office_lon", "office_lat"))
    if shape is not None:
        found = shapely.from_wkb(shape)  # bytes, or hex as the log holds them
        return found if isinstance(found, Point) else found.representative_point()
    return Point(lon, lat) if lon is not None and lat is not None else None


def _where(land: Land, point: Point) -> str:
    spot = land.spot(point.x, point.y)
    names = filter(None, (spot.area or "圏域なし", spot.town))
    return f"{'・'.join(names)}（緯度 {point.y:.5f}、経度 {point.x:.5f}）"


DEEDS: dict[str, str] = {
    "add": "追加",
    "edit": "変更",
    "draft": "下書き",
    "submit": "提出",
    "publish": "公開",
    "return": "差し戻し",
    "confirm": "確認",
    "close": "終了",
    "reopen": "再開",
    "pause": "休止",
    "photo": "写真",
    "posting": "配置",
    "contact": "活動",
    "import": "取り込み",
    "undo": "取り消し",
    "undo-import": "取り込みの取り消し",
    "account": "アカウント",
    "assign": "担当",
    "training": "研修",
    "settings": "設定",
    "handout": "配った紙",
    "voice": "住民の声",
    "slip": "用紙の書き写し",
    "answer": "声への答え",
    "erase": "求めによる消去",
    "plan": "計画案",
    "founding": "立上げ",
}
"""What somebody did, in a word."""
ENTITIES: dict[str, str] = {
    "municipality": "境界",
    "town": "町",
    "area": "圏域",
    "areascheme": "区域区分",
    "areatown": "町の所属",
    "population": "人口",
    "road": "道路",
    "landmark": "目印",
    "place": "通いの場",
    "service": "生活支援サービス",
    "supporter": "担い手",
    "organization": "団体",
    "proposal": "改訂案",
    "candidate": "候補地",
    "founding": "立上げ",
    "scenario": "計画案",
    "projection": "将来推計人口",
    "photo": "写真",
    "pause": "休止",
    "posting": "配置",
    "badge": "バッジ",
    "activity": "活動",
    "assignment": "担当",
    "training": "研修",
    "account": "アカウント",
    "handout": "配った紙",
    "suggestion": "住民の声",
    "reply": "声への返事",
    "need": "困りごと",
}

ACTORS: dict[str, str] = {"cli": "コマンド", "demo": "見本の用意", "resident": "住民"}
"""Who does something without an account."""
