"""Tell what a municipality has and what to bring next, with a sample of each file."""

from dataclasses import dataclass

from sqlmodel import Session, SQLModel

from api.actions.find_municipality import Tenant, find_municipality
from api.models import Area, Place, Population, Town
from api.store.visible import OFFICE, how_many


@dataclass(frozen=True)
class Step:
    """One kind of data to bring: what it is for, how it looks, the command."""

    kind: str
    title: str
    why: str
    sample: tuple[tuple[str, ...], ...]
    """A few lines of such a file, its header first."""
    command: str
    done: int = 0
    """How many records there are already."""


@dataclass(frozen=True)
class NextSteps:
    """What is there, and what comes next (はじめに取り込むもの)."""

    tenant: Tenant
    steps: list[Step]

    @property
    def next(self) -> list[Step]:
        """The three to bring next."""
        return [step for step in self.steps if not step.done][:3]

    @property
    def there(self) -> list[Step]:
        """What has been brought."""
        return [step for step in self.steps if step.done]

    @property
    def map_is_possible(self) -> bool:
        """People and where they live, in towns or mesh cells, are known: a map can be drawn."""
        return any(step.done for step in self.steps if step.kind == "population")


STEPS = (
    Step(
        "boundary",
        "市町村の境界",
        "地図の形と、位置の間違いを見つけるために使います。国土数値情報の行政区域データが使えます。",
        (("N03_004", "N03_007", "（形）"), ("汐見野市", "99201", "ポリゴン")),
        "yoridokoro import boundary N03.geojson",
    ),
    Step(
        "towns",
        "町丁・字の一覧",
        "人口と圏域をつなぐ土台です。e-Stat の小地域（形つき）か、町名と代表点の一覧を使えます。",
        (("大字町丁目名", "緯度", "経度"), ("本町一丁目", "34.341", "134.046")),
        "yoridokoro import towns towns.csv",
    ),
    Step(
        "population",
        "町ごとの年齢別人口",
        "どこに何人住んでいるかです。住民基本台帳の町丁別・年齢別の表を、そのまま使えます。",
        (
            ("地域名", "調査年月日", "総人口", "65-69歳の男性", "65-69歳の女性", "…"),
            ("本町一丁目", "2026-10-01", "402", "12", "11", "…"),
        ),
        "yoridokoro import population jinko.xlsx",
    ),
    Step(
        "places",
        "通いの場の一覧",
        "名前・住所・曜日の表です。緯度・経度がない行は、住所の町の代表点に置きます。",
        (
            ("名称", "住所", "緯度", "経度", "利用可能曜日"),
            ("本町コミュニティセンター", "本町一丁目2-3", "34.341", "134.046", "月水金"),
        ),
        "yoridokoro import places kayoinoba.xlsx",
    ),
    Step(
        "areas",
        "日常生活圏域の一覧",
        "圏域ごとにまとめるために使います。圏域名と町名の表か、圏域の形のファイルを使えます。",
        (("圏域名", "町名"), ("中央圏域", "本町一丁目")),
        "yoridokoro import areas keniki.csv",
    ),
)


def tell_next_steps(session: Session, code: str) -> NextSteps:
    """What the municipality `code` has already, and what to bring next.

    Raises
    ------
    NoSuchMunicipality
    """
    tenant = find_municipality(session, code)
    models: dict[str, type[SQLModel]] = {
        "towns": Town,
        "population": Population,
        "places": Place,
        "areas": Area,
    }
    connection = session.connection()
    counts = {
        kind: connection.execute(how_many(model, OFFICE, code)).scalar_one()
        for kind, model in models.items()
    }
    counts["boundary"] = int(tenant.boundary is not None)
    steps = [Step(s.kind, s.title, s.why, s.sample, s.command, done=counts[s.kind]) for s in STEPS]
    return NextSteps(tenant, steps)
