"""Typesetting: a Typst template and plain values become a PDF or a picture.

Templates stand beside this file. Values travel as JSON in one input, so that untrusted text is
always a string to Typst and never its markup. PDFs follow PDF/UA-1, so that they can be read aloud.
"""

import json
import re
import threading
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import noto_cjk_sans_jp_bold
import noto_cjk_sans_jp_regular
import typst
from fontTools.ttLib import TTFont

FAMILIES = ("BIZ UDPGothic", "Noto Sans CJK JP")
"""BIZ UDPGothic where the system has it; Noto, a dependency of ours, has what BIZ lacks (𠮷)."""
MISSING = "〓"
"""What Japanese printers set where they have no type (下駄)."""
TEMPLATES = Path(str(files(__package__)))
_WHEELS = [Path(str(m.__file__)).parent for m in (noto_cjk_sans_jp_regular, noto_cjk_sans_jp_bold)]
ENDLESS = re.compile(r"[!-~]{18}(?=[!-~])")
"""Letters without a space: an address, say. A line may break after so many (no code is longer)."""
BREAK = "\u200b"
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_VARIANTS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))
"""Selectors of a variant form: without one the ordinary form of the character stands."""
_turn = threading.Lock()
LARGE = 1_000_000
"""Characters of a sheet's values from which on Typst is made to forget it."""
GENERATIONS = 10
"""For how many more sheets Typst keeps what one of them needed."""


class AsItIs(str):
    """What a template gets as it is: an SVG of our own making, words said and not set in type."""


@cache
def typefaces() -> typst.Fonts:
    """The typefaces sheets are set in, looked for once."""
    return typst.Fonts(
        include_system_fonts=True,
        include_embedded_fonts=False,
        font_paths=[str(folder) for folder in _WHEELS],
    )


@cache
def printable() -> frozenset[int]:
    """Every character that one of our typefaces has, in the regular and in the bold cut."""
    cuts: dict[int, set[int]] = {}
    for font in typefaces().fonts():
        if font.family in FAMILIES and font.path and font.weight in (400, 700):
            with TTFont(font.path, lazy=True, fontNumber=font.index) as face:
                cuts.setdefault(font.weight, set()).update(face.getBestCmap())
    return frozenset(set.intersection(*cuts.values()))


def in_type(text: str) -> str:
    """The text as we can set it: 〓 for a character no typeface has, controls left out.

    Where letters would run on for longer than a column, a line may break between them.
    """
    if not (text.isascii() and text.isprintable()):
        known = printable()
        text = "".join(
            c if c == "\n" or ord(c) in known else MISSING
            for c in unicodedata.normalize("NFC", text)
            if c == "\n" or not _is_unseen(c)
        )
    return ENDLESS.sub(lambda run: run[0] + BREAK, text)


def _is_unseen(character: str) -> bool:
    number = ord(character)
    return unicodedata.category(character) in _UNSEEN or any(number in v for v in _VARIANTS)


def pdf(template: str, values: Mapping[str, Any], on: date) -> bytes:
    """A tagged PDF (PDF/UA-1) of `template` filled with `values`, dated `on`.

    Every string in `values` goes through `in_type`; templates read them by `sys.inputs.values`.
    The same values on the same day give the same bytes.
    """
    made = datetime(on.year, on.month, on.day, tzinfo=UTC)
    return _compiled(template, values, format="pdf", pdf_standards=["ua-1"], timestamp=made)


def picture(template: str, values: Mapping[str, Any], ppi: int = 72) -> bytes:
    """The one page of `template` as PNG; at 72 dots per inch a point is a dot."""
    return _compiled(template, values, format="png", ppi=ppi)


def _compiled(template: str, values: Mapping[str, Any], **how: Any) -> bytes:
    handed = {"values": json.dumps(_typed(values), ensure_ascii=False)}
    with _turn:  # a compiler holds one set of inputs at a time
        made = _compiler(template).compile(sys_inputs=handed, **how)
        if len(handed["values"]) > LARGE:
            _forget()
    if not isinstance(made, bytes):
        raise TypeError(f"{template} gives several files where one is wanted")
    return made


def _forget() -> None:
    """Let Typst go of what it keeps of the last sheets, which only its own counting does.

    Ten sheets of 3,000 places would otherwise stay in memory: three gigabytes.
    """
    for _ in range(GENERATIONS + 1):
        typst.compile(b" ", format="svg", font_paths=typefaces())


@cache
def _compiler(template: str) -> typst.Compiler:
    """One for each template, kept: what it has read of fonts and templates stays read."""
    return typst.Compiler(TEMPLATES / template, root=TEMPLATES, font_paths=typefaces())


def _typed(value: Any) -> Any:
    if isinstance(value, str):
        return value if isinstance(value, AsItIs) else in_type(value)
    if isinstance(value, Mapping):
        return {key: _typed(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_typed(inner) for inner in value]
    return value
