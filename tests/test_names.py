"""Town names in their many ways of writing, and the towns of addresses."""

import pytest
from exchange_files import cells, plainly
from hypothesis import given
from hypothesis import strategies as st

from api.exchange.characters import FOLDED
from api.exchange.names import TownNames, find_key, find_keys, find_ways, name_key, name_keys


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("塩上町一丁目", "塩上町１丁目"),
        ("塩上町一丁目", "塩上町1丁目"),
        ("安原下第一号", "安原下第１号"),
        ("本町二十丁目", "本町20丁目"),
        ("大字上宇部", "上宇部"),
        ("大字中山", "中山"),
        ("三ケ名", "三ヶ名"),
        ("三ケ名", "三が名"),
        ("霞ヶ関", "霞が関"),
        ("浜ノ町", "浜の町"),
        ("浜之町", "浜の町"),
        ("三ツ木", "三つ木"),
        ("旅籠町", "旅篭町"),
        ("髙﨑町", "高崎町"),
        ("渡邊町", "渡辺町"),
        ("檜町", "桧町"),
        ("龍ケ崎町", "竜ヶ崎町"),
        ("葛\U000e0100城町", "葛城町"),
        ("仏生山 町", "仏生山町"),
        ("ＪＲ前", "JR前"),
    ],
)
def test_ways_of_writing_one_town_meet(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("本町一丁目", "本町二丁目"), ("本町", "本町一丁目"), ("東町", "西町"), ("十文字町", "十町")],
)
def test_different_towns_stay_apart(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


@pytest.mark.parametrize("name", ["四番丁", "八幡", "三条町", "十文字町", "一ノ宮"])
def test_numbers_that_are_part_of_a_name_stay(name: str) -> None:
    assert name_key(name) == name


def test_prefecture_county_and_municipality_come_off_where_they_are_given() -> None:
    assert name_key("香川県高松市塩上町", "高松市", "香川県") == "塩上町"
    assert name_key("香川県綾歌郡綾川町陶", "綾川町", "香川県") == "陶"
    assert name_key("高松市", "高松市", "香川県") == "高松市"


@given(st.text(alphabet=st.characters(categories=["L", "N", "P", "Z"]), max_size=12))
def test_a_key_of_a_key_is_itself(text: str) -> None:
    assert name_key(name_key(text)) == name_key(text)
    assert find_key(find_key(text)) == find_key(text)


@given(st.text(alphabet="大字小字町丁目一二1２〇ケヶがのノ之ッつ番区号ー-第壱", max_size=10))
def test_a_key_of_a_key_is_itself_for_names_made_of_tricks(text: str) -> None:
    assert name_key(name_key(text)) == name_key(text)


def test_no_new_form_of_a_character_is_an_old_form_of_another() -> None:
    assert not {ord(new) for new in FOLDED.values()} & set(FOLDED)


def test_searching_folds_kana_case_and_old_forms() -> None:
    assert find_key("ｶﾌｪ ひまわり") == find_key("カフェヒマワリ")
    assert find_key("ＣＡＦＥ髙﨑") == find_key("cafe高崎")
    assert plainly(find_keys(cells("いこいの家", None))) == ["イコイノ家", None]


def test_keys_of_a_column_leave_blanks_alone() -> None:
    assert plainly(name_keys(cells("塩上町１丁目", None))) == ["塩上町一丁目", None]


TOWNS = {
    1: "塩上町",
    2: "塩上町一丁目",
    3: "塩上町二丁目",
    4: "西宝町一丁目",
    5: "西宝町二丁目",
    6: "常磐町一丁目",
    7: "仏生山町",
    8: "牟礼町牟礼",
    9: "牟礼町",
    10: "塩江町安原下第一号",
    11: "中",
}


@pytest.fixture
def takamatsu() -> TownNames:
    return TownNames(TOWNS, TOWNS.values(), "高松市", "香川県")


@pytest.mark.parametrize(
    ("name", "town"),
    [
        ("塩上町１丁目", 2),
        ("塩上町", 1),
        ("香川県高松市塩上町2丁目", 3),
        ("大字仏生山町", 7),
        ("佛生山町", None),
        ("塩江町安原下第１号", 10),
        ("屋島", None),
    ],
)
def test_names_find_their_town(takamatsu: TownNames, name: str, town: int | None) -> None:
    assert plainly(takamatsu.match(cells(name))) == [town]


@pytest.mark.parametrize(
    ("address", "town"),
    [
        ("香川県高松市仏生山町甲218番地1", 7),
        ("高松市常磐町一丁目３番地１　瓦町ＦＬＡＧ８階", 6),
        ("西宝町2-6-9", 5),
        ("西宝町２ー６ー９", 5),
        ("高松市西宝町2の6の9", 5),
        ("西宝町2-6", 5),
        ("塩上町2-5-1", 3),
        ("塩上町2-5", 1),  # the town exists without 丁目 too: two numbers are a house there
        ("塩上町10-5", 1),
        ("高松市牟礼町牟礼567-1", 8),
        ("牟礼町大町1008-2", 9),
        ("中35-1", 11),
        ("中央町1-2", None),
        ("香川県丸亀市塩上町1-2", None),
        ("高松市", None),
    ],
)
def test_addresses_find_their_town(takamatsu: TownNames, address: str, town: int | None) -> None:
    assert plainly(takamatsu.match_address(cells(address))) == [town]


def test_addresses_in_a_town_of_a_county() -> None:
    towns = TownNames([1, 2], ["陶", "滝宮"], "綾川町", "香川県")
    addresses = cells("香川県綾歌郡綾川町陶1720-1", "綾歌郡綾川町滝宮299", "綾川町大字陶1", "陶1")
    assert plainly(towns.match_address(addresses)) == [1, 2, 1, 1]


def test_a_town_with_the_word_for_county_in_it() -> None:
    towns = TownNames([1, 2], ["古郡本町", "本町"], "高松市", "香川県")
    assert plainly(towns.match_address(cells("古郡本町1-2", "本町1-2"))) == [1, 2]


def test_addresses_where_nobody_says_which_municipality_it_is() -> None:
    towns = TownNames([1], ["塩上町"])
    addresses = cells("香川県高松市塩上町1-1", "高松市塩上町1-1", "塩上町1-1")
    assert plainly(towns.match_address(addresses)) == [1, 1, 1]


def test_a_name_two_towns_answer_to_finds_none_and_says_why() -> None:
    towns = TownNames([1, 2, 3], ["三ケ名", "三ヶ名", "本町"])
    assert plainly(towns.match(cells("三が名", "三ヶ名"))) == [None, 2]
    assert "複数" in (towns.why_not("三が名") or "")
    assert "ない" in (towns.why_not("東町") or "")
    assert towns.why_not("本町") is None


def test_similar_names_are_suggested(takamatsu: TownNames) -> None:
    assert takamatsu.nearest("佛生山町") == ["仏生山町"]
    assert len(takamatsu.nearest("塩上町５丁目")) <= 3
    assert takamatsu.nearest("まったく違う名前") == []
    assert len(takamatsu) == len(TOWNS)


@pytest.mark.parametrize("typed", ["本町2丁目", "本町２丁目", "本町二丁目"])
@pytest.mark.parametrize("stored", ["汐見野市本町二丁目3-4", "汐見野市本町2丁目", "本町２丁目の会"])
def test_a_chome_is_found_in_any_writing(typed: str, stored: str) -> None:
    assert any(way in find_key(stored) for way in find_ways(typed))


def test_other_numbers_and_other_chomes_are_not_meant() -> None:
    assert find_ways("2丁") == ["2丁"]
    assert find_ways("本町二番") == ["本町二番"]
    assert find_ways("三本松2") == ["三本松2"]
    assert not any(way in find_key("本町三丁目") for way in find_ways("本町2丁目"))


@given(st.integers(1, 99), st.text(max_size=4))
def test_both_writings_of_a_chome_are_searched_for(number: int, front: str) -> None:
    ways = find_ways(f"{front}町{number}丁目")
    assert find_key(f"{front}町{number}丁目") in ways
    assert find_ways(ways[-1])[0] in ways
    assert find_ways("  ") == []
