"""The date of a file's figures (調査日), where it is not a column."""

from datetime import date

from pandas import Series

from api.exchange.cells import plain
from api.exchange.dates import date_in_name, read_date
from api.exchange.reading import Desk


def survey_date_of(desk: Desk) -> date | None:
    """The one date of the figures: --set's, else the file name's (population_202602)."""
    said = desk.constants.get("survey_date")
    if said is None:
        return date_in_name(desk.source.path.stem)
    day = read_date(str(plain(Series([said], dtype=object)).iloc[0]))
    if day is None:
        raise desk.refuse(f"--set survey_date の「{said}」は日付ではありません（例: 2026-02-01）。")
    return day
