"""A scenario on paper (検討資料: two pages A4), in Excel and as GeoPackage."""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from api.actions.scenarios import Plan
from api.actions.show_plan import (
    FIGURE_WORDS,
    area_rows,
    figure_of,
    headline,
    move_words,
    plan_layers,
    plan_table,
    question_words,
    town_rows,
    trial_notes,
)
from api.actions.site_places import SitingReport
from api.actions.try_scenario import Trial
from api.exchange.tables_out import workbook
from web.maps.curve_figure import curve_figure
from web.sheets.typeset import AsItIs, pdf
from web.words import percent, wareki

MOST_TOWNS = 24
HEADER = ("圏域", "人口", "いま", "あと", "増減", "か所")
CURVE_WORDS = "新しく置く数ごとの、新しく届く人の数の図。"


def decision_paper(plan: Plan, trial: Trial, siting: SitingReport | None, on: date) -> bytes:
    """The paper: map, table, curve, assumptions."""
    tenant = trial.before.community.tenant
    curve = _curve(siting, sum(move.do == "add" for move in trial.moves))
    values = {
        "title": f"通いの場の計画案：{plan.name}",
        "publisher": tenant.full_name,
        "under": f"{tenant.full_name}　{question_words(trial)}　{wareki(on)}作成",
        "headline": headline(trial),
        "moves": [move_words(move) for move in trial.moves],
        "map": AsItIs(figure_of(trial)),
        "map_alt": FIGURE_WORDS,
        "header": list(HEADER),
        "rows": [_row(row) for row in area_rows(trial)],
        "towns": _towns(trial),
        "curve": AsItIs(curve) if curve else None,
        "curve_alt": CURVE_WORDS,
        "notes": [*([plan.note] if plan.note else []), *trial_notes(trial)],
        "foot": f"{tenant.full_name}　{plan.name}　{wareki(on)}",
    }
    return pdf("decision.typ", values, on)


def _curve(siting: SitingReport | None, added: int) -> str | None:
    if siting is None or siting.curve.empty:
        return None
    points = list(
        zip(siting.curve["sites"].astype(int), siting.curve["newly_reached"], strict=True)
    )
    return curve_figure([(int(n), int(people)) for n, people in points], added, CURVE_WORDS)


def _row(row: dict[str, Any]) -> list[str]:
    gained = row["gained"]
    return [
        str(row["name"]),
        f"{row['population']:,}",
        f"{row['covered_before']:,}（{percent(row['ratio_before'])}）",
        f"{row['covered_after']:,}（{percent(row['ratio_after'])}）",
        f"{gained:+,}" if gained else "0",
        _from_to(row["places_before"], row["places_after"]),
    ]


def _from_to(before: int, after: int) -> str:
    return f"{before}" if before == after else f"{before}→{after}"


def _towns(trial: Trial) -> list[list[str]]:
    rows = town_rows(trial)
    told = [[name, f"{people:+,}"] for name, people in rows[:MOST_TOWNS]]
    if len(rows) > MOST_TOWNS:
        rest = sum(people for _, people in rows[MOST_TOWNS:])
        told.append([f"ほか {len(rows) - MOST_TOWNS} 町", f"{rest:+,}"])
    return told


def plan_workbook(plan: Plan, trial: Trial) -> bytes:
    """The table for Excel, with question, moves and sources on a second sheet."""
    header, rows = plan_table(trial)
    about = [
        f"計画案：{plan.name}",
        question_words(trial),
        headline(trial),
        *(move_words(move) for move in trial.moves),
        *trial_notes(trial),
    ]
    return workbook("計画案", header, rows, about)


def plan_geopackage(trial: Trial) -> bytes:
    """Places, towns and areas as layers of one GeoPackage."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "plan.gpkg"
        for name, layer in plan_layers(trial).items():
            layer.to_file(file, layer=name, driver="GPKG")
        return file.read_bytes()
