"""Count what places are to people (できること): a place once as a place, once per function."""

from dataclasses import dataclass, field

from api.actions.report_coverage import CoverageReport
from api.models.kinds import PLACE_FUNCTIONS


@dataclass(frozen=True)
class FunctionCounts:
    """How many places there are, and how many of each function; functions of none are left out."""

    places: int
    rows: list[tuple[str, int]] = field(default_factory=list)


def count_functions(report: CoverageReport, area_id: int | None = None) -> FunctionCounts:
    """Of the places that count, in one area or in all."""
    places = report.community.places.loc[report.counted]
    if area_id is not None:
        places = places[places["area_id"] == area_id]
    counts = places["functions"].explode().value_counts()
    rows = [(label, int(counts.get(code, 0))) for code, label in PLACE_FUNCTIONS.items()]
    return FunctionCounts(len(places), [(label, count) for label, count in rows if count])
