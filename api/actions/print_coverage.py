"""Print a coverage report as text: a table for people, JSON, CSV or GeoJSON for programs."""

from unicodedata import east_asian_width

from api.actions.coverage_answer import answer
from api.actions.export_coverage import coverage_csv, coverage_geojson, coverage_table
from api.actions.report_coverage import CoverageReport
from web.words import gap_title, metres, percent

FULL = "WFA"


def print_coverage(report: CoverageReport, form: str, *, by_town: bool) -> str:
    """The report as `table`, `json`, `csv` or `geojson`, ending in a line break."""
    if form == "json":
        return answer(report, by_town=by_town).model_dump_json(indent=2) + "\n"
    if form == "csv":
        return coverage_csv(coverage_table(report, by_town=by_town))
    if form == "geojson":
        return coverage_geojson(report, by_town=by_town) + "\n"
    return _table(report, by_town=by_town)


def _table(report: CoverageReport, *, by_town: bool) -> str:
    table = coverage_table(report, by_town=by_town)
    head = table.header[1:]
    head[2] = "歩いて通える人"
    rows = [
        [name, *(f"{count:,}" for count in counts), percent(ratio), f"{places:,}", metres(mean)]
        for _, name, *counts, ratio, places, mean in table.rows
    ]
    lines = _aligned([head, *rows])
    gaps = [
        f"{gap.rank:>3}. {gap_title(gap.towns)}（{gap.area}） {gap.population:,}人"
        + (f"  最寄り {gap.nearest_place} {metres(gap.distance_m)}" if gap.nearest_place else "")
        for gap in answer(report).gaps[:10]
    ]
    blank = [""]
    return "\n".join([*table.about, *blank, *lines, *blank, "空白の大きいところ", *gaps]) + "\n"


def _aligned(rows: list[list[str]]) -> list[str]:
    """Columns of equal width on a terminal, where a Japanese letter takes two."""
    widths = [max(_width(cell) for cell in column) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell + pad if number == 0 else pad + cell
            for number, (cell, pad) in enumerate(
                (cell, " " * (width - _width(cell)))
                for cell, width in zip(row, widths, strict=True)
            )
        )
        for row in rows
    ]


def _width(text: str) -> int:
    return sum(2 if east_asian_width(letter) in FULL else 1 for letter in text)
