"""Schedules: what they allow, which days they name, how they are said, read and exported."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import shapes  # noqa: F401 - loads the patient profile of Hypothesis
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from api.exchange.schedule_dates import dates_between, national_holidays, next_dates
from api.exchange.schedule_reading import read_schedule
from api.exchange.schedule_rules import rrules
from api.exchange.schedule_words import in_words
from api.exchange.schedules import (
    ImpossibleSchedule,
    Schedule,
    Sitting,
    complaints,
    from_json,
    hours,
    schedule_of,
    to_json,
    weekday_letters,
)
from api.exchange.weekdays import WEEK

TODAY = date(2026, 4, 1)  # a Wednesday
TWICE_A_MONTH = Schedule(
    sittings=(Sitting(weekdays="水", weeks=(2, 4), opens_at="10:00", closes_at="11:30"),),
    holidays_off=True,
    months_off=(8,),
)


def weekly(weekdays: str, **more: Any) -> Schedule:
    return Schedule(sittings=(Sitting(weekdays=weekdays),), **more)


def read(text: str) -> Schedule:
    schedule = read_schedule(text)
    assert schedule is not None
    return schedule


clocks = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59))
spans = st.tuples(st.none() | clocks, st.none() | clocks | st.just("24:00")).filter(
    lambda span: span[0] is None or span[1] is None or span[0] < span[1]
)
letters = st.sets(st.sampled_from(WEEK), min_size=1).map(lambda days: "".join(sorted(days)))
days_2026_on = st.dates(date(2026, 1, 1), date(2029, 12, 31))


@st.composite
def sittings(draw: st.DrawFn) -> Sitting:
    kind = draw(st.sampled_from(("weekly", "nth", "month", "cycle")))
    opens_at, closes_at = draw(spans)
    values: dict[str, Any] = {"opens_at": opens_at, "closes_at": closes_at}
    if kind == "month":
        return Sitting(month_days=tuple(draw(st.sets(st.integers(1, 31), min_size=1))), **values)
    if kind == "nth":
        weeks = st.sets(st.sampled_from((1, 2, 3, 4, 5, -1)), min_size=1)
        values["weeks"] = tuple(draw(weeks))
    if kind == "cycle":
        values |= {"every_weeks": draw(st.integers(2, 12)), "starts_on": draw(days_2026_on)}
    return Sitting(weekdays=draw(letters), **values)


regular = st.builds(
    Schedule,
    sittings=st.lists(sittings(), min_size=1, max_size=4).map(tuple),
    holidays_off=st.booleans(),
    months_off=st.sets(st.integers(1, 12)).map(tuple),
)


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    rule = draw(regular)
    off = draw(st.sets(days_2026_on, max_size=4))
    extra = draw(st.sets(days_2026_on, max_size=4)) - off
    return rule.model_copy(
        update={"dates_off": tuple(sorted(off)), "extra_dates": tuple(sorted(extra))}
    )


# What is allowed


def test_days_come_out_in_the_order_of_the_week_and_each_once() -> None:
    sitting = Sitting(weekdays="金火火", weeks=(-1, 3, 1, 3))
    assert (sitting.weekdays, sitting.weeks) == ("火金", (1, 3, -1))


def test_the_same_sitting_twice_is_one() -> None:
    assert weekly("火") == Schedule(sittings=(Sitting(weekdays="火"), Sitting(weekdays="火")))


@pytest.mark.parametrize(
    ("written", "kept"),
    [("9:00", "09:00"), ("１０時半", "10:30"), ("", None), (" ", None), ("24:00", "24:00")],
)
def test_times_are_read_as_people_type_them(written: str, kept: str | None) -> None:
    assert Sitting(weekdays="火", closes_at=written).closes_at == kept


@pytest.mark.parametrize(
    ("sitting", "told"),
    [
        ({}, "曜日か、毎月の何日かを選んでください。"),
        ({"weeks": [2]}, "曜日か、毎月の何日かを選んでください。"),
        ({"weekdays": "火祝"}, "曜日は月・火・水・木・金・土・日から選んでください。"),
        ({"weekdays": "火", "weeks": [6]}, "第6はありません。"),
        ({"weekdays": "火", "weeks": [0]}, "第0はありません。"),
        ({"weekdays": "火", "weeks": ["x"]}, "「第何」を読めません。"),
        ({"month_days": [32]}, "毎月32日はありません。"),
        ({"month_days": [0]}, "毎月0日はありません。"),
        ({"month_days": [15], "weekdays": "火"}, "曜日と「毎月何日」は一緒に選べません。"),
        ({"weekdays": "火", "every_weeks": 2}, "隔週のときは、始まりの日を入れてください。"),
        ({"weekdays": "火", "every_weeks": 0}, "何週ごとかは、1から12で選んでください。"),
        ({"weekdays": "火", "every_weeks": 13}, "何週ごとかは、1から12で選んでください。"),
        (
            {"weekdays": "火", "weeks": [1], "every_weeks": 2, "starts_on": "2026-04-01"},
            "隔週と「第何」「毎月何日」は一緒に選べません。",
        ),
        ({"weekdays": "火", "starts_on": "2026-04-01"}, "始まりの日は、隔週のときだけ"),
        (
            {"weekdays": "火", "opens_at": "11:00", "closes_at": "10:00"},
            "終わりの時刻（10:00）は、始まり（11:00）より後にしてください。",
        ),
        (
            {"weekdays": "火", "opens_at": "11:00", "closes_at": "11:00"},
            "終わりの時刻（11:00）は、始まり（11:00）より後にしてください。",
        ),
        ({"weekdays": "火", "opens_at": "24:00"}, "始まりの時刻は23:59までです。"),
        ({"weekdays": "火", "opens_at": "昼ごろ"}, "時刻「昼ごろ」を読めません。"),
        ({"weekdays": "火", "opens_at": 10}, "「始まりの時刻」を読めません。"),
        ({"weekdays": "火", "color": "red"}, "「定例の開所」を読めません。"),
    ],
)
def test_an_impossible_sitting_is_refused_in_plain_words(
    sitting: dict[str, object], told: str
) -> None:
    with pytest.raises(ImpossibleSchedule, match=told):
        schedule_of({"sittings": [sitting]})


@pytest.mark.parametrize(
    ("schedule", "told"),
    [
        ({}, "いつ開くかを、一つは決めてください。"),
        ({"sittings": [{"weekdays": "火"}], "months_off": [13]}, "13月はありません。"),
        (
            {"sittings": [{"weekdays": "火"}], "dates_off": ["2026-05-05"]}
            | {"extra_dates": ["2026-05-05"]},
            "5月5日が、休む日と開く日の両方に入っています。",
        ),
        ({"sittings": [{"weekdays": d, "weeks": [w]} for d in WEEK for w in (1, 2, 3)]}, "20行"),
        ({"extra_dates": [date(2026, 1, 1) + timedelta(days=n) for n in range(401)]}, "400日"),
        ("火曜", "日程を読めません。"),
    ],
)
def test_an_impossible_schedule_is_refused_in_plain_words(schedule: object, told: str) -> None:
    with pytest.raises(ImpossibleSchedule, match=told):
        schedule_of(schedule)


def test_everything_wrong_is_told_at_once_and_each_thing_once() -> None:
    wrong = {"sittings": [{}, {"weekdays": "火", "weeks": [6]}, {}], "months_off": [0]}
    with pytest.raises(ValidationError) as caught:
        Schedule.model_validate(wrong)
    assert complaints(caught.value) == [
        "曜日か、毎月の何日かを選んでください。",
        "第6はありません。第1から第5、または「最終」を選んでください。",
        "0月はありません。1月から12月で選んでください。",
    ]


# Stored


def test_only_what_was_chosen_is_stored() -> None:
    assert to_json(TWICE_A_MONTH) == (
        '{"sittings":[{"weekdays":"水","weeks":[2,4],"opens_at":"10:00","closes_at":"11:30"}],'
        '"holidays_off":true,"months_off":[8]}'
    )


@given(schedules())
def test_what_was_stored_comes_back(schedule: Schedule) -> None:
    assert from_json(to_json(schedule)) == schedule


@pytest.mark.parametrize("text", ["", "火曜", "{}", "[]", '{"sittings":[{"weekdays":"x"}]}'])
def test_text_that_is_no_schedule_is_refused(text: str) -> None:
    with pytest.raises(ImpossibleSchedule):
        from_json(text)


def test_columns_the_map_filters_by() -> None:
    assert (weekday_letters(TWICE_A_MONTH), hours(TWICE_A_MONTH)) == ("水", ("10:00", "11:30"))
    two = read("毎週金曜 13:00〜15:00、第1・第3火曜 10:00〜11:30")
    assert (weekday_letters(two), hours(two)) == ("火金", None)
    assert hours(read("第3土曜 13:30〜")) == ("13:30", None)
    monthly = read("毎月15日")
    assert (weekday_letters(monthly), hours(monthly)) == (None, None)
    by_hand = Schedule(extra_dates=(TODAY,))
    assert (weekday_letters(by_hand), hours(by_hand)) == (None, None)


# Days


def test_holidays_and_a_month_off_are_left_out() -> None:
    year = dates_between(TWICE_A_MONTH, date(2026, 1, 1), date(2026, 12, 31))
    # 11 February and 23 September are holidays, August is off.
    assert " ".join(f"{day:%m-%d}" for day in year) == (
        "01-14 01-28 02-25 03-11 03-25 04-08 04-22 05-13 05-27 06-10 06-24 07-08 07-22 "
        "09-09 10-14 10-28 11-11 11-25 12-09 12-23"
    )


def test_a_substitute_holiday_is_a_holiday() -> None:
    golden_week = weekly("水", holidays_off=True)  # 3 May 2026 is a Sunday
    assert dates_between(golden_week, date(2026, 5, 1), date(2026, 5, 15)) == [date(2026, 5, 13)]


def test_once_a_month_gives_the_twelve_dates_of_a_year() -> None:
    third_saturday = next_dates(read("毎月第3土曜"), TODAY, count=12)
    assert [day.month for day in third_saturday] == [4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3]
    assert all(day.weekday() == 5 and 15 <= day.day <= 21 for day in third_saturday)


def test_a_fifth_week_and_a_31st_are_left_out_where_there_is_none() -> None:
    fifth = dates_between(read("第5水曜"), date(2026, 4, 1), date(2026, 9, 30))
    assert fifth == [date(2026, 4, 29), date(2026, 7, 29), date(2026, 9, 30)]
    assert [day.month for day in next_dates(read("毎月31日"), TODAY, count=4)] == [5, 7, 8, 10]


def test_the_last_friday() -> None:
    last = next_dates(read("最終金曜"), TODAY, count=2)
    assert last == [date(2026, 4, 24), date(2026, 5, 29)]


def test_every_other_week_keeps_step_with_its_start() -> None:
    sitting = Sitting(weekdays="月木", every_weeks=2, starts_on=date(2026, 4, 9))  # a Thursday
    schedule = Schedule(sittings=(sitting,))
    assert " ".join(f"{day:%m-%d}" for day in next_dates(schedule, TODAY, count=5)) == (
        "04-09 04-20 04-23 05-04 05-07"
    )
    in_between = dates_between(schedule, date(2027, 1, 1), date(2027, 1, 31))
    assert in_between == [day for n in (11, 25) for day in (date(2027, 1, n), date(2027, 1, n + 3))]


def test_a_cycle_that_began_long_ago_is_no_slower() -> None:
    sitting = Sitting(weekdays="月", every_weeks=2, starts_on=date(1, 1, 1))
    assert len(next_dates(Schedule(sittings=(sitting,)), TODAY)) == 6


def test_today_counts_and_two_sittings_on_a_day_are_one_day() -> None:
    schedule = read("毎週水曜 10:00〜12:00、毎週水曜 13:00〜15:00")
    assert next_dates(schedule, TODAY, count=2) == [TODAY, date(2026, 4, 8)]


def test_days_decided_by_hand_outlast_the_rule() -> None:
    off, extra = date(2026, 4, 8), date(2026, 8, 12)  # a holiday is no bar, nor a month off
    by_hand = {"dates_off": (off,), "extra_dates": (extra, date(2026, 4, 29))}
    schedule = TWICE_A_MONTH.model_copy(update=by_hand)
    for _ in range(2):
        days = dates_between(schedule, TODAY, date(2026, 9, 1))
        assert off not in days
        assert {extra, date(2026, 4, 29)} <= set(days)
        schedule = from_json(to_json(schedule))


@pytest.mark.parametrize(
    "never",
    [
        weekly("火", months_off=tuple(range(1, 13))),
        read("毎月31日（1月・3〜12月休み）"),
        read("毎月1日（2〜12月・祝日休み）"),
        weekly("火").model_copy(update={"sittings": (), "extra_dates": (date(2026, 3, 31),)}),
    ],
)
def test_a_schedule_that_never_happens_ends_at_once(never: Schedule) -> None:
    assert next_dates(never, TODAY) == []
    assert rrules(never, TODAY, date(2029, 3, 31)) == []


def test_leap_days_are_looked_for_ten_years_ahead() -> None:
    leap = read("毎月29日（1月・3〜12月休み）")
    assert next_dates(leap, TODAY) == [date(year, 2, 29) for year in (2028, 2032, 2036)]


def opens_on(sitting: Sitting, day: date) -> bool:
    if sitting.month_days:
        return day.day in sitting.month_days
    if WEEK[day.weekday()] not in sitting.weekdays:
        return False
    if sitting.starts_on is not None:
        monday = sitting.starts_on - timedelta(days=sitting.starts_on.weekday())
        return day >= sitting.starts_on and (day - monday).days // 7 % sitting.every_weeks == 0
    last = (day + timedelta(days=7)).month != day.month
    nth = {(day.day - 1) // 7 + 1} | ({-1} if last else set())
    return not sitting.weeks or bool(nth & set(sitting.weeks))


@given(schedules(), days_2026_on, st.integers(0, 800))
def test_the_days_are_those_found_by_looking_at_every_day(
    schedule: Schedule, first: date, length: int
) -> None:
    expected = []
    for day in (first + timedelta(days=n) for n in range(length)):
        rule = any(opens_on(sitting, day) for sitting in schedule.sittings)
        holiday = schedule.holidays_off and day in national_holidays(day.year)
        off = day.month in schedule.months_off or holiday or day in schedule.dates_off
        if (rule and not off) or day in schedule.extra_dates:
            expected.append(day)
    assert dates_between(schedule, first, first + timedelta(days=length - 1)) == expected


# Exported


def test_a_rule_for_other_calendars() -> None:
    assert rrules(TWICE_A_MONTH, date(2026, 1, 1), date(2026, 12, 31)) == [
        "DTSTART:20260114T100000\n"
        "RRULE:FREQ=MONTHLY;UNTIL=20261231T235959;BYMONTH=1,2,3,4,5,6,7,9,10,11,12;"
        "BYDAY=+2WE,+4WE\n"
        "EXDATE:20260211T100000,20260923T100000"
    ]


def test_days_added_by_hand_are_exported_at_the_usual_time() -> None:
    schedule = TWICE_A_MONTH.model_copy(update={"extra_dates": (date(2026, 8, 12),)})
    *_, added = rrules(schedule, TODAY, date(2026, 12, 31))
    assert added == "DTSTART:20260812T100000\nRDATE:20260812T100000"


@given(schedules(), st.dates(date(2026, 1, 1), date(2027, 1, 1)))
def test_the_rules_name_the_same_days_over_three_years(schedule: Schedule, first: date) -> None:
    last = first + timedelta(days=3 * 365)
    found: set[date] = set()
    for text in rrules(schedule, first, last):
        rule = rrulestr(text)
        start = datetime.strptime(text.split("\n")[0], "DTSTART:%Y%m%dT%H%M%S")
        assert first <= start.date() <= last
        found |= {moment.date() for moment in rule}
    assert sorted(found) == dates_between(schedule, first, last)


# Said


@pytest.mark.parametrize(
    ("schedule", "words"),
    [
        (TWICE_A_MONTH, "第2・第4水曜 10:00〜11:30（祝日休み・8月休み）"),
        (weekly("火金"), "毎週火・金曜"),
        (weekly("月火水木金", months_off=(1, 8)), "毎週月〜金曜（1月・8月休み）"),
        (weekly(WEEK), "毎日"),
        (
            Schedule(sittings=(Sitting(weekdays="火"), Sitting(weekdays="金", weeks=(1, 3)))),
            "毎週火曜・毎月第1・第3金曜",
        ),
        (
            Schedule(
                sittings=(
                    Sitting(weekdays="火", opens_at="09:00"),
                    Sitting(weekdays="水金", weeks=(1, -1), closes_at="11:30"),
                    Sitting(month_days=(1, 15)),
                )
            ),
            "毎週火曜 9:00〜、第1・最終の水・金曜 〜11:30、毎月1日・15日 時間未定",
        ),
        (
            Schedule(sittings=(Sitting(weekdays="日", opens_at="05:30", closes_at="06:00"),)),
            "毎週日曜 午前5:30〜6:00",
        ),
        (
            Schedule(sittings=(Sitting(weekdays="木", every_weeks=2, starts_on=date(2026, 4, 2)),)),
            "令和8年4月2日から隔週木曜",
        ),
        (
            weekly("火", dates_off=(date(2026, 5, 5),), extra_dates=(date(2026, 5, 7),)),
            "毎週火曜（令和8年5月5日は休み・令和8年5月7日にも開催）",
        ),
        (
            Schedule(extra_dates=tuple(date(2026, month, 1) for month in (5, 6, 7, 8))),
            "令和8年5月1日・令和8年6月1日ほか2日に開催",
        ),
    ],
)
def test_a_schedule_in_words(schedule: Schedule, words: str) -> None:
    assert in_words(schedule) == words


# Read


@given(regular)
def test_what_is_said_is_read_back(schedule: Schedule) -> None:
    assert read_schedule(in_words(schedule)) == schedule


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("毎週火・第1第3金 10:00–11:30", "毎週火曜・毎月第1・第3金曜 10:00〜11:30"),
        ("第2・第4水曜日 10時～11時半", "第2・第4水曜 10:00〜11:30"),
        (
            "第2・第4水曜 10:00–11:30, 祝日休み, 8月休み",
            "第2・第4水曜 10:00〜11:30（祝日休み・8月休み）",
        ),
        ("毎月第3土曜日13:30〜", "第3土曜 13:30〜"),
        ("毎月 第三土曜日 午後1時半から", "第3土曜 13:30〜"),
        ("月・水・金 9:00-12:00（祝日休み）", "毎週月・水・金曜 9:00〜12:00（祝日休み）"),
        ("月・水・金（祝日は休み） 9:00-12:00", "毎週月・水・金曜 9:00〜12:00（祝日休み）"),
        ("毎週月曜日から金曜日", "毎週月〜金曜"),
        ("月曜〜水曜、金曜 9〜12時", "毎週月・火・水・金曜 9:00〜12:00"),
        ("土〜月", "毎週月・土・日曜"),
        ("第１，３火曜", "第1・第3火曜"),
        ("第１･第３木曜日の午後1時〜3時", "第1・第3木曜 13:00〜15:00"),
        ("第2火曜、第4金曜", "毎月第2火曜・毎月第4金曜"),
        ("毎月最終土曜日", "最終土曜"),
        ("第2の水・金曜", "第2の水・金曜"),
        ("毎月1・15日 正午から14時まで", "毎月1日・15日 12:00〜14:00"),
        ("毎日10:00~16:00", "毎日 10:00〜16:00"),
        ("年中無休", "毎日"),
        ("10:00〜11:30 毎週火曜", "毎週火曜 10:00〜11:30"),
        ("火 10:00-12:00・13:00-15:00", "毎週火曜 10:00〜12:00、毎週火曜 13:00〜15:00"),
        ("火曜10:00〜11:00、木曜13:00〜14:00", "毎週火曜 10:00〜11:00、毎週木曜 13:00〜14:00"),
        ("水曜日のみ 12:00まで開館", "毎週水曜 〜12:00"),
        ("火曜（7～8月・祝日を除く）", "毎週火曜（祝日休み・7月・8月休み）"),
        (
            "火曜 10:00〜、12〜2月は休み、祝日休業",
            "毎週火曜 10:00〜（祝日休み・1月・2月・12月休み）",
        ),
        ("2026年4月2日から隔週木曜", "令和8年4月2日から隔週木曜"),
    ],
)
def test_what_people_write_is_read(text: str, words: str) -> None:
    assert in_words(read(text)) == words


@pytest.mark.parametrize(
    "text",
    [
        "",
        "不定期",
        "要問合せ",
        "隔週木曜",  # since when?
        "月1回",
        "月2回 火曜",
        "毎月水曜",  # which of them?
        "15日",
        "水曜休み",
        "土日祝",  # open on holidays: nothing a schedule can say
        "平日",  # with holidays or without?
        "水曜、祝日休み",  # closed on Wednesdays?
        "水曜・祝日を除く",
        "月〜金（土日祝休み）",
        "月〜金 10:00〜15:00 日祝休み",
        "月〜金（お盆休み）",
        "第2水・金曜",  # every Friday, or the second?
        "第1土日",
        "第1週の水曜",
        "第1金・土",
        "第6水曜",
        "第1金 10:00〜11:00、土 13:00〜14:00",
        "隔週火",
        "火曜 10:00〜11:00、木曜",
        "火曜（祝日休み）、第1土曜",
        "火曜（祝日休み）、毎月1日",
        "火曜 10:00〜11:00（祝日休み）、木曜 13:00〜14:00",
        "火曜 10:00〜11:00（祝日休み）13:00〜14:00",
        "火曜 10:00",  # beginning or end?
        "火曜 10時頃〜",
        "火曜 10:00〜11:00頃",
        "火曜 1時半〜3時",
        "火曜 11:00〜10:00",
        "火曜 25:00〜",
        "毎週",
        "毎週 10:00〜",
        "10:00〜11:00",
        "10:00〜11:00 13:00〜14:00 火曜",
        "10:00〜11:00 火曜 13:00〜14:00",
        "（祝日休み）火曜",
        "13月休み",
        "火曜（13月休み）",
        "毎月32日",
        "毎月15日（火）",
        "火曜または木曜",
        "2026年2月30日から隔週木曜",
        "火" * 301,
    ],
)
def test_what_is_not_sure_is_not_guessed(text: str) -> None:
    assert read_schedule(text) is None


@given(st.text(alphabet="月火水日第毎週隔13・、〜:時半から(祝休み)曜 午後", max_size=40))
def test_reading_never_fails(text: str) -> None:
    schedule = read_schedule(text)
    assert schedule is None or read_schedule(in_words(schedule)) == schedule
