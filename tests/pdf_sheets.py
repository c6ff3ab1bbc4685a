"""A printed sheet read back: its words, where they stand, their sizes and typefaces."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pdfplumber
import shapely
from pdfminer.pdftypes import resolve1

FAINTEST = 0.2
"""How much of a letter's box is air: boxes that overlap by less do not touch."""
HALF_EMPTY = "（）「」『』。、・"
"""Half of their boxes is air, and typesetting lets them stand closer to each other."""


@dataclass(frozen=True)
class ReadSheet:
    """One PDF as a reader, a printer and a screen reader find it."""

    data: bytes

    @cached_property
    def pages(self) -> list[Any]:
        return list(pdfplumber.open(io.BytesIO(self.data)).pages)

    @cached_property
    def catalog(self) -> dict[str, Any]:
        found: dict[str, Any] = self.pages[0].pdf.doc.catalog
        return found

    @property
    def text(self) -> str:
        """All words in the order of the content, without spaces."""
        return "".join(map(self.text_of, range(len(self.pages))))

    def text_of(self, page: int) -> str:
        said = "".join(c["text"] for c in self.pages[page].chars)
        return said.replace(" ", "").replace("\u200b", "")

    @property
    def sizes(self) -> set[float]:
        return {round(c["size"], 1) for page in self.pages for c in page.chars if c["text"].strip()}

    @property
    def fonts(self) -> set[str]:
        return {c["fontname"] for page in self.pages for c in page.chars}

    def embedded(self) -> dict[str, bool]:
        """Which typefaces of the pages travel inside the file."""
        told = {}
        for page in self.pages:
            for font in (page.page_obj.resources.get("Font") or {}).values():
                (below,) = resolve1(resolve1(font)["DescendantFonts"])
                below = resolve1(below)
                described = resolve1(below["FontDescriptor"])
                files = {"FontFile", "FontFile2", "FontFile3"} & set(described)
                told[str(below["BaseFont"])] = bool(files)
        return told

    def beyond_the_page(self) -> list[str]:
        """Letters that reach over the edge of the paper, or within 5 mm of it."""
        edge = 5 * 72 / 25.4
        return [
            c["text"]
            for page in self.pages
            for c in page.chars
            if c["x0"] < edge
            or c["top"] < edge
            or c["x1"] > float(page.width) - edge
            or c["bottom"] > float(page.height) - edge
        ]

    def overprinted(self) -> list[str]:
        """Pairs of letters that stand on each other."""
        found = []
        for page in self.pages:
            letters = [c for c in page.chars if c["text"].strip() and c["text"] not in HALF_EMPTY]
            boxes = np.array([[c["x0"], c["top"], c["x1"], c["bottom"]] for c in letters])
            air = (boxes[:, 2:] - boxes[:, :2]) * FAINTEST
            shapes = shapely.box(*(boxes[:, :2] + air).T, *(boxes[:, 2:] - air).T)
            one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
            found += [
                f"{letters[a]['text']}/{letters[b]['text']} at {boxes[a].round()}"
                for a, b in zip(one, other, strict=True)
                if a < b
            ]
        return found

    def straddling(self, box: tuple[float, float, float, float]) -> list[str]:
        """Letters of the first page that an edge of a box (left, top, right, bottom) cuts."""
        left, top, right, bottom = box
        cut = []
        for c in self.pages[0].chars:
            inside = c["x1"] > left and c["x0"] < right and c["bottom"] > top and c["top"] < bottom
            whole = (
                c["x0"] >= left and c["x1"] <= right and c["top"] >= top and c["bottom"] <= bottom
            )
            if inside and not whole and c["text"].strip():
                cut.append(c["text"])
        return cut

    def tags(self) -> list[str]:
        """The names of the structure's elements, in the order of reading."""
        names: list[str] = []
        _walk(self.catalog["StructTreeRoot"], names, [])
        return names

    def alternatives(self) -> list[str]:
        """What a screen reader says of pictures."""
        said: list[str] = []
        _walk(self.catalog["StructTreeRoot"], [], said)
        return said


def _walk(node: Any, names: list[str], said: list[str]) -> None:
    node = resolve1(node)
    if isinstance(node, list):
        for child in node:
            _walk(child, names, said)
    elif isinstance(node, dict):
        if "S" in node:
            names.append(node["S"].name)
        if "Alt" in node:
            said.append(_text(node["Alt"]))
        if "K" in node:
            _walk(node["K"], names, said)


def _text(raw: Any) -> str:
    data = resolve1(raw)
    if isinstance(data, str):
        return data
    return str(data.decode("utf-16" if data[:2] in (b"\xfe\xff", b"\xff\xfe") else "utf-8"))
