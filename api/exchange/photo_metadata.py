"""What a photo tells besides its picture (付随情報): taken out before a decoder sees it.

Pillow parses metadata while it opens a file, warns about what is broken in it and unpacks what is
compressed. So JPEG and PNG are first cut down to the picture, and the two facts wanted of EXIF are
read here, from whatever of it is whole.
"""

import re
import struct
from datetime import date

PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
PNG_KEPT = (b"IHDR", b"PLTE", b"tRNS", b"iCCP", b"IDAT", b"IEND")
"""Chunks of the picture itself; without the others an APNG is its first picture."""
MOST_CHUNKS = 50_000

JPEG_MARKER = re.compile(rb"\xff([^\x00\xff\xd0-\xd7])")
JPEG_SCAN, JPEG_END = 0xDA, 0xD9
JPEG_JFIF, JPEG_EXIF, JPEG_ICC, JPEG_ADOBE = 0xE0, 0xE1, 0xE2, 0xEE
JPEG_ALONE = (0x01, 0xD8)
MOST_SEGMENTS = 2_000
MOST_SCANS = 32
"""Each scan goes over the whole picture: thousands of tiny ones keep a decoder busy for hours."""
EXIF_HEAD = b"Exif\x00\x00"
ICC_HEAD = b"ICC_PROFILE\x00"

ORIENTATION, EXIF_IFD, TAKEN_AT = 0x0112, 0x8769, 0x9003
SHORT = 3
BYTE_ORDERS = {b"II*\x00": "<", b"MM\x00*": ">"}
DAY = re.compile(rb"(\d{4})[:/-](\d\d)[:/-](\d\d)")


class TooManyParts(ValueError):
    """A file cut into so many parts that it can only be meant to keep a decoder busy."""


def split_jpeg(data: bytes) -> tuple[bytes, bytes]:
    """A JPEG with no application data but its colour profile, and its EXIF.

    What follows the picture (a second one, a zip, a page) is gone.

    Raises
    ------
    TooManyParts
    """
    kept, exif = [data[:2]], b""
    at, scans = 2, 0
    for _ in range(MOST_SEGMENTS):
        found = JPEG_MARKER.search(data, at)
        # Between scans stands the picture, between other segments nothing that matters.
        kept += [data[at : found.start() if found else len(data)]] if scans else []
        if found is None:
            return b"".join(kept), exif
        marker, end = found[1][0], _segment_end(data, found)
        segment = data[found.start() : end]
        scans += marker == JPEG_SCAN
        if marker == JPEG_EXIF and not exif and segment[4:].startswith(EXIF_HEAD):
            exif = segment[4 + len(EXIF_HEAD) :]
        if _of_the_picture(marker, segment):
            kept.append(segment)
        if marker == JPEG_END:
            return b"".join(kept), exif
        if scans > MOST_SCANS:
            break
        at = end
    raise TooManyParts


def _segment_end(data: bytes, found: re.Match[bytes]) -> int:
    if found[1][0] in (*JPEG_ALONE, JPEG_END):
        return found.end()
    return found.end() + max(int.from_bytes(data[found.end() : found.end() + 2]), 2)


def _of_the_picture(marker: int, segment: bytes) -> bool:
    if marker == JPEG_ICC:
        return segment[4:].startswith(ICC_HEAD)
    if marker in (JPEG_JFIF, JPEG_ADOBE):  # they say how the colours are stored
        return True
    return not 0xE0 <= marker <= 0xEF


def split_png(data: bytes) -> tuple[bytes, bytes]:
    """A PNG with nothing but its picture and colour profile, and its EXIF.

    Raises
    ------
    TooManyParts
    """
    kept, exif = [PNG_MAGIC], b""
    at = len(PNG_MAGIC)
    for _ in range(MOST_CHUNKS):
        name = data[at + 4 : at + 8]
        end = at + 12 + int.from_bytes(data[at : at + 4])
        if name in PNG_KEPT:
            kept.append(data[at:end])
        elif name == b"eXIf":
            exif = data[at + 8 : end - 4]
        if name in (b"IEND", b""):
            return b"".join(kept), exif
        at = end
    raise TooManyParts


def orientation(exif: bytes) -> int:
    """How the camera was held (回転), 1 to 8 as in EXIF; 1 where it is not known."""
    try:
        order = _byte_order(exif)
        kind, at = _first_directory(exif, order)[ORIENTATION]
        held = _number(f"{order}{'H' if kind == SHORT else 'I'}", exif, at)
    except (struct.error, LookupError):
        return 1
    return held if 1 <= held <= 8 else 1


def taken_on(exif: bytes) -> date | None:
    """The day the photo was taken (撮影日); None where it is not known."""
    try:
        order = _byte_order(exif)
        _, at = _first_directory(exif, order)[EXIF_IFD]
        _, at = _directory(exif, order, _number(f"{order}I", exif, at))[TAKEN_AT]
        found = DAY.match(exif, _number(f"{order}I", exif, at))
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except (struct.error, LookupError, ValueError):
        return None


def _byte_order(exif: bytes) -> str:
    return BYTE_ORDERS[exif[:4]]


def _number(form: str, exif: bytes, at: int) -> int:
    (number,) = struct.unpack_from(form, exif, at)
    return int(number)


def _first_directory(exif: bytes, order: str) -> dict[int, tuple[int, int]]:
    return _directory(exif, order, _number(f"{order}I", exif, 4))


def _directory(exif: bytes, order: str, at: int) -> dict[int, tuple[int, int]]:
    """Of each tag that is whole, its type and where its value stands."""
    first = at + 2
    end = min(first + 12 * _number(f"{order}H", exif, at), len(exif) - 11)
    tags: dict[int, tuple[int, int]] = {}
    for entry in range(first, end, 12):
        tag, kind = struct.unpack_from(f"{order}HH", exif, entry)
        tags[tag] = kind, entry + 8
    return tags
