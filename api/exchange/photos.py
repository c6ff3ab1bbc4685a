"""Photos as people send them (写真), made small and stripped of all they tell besides the picture.

A photo from a phone says where and when it was taken, by which device, sometimes by whom. Nothing
of that is kept but the day: the picture is decoded, turned upright, and encoded anew.
"""

import struct
import zlib
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from threading import BoundedSemaphore

from PIL import Image, ImageCms
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from api.exchange.photo_metadata import (
    EXIF_HEAD,
    PNG_MAGIC,
    orientation,
    split_jpeg,
    split_png,
    taken_on,
)
from api.exchange.signatures import MAGIC

LARGEST_BYTES = 15 * 1024**2
MOST_PIXELS = 50_000_000
FULL_PX, THUMB_PX = 1600, 400
LARGEST_FULL_BYTES = 400 * 1024
QUALITIES = (85, 78, 70, 60, 50)
THUMB_QUALITY = 80

AT_ONCE, PATIENCE_S = 2, 10.0
"""A picture of so many pixels takes half a gigabyte while it is made small: the rest wait."""
_turns = BoundedSemaphore(AT_ONCE)

ACCEPTED = "JPEG・PNG・WebPの写真を選んでください。"
EMPTY = "写真のファイルが空です。もう一度選び直してください。"
TOO_LARGE = (
    f"写真が大きすぎます（{LARGEST_BYTES // 1024**2}MBまで）。"
    "小さくして保存し直すか、ほかの写真を選んでください。"
)
TOO_FINE = (
    f"写真が細かすぎます（{MOST_PIXELS // 10_000:,}万画素まで）。"
    "小さくして保存し直すか、ほかの写真を選んでください。"
)
BROKEN = "写真が壊れているか、途中で切れています。もう一度送るか、ほかの写真を選んでください。"
BUSY = "いま、写真がたくさん届いています。少し待って、もう一度送ってください。"
HEIC = (
    "HEIC形式の写真は受け取れません。iPadの設定で「カメラ」→「フォーマット」を"
    "「互換性優先」にして撮り直すか、JPEGに変えて送ってください。"
)
HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")

# What Pillow raises of broken files, there being no one exception for it.
DAMAGED = (
    OSError,
    SyntaxError,
    AssertionError,
    ValueError,
    TypeError,
    LookupError,
    EOFError,
    ArithmeticError,
    MemoryError,
    struct.error,
    zlib.error,
)
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class NotAPhoto(ValueError):
    """A file that is not taken as a photo (受け取れない写真); its text says why and what to do."""


@dataclass(frozen=True)
class Photo:
    """A photo fit to be kept (写真): two JPEGs without metadata, the size of the larger in px."""

    full: bytes
    thumb: bytes
    width: int
    height: int
    taken_on: date | None


def take_in(data: bytes) -> Photo:
    """A photo from a file's bytes, whatever its name.

    Raises
    ------
    NotAPhoto : in Japanese, for the person who sent it.
    """
    if not data:
        raise NotAPhoto(EMPTY)
    if len(data) > LARGEST_BYTES:
        raise NotAPhoto(TOO_LARGE)
    if not _turns.acquire(timeout=PATIENCE_S):
        raise NotAPhoto(BUSY)
    try:
        return _made_small(data)
    finally:
        _turns.release()


def _made_small(data: bytes) -> Photo:
    try:
        opened, exif = _opened(data)
        if opened.width * opened.height > MOST_PIXELS:
            raise NotAPhoto(TOO_FINE)
        picture = _upright(_decoded(opened), orientation(exif))
    except NotAPhoto:
        raise
    except Image.DecompressionBombError as error:
        raise NotAPhoto(TOO_FINE) from error
    except DAMAGED as error:
        raise NotAPhoto(BROKEN) from error
    full, picture = _full(picture)
    thumb = picture.copy()
    thumb.thumbnail((THUMB_PX, THUMB_PX))
    return Photo(full, _jpeg(thumb, THUMB_QUALITY), *picture.size, taken_on(exif))


def _opened(data: bytes) -> tuple[ImageFile, bytes]:
    """The file with nothing of its picture decoded yet, and its EXIF.

    Not `Image.open`, which warns of pictures too large for it where we refuse them.
    """
    if data.startswith(b"\xff\xd8\xff"):
        bare, exif = split_jpeg(data)
        return JpegImageFile(BytesIO(bare)), exif
    if data.startswith(PNG_MAGIC):
        bare, exif = split_png(data)
        return PngImageFile(BytesIO(bare)), exif
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        webp = WebPImageFile(BytesIO(data))
        return webp, webp.info.get("exif", b"").removeprefix(EXIF_HEAD)
    raise NotAPhoto(_refusal(data))


def _refusal(data: bytes) -> str:
    """Why something else is not taken."""
    if data[4:8] == b"ftyp":
        known = data[8:12] in HEIC_BRANDS
        return HEIC if known else f"動画か、受け取れない形式の画像のようです。{ACCEPTED}"
    if data.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        return f"写真ではなく、ホームページ（HTML）か図（SVG）のようです。{ACCEPTED}"
    if data.startswith(b"PK"):
        return f"写真ではなく、圧縮ファイルか文書のようです。{ACCEPTED}"
    for magic, seems in MAGIC:
        if data.startswith(magic):
            return f"受け取れる写真ではなく、{seems}のようです。{ACCEPTED}"
    return f"写真として読めないファイルです。{ACCEPTED}"


def _decoded(opened: ImageFile) -> Image.Image:
    """The picture in sRGB on white, not larger than it will be kept."""
    profile = opened.info.get("icc_profile")
    picture = _on_white(_in_eight_bits(opened))
    # In two steps, since one filter over a picture of a million pixels by one needs gigabytes.
    picture.thumbnail((FULL_PX, FULL_PX), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return _in_srgb(picture, profile)


def _in_eight_bits(picture: Image.Image) -> Image.Image:
    if picture.mode != "I;16":
        return picture
    picture.info.pop("transparency", None)  # a grey of 16 bits, which nothing has any more
    return picture.convert("I").point(lambda grey: grey * (1 / 256)).convert("L")


def _on_white(picture: Image.Image) -> Image.Image:
    if not picture.has_transparency_data:
        return picture.convert("RGB") if picture.mode in ("1", "P") else picture
    clear = picture.convert("RGBA")
    white = Image.new("RGB", picture.size, "white")
    white.paste(clear, mask=clear)
    return white


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """By its colour profile; a profile that makes no sense is as good as none."""
    try:
        if profile:
            converted = ImageCms.profileToProfile(
                picture,
                ImageCms.ImageCmsProfile(BytesIO(profile)),
                ImageCms.createProfile("sRGB"),
                outputMode="RGB",
            )
            return converted or picture.convert("RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        pass
    return picture.convert("RGB")


def _upright(picture: Image.Image, held: int) -> Image.Image:
    """Turned as it was seen, and without a word of metadata."""
    turned = picture.transpose(UPRIGHT[held]) if held in UPRIGHT else picture
    turned.info.clear()
    return turned


def _full(picture: Image.Image) -> tuple[bytes, Image.Image]:
    """As good as fits; a picture nothing can compress (noise) is made smaller until it does."""
    for quality in QUALITIES:
        encoded = _jpeg(picture, quality)
        if len(encoded) <= LARGEST_FULL_BYTES:
            return encoded, picture
    smaller = picture.copy()
    smaller.thumbnail((max(picture.size) * 3 // 4,) * 2)
    return _full(smaller)


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    target = BytesIO()
    picture.save(target, "JPEG", quality=quality, optimize=True, progressive=True)
    return target.getvalue()
