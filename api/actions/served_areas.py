"""Areas a file names (提供圏域・活動圏域): 西圏域、東圏域, their codes, or 全域."""

import json
import re

from pandas import Series

from api.actions.importing import Bench
from api.actions.locating import Land
from api.exchange.characters import find_key

WHOLE = re.compile("(?:市|町|村|区|市町村|圏)?(?:内|全)?(?:全域|全体)|全(?:市|町|村|区|圏域|地域)")
STRONG = re.compile(r"[、,，;；/／\n|]")
NO_AREAS = "圏域がまだありません。先に圏域を取り込むか、「全域」と書いてください。"


class _Names:
    """The areas of a municipality by every way of writing them."""

    def __init__(self, land: Land) -> None:
        self.codes = list(land.area_names)
        self._by_key: dict[str, str] = {}
        for code, name in land.area_names.items():
            short = re.sub("(?:日常生活)?圏域$", "", name)
            for word in (name, short, code):
                self._by_key.setdefault(find_key(word), code)
        self._whole = find_key(land.tenant.name)

    def read(self, text: str) -> tuple[list[str] | None, list[str]]:
        """Codes in the order people know (None: the whole municipality), and unknown words."""
        if self._is_whole(text):
            return None, []
        found: set[str] = set()
        unknown: list[str] = []
        for piece in filter(None, map(str.strip, STRONG.split(text))):
            codes = self._piece(piece)
            found |= set(codes or ())
            unknown += [] if codes else [piece]
        return [code for code in self.codes if code in found], unknown

    def _is_whole(self, text: str) -> bool:
        key = find_key(text)
        return WHOLE.fullmatch(key) is not None or key in (self._whole, f"{self._whole}全域")

    def _piece(self, piece: str) -> list[str] | None:
        """Codes of a piece; ・ parts names, but stands in some of them too (山の手・島圏域)."""
        parts, found = piece.split("・"), list[str]()
        while parts:
            fits = (n for n in range(len(parts), 0, -1) if self._key(parts[:n]) in self._by_key)
            count = next(fits, 0)
            if not count:
                return None
            found.append(self._by_key[self._key(parts[:count])])
            parts = parts[count:]
        return found

    def _key(self, parts: list[str]) -> str:
        return find_key("・".join(parts))


def served_areas(bench: Bench, texts: Series) -> tuple[Series, Series]:
    """Areas as stored (a JSON list of codes), and which rows say the whole municipality.

    A row that names an area nobody knows is told, and left out of both.
    """
    land = Land(bench.session, bench.tenant, bench.order.today)
    names = _Names(land)
    hint = f"圏域は {'、'.join(land.area_names.values())} です。" if names.codes else NO_AREAS
    read = texts.map(lambda text: names.read(str(text)), na_action="ignore")
    read = read.where(read.notna(), Series([([], [])] * len(read), index=read.index))
    for row, (_, unknown) in read.items():
        if unknown:
            bench.tell(row, "areas", "、".join(unknown), f"知らない圏域です。{hint}")
    good = read[read.map(lambda found: not found[1]).astype(bool)]
    codes = [found[0] for found in good]
    stored = [json.dumps(some, ensure_ascii=False) if some else None for some in codes]
    return (
        Series(stored, index=good.index, dtype=object),
        Series([some is None for some in codes], index=good.index, dtype=bool),
    )
