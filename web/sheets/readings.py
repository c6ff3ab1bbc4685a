"""Readings beside hard names (難しい名前のよみ): where they are known, and only where they help."""

import re
import unicodedata

KATAKANA_TO_HIRAGANA = {n: n - 0x60 for n in range(0x30A1, 0x30F7)}
EVERYDAY = re.compile(
    "地域|包括|支援|センター|中央|公民館|集会所|自治会館|会館|福祉|交流|老人|憩|体操|百歳|健康|教室|"
    "相談|食堂|喫茶|認知症|囲碁|将棋|手芸|俳句|書道|料理|介護|予防|団地|市民|住民|広場|図書|高齢者|"
    "東西南北|[東西南北上中下前後]|[一二三四五六七八九十]|丁目|番|町|村|市|区|駅|の家|会"
)
"""Words nobody asks the reading of."""
KANJI = re.compile("[一-鿿㐀-䶿豈-﫿\U00020000-\U0003ffff々]")


def reading_beside(name: str, kana: str | None) -> str:
    """The reading in hiragana, where the name holds more than everyday words; else empty."""
    if not kana or not KANJI.search(EVERYDAY.sub("", name)):
        return ""
    return unicodedata.normalize("NFKC", kana).translate(KATAKANA_TO_HIRAGANA)
