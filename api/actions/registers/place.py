"""The form of a place (通いの場), and what follows from it."""

from collections.abc import Mapping
from typing import Any

from api.actions.locating import Land, Spot
from api.actions.registers.fields import (
    Choice,
    Codes,
    Day,
    Latitude,
    Line,
    Longitude,
    Name,
    Note,
    Number,
    People,
    Phone,
    RecordForm,
    Schedule,
    Url,
    WrongFields,
    YesNo,
    asked,
)
from api.exchange.schedules import (
    ImpossibleSchedule,
    from_json,
    hours,
    schedule_of,
    to_json,
    weekday_letters,
)
from api.models.kinds import AUDIENCES, LOCATION_KINDS, PLACE_FUNCTIONS, PLACE_KIND_LABELS
from api.store import frames
from web.words import kilometres

WHAT, WHEN, WHERE, WHO = "どんな場か", "いつ", "どこ", "連絡先"
OFFICE_ONLY = "庁内だけ（公開しません）"


class PlaceForm(RecordForm):
    """What people say of a place (通いの場・拠点)."""

    name: Name = asked("名前", section=WHAT, default=...)
    kana: Line = asked("よみ", section=WHAT, hint="ひらがなかカタカナで。一覧はこの順に並びます。")
    kind: Choice = asked(
        "種類",
        "choice",
        section=WHAT,
        choices={kind.value: label for kind, label in PLACE_KIND_LABELS.items()},
        default="other",
    )
    functions: Codes = asked(
        "できること", "many", section=WHAT, choices=PLACE_FUNCTIONS, default=[]
    )
    audience: Choice = asked("主な参加者", "choice", section=WHAT, choices=AUDIENCES)
    informal: bool = asked(
        "なじみの場（事業ではなく、人が自然に集まるところ）",
        "check",
        section=WHAT,
        hint="空白の地図では、選んだときだけ数えます。",
        default=False,
    )
    schedule: Schedule = asked("集まる日", "schedule", section=WHEN)
    schedule_note: Line = asked("日時の補足", section=WHEN)
    opened_on: Day = asked("始まった日", "date", section=WHEN)
    lon: Longitude = asked("経度", "position", section=WHERE)
    lat: Latitude = asked("緯度", "position", section=WHERE)
    address: Line = asked("住所", "address", section=WHERE)
    building: Line = asked("建物・部屋", section=WHERE)
    location_kind: Choice = asked(
        "位置の公開", "choice", section=WHERE, choices=LOCATION_KINDS, default="point"
    )
    accessibility: Line = asked("設備（段差、トイレ、駐車場など）", section=WHERE)
    transport: YesNo = asked("送迎", "yes_no", section=WHERE)
    organization: Line = asked("運営している人・団体", section=WHO)
    organization_id: Number = asked(
        "団体の台帳から", "choice", section=WHO, choices="organizations"
    )
    phone: Phone = asked("電話（公開します）", "phone", section=WHO)
    url: Url = asked("ホームページ", "url", section=WHO)
    fee: Line = asked("費用", section=WHO)
    capacity_people: People = asked("定員（人）", "number", section=WHO)
    participants_people: People = asked("ふだんの参加者（人）", "number", section=WHO)
    note: Note = asked("メモ（公開します）", "area", section=WHO)
    contact_name: Line = asked("連絡する人", section=OFFICE_ONLY)
    contact_phone: Phone = asked("その人の電話", "phone", section=OFFICE_ONLY)
    office_note: Note = asked("庁内メモ", "area", section=OFFICE_ONLY)


def settle_place(land: Land, values: dict[str, Any]) -> dict[str, Any]:
    """The columns of a place from its form: point, town, days and hours follow.

    Raises
    ------
    WrongFields : it is nowhere, outside the municipality, or its schedule is impossible.
    """
    columns = dict(values)
    lon, lat, address = columns.pop("lon"), columns.pop("lat"), columns["address"]
    spot = spot_of(land, lon, lat, address)
    columns |= _schedule_columns(columns["schedule"])
    columns |= _public_position(columns["location_kind"], spot, address)
    if columns["location_kind"] != "point":
        columns["building"] = None
    return columns


def spot_of(land: Land, lon: float | None, lat: float | None, address: str | None) -> Spot:
    """The point that was put, else the point of the town the address names (おおよそ).

    Raises
    ------
    WrongFields
    """
    if (lon is None) != (lat is None):
        raise WrongFields({"lon": "経度と緯度は両方入れてください。"})
    if lon is not None and lat is not None:
        spot: Spot | None = land.spot(lon, lat)
    elif address:
        spot = land.find_address(address)
    else:
        raise WrongFields({"address": "住所を入れるか、地図で場所を示してください。"})
    if spot is None:
        raise WrongFields({"address": "この住所の町が見つかりません。地図で場所を示してください。"})
    if spot.outside_m:
        raise WrongFields(
            {
                "lon": f"{land.tenant.name}から {kilometres(spot.outside_m)} 離れています。"
                "場所を確かめてください。"
            }
        )
    return spot


def _public_position(kind: str | None, spot: Spot, address: str | None) -> dict[str, Any]:
    """What the public learns of where it is; the rest goes to the office's columns."""
    if kind == "point":
        return {
            **frames.stored_point(spot.lon, spot.lat),
            "town_id": spot.town_id,
            "approximate": spot.approximate,
            "address": address,
            "public_area": None,
            "office_address": None,
            "office_lon": None,
            "office_lat": None,
        }
    return {
        **dict.fromkeys(("wkb", *frames.BBOX, "town_id", "address")),
        "approximate": spot.approximate,
        "public_area": spot.area_code if kind == "area" else None,
        "office_address": address,
        "office_lon": spot.lon,
        "office_lat": spot.lat,
    }


def _schedule_columns(text: str | None) -> dict[str, Any]:
    """Days and hours the map filters by, as far as the schedule says them."""
    if not text:
        return dict.fromkeys(("schedule", "weekdays", "opens_at", "closes_at"))
    try:
        schedule = from_json(text)
    except ImpossibleSchedule as wrong:
        raise WrongFields({"schedule": str(wrong)}) from wrong
    opens_at, closes_at = hours(schedule) or (None, None)
    return {
        "schedule": to_json(schedule),
        "weekdays": weekday_letters(schedule),
        "opens_at": opens_at,
        "closes_at": closes_at,
    }


def place_values(row: Mapping[str, Any]) -> dict[str, Any]:
    """What the form shows of a stored place."""
    hidden = row["location_kind"] != "point"
    lon, lat = ("office_lon", "office_lat") if hidden else ("min_lon", "min_lat")
    schedule = row["schedule"] or _schedule_of_columns(row)
    # Days nobody is shown are not erased by saving what was shown.
    unseen = {} if schedule else dict.fromkeys(("weekdays", "opens_at", "closes_at"))
    return {
        **row,
        **unseen,
        "lon": row[lon],
        "lat": row[lat],
        "address": row["office_address"] if hidden else row["address"],
        "schedule": schedule,
    }


def _schedule_of_columns(row: Mapping[str, Any]) -> str | None:
    """The days and hours a file brought, as a schedule to go on from.

    Beside a remark they may not be every week (年末年始休み, 隔週): nothing is promised.
    """
    if not row["weekdays"] or row["schedule_note"]:
        return None
    sitting = {name: row[name] for name in ("weekdays", "opens_at", "closes_at")}
    try:
        return to_json(schedule_of({"sittings": [sitting]}))
    except ImpossibleSchedule:
        return to_json(schedule_of({"sittings": [{"weekdays": row["weekdays"]}]}))
