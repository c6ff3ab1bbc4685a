"""Kinds of places from a column, from --set, from a name."""

import pytest
from exchange_files import cells, plainly

from api.exchange.kinds import kind_from_name, kind_from_text
from api.models.kinds import PLACE_KIND_LABELS, PlaceKind


@pytest.mark.parametrize("kind", PlaceKind)
def test_code_and_label_mean_the_kind(kind: PlaceKind) -> None:
    assert plainly(kind_from_text(cells(kind.value, kind.label))) == [kind, kind]
    assert PLACE_KIND_LABELS[kind] == kind.label


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("高松市日新コミュニティセンター", "community_center"),
        ("焼津地域交流センター", "community_center"),
        ("老人いこいの家白梅荘", "rest_house"),
        ("高松市ふれあい福祉センター勝賀", "welfare_center"),
        ("総合福祉会館（ウェルシップ）", "welfare_center"),
        ("地域包括支援センター（高松市保健センター１階）", "consultation"),
        ("特別養護老人ホーム　シオンの丘ホーム", "care_site"),
        ("オレンジカフェ", "cafe"),
        ("ｻﾛﾝひまわり", "salon"),
        ("いきいき百歳体操 本町", "exercise"),
        ("本町第一集会所", "hall"),
    ],
)
def test_kind_shows_in_a_name(name: str, kind: str) -> None:
    assert plainly(kind_from_name(cells(name))) == [kind]


def test_a_name_that_shows_no_kind() -> None:
    assert plainly(kind_from_name(cells("駄菓子屋たなか", None))) == [None, None]
