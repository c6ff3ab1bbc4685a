"""Match town names in a file with the municipality's own towns (町名の突き合わせ)."""

from pandas import Series

from api.actions.importing import Bench
from api.exchange.names import TownNames
from api.exchange.problems import RowProblem, Unreadable
from api.models import Town


def own_towns(bench: Bench) -> TownNames:
    """The towns of the municipality, by every way of writing them."""
    towns = bench.known(Town, only=["id", "name"])
    return TownNames(towns["id"], towns["name"], bench.tenant.name, bench.tenant.prefecture)


def match_towns(bench: Bench, names: Series, column: str) -> Series:
    """The town of each row; rows whose town nobody knows are told and left out.

    Raises
    ------
    Unreadable : the municipality has no towns yet.
    """
    known = own_towns(bench)
    if len(known) == 0:
        raise Unreadable(no_towns_yet(bench))
    matched = known.match(names)
    lost = names[matched.isna()]
    for row, name in lost.items():
        near = "、".join(known.nearest(str(name)))
        hint = f"近い町名: {near}。" if near else ""
        bench.tell(
            row,
            column,
            name,
            f"{bench.tenant.name}の町の一覧にない町名です。{hint}",
        )
    return matched.dropna()


def no_towns_yet(bench: Bench) -> RowProblem:
    """Say that towns come first."""
    source = bench.reading.source
    return RowProblem(
        source.file,
        source.sheet,
        None,
        None,
        "",
        "町の一覧がまだありません。先に町丁・字を取り込んでください（yoridokoro import towns …）。",
    )
