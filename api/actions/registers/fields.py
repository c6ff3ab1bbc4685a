"""Fields of the registry's forms: one definition for the form, its checks, and the API.

A record's form is a pydantic model. Each field says how it is asked (`widget`), under which heading
(`section`), and from what it is chosen; what is wrong with a value is told in Japanese here.
"""

import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
)
from pydantic_core import ErrorDetails

LONGEST_NAME, LONGEST_LINE, LONGEST_NOTE = 100, 200, 2000
LONGEST_SAID, LONGEST_PERSON = 1000, 60
"""What anybody may send without an account is kept shorter."""
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)


class WrongFields(ValueError):
    """A form cannot be saved as it is: what is wrong, by field, in words for whoever filled it in.

    `NOTHING` is the key of what is wrong with the form as a whole.
    """

    NOTHING = ""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = dict(problems)


class RecordForm(BaseModel):
    """What every form shares."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


def asked(
    title: str,
    widget: str = "text",
    *,
    section: str,
    hint: str = "",
    choices: Mapping[str, str] | str | None = None,
    default: Any = None,
    **limits: Any,
) -> Any:
    """A field as people are asked for it. `choices`: code → word, or the name of a list of them."""
    extra: Any = {"widget": widget, "section": section, "hint": hint, "choices": choices}
    return Field(default=default, title=title, json_schema_extra=extra, **limits)


def asked_how(form: type[RecordForm], name: str) -> Mapping[str, Any]:
    """How a field is asked for: widget, section, hint, choices."""
    extra: Any = form.model_fields[name].json_schema_extra
    return extra  # type: ignore[no-any-return]


def choices_of(form: type[RecordForm], name: str) -> Mapping[str, str] | str | None:
    """What a field is chosen from: code → word, or the name of a list; None: anything."""
    found: Mapping[str, str] | str | None = asked_how(form, name)["choices"]
    return found


def _nothing(value: Any) -> Any:
    """An empty field says nothing, rather than an empty text."""
    if isinstance(value, str):
        value = value.strip()
    return None if value == "" else value


UNSEEN = frozenset("\u115f\u1160\u3164\uffa0")
"""Letters of Hangul that fill a space and show nothing."""


def _printable(text: str | None) -> str | None:
    """Text without what no keyboard types, nobody sees and no PDF can hold.

    That is control characters, marks that turn the direction of writing, and letters without ink.
    """
    if text is None:
        return None
    kept = (c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    return "".join(c for c in kept if c not in UNSEEN)


def _visible(value: Any) -> Any:
    return (_printable(value) or "").strip() if isinstance(value, str) else value


def _half_width(value: Any) -> Any:
    """１２ is 12, and 1,200人 is 1200."""
    if not isinstance(value, str):
        return value
    plain = unicodedata.normalize("NFKC", value).replace(",", "").strip()
    return plain.removesuffix("人").removesuffix("名").strip()


def _web_address(text: str | None) -> str | None:
    if text is None or text.startswith(("https://", "http://")):
        return text
    raise ValueError("ホームページの番地は https:// か http:// で始めてください。")


def _phone(text: str | None) -> str | None:
    if text is None:
        return None
    plain = unicodedata.normalize("NFKC", text)
    if sum(c.isdigit() for c in plain) < 6:
        raise ValueError("電話番号を市外局番から入れてください。")
    return plain


def _in_sight(day: date | None) -> date | None:
    if day is not None and not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError("日付の年を確かめてください。")
    return day


def _text(longest: int, *checks: Any) -> Any:
    """Text or nothing, of at most so many characters."""
    short = Annotated[str, Field(max_length=longest)]
    return Annotated[short | None, BeforeValidator(_nothing), AfterValidator(_printable), *checks]


def _number(least: int, most: int) -> Any:
    whole = Annotated[int, Field(ge=least, le=most)]
    return Annotated[whole | None, BeforeValidator(_nothing), BeforeValidator(_half_width)]


def _degrees(most: float) -> Any:
    inside = Annotated[float, Field(ge=-most, le=most, allow_inf_nan=False)]
    return Annotated[inside | None, BeforeValidator(_nothing)]


if TYPE_CHECKING:  # a checker cannot call functions to learn a type
    Line: TypeAlias = str | None
    Note: TypeAlias = str | None
    Said: TypeAlias = str | None
    Person: TypeAlias = str | None
    Phone: TypeAlias = str | None
    Url: TypeAlias = str | None
    Choice: TypeAlias = str | None
    Schedule: TypeAlias = str | None
    People: TypeAlias = int | None
    Number: TypeAlias = int | None
    Longitude: TypeAlias = float | None
    Latitude: TypeAlias = float | None
else:
    Line = _text(LONGEST_LINE)
    Note = _text(LONGEST_NOTE)
    Said = _text(LONGEST_SAID)
    Person = _text(LONGEST_PERSON)
    Phone = _text(60, AfterValidator(_phone))
    Url = _text(500, AfterValidator(_web_address))
    Choice = _text(60)
    Schedule = _text(20_000)
    People = _number(0, 1_000_000)
    Number = _number(1, 2**31 - 1)
    Longitude = _degrees(180)
    Latitude = _degrees(90)
Name = Annotated[
    Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)], BeforeValidator(_visible)
]
Day = Annotated[date | None, BeforeValidator(_nothing), AfterValidator(_in_sight)]
YesNo = Annotated[bool | None, BeforeValidator(_nothing)]
Codes = Annotated[list[Annotated[str, Field(max_length=60)]], Field(max_length=200)]

WORDS: dict[str, str] = {
    "missing": "入れてください。",
    "string_too_short": "入れてください。",
    "string_too_long": "{max_length}文字までにしてください。",
    "string_type": "文字で入れてください。",
    "int_parsing": "数字で入れてください。",
    "int_type": "数字で入れてください。",
    "int_from_float": "小数のない数で入れてください。",
    "float_parsing": "数字で入れてください。",
    "finite_number": "数字で入れてください。",
    "greater_than_equal": "{ge} 以上にしてください。",
    "less_than_equal": "{le} 以下にしてください。",
    "date_from_datetime_parsing": "日付を 2026-04-01 の形で入れてください。",
    "date_parsing": "日付を 2026-04-01 の形で入れてください。",
    "date_type": "日付を 2026-04-01 の形で入れてください。",
    "bool_parsing": "あり・なしから選んでください。",
    "extra_forbidden": "知らない項目です。",
}


FormType = TypeVar("FormType", bound=RecordForm)


def read(form: type[FormType], raw: Mapping[str, Any]) -> FormType:
    """Check what was sent; raises `WrongFields`."""
    try:
        return form.model_validate(dict(raw))
    except ValidationError as wrong:
        raise WrongFields(
            {
                str(error["loc"][0] if error["loc"] else ""): in_words(error)
                for error in wrong.errors()
            }
        ) from wrong


def in_words(error: ErrorDetails) -> str:
    """What is wrong with one value, in Japanese."""
    if error["type"] == "value_error":
        return str(error.get("ctx", {}).get("error", error["msg"]))
    words = WORDS.get(error["type"], "読めません。入れ直してください。")
    return words.format(**error.get("ctx", {}))
