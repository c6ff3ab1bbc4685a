"""Character encodings of text files, and text that went through the wrong one (文字化け)."""

import re
from collections.abc import Iterable
from pathlib import Path

from api.exchange.problems import Unreadable, refuse

SAVE_AGAIN = "元の表から、文字コードを「UTF-8」にして保存し直してください。"


def _leads(first: int, last: int) -> str:
    """Characters whose CP932 form begins with a byte in this range."""
    found = []
    for lead in range(first, last + 1):
        for trail in [*range(0x40, 0x7F), *range(0x80, 0xFD)]:
            found.append(bytes([lead, trail]).decode("cp932", "ignore"))
    return "".join(sorted({c for c in found if len(c) == 1}))


# UTF-8's Japanese begins with the bytes E2–E9 (E3 for kana); read as CP932 those are rare kanji.
RARE_KANJI = _leads(0xE2, 0xE9)
# The same bytes read as Windows-1252 (or Latin-1): ã‚³ãƒŸ.
CONTINUATION = "\x80-\xbfŒœŠšŸŽžƒˆ˜–—‘’‚“”„†‡•…‰‹›€™"
WESTERN_LETTERS = re.compile(f"[ãäåæçèé][{CONTINUATION}]{{2}}|[ãâ][{CONTINUATION}]{{1,2}}[ãâ]")
# CP932 read as Windows-1252 or Latin-1: ƒRƒ~ƒ…, Œö–¯ŠÙ.
WESTERN_LEADS = re.compile("[\x80-\x9fŒœŠšŸŽƒˆ–—‘’‚“”„†‡•…‰‹›™]\\S")
HALF_KANA_BESIDE_KANJI = re.compile("[\uff61-\uff9f][\u4e00-\u9fff]|[\u4e00-\u9fff][\uff61-\uff9f]")
HALF_KANA_ONLY = re.compile("[\x00-\x7f\uff61-\uff9f]*")
JAPANESE = re.compile("[\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff\uff01-\uff5e]")
# One set of characters, so that a clean column is passed in one quick look.
SUSPICIOUS = re.compile(
    f"[\ufffd{RARE_KANJI}ãâäåæçèé\x80-\x9fŒœŠšŸŽƒˆ–—‘’‚“”„†‡•…‰‹›™\uff61-\uff9f]"
)


def is_garbled(text: str) -> bool:
    """Whether text was once decoded wrongly and saved so (文字化け)."""
    if not SUSPICIOUS.search(text):
        return False
    return (
        "\ufffd" in text
        or WESTERN_LETTERS.search(text) is not None
        or _was_utf8(text)
        or _was_shift_jis(text)
        or _was_euc(text)
    )


def _was_utf8(text: str) -> bool:
    """Whether the CP932 bytes of the text are, nearly all, UTF-8 of Japanese.

    Characters that could not be saved have become ・ or ?, so not every byte will fit.
    """
    wide = bytes(b for b in text.replace("・", "").encode("cp932", "ignore") if b >= 0x80)
    if not wide or not 0xE2 <= wide[0] <= 0xE9:
        return False
    whole = text.encode("cp932", "ignore").decode("utf-8", "ignore")
    fits = 3 * len(JAPANESE.findall(whole))
    return fits >= 6 and fits >= 0.6 * len(wide)


def _was_shift_jis(text: str) -> bool:
    """Whether CP932 was read as a Western encoding: half of it accents and typographer's signs."""
    foreign = sum(c > "\x7f" for c in text)
    if foreign < 0.4 * len(text) or JAPANESE.search(text):
        return False
    for western in ("cp1252", "latin-1"):
        try:
            meant = text.encode(western).decode("cp932", "replace")
        except UnicodeError:
            continue
        if len(JAPANESE.findall(meant)) >= 2:
            return True
    return False


def _was_euc(text: str) -> bool:
    """Whether EUC-JP was read as CP932: half-width kana among kanji, and no other kana."""
    if not HALF_KANA_BESIDE_KANJI.search(text) or re.search("[\u3041-\u3096\u30a1-\u30fa]", text):
        return False
    try:
        meant = text.encode("cp932").decode("euc_jp")
    except UnicodeError:
        return False
    return len(JAPANESE.findall(meant)) >= 3


def garbled_cells(cells: Iterable[object]) -> list[int]:
    """Positions of all garbled cells."""
    texts = [c if type(c) is str else "" for c in cells]
    if not SUSPICIOUS.search("\x1f".join(texts)):
        return []
    return [n for n, text in enumerate(texts) if is_garbled(text)]


def decoded(path: Path, content: bytes) -> str:
    """The text of a CSV: UTF-8 with or without BOM, CP932 (Shift_JIS), or Excel's UTF-16.

    Raises
    ------
    Unreadable : another encoding, or bytes that are no text.
    """
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16")):
        if content.startswith(mark):
            return _strictly(path, content, encoding)
    if content.startswith(b"\xfe\xff"):
        return _strictly(path, content, "utf-16")
    if b"\x00" in content:
        raise refuse(path.name, "文字の表ではないデータ（0のバイト）が入っています。" + SAVE_AGAIN)
    if re.search(rb"\x1b\$[@B]", content):
        raise refuse(path.name, "文字コードがJIS（ISO-2022-JP）のようです。" + SAVE_AGAIN)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as broken:
        return _shift_jis(path, content, broken)


def _strictly(path: Path, content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeError as error:
        raise refuse(path.name, "文字コードが壊れています。" + SAVE_AGAIN) from error


def _shift_jis(path: Path, content: bytes, broken: UnicodeDecodeError) -> str:
    try:
        text = content.decode("cp932")
    except UnicodeDecodeError as error:
        raise _neither(path, content, broken, error) from error
    if _is_euc(content) and not HALF_KANA_ONLY.fullmatch(text):
        raise refuse(path.name, "文字コードがEUC-JPのようです。" + SAVE_AGAIN)
    return text


def _is_euc(content: bytes) -> bool:
    try:
        content.decode("euc_jp")
    except UnicodeDecodeError:
        return False
    return True


def _neither(
    path: Path, content: bytes, utf8: UnicodeDecodeError, cp932: UnicodeDecodeError
) -> Unreadable:
    if _is_euc(content):
        return refuse(path.name, "文字コードがEUC-JPのようです。" + SAVE_AGAIN)
    # Whichever encoding was meant, it held for longer than the other.
    line = content[: max(utf8.start, cp932.start)].count(b"\n") + 1
    return refuse(
        path.name,
        f"文字化けしています（{line}行目に、UTF-8としてもShift_JISとしても読めない文字）。"
        + SAVE_AGAIN,
        row=line,
    )
