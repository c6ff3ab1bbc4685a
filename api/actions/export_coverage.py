"""Export the coverage table for Excel, whole: per area or per town, with its sources."""

from dataclasses import dataclass
from typing import Any

from api.actions.coverage_answer import Figures, area_figures, notes, town_figures, when_people
from api.actions.draw_map import Focus
from api.actions.list_features import AreaList, divided
from api.actions.load_community import AGES_IN_WORDS
from api.actions.report_coverage import CoverageReport
from api.exchange.tables_out import csv_text, workbook
from web.words import wareki


@dataclass(frozen=True)
class CoverageTable:
    """A table that leaves for Excel: its title, header, rows, and what stands beside them."""

    title: str
    header: list[str]
    rows: list[list[Any]]
    about: list[str]


def coverage_table(
    report: CoverageReport, *, by_town: bool = False, focus: Focus | None = None
) -> CoverageTable:
    """A row an area (or a town, or a town of the area in focus), then the total."""
    by_town = by_town or (focus is not None and focus.area_code is not None)
    figures = town_figures(report) if by_town else area_figures(report)
    total = Figures.of(None, "合計", report.total)
    if focus is not None:
        figures, total = focus.rows, focus.figures.model_copy(update={"name": "合計"})
    return CoverageTable(
        title="町ごと" if by_town else "圏域ごと",
        header=_header(report, by_town=by_town),
        rows=[_cells(row) for row in [*figures, total]],
        about=about(report),
    )


def _header(report: CoverageReport, *, by_town: bool) -> list[str]:
    return [
        "コード",
        "町" if by_town else "圏域",
        f"{AGES_IN_WORDS[report.community.age]}（人）",
        f"{report.question.distance_m:g}m以内に通いの場がある人",
        "歩いて行けない人",
        "割合",
        "通いの場（か所）",
        "最寄りまでの平均（m）",
    ]


def _cells(row: Figures) -> list[Any]:
    return [
        row.code,
        row.name,
        row.population,
        row.covered,
        row.uncovered,
        row.ratio,
        row.places,
        row.mean_distance_m,
    ]


def about(report: CoverageReport) -> list[str]:
    """What stands beside the figures: the question, the dates, the sources."""
    community, question = report.community, report.question
    return [
        f"{community.tenant.full_name}　歩いて通える人の割合",
        f"{question.distance_m:g} m 以内、{AGES_IN_WORDS[community.age]}、"
        f"{wareki(question.on)}時点",
        f"人口：{when_people(community)}",
        *notes(report),
        "出典：" + "、".join(dict.fromkeys(s.credit for s in community.sources.values())),
    ]


def coverage_csv(table: CoverageTable) -> str:
    """The table as CSV."""
    return csv_text(table.header, table.rows)


def coverage_workbook(table: CoverageTable) -> bytes:
    """The table as an Excel workbook, what a reader must know on its second sheet."""
    return workbook(table.title, table.header, table.rows, table.about)


def coverage_geojson(report: CoverageReport, *, by_town: bool = False) -> str:
    """Areas or towns as GeoJSON features (RFC 7946) with their figures."""
    return AreaList(features=divided(report, by_town=by_town)).model_dump_json()
