"""The dashboard as people read it (圏域の一覧表の見せ方): rows, services missing, notes, Excel."""

from typing import Any

from sqlmodel import Session

from api.actions.count_people import few
from api.actions.coverage_answer import notes
from api.actions.find_services import ServiceQuestion, find_services
from api.actions.openings import UNKNOWN_A_WEEK
from api.actions.records import Row
from api.actions.report_dashboard import NATIONAL_DENSITY, NATIONAL_GOAL, Dashboard
from api.actions.service_supply import supply
from api.actions.site_places import USUAL_CAPACITY
from api.exchange.tables_out import workbook
from api.models.kinds import SERVICE_KIND_LABELS, SERVICE_NEEDS
from api.store import frames
from api.store.visible import OFFICE_PUBLISHED
from geo.catchment import BANDS
from web.words import wareki

HEADER = (
    "圏域", "65歳以上（人）", "75歳以上（人）", "通いの場（か所）", "65歳以上10万人あたり",
    "定員（人）", "定員のわからない場", "参加者（人）", "参加者のわからない場", "参加率",
    "歩いて通える人（人）", "カバー率", "最寄りまで（分）", "100人あたりの席（週）",
    "足りないサービス", "担い手", "担い手（1,000人あたり）", "確認の古い場",
    "前年のカバー率", "前年の通いの場", "前年の65歳以上",
)  # fmt: skip


def dashboard_rows(session: Session, found: Dashboard, pace: int) -> list[dict[str, Any]]:
    """A row an area, 圏域なし, then the total; None is not known."""
    missing = _missing_services(session, found)
    hidden = sum(0 < int(people) < 3 for people in found.areas["supporters"].iloc[:-1])
    before = {} if found.before is None else dict(frames.each(found.before))
    rows = [
        _row(row, before.get(area), pace) | {"missing": missing.get(str(row["name"]))}
        for area, row in frames.each(found.areas)
    ]
    if hidden:  # from an exact total one could take the others away
        told = sum(int(n) for n in found.areas["supporters"].iloc[:-1] if not 0 < int(n) < 3)
        total = f"{told + hidden:,}〜{told + 2 * hidden:,}人"
        rows[-1] |= {"supporters": total, "supporters_per_1000": None}
    return rows


def _row(row: Row, old: Row | None, pace: int) -> dict[str, Any]:
    supporters = int(row["supporters"])
    return {
        "name": str(row["name"]),
        "people_65": _whole(row["people_65"]),
        "people_75": _whole(row["people_75"]),
        "places": _whole(row["places"]),
        "places_per_100k": _whole(row["places_per_100k"]),
        "capacity": _whole(row["capacity"]),
        "capacity_unknown": _whole(row["capacity_unknown"]),
        "participants": _whole(row["participants"]) if _known(row["participation"]) else None,
        "participants_unknown": _whole(row["participants_unknown"]),
        "participation": _share(row["participation"]),
        "covered": _whole(row["covered"]),
        "ratio": _share(row["ratio"]),
        "walk_min": _number(row["mean_distance_m"] / pace, 1),
        "seats_per_100": _number(row["seats_per_100"], 1),
        "supporters": few(supporters),
        "supporters_per_1000": None
        if 0 < supporters < 3
        else _number(row["supporters_per_1000"], 1),
        "stale": _whole(row["stale"]),
        "old_ratio": None if old is None else _share(old["ratio"]),
        "old_places": None if old is None else _whole(old["places"]),
        "old_people_65": None if old is None else _whole(old["people_65"]),
    }


def _missing_services(session: Session, found: Dashboard) -> dict[str, list[str]]:
    """Area name → what nobody offers there; of the areas services are recorded by."""
    code, on = found.community.tenant.code, found.report.question.on
    offered = find_services(session, code, OFFICE_PUBLISHED, ServiceQuestion(on))
    kinds = {kind.value: (kind,) for kind in SERVICE_NEEDS}
    table = supply(offered.services, offered.area_codes, kinds)["services"]
    names = offered.area_names
    return {
        names[area]: [
            SERVICE_KIND_LABELS[kind] for kind in SERVICE_NEEDS if not table[(area, kind.value)]
        ]
        for area in offered.area_codes
    }


def dashboard_notes(found: Dashboard, pace: int) -> list[str]:
    """What a reader must know, sources last."""
    community = found.community
    credits = dict.fromkeys(source.credit for source in community.sources.values())
    bands = "、".join(f"{far:,.0f}mまで{weight:g}" for far, weight in BANDS)
    return [
        f"カバー率は {found.report.question.distance_m:,.0f} m 以内に通いの場がある人の割合です。"
        "参加している人の割合（参加率）とは別のものです。",
        "参加率は、参加者数のわかる場だけの合計を65歳以上の人口で割ったものです。"
        f"国の目標は {NATIONAL_GOAL:.0%} です。",
        f"65歳以上10万人あたりの通いの場は、全国で {NATIONAL_DENSITY} か所（令和元年度）でした。",
        f"最寄りまでの分は、1分に {pace} m 歩くものとしました。",
        "100人あたりの席は、定員と開く回数を、まわりの人で分け合ったものです（E2SFCA、"
        f"重みは{bands}）。定員のわからない場は{USUAL_CAPACITY}人、"
        f"曜日のわからない場は週{UNKNOWN_A_WEEK:g}回としました。"
        "送迎のある場は、その圏域の人みなに届くものとしました。",
        "「—」は、わからないという意味です。0ではありません。",
        *notes(found.report),
        "出典：" + "、".join(credits),
    ]


def dashboard_workbook(rows: list[dict[str, Any]], found: Dashboard, pace: int) -> bytes:
    """The table for Excel, with notes and sources on a second sheet."""
    cells = [
        [
            row["name"], row["people_65"], row["people_75"], row["places"], row["places_per_100k"],
            row["capacity"], row["capacity_unknown"], row["participants"],
            row["participants_unknown"], row["participation"], row["covered"], row["ratio"],
            row["walk_min"], row["seats_per_100"],
            None if row["missing"] is None else "、".join(row["missing"]),
            row["supporters"], row["supporters_per_1000"], row["stale"],
            row["old_ratio"], row["old_places"], row["old_people_65"],
        ]
        for row in rows
    ]  # fmt: skip
    title = f"{found.community.tenant.full_name}　{wareki(found.report.question.on)}時点"
    return workbook("圏域の一覧", HEADER, cells, [title, *dashboard_notes(found, pace)])


def trend_points(found: Dashboard) -> list[tuple[str, list[tuple[str, float]]]]:
    """Name and (year, ratio) of every row, known years only."""
    told = []
    for (_, row), (_, line) in zip(frames.each(found.areas), frames.each(found.trend), strict=True):
        known = [(str(year), float(value)) for year, value in line.items() if _known(value)]
        told.append((str(row["name"]), known))
    return told


def _known(value: Any) -> bool:
    return value is not None and value == value


def _whole(value: Any) -> int | None:
    return round(float(value)) if _known(value) else None


def _share(value: Any) -> float | None:
    return round(float(value), 4) if _known(value) else None


def _number(value: Any, digits: int) -> float | None:
    return round(float(value), digits) if _known(value) else None
