"""The form of a supporter (担い手). Personal data: no address, only the town."""

from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator

from api.actions.locating import Land
from api.actions.registers.fields import (
    Choice,
    Codes,
    Day,
    Line,
    Name,
    Note,
    Number,
    Phone,
    RecordForm,
    WrongFields,
    asked,
)
from api.actions.registers.service import refuse_unknown_areas
from api.models.kinds import SUPPORTER_SKILLS, SUPPORTER_STATUSES

WHO, WHAT, REACH = "だれ", "できること", "連絡先"


def _mail(text: str | None) -> str | None:
    if text is not None and not (0 < text.find("@") < len(text) - 3):
        raise ValueError("メールアドレスを確かめてください。")
    return text


def _days(value: object) -> object:
    """A list of checked days, or one text of them."""
    text = "".join(value) if isinstance(value, list) and all(map(_is_text, value)) else value
    if isinstance(text, str):
        return "".join(day for day in "月火水木金土日" if day in text) or None
    return text


def _is_text(value: object) -> bool:
    return isinstance(value, str)


Mail = Annotated[Line, AfterValidator(_mail)]
Weekdays = Annotated[str | None, BeforeValidator(_days)]


class SupporterForm(RecordForm):
    """What people say of themselves as supporters (担い手)."""

    name: Name = asked("名前", section=WHO, default=...)
    kana: Line = asked("よみ", section=WHO)
    status: Choice = asked(
        "状態", "choice", section=WHO, choices=SUPPORTER_STATUSES, default="active"
    )
    town_id: Number = asked(
        "住んでいる町",
        "choice",
        section=WHO,
        choices="towns",
        hint="番地は記録しません。地図では町の代表点に数えます。",
    )
    areas: Codes = asked("手伝える圏域", "many", section=WHO, choices="areas", default=[])
    registered_on: Day = asked("登録した日", "date", section=WHO)
    skills: Codes = asked("できること", "many", section=WHAT, choices=SUPPORTER_SKILLS, default=[])
    weekdays: Weekdays = asked("できる曜日", "weekdays", section=WHAT)
    hours: Line = asked("できる時間", section=WHAT, hint="例：午前、夕方の1時間")
    trainings: Note = asked(
        "受けた研修",
        "area",
        section=WHAT,
        hint="1行に一つ。例：2026-05-20 生活支援サポーター養成講座",
    )
    organization_id: Number = asked(
        "入っている団体", "choice", section=WHAT, choices="organizations"
    )
    phone: Phone = asked("電話", "phone", section=REACH)
    email: Mail = asked("メール", section=REACH)
    note: Note = asked("メモ", "area", section=REACH)


def settle_supporter(land: Land, values: dict[str, Any]) -> dict[str, Any]:
    """The columns of a supporter from the form.

    Raises
    ------
    WrongFields : an unknown town or area; or neither, so that nobody would be in charge.
    """
    refuse_unknown_areas(land, values["areas"])
    town = values["town_id"]
    if town is not None and town not in land.towns.index:
        raise WrongFields({"town_id": "町を選び直してください。"})
    if town is None and not values["areas"]:
        raise WrongFields({"town_id": "住んでいる町か、手伝える圏域を選んでください。"})
    return dict(values)
