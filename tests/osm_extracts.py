"""Real .osm.pbf files, written by osmium, in the metres of 四角市 (see small_town.py)."""

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

import osmium
from osmium.osm.mutable import Node, Relation, Way
from small_town import degrees

Metres = Sequence[tuple[float, float]]


class Extract:
    """An extract of OpenStreetMap: nodes, ways and relations in the order they are added."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._writer = osmium.SimpleWriter(str(path))
        self._number = 0
        self._ways: list[Way] = []
        self._relations: list[Relation] = []

    def __enter__(self) -> "Extract":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        # A file holds all nodes first, then the ways, then the relations.
        for way in self._ways:
            self._writer.add_way(way)
        for relation in self._relations:
            self._writer.add_relation(relation)
        self._writer.close()

    def point(self, x: float, y: float, **tags: str) -> int:
        """A node at a point in metres; its number."""
        self._number += 1
        self._writer.add_node(Node(id=self._number, location=degrees(x, y), tags=_named(tags)))
        return self._number

    def line(self, points: Metres, **tags: str) -> int:
        """A way through points; its number. The first point again at the end closes it."""
        numbers: dict[tuple[float, float], int] = {}
        for point in points:
            if point not in numbers:
                numbers[point] = self.point(*point)
        self._ways.append(
            Way(id=len(self._ways) + 1, nodes=[numbers[p] for p in points], tags=_named(tags))
        )
        return len(self._ways)

    def square(self, x: float, y: float, side: float, **tags: str) -> int:
        """A closed way; its number."""
        ring = [(x, y), (x + side, y), (x + side, y + side), (x, y + side), (x, y)]
        return self.line(ring, **tags)

    def area(self, outer: Sequence[int], **tags: str) -> None:
        """A multipolygon of ways."""
        members = [("w", number, "outer") for number in outer]
        tags = {"type": "multipolygon", **tags}
        number = len(self._relations) + 1
        self._relations.append(Relation(id=number, members=members, tags=_named(tags)))


def _named(tags: dict[str, str]) -> dict[str, str]:
    """Keys as OpenStreetMap writes them: name__ja_Hira is name:ja-Hira."""
    return {key.replace("__", ":").replace("ja_Hira", "ja-Hira"): v for key, v in tags.items()}
