"""Words that name nobody (名前などのない言葉): a simple look before they are printed or counted.

It finds what looks like a telephone number, an e-mail address, a house number or a name with
さん. It does not replace the eyes of whoever marks the words as anonymous.
"""

import re
import unicodedata

PHONE = re.compile(r"0\d{1,4}[-() ・.]{0,2}\d{1,4}[-() ・.]{0,2}\d{3,4}(?!\d)")
MAIL = re.compile(r"[^\s@]+@[^\s@]+\.[a-z]{2,}", re.IGNORECASE)
HOUSE = re.compile(r"\d+\s*番地|\d+丁目\s*\d+|\d+-\d+-\d+|\d+番\s*\d*号|\d+号室")
NAME = re.compile(r"[一-龥々ァ-ヶ][一-龥々ァ-ヶぁ-ん]{0,7}?(?:さん|様|氏)(?![一-龥])")
NOBODYS = re.compile(
    r"(?:たく|皆|お客|患者|住民|利用者|高齢者|奥|娘|息子|母|父|祖父|祖母|お隣|隣|親|嫁|孫|子|医者|先生|民生委員"
    r"|会長|世話役|担当者|職員|店員|運転手|大工|八百屋|魚屋|肉屋|床屋|業者)(?:さん|様)$"
)


def tells_of_somebody(text: str) -> str | None:
    """What in the words points to a person, told to whoever wrote them; None: nothing found."""
    plain = re.sub(r"[‐‑–—−ー](?=\d)", "-", unicodedata.normalize("NFKC", text))
    for pattern, what in ((PHONE, "電話番号"), (MAIL, "メールアドレス"), (HOUSE, "番地")):
        found = pattern.search(plain)
        if found:
            return f"「{found[0]}」は{what}のようです。名前や連絡先は書かないでください。"
    for found in NAME.finditer(plain):
        if not NOBODYS.search(found[0]):
            return (
                f"「{found[0]}」は人の名前のようです。だれのことか分からない書き方にしてください。"
            )
    return None
