"""Photos as people send them: nothing kept but the picture, and nothing hostile let through."""

import random
import struct
import zlib
from datetime import date
from io import BytesIO
from typing import Any

import pytest
import shapes  # noqa: F401 - loads the patient profile of Hypothesis
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from api.exchange.photos import LARGEST_BYTES, LARGEST_FULL_BYTES, NotAPhoto, Photo, take_in

RED, GREEN, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)
METADATA = (b"Exif", b"GPS", b"http://ns.adobe.com", b"xmpmeta", b"ICC_PROFILE", b"8BIM", b"IPTC")


def picture(width: int = 40, height: int = 20, mode: str = "RGB") -> Image.Image:
    """Left half red, right half blue."""
    image = Image.new("RGB", (width, height), RED)
    image.paste(BLUE, (width // 2, 0, width, height))
    return image.convert(mode)


def noise(width: int, height: int) -> Image.Image:
    pixels = random.Random(1).randbytes(width * height * 3)
    return Image.frombytes("RGB", (width, height), pixels)


def file(image: Image.Image, form: str = "JPEG", **options: Any) -> bytes:
    target = BytesIO()
    image.save(target, form, **options)
    return target.getvalue()


def camera_exif(orientation: int = 1, taken_at: str = "2026:04:08 10:11:12") -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Secret Camera"
    exif.get_ifd(0x8769)[0x9003] = taken_at
    exif.get_ifd(0x8825).update({1: "N", 2: (36.0, 5.0, 7.0), 3: "E", 4: (136.0, 13.0, 1.0)})
    return exif


def opened(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


def pixel(photo: Photo, x: int = 0, y: int = 0) -> tuple[int, ...]:
    found = opened(photo.full).getpixel((x, y))
    assert isinstance(found, tuple)
    return tuple(int(value) for value in found)


def near(found: tuple[int, ...], expected: tuple[int, ...]) -> bool:
    """JPEG is never exact."""
    return all(abs(one - other) <= 12 for one, other in zip(found, expected, strict=True))


def refused(data: bytes) -> str:
    with pytest.raises(NotAPhoto) as caught:
        take_in(data)
    return str(caught.value)


def png(
    depth: int, colour: int, rows: bytes, *chunks: tuple[bytes, bytes], size: tuple[int, int]
) -> bytes:
    """A PNG written by hand, as no library would."""
    header = struct.pack(">IIBBBBB", *size, depth, colour, 0, 0, 0)
    parts = ((b"IHDR", header), *chunks, (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in parts
    )


GREY = b"\0" + b"\x80" * 4  # one row of four grey pixels


def grey_png(*chunks: tuple[bytes, bytes]) -> bytes:
    return png(8, 0, GREY * 4, *chunks, size=(4, 4))


def swapped_profile() -> bytes:
    """A colour profile in which red and green have changed places."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for old, new in ((b"rXYZ", b"????"), (b"gXYZ", b"rXYZ"), (b"????", b"gXYZ")):
        profile = profile.replace(old, new, 1)
    return profile


# What is kept


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_photo_becomes_two_jpegs(form: str) -> None:
    photo = take_in(file(picture(2000, 1000), form))
    assert (photo.width, photo.height, photo.taken_on) == (1600, 800, None)
    full, thumb = opened(photo.full), opened(photo.thumb)
    assert (full.format, full.size, full.mode) == ("JPEG", (1600, 800), "RGB")
    assert (thumb.format, thumb.size) == ("JPEG", (400, 200))
    assert near(pixel(photo, 10, 10), RED)
    assert near(pixel(photo, 1590, 790), BLUE)


def test_a_small_photo_is_not_enlarged() -> None:
    photo = take_in(file(picture(40, 20)))
    assert (photo.width, photo.height) == (40, 20)
    assert opened(photo.thumb).size == (40, 20)


def test_a_photo_of_a_million_pixels_by_one_does_not_ask_for_gigabytes() -> None:
    photo = take_in(file(Image.new("RGBA", (3_000_000, 1)), "PNG"))
    assert (photo.width, photo.height) == (1600, 1)


def test_even_noise_stays_small() -> None:
    photo = take_in(file(noise(1700, 1700), quality=90))
    assert len(photo.full) <= LARGEST_FULL_BYTES
    assert opened(photo.full).size == (photo.width, photo.height)
    assert 400 < photo.width == photo.height < 1600


# What is gone


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_all_metadata_is_gone_but_the_day(form: str) -> None:
    options: dict[str, Any] = {"exif": camera_exif(), "icc_profile": swapped_profile()}
    if form != "PNG":
        options["xmp"] = b"<x:xmpmeta>http://ns.adobe.com Taro</x:xmpmeta>"
    if form == "JPEG":
        options["comment"] = b"Taro's house"
    data = file(picture(), form, **options)
    photo = take_in(data)
    assert photo.taken_on == date(2026, 4, 8)
    assert b"Secret Camera" in data
    for kept in (photo.full, photo.thumb):
        for mark in (*METADATA, b"Secret", b"Taro", b"2026"):
            assert mark not in kept
        assert set(opened(kept).info) <= {
            *("jfif", "jfif_version", "jfif_unit", "jfif_density"),
            *("progressive", "progression"),
        }


def test_a_comment_is_gone() -> None:
    photo = take_in(file(picture(), comment=b"Taro's house"))
    assert b"Taro" not in photo.full + photo.thumb


def test_iptc_is_gone() -> None:
    plain = file(picture())
    block = b"Photoshop 3.0\x008BIM\x04\x04\x00\x00\x00\x00\x00\x05IPTC!\x00"
    data = plain[:2] + b"\xff\xed" + struct.pack(">H", len(block) + 2) + block + plain[2:]
    photo = take_in(data)
    assert b"8BIM" in data
    assert b"8BIM" not in photo.full
    assert near(pixel(photo), RED)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_turned_upright(form: str, orientation: int) -> None:
    upright = Image.new("RGB", (40, 20), RED)
    upright.paste(BLUE, (20, 0, 40, 10))
    upright.paste(GREEN, (0, 10, 20, 20))
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # Image.Transpose
    held = upright.transpose(Image.Transpose(undo[orientation])) if orientation > 1 else upright
    photo = take_in(file(held, form, exif=camera_exif(orientation)))
    assert (photo.width, photo.height) == (40, 20)
    corners = [pixel(photo, x, y) for x, y in ((2, 2), (37, 2), (2, 17))]
    assert all(near(*pair) for pair in zip(corners, (RED, BLUE, GREEN), strict=True))


def test_a_colour_profile_is_applied_before_it_is_dropped() -> None:
    photo = take_in(file(picture(), "PNG", icc_profile=swapped_profile()))
    assert near(pixel(photo), GREEN)
    assert near(pixel(photo, 39), BLUE)


@pytest.mark.parametrize("profile", [b"junk", b"\x00" * 5000, swapped_profile()[:300]])
def test_a_colour_profile_without_sense_is_passed_over(profile: bytes) -> None:
    assert near(pixel(take_in(file(picture(), icc_profile=profile))), RED)


@pytest.mark.parametrize(
    "tail",
    [b"<html><script>alert(1)</script></html>", b"PK\x03\x04secret.txt", file(picture(mode="L"))],
)
def test_what_is_appended_to_a_photo_is_gone(tail: bytes) -> None:
    photo = take_in(file(picture()) + tail)
    assert near(pixel(photo), RED)
    assert tail[:12] not in photo.full[4:]


def test_a_second_photo_after_the_first_says_nothing_of_it() -> None:
    photo = take_in(file(picture()) + file(picture(), exif=camera_exif(6)))
    assert (photo.width, photo.taken_on) == (40, None)


def test_dates_that_are_none_are_not_known() -> None:
    for text in ("0000:00:00 00:00:00", "2026:13:01 00:00:00", "yesterday, about n"):
        assert take_in(file(picture(), exif=camera_exif(taken_at=text))).taken_on is None


# Other ways of writing colours


def test_cmyk_is_read() -> None:
    assert near(pixel(take_in(file(picture(mode="CMYK")))), RED)


def test_a_jpeg_that_stores_red_green_and_blue_is_read() -> None:
    data = file(picture(), keep_rgb=True)
    for named, numbered in (
        (b"R\x11\0G\x11\0B", b"\1\x11\0\2\x11\0\3"),
        (b"R\0G\0B", b"\1\0\2\0\3"),
    ):
        data = data.replace(named, numbered)  # so that only the Adobe segment tells
    assert near(pixel(take_in(data)), RED)


@pytest.mark.parametrize(("mode", "form"), [("L", "JPEG"), ("1", "PNG"), ("P", "PNG")])
def test_grey_and_palettes_are_read(mode: str, form: str) -> None:
    expected = opened(file(picture(mode=mode), form)).convert("RGB").getpixel((0, 0))
    assert isinstance(expected, tuple)
    found = take_in(file(picture(mode=mode), form))
    assert near(pixel(found), tuple(int(value) for value in expected))


@pytest.mark.parametrize(("mode", "form"), [("RGBA", "PNG"), ("LA", "PNG"), ("RGBA", "WEBP")])
def test_what_is_transparent_is_white(mode: str, form: str) -> None:
    image = Image.new(mode, (40, 20))  # black, but wholly transparent
    assert near(pixel(take_in(file(image, form))), (255, 255, 255))


def test_a_transparent_colour_of_a_palette_is_white() -> None:
    image = picture().quantize(2)
    for index in (0, bytes((0, 0))):
        photo = take_in(file(image, "PNG", transparency=index))
        corners = {pixel(photo), pixel(photo, 39)}
        assert any(near(corner, (255, 255, 255)) for corner in corners)


def test_sixteen_bits_become_eight() -> None:
    photo = take_in(file(Image.new("I;16", (4, 4), 0x8000), "PNG"))
    assert near(pixel(photo), (128, 128, 128))
    colour = png(16, 2, (b"\0" + b"\xff\xff\x00\x00\x00\x00" * 4) * 4, size=(4, 4))
    assert near(pixel(take_in(colour)), RED)


def test_sixteen_bits_with_a_transparent_grey_are_read() -> None:
    black = (b"\0" + b"\x00\x00" * 4) * 4
    photo = take_in(png(16, 0, black, (b"tRNS", b"\x80\x00"), size=(4, 4)))
    assert near(pixel(photo), (0, 0, 0))


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_of_something_animated_the_first_picture_is_kept(form: str) -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in (RED, GREEN, BLUE)]
    data = file(frames[0], form, save_all=True, append_images=frames[1:], duration=100)
    assert near(pixel(take_in(data)), RED)


# What is refused


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "写真のファイルが空です。"),
        (b"\xff\xd8\xff" + bytes(LARGEST_BYTES), "写真が大きすぎます（15MBまで）。"),
        (b"hello", "写真として読めないファイルです。"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "ホームページ（HTML）か図（SVG）"),
        (b"\xef\xbb\xbf\n<!DOCTYPE html><html></html>", "ホームページ（HTML）か図（SVG）"),
        (b"%PDF-1.7", "PDFのようです。"),
        (b"PK\x03\x04", "圧縮ファイルか文書のようです。"),
        (file(picture(), "GIF"), "画像（GIF）のようです。"),
        (file(picture(), "BMP"), "画像（BMP）のようです。"),
        (file(picture(), "TIFF"), "画像（TIFF）のようです。"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "互換性優先"),
        (b"\x00\x00\x00\x18ftypisom\x00\x00\x00\x00", "動画か、受け取れない形式"),
        (b"\xff\xd8\xff", "写真が壊れているか"),
        (b"\x89PNG\r\n\x1a\n", "写真が壊れているか"),
        (b"RIFF\x04\x00\x00\x00WEBP", "写真が壊れているか"),
    ],
    ids=lambda value: "" if isinstance(value, bytes) else value,
)
def test_what_is_no_photo_is_refused_in_plain_words(data: bytes, told: str) -> None:
    sentence = refused(data)
    assert told in sentence
    assert sentence.endswith("ください。")


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_truncated_photo_is_refused(form: str) -> None:
    data = file(noise(200, 200), form)
    for length in (12, 40, len(data) // 2, len(data) - 200):
        assert "途中で切れています" in refused(data[:length])


@pytest.mark.parametrize("side", [7_100, 16_383])
def test_too_many_pixels_are_refused_before_they_are_decoded(
    side: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    jpeg, webp = bytearray(file(picture())), bytearray(file(picture(), "WEBP"))
    frame = jpeg.index(b"\xff\xc0")
    jpeg[frame + 5 : frame + 9] = struct.pack(">HH", side, side)
    webp[26:30] = struct.pack("<HH", side, side)
    for plugin in (JpegImageFile, PngImageFile, WebPImageFile):
        monkeypatch.setattr(plugin, "load", lambda _: pytest.fail("decoded"))
    for bomb in (png(8, 6, b"", size=(side, side)), bytes(jpeg), bytes(webp)):
        assert "写真が細かすぎます（5,000万画素まで）" in refused(bomb)


def test_chunks_that_swell_are_passed_over_or_refused() -> None:
    swelling = zlib.compress(bytes(50_000_000))
    text = (b"zTXt", b"Comment\0\0" + swelling)
    assert take_in(grey_png(text, (b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + swelling))).width == 4
    assert "壊れている" in refused(grey_png((b"iCCP", b"a\0\0" + swelling)))


def test_a_broken_animation_is_a_plain_picture() -> None:
    assert take_in(grey_png((b"acTL", bytes(8)), (b"acTL", bytes(8)))).width == 4


def test_a_palette_picture_without_a_palette_is_refused() -> None:
    assert "壊れている" in refused(png(8, 3, GREY * 4, size=(4, 4)))


def test_a_file_in_thousands_of_parts_is_refused() -> None:
    plain = file(picture())
    assert "壊れている" in refused(plain[:2] + b"\xff\xe5\x00\x02" * 3_000 + plain[2:])
    assert "壊れている" in refused(grey_png(*[(b"tEXt", b"a\0b")] * 60_000))
    whole = file(picture(), progressive=True)
    scan = whole[whole.rindex(b"\xff\xda") : -2]
    assert take_in(whole[:-2] + scan * 5 + whole[-2:]).width == 40
    assert "壊れている" in refused(whole[:-2] + scan * 40 + whole[-2:])


# Whatever comes


def exif_file(exif: bytes) -> bytes:
    plain = file(picture())
    body = b"Exif\0\0" + exif
    return plain[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + plain[2:]


WHOLE_EXIF = camera_exif(6).tobytes().removeprefix(b"Exif\0\0")


@given(st.integers(0, len(WHOLE_EXIF)))
def test_a_photo_with_a_torn_exif_is_still_a_photo(length: int) -> None:
    photo = take_in(exif_file(WHOLE_EXIF[:length]))
    first_two_tags = 8 + 2 + 2 * 12  # the camera's make and how it was held
    assert (photo.width, photo.height) == ((20, 40) if length >= first_two_tags else (40, 20))


@given(
    st.binary(max_size=200) | st.binary(max_size=200).map(lambda body: b"MM\0*\0\0\0\x08" + body)
)
def test_a_photo_with_a_hostile_exif_is_still_a_photo(exif: bytes) -> None:
    photo = take_in(exif_file(exif))
    assert {photo.width, photo.height} == {40, 20}


def photo_or_refusal(data: bytes) -> None:
    try:
        photo = take_in(data)
    except NotAPhoto as refusal:
        assert str(refusal).endswith("ください。")
    else:
        assert opened(photo.full).size == (photo.width, photo.height)


STARTS = (b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\x00\x01\x00\x00WEBPVP8 ")


@given(st.sampled_from(STARTS), st.binary(max_size=300))
def test_any_bytes_are_a_photo_or_refused(start: bytes, rest: bytes) -> None:
    photo_or_refusal(start + rest)


WHOLE = [
    file(picture(), exif=camera_exif(), icc_profile=swapped_profile(), progressive=True),
    file(picture(mode="CMYK"), exif=camera_exif(), comment=b"x"),
    file(picture(mode="RGBA"), "PNG", exif=camera_exif(), icc_profile=swapped_profile()),
    file(picture(mode="P"), "PNG", transparency=0),
    file(picture(mode="RGBA"), "WEBP", exif=camera_exif(), icc_profile=swapped_profile()),
]


@given(
    st.sampled_from(WHOLE),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=8),
    st.floats(0, 1),
)
def test_a_damaged_photo_is_a_photo_or_refused(
    whole: bytes, changes: list[tuple[float, int]], length: float
) -> None:
    damaged = bytearray(whole)
    for where, value in changes:
        damaged[int(where * len(damaged))] = value
    photo_or_refusal(bytes(damaged))
    photo_or_refusal(bytes(damaged[: int(length * len(damaged))]))
