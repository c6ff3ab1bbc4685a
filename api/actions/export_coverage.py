"""Export the coverage table for Excel, whole: per area or per town, with its sources."""

from typing import Any

from api.actions.coverage_answer import Figures, area_figures, notes, town_figures
from api.actions.list_features import AreaList, divided
from api.actions.load_community import AGES_IN_WORDS
from api.actions.report_coverage import CoverageReport
from api.exchange.tables_out import csv_text, workbook
from web.words import wareki


def header_of(report: CoverageReport, *, by_town: bool) -> list[str]:
    """The table's header in Japanese, with the age and distance asked for."""
    age = AGES_IN_WORDS[report.community.age]
    return [
        "コード",
        "町" if by_town else "圏域",
        f"{age}（人）",
        f"{report.question.distance_m:g}m以内に通いの場がある人",
        "歩いて行けない人",
        "割合",
        "通いの場（か所）",
        "最寄りまでの平均（m）",
    ]


def rows_of(report: CoverageReport, *, by_town: bool) -> list[list[Any]]:
    """A row an area or a town, then the total."""
    figures = town_figures(report) if by_town else area_figures(report)
    total = Figures.of(None, "合計", report.total)
    return [
        [
            row.code,
            row.name,
            row.population,
            row.covered,
            row.uncovered,
            row.ratio,
            row.places,
            row.mean_distance_m,
        ]
        for row in [*figures, total]
    ]


def about(report: CoverageReport) -> list[str]:
    """What stands beside the figures: the question, the dates, the sources."""
    community, question = report.community, report.question
    return [
        f"{community.tenant.full_name}　歩いて通える人の割合",
        f"{question.distance_m:g} m 以内、{AGES_IN_WORDS[community.age]}、{wareki(question.on)}時点",
        f"人口：{wareki(community.survey_date)}",
        *notes(report),
        *(
            f"出典：{source.credit}" + (f"（{wareki(source.dated)}）" if source.dated else "")
            for source in community.sources.values()
        ),
    ]


def coverage_csv(report: CoverageReport, *, by_town: bool = False) -> str:
    """The table as CSV."""
    return csv_text(header_of(report, by_town=by_town), rows_of(report, by_town=by_town))


def coverage_workbook(report: CoverageReport, *, by_town: bool = False) -> bytes:
    """The table as an Excel workbook."""
    title = "町ごと" if by_town else "圏域ごと"
    header, rows = header_of(report, by_town=by_town), rows_of(report, by_town=by_town)
    return workbook(title, header, rows, about(report))


def coverage_geojson(report: CoverageReport, *, by_town: bool = False) -> str:
    """Areas or towns as GeoJSON features (RFC 7946) with their figures."""
    return AreaList(features=divided(report, by_town=by_town)).model_dump_json()
