"""Lists on paper (一覧・一週間の予定・サービスの紙): sections of entries in columns."""

from collections.abc import Sequence
from dataclasses import dataclass

from web.sheets.heads import head_height
from web.sheets.paper import Paper
from web.sheets.sheet import Common, Cover, Entry, Pill, Region, entry_json, region_json
from web.sheets.typeset import pdf


@dataclass(frozen=True)
class Section:
    """One part of a list: its title, a sentence about it, its entries."""

    title: str
    entries: Sequence[Entry]
    words: str = ""


def listing_pdf(cover: Cover, sections: Sequence[Section], paper: Paper) -> bytes:
    """The list as PDF/UA-1, over as many pages as it needs."""
    head = head_height(cover, paper, paper.inner_width_pt)
    width, height = paper.inner_width_pt, paper.inner_height_pt
    kinds = {entry.kind for section in sections for entry in section.entries}
    values = {
        **Common(paper, cover, Pill.holding(1, paper.type.body), kinds).as_json(),
        "sections": [
            {
                "title": section.title,
                "words": section.words,
                "entries": [entry_json(entry, level=3) for entry in section.entries],
            }
            for section in sections
        ],
        "first": region_json(Region.across(paper, 0, head, width, height - head)),
        "rest": region_json(Region.across(paper, 0, 0, width, height)),
    }
    return pdf("listing.typ", values, cover.on)
