"""What lies on the table of a workshop (ワークショップの道具): slips to write on, cards to lay."""

from collections.abc import Mapping, Sequence

from web.sheets.paper import Paper
from web.sheets.sheet import Common, Cover, Entry, Pill, entry_json
from web.sheets.typeset import pdf

A4 = Paper("A4", "portrait")
ON_A_PAGE = 8


def slips_pdf(
    cover: Cover,
    kinds: Sequence[str],
    questions: Mapping[str, str],
    numbers: Sequence[str],
    back: str,
) -> bytes:
    """Slips (声の用紙) with the questions the phone asks, two on a page, as PDF/UA-1.

    `numbers`: what each is known by afterwards; an empty one leaves it without. `back`: whom to
    hand it to.
    """
    values = {
        **Common(A4, cover, Pill.holding(1, A4.type.body)).as_json(),
        "kinds": list(kinds),
        "questions": dict(questions),
        "slips": [{"number": number} for number in numbers],
        "back": back,
    }
    return pdf("slip.typ", values, cover.on)


def cards_pdf(cover: Cover, entries: Sequence[Entry], most: int) -> bytes:
    """Cards (置き札) of places, eight on a page, and a page of blank ones, as PDF/UA-1.

    `most`: the highest number, for all cards to be alike.
    """
    blanks = ON_A_PAGE + -len(entries) % ON_A_PAGE
    values = {
        **Common(A4, cover, Pill.holding(most, A4.type.name), {e.kind for e in entries}).as_json(),
        "cards": [entry_json(entry) for entry in entries],
        "blanks": blanks,
    }
    return pdf("cards.typ", values, cover.on)
