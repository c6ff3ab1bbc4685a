"""The printed map (配る地図): where map and list stand on the paper, and everything on the map."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely
from geopandas import GeoSeries
from shapely.geometry.base import BaseGeometry

from web.sheets.frame import MapFrame
from web.sheets.ground_svg import PaperGround, ground_svg
from web.sheets.labels import Box, place_labels
from web.sheets.map_layout import Told, layout_of
from web.sheets.map_words import map_words
from web.sheets.names import wanted_names
from web.sheets.overlay_svg import Number, overlay_svg
from web.sheets.paper import Paper
from web.sheets.sheet import Common, Cover, Entry, Pill, entry_json, region_json
from web.sheets.spread import Spread, spread
from web.sheets.typeset import AsItIs, pdf

MINUTES = (5, 10)


@dataclass(frozen=True)
class MapContent:
    """What a printed map is of; geometry in one plane zone (metres)."""

    cover: Cover
    about: BaseGeometry
    """What the frame shows whole."""
    ground: PaperGround
    points: GeoSeries
    """Where the first of the entries are, in their order."""
    entries: list[Entry]
    """In the order they are listed; those without a point come last and wear no number."""
    kinds: dict[str, str]
    """Code → word of each kind that is on the map, in the order of the legend."""
    walk_m_per_min: float
    remarks: tuple[str, ...] = ()
    """What else the legend has to say: approximate positions, what is missing, credits."""


def map_pdf(content: MapContent, paper: Paper, sides: int = 1) -> bytes:
    """The sheet as PDF/UA-1: map and list on one side, or the list on the back.

    Where the map would be too small to hold its numbers apart, it takes a side of its own.

    Raises
    ------
    NoRoom : not even a whole side holds that many numbers.
    """
    return pdf("map.typ", map_values(content, paper, sides), content.cover.on)


def map_values(content: MapContent, paper: Paper, sides: int = 1) -> dict[str, Any]:
    """Everything the template `map.typ` is given."""
    pill = Pill.holding(len(content.points), paper.type.body)
    lines = _legend(content)
    told = Told(content.cover, content.kinds.values(), "　".join(lines), len(content.entries))
    layout = layout_of(paper, content.about.bounds, sides, len(content.points), pill, told)
    frame = MapFrame.around(content.about, layout.map.width, layout.map.height)
    common = Common(paper, content.cover, pill, content.kinds, layout.stacked)
    return {
        **common.as_json(),
        "map": drawn_map(content, frame, pill, paper),
        "boxes": layout.as_json() | {
            "first": region_json(layout.first),
            "rest": region_json(layout.rest),
        },
        "legend": {
            "kinds": [{"kind": kind, "label": label} for kind, label in content.kinds.items()],
            "lines": lines,
        },
        "entries": [entry_json(entry) for entry in content.entries],
    }  # fmt: skip


def _rings(points: GeoSeries, pace: float) -> tuple[BaseGeometry, BaseGeometry] | None:
    if not len(points):
        return None
    near, far = (shapely.union_all(points.buffer(pace * m).to_numpy()) for m in MINUTES)
    return near, far


def _legend(content: MapContent) -> list[str]:
    near, far = MINUTES
    lines = []
    if len(content.points):
        lines = [
            f"実線の輪は歩いて{near}分、点線の輪は{far}分"
            f"（1分に{content.walk_m_per_min:g} m、まっすぐ測って）。",
        ]
    if any(entry.stale for entry in content.entries):
        lines.append("※は長くたしかめていない所です。行く前にお電話を。")
    return [*lines, *content.remarks]


def drawn_map(content: MapContent, frame: MapFrame, pill: Pill, paper: Paper) -> dict[str, Any]:
    """The map in a frame, as `map_parts.typ` draws it, with letters for `paper`."""
    ground = replace(content.ground, rings=_rings(content.points, content.walk_m_per_min))
    numbers = _pulled_apart(content, frame, pill)
    points = frame.onto_paper(content.points)
    size = frame.width_pt, frame.height_pt
    taken = [
        *_boxes(numbers.middles, pill.width, pill.height),
        *_boxes(points[numbers.moved], 5, 5),
        *_corners(frame, paper.type.body, content.walk_m_per_min),
        *_along(points[numbers.moved], numbers.middles[numbers.moved]),
    ]
    wanted = wanted_names(ground, frame, own=f"{content.cover.publisher}立")
    labels = place_labels(wanted, taken, size, paper.type.body)
    told = [
        Number(entry.number or 0, entry.kind, tuple(at), tuple(middle), bool(moved))
        for entry, at, middle, moved in zip(
            content.entries, points.tolist(), numbers.middles.tolist(), numbers.moved, strict=False
        )
    ]
    over = overlay_svg(told, labels, pill, paper.type.body)
    return {
        "width": frame.width_pt,
        "height": frame.height_pt,
        "body": paper.type.body,
        "svg": AsItIs(ground_svg(ground, frame, over)),
        "alt": f"{content.cover.where}の地図。番号は一覧と同じです。",
        "words": [*map(vars, map_words(told, labels, pill, paper.type.body))],
        "numbers": [{"number": n.number, "x": n.middle[0], "y": n.middle[1]} for n in told],
        "scale": {
            "five": content.walk_m_per_min * MINUTES[0] / frame.m_per_pt,
            "minutes": [str(minutes) for minutes in MINUTES],
            "metres": f"{content.walk_m_per_min * MINUTES[1]:,.0f} m",
        },
    }


def _pulled_apart(content: MapContent, frame: MapFrame, pill: Pill) -> Spread:
    points = frame.onto_paper(content.points)
    sizes = np.tile([pill.width, pill.height], (len(points), 1))
    homes = points + np.array([pill.home, 0.0])
    return spread(points, homes, sizes, (frame.width_pt, frame.height_pt))


def _boxes(middles: Any, width: float, height: float) -> Iterator[Box]:
    for x, y in middles:
        yield x - width / 2, y - height / 2, x + width / 2, y + height / 2


def _along(starts: Any, ends: Any) -> Iterator[Box]:
    """Small boxes along leader lines, so that no word lies across one."""
    for start, end in zip(starts, ends, strict=True):
        steps = max(2, int(np.hypot(*(end - start)) / 6))
        yield from _boxes(np.linspace(start, end, steps), 3, 3)


def _corners(frame: MapFrame, body: float, pace: float) -> Iterator[Box]:
    """Where the arrow to the north and the scale stand."""
    bar = 2 * pace * MINUTES[0] / frame.m_per_pt
    yield frame.width_pt - body * 2 - 10, 0, frame.width_pt, body * 4 + 10
    yield 0, frame.height_pt - body * 2.5 - 10, max(bar, body * 13) + 16, frame.height_pt
