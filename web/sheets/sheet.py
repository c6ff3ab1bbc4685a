"""What all sheets have in common (紙のあらまし): entries, foot, signs, QR codes."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from io import BytesIO
from typing import Any

import segno

from web.maps.symbols import symbol_of
from web.sheets.labels import width_of
from web.sheets.paper import GAP_PT, Paper
from web.sheets.typeset import AsItIs

LONG, NAME, LINE = 150, 60, 200
"""An entry of more letters may run on into the next column; names and lines end after so many."""


@dataclass(frozen=True)
class Entry:
    """One place or service as a list tells it."""

    name: str
    kana: str = ""
    """The reading, where the name is hard to read."""
    kind: str = "other"
    kind_label: str = ""
    """The word for its sign, which a screen reader says."""
    lines: tuple[str, ...] = ()
    extras: tuple[str, ...] = ()
    """What stands beside the telephone: the fee, 送迎, steps."""
    phone: str = ""
    number: int | None = None
    badge: str = ""
    """The day of the week it stands under."""
    stale: bool = False
    """Nobody has confirmed it lately: a ※ says so."""


@dataclass(frozen=True)
class Foot:
    """The line at the foot of every page: how old the facts are, whom to ask."""

    facts: str
    contact: str = ""


@dataclass(frozen=True)
class Code:
    """A QR code: where it leads, what is said of it."""

    url: str
    words: str


@dataclass(frozen=True)
class Cover:
    """What a sheet says of itself: whose it is, its title, a sentence, its foot, its code."""

    on: date
    """The day whose facts it tells."""
    publisher: str
    where: str
    title: str
    words: str
    foot: Foot
    code: Code | None = None
    voice: Code | None = None
    """Where residents answer back."""


@dataclass(frozen=True)
class Pill:
    """Sizes of a number with its sign, in points."""

    width: float
    height: float
    size: float
    sign: float
    inset: float

    @classmethod
    def holding(cls, most: int, size: float) -> "Pill":
        """Wide enough for the number `most`."""
        digits = width_of("0" * max(2, len(str(most))), size) * 0.9
        sign, inset = size * 0.46, size * 0.3
        return cls(2 * inset + 2 * sign + size * 0.4 + digits, size * 1.4, size, sign, inset)

    @property
    def home(self) -> float:
        """How far right of its sign the middle is: at home, the sign stands on the point."""
        return self.width / 2 - self.inset - self.sign

    def as_json(self) -> dict[str, float]:
        """As the template draws it."""
        return {
            "width": self.width, "height": self.height, "size": self.size, "sign": self.sign,
            "inset": self.inset,
        }  # fmt: skip


@dataclass(frozen=True)
class Region:
    """Where a list flows: `count` columns of `width` from (x, y), each `height` high; points."""

    x: float
    y: float
    width: float
    height: float
    count: int

    @classmethod
    def across(cls, paper: Paper, x: float, y: float, width: float, height: float) -> "Region":
        """As many columns as the letters allow in a box."""
        count = paper.columns(width)
        return cls(x, y, (width - GAP_PT * (count - 1)) / count, height, count)


@dataclass(frozen=True)
class Common:
    """What the templates' `parts.typ` asks for."""

    paper: Paper
    cover: Cover
    pill: Pill
    kinds: Iterable[str] = field(default_factory=list)
    stacked: bool = False
    """The head's QR code stands below its words."""

    def as_json(self) -> dict[str, Any]:
        """The values that every template is given."""
        paper, cover = self.paper, self.cover
        return {
            "title": f"{shortened(cover.where, NAME)} {cover.title}",
            "publisher": shortened(cover.publisher, NAME),
            "paper": {
                "width": paper.width_pt, "height": paper.height_pt, "margin": paper.margin_pt,
                "foot": paper.foot_pt, "name": paper.type.name, "body": paper.type.body,
                "gap": GAP_PT, "inner_width": paper.inner_width_pt,
                "inner_height": paper.inner_height_pt,
            },
            "foot": {"facts": cover.foot.facts, "contact": shortened(cover.foot.contact, NAME)},
            "pill": self.pill.as_json(),
            "signs": {kind: AsItIs(symbol_of(kind).file()) for kind in {*self.kinds, "other"}},
            "head": {
                "where": shortened(cover.where, NAME), "title": cover.title, "words": cover.words,
                "size": paper.type.title, "qr": qr_side(paper),
                "stacked": self.stacked,
            },
            "qr": code_json(cover.code), "voice": code_json(cover.voice),
        }  # fmt: skip


def qr_side(paper: Paper) -> float:
    """As wide as a phone reads from a hand's breadth; from farther off a poster."""
    return paper.type.body * 5.6


@lru_cache(maxsize=512)
def code_json(code: Code | None) -> dict[str, str] | None:
    """A code as the template sets it; None where there is no address to lead to."""
    if code is None:
        return None
    drawn = BytesIO()
    segno.make(code.url, error="m", micro=False).save(drawn, kind="svg", border=2, light="white")
    return {
        "svg": AsItIs(drawn.getvalue().decode()),
        "words": code.words,
        "alt": AsItIs(f"QRコード。{code.words}。{code.url}"),
    }


def entry_json(entry: Entry, level: int = 2) -> dict[str, Any]:
    """An entry as `entry()` of the templates sets it; `level` of its name among headings."""
    entry = replace(
        entry,
        name=shortened(entry.name, NAME),
        kana=shortened(entry.kana, NAME),
        lines=tuple(shortened(line, LINE) for line in entry.lines),
        extras=tuple(shortened(extra, LINE) for extra in entry.extras),
        phone=shortened(entry.phone, NAME),
    )
    return {
        "name": entry.name, "kana": entry.kana, "kind": entry.kind,
        "kind_label": entry.kind_label, "lines": list(entry.lines),
        "extras": list(entry.extras), "phone": entry.phone, "number": entry.number,
        "badge": entry.badge, "stale": entry.stale, "level": level,
        "long": sum(map(len, (entry.name, entry.kana, *entry.lines, *entry.extras))) > LONG,
    }  # fmt: skip


def shortened(text: str, most: int) -> str:
    """At most so many letters; what is left out is shown to be."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def region_json(region: Region) -> dict[str, float]:
    """A region as `flow()` of the templates fills it."""
    return {
        "x": region.x, "y": region.y, "width": region.width, "height": region.height,
        "count": region.count,
    }  # fmt: skip
