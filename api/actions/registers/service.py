"""The form of a service (生活支援サービス), and what follows from it."""

from typing import Any

from api.actions.locating import Land
from api.actions.registers.fields import (
    Choice,
    Codes,
    Day,
    Line,
    Name,
    Note,
    Number,
    People,
    Phone,
    RecordForm,
    Url,
    WrongFields,
    YesNo,
    asked,
)
from api.actions.registers.place import OFFICE_ONLY, WHO
from api.models.kinds import SERVICE_KIND_LABELS
from api.store import frames

WHAT, HOW = "どんなサービスか", "使える人と量"
SERVICE_KINDS = {
    kind.value: f"{kind.group}｜{label}" for kind, label in SERVICE_KIND_LABELS.items()
}


class ServiceForm(RecordForm):
    """What people say of a service (生活支援サービス)."""

    name: Name = asked("名前", section=WHAT, default=...)
    kana: Line = asked("よみ", section=WHAT)
    kind: Choice = asked("種類", "choice", section=WHAT, choices=SERVICE_KINDS, default=...)
    areas: Codes = asked(
        "提供している圏域",
        "many",
        section=WHAT,
        choices="areas",
        hint="一つも選ばないと、市町村全体になります。",
        default=[],
    )
    organization: Line = asked("提供している団体", section=WHAT)
    organization_id: Number = asked(
        "団体の台帳から", "choice", section=WHAT, choices="organizations"
    )
    target: Line = asked("使える人（対象）", section=HOW)
    fee: Line = asked("費用", section=HOW)
    schedule_note: Line = asked("使える日時", section=HOW)
    transport: YesNo = asked("送迎", "yes_no", section=HOW)
    capacity_people: People = asked("1か月に受けられる人数", "number", section=HOW)
    monthly_users_people: People = asked("1か月の利用者数（庁内だけ）", "number", section=HOW)
    has_room: YesNo = asked(
        "空き",
        "yes_no",
        section=HOW,
        hint="受けられる人数と利用者数が分かれば、そこから決まります。",
    )
    opened_on: Day = asked("始まった日", "date", section=HOW)
    address: Line = asked("事務所の住所", section=WHO)
    phone: Phone = asked("電話（公開します）", "phone", section=WHO)
    url: Url = asked("ホームページ", "url", section=WHO)
    note: Note = asked("メモ（公開します）", "area", section=WHO)
    contact_name: Line = asked("連絡する人", section=OFFICE_ONLY)
    contact_phone: Phone = asked("その人の電話", "phone", section=OFFICE_ONLY)
    office_note: Note = asked("庁内メモ", "area", section=OFFICE_ONLY)


def settle_service(land: Land, values: dict[str, Any]) -> dict[str, Any]:
    """The columns of a service from its form: its office's town, and whether there is room.

    Raises
    ------
    WrongFields : an unknown kind or area.
    """
    if values["kind"] not in SERVICE_KINDS:
        raise WrongFields({"kind": "種類を選んでください。"})
    refuse_unknown_areas(land, values["areas"])
    columns = dict(values)
    capacity, users = values["capacity_people"], values["monthly_users_people"]
    if capacity is not None and users is not None:
        columns["has_room"] = users < capacity
    spot = land.find_address(values["address"]) if values["address"] else None
    return {
        **columns,
        **(frames.stored_point(spot.lon, spot.lat) if spot else frames.stored_point(None, None)),
        "town_id": spot.town_id if spot else None,
        "approximate": spot is not None,
    }


def refuse_unknown_areas(land: Land, areas: list[str]) -> None:
    """Raise `WrongFields` for codes that are no area of ours."""
    unknown = [code for code in areas if code not in land.area_names]
    if unknown:
        raise WrongFields({"areas": "圏域を選び直してください。"})
