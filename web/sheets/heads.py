"""How high the head of a sheet is (見出しの高さ), and how many lines words need at most."""

from collections.abc import Iterable

from web.sheets.labels import width_of
from web.sheets.paper import GAP_PT, Paper
from web.sheets.sheet import NAME, Cover, qr_side, shortened


def head_height(cover: Cover, paper: Paper, width: float, *, stacked: bool = False) -> float:
    """How high the head is for so much width, in points; `stacked`: the QR code below the words."""
    of, code, beside = paper.type, 0.0, 0.0
    if cover.code is not None:
        code = qr_side(paper) + of.line + 6
        beside = max(qr_side(paper), width_of(cover.code.words, of.body)) + GAP_PT
    room = width if stacked else width - beside
    words = (
        lines_of([shortened(cover.where, NAME)], room, of.name) * of.name * 1.4
        + lines_of([cover.title], room, of.title) * of.title * 1.4
        + lines_of([cover.words], room, of.body) * of.line
    )
    return (words + code if stacked else max(words, code)) + of.body * 1.3


def lines_of(words: Iterable[str], room: float, size: float) -> int:
    """At most how many lines words need that are not broken; longer than a line, they are."""
    lines, used = 0, room
    for word in filter(None, words):
        wide = width_of(word, size)
        if used + wide > room:
            full = int(wide // (room - size))  # a line may end a letter early
            lines, used = lines + 1 + full, wide - full * (room - size)
        else:
            used += wide
    return lines
