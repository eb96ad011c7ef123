"""What strangers upload as a picture, and what may become of it."""

from __future__ import annotations

import io
import struct
import zlib
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from PIL import Image, TiffImagePlugin

from deskbell.accounts import actions, pictures
from deskbell.accounts.models import Account, PhoneNumber, Picture, User
from deskbell.accounts.pictures import Crop, Drawn, Shape, read_picture
from deskbell.accounts.queries import picture_for
from deskbell.foundation.errors import InvalidInput, NotFound
from deskbell.platform.tenancy import account_scope

RED, GREEN, BLUE = (200, 30, 30), (30, 180, 30), (30, 30, 200)


def drawn(size: tuple[int, int] = (300, 200), mode: str = "RGB") -> Image.Image:
    """A picture whose upper left corner is red, its upper right green, and the rest blue."""
    image = Image.new("RGB", size, BLUE)
    half = (size[0] // 2, size[1] // 2)
    image.paste(RED, (0, 0, *half))
    image.paste(GREEN, (half[0], 0, size[0], half[1]))
    return image.convert(mode)


def file_of(image: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def opened(found: Drawn) -> Image.Image:
    image = Image.open(io.BytesIO(found.content))
    assert (image.format, image.size) == ("WEBP", (found.width, found.height))
    return image


def colour(image: Image.Image, x: float, y: float) -> str:
    """Which of the colours stands at a place, in parts of its width and height."""
    pixel = image.convert("RGB").getpixel((int(image.width * x), int(image.height * y)))
    assert isinstance(pixel, tuple)
    return {0: "red", 1: "green", 2: "blue"}[pixel.index(max(pixel))]


def corners(image: Image.Image) -> list[str]:
    return [colour(image, x, y) for y in (0.1, 0.9) for x in (0.1, 0.9)]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_person_is_a_square_of_the_middle(kind: str) -> None:
    image = opened(read_picture(file_of(drawn((900, 300)), kind), shape=Shape.PERSON))
    assert image.size == (256, 256)
    assert corners(image) == ["red", "green", "blue", "blue"]


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_crop_is_what_was_chosen(kind: str) -> None:
    upload = file_of(drawn((4000, 2000)), kind)
    chosen = read_picture(upload, shape=Shape.PERSON, crop=Crop(2200, 100, 700))
    assert set(corners(opened(chosen))) == {"green"}


@pytest.mark.parametrize("crop", [Crop(10**6, 10**6, 10**6), Crop(-9, -9, 0), Crop(299, 199, 1)])
def test_a_crop_that_lies_outside_is_moved_inside(crop: Crop) -> None:
    found = read_picture(file_of(drawn(), "PNG"), shape=Shape.PERSON, crop=crop)
    assert (found.width, found.height) == (256, 256)


def test_a_logo_fits_and_keeps_what_is_transparent() -> None:
    image = Image.new("RGBA", (1000, 100), (0, 0, 0, 0))
    image.paste((*RED, 255), (0, 0, 500, 100))
    made = opened(read_picture(file_of(image, "PNG"), shape=Shape.LOGO))
    assert made.size == (480, 48)
    assert made.mode == "RGBA"
    assert made.getpixel((470, 24))[3] == 0  # type: ignore[index]  # stubs give any pixel
    assert made.getpixel((10, 24)) == (*RED, 255)


def test_a_small_logo_is_not_blown_up() -> None:
    found = read_picture(file_of(drawn((40, 20)), "PNG"), shape=Shape.LOGO)
    assert (found.width, found.height) == (40, 20)


@pytest.mark.parametrize("size", [(1, 1), (16_000, 1), (1, 2000)])
@pytest.mark.parametrize("shape", list(Shape))
def test_odd_sizes_are_pictures_too(size: tuple[int, int], shape: Shape) -> None:
    assert read_picture(file_of(drawn(size), "PNG"), shape=shape).content


def test_what_is_transparent_of_a_person_is_white() -> None:
    clear = file_of(Image.new("RGBA", (50, 50), (9, 9, 9, 0)), "PNG")
    made = opened(read_picture(clear, shape=Shape.PERSON))
    assert made.convert("RGB").getpixel((128, 128)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_every_kind_of_png_is_read(mode: str) -> None:
    if mode.startswith("I"):
        image = Image.new(mode, (60, 60), 128 * 256)
    else:
        image = drawn((60, 60)).convert(mode)
    made = opened(read_picture(file_of(image, "PNG"), shape=Shape.PERSON))
    if mode.startswith("I"):
        assert made.convert("L").getpixel((128, 128)) == 128


def test_print_colours_become_those_of_screens() -> None:
    made = opened(read_picture(file_of(drawn(mode="CMYK"), "JPEG"), shape=Shape.PERSON))
    assert made.mode == "RGB"
    assert corners(made) == ["red", "green", "blue", "blue"]


def photographed(image: Image.Image, orientation: int) -> bytes:
    """A JPEG as a telephone writes it: how it was held, where it was, and with what."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Telephones Inc"
    north = TiffImagePlugin.IFDRational
    exif.get_ifd(0x8825).update({1: "N", 2: (north(40), north(44), north(55))})
    return file_of(image, "JPEG", exif=exif, quality=95, comment=b"Taken at the dentist")


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_photograph_stands_upright(orientation: int) -> None:
    undo = {
        1: None, 2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_270,
    }[orientation]  # fmt: skip
    held = drawn((2400, 1600)) if undo is None else drawn((2400, 1600)).transpose(undo)
    whole = read_picture(photographed(held, orientation), shape=Shape.PERSON)
    assert corners(opened(whole)) == ["red", "green", "blue", "blue"]
    left = Crop(0, 0, 700)
    part = read_picture(photographed(held, orientation), shape=Shape.PERSON, crop=left)
    assert set(corners(opened(part))) == {"red"}


@pytest.mark.parametrize("shape", list(Shape))
def test_nothing_of_the_upload_is_left(shape: Shape) -> None:
    upload = photographed(drawn(), 1)
    assert b"Telephones" in upload
    found = read_picture(upload, shape=shape)
    image = opened(found)
    assert not image.getexif()
    assert not {"exif", "xmp", "icc_profile", "comment"} & set(image.info)
    assert b"EXIF" not in found.content
    assert b"Telephones" not in found.content


SCRIPT = b"<script>alert(document.cookie)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">' + SCRIPT + b"</svg>"


@pytest.mark.parametrize(
    "upload",
    [
        b"",
        b"hello",
        SVG,
        b'<?xml version="1.0"?>' + SVG,
        b"<!doctype html>" + SCRIPT,
        b"GIF89a" + SCRIPT,
        b"\x89PNG\r\n\x1a\n" + SCRIPT,
        b"\xff\xd8\xff\xe0" + SCRIPT,
        b"RIFF\x40\0\0\0WEBPVP8 " + SCRIPT,
        b"%PDF-1.7\n" + SCRIPT,
        b"%!PS-Adobe-3.0 EPSF-3.0\n(/etc/passwd) run",
        b"BM" + bytes(60),
        b"II*\0" + bytes(60),
        b"\0" * 5000,
    ],
)
def test_what_is_no_picture_is_refused(upload: bytes) -> None:
    with pytest.raises(InvalidInput, match="choose a PNG, JPEG, WebP or GIF") as told:
        read_picture(upload, shape=Shape.PERSON)
    assert told.value.field == "picture"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF"])
def test_a_script_behind_or_inside_a_picture_goes_no_further(kind: str) -> None:
    upload = file_of(drawn(), kind, comment=SCRIPT) + SCRIPT + SVG
    found = read_picture(upload, shape=Shape.LOGO)
    assert b"script" not in found.content
    assert b"svg" not in found.content


@pytest.mark.parametrize("kind", ["TIFF", "BMP", "ICO", "TGA", "PPM"])
def test_only_four_kinds_are_read_whatever_the_library_knows(kind: str) -> None:
    with pytest.raises(InvalidInput, match="cannot be read"):
        read_picture(file_of(drawn((16, 16)), kind), shape=Shape.PERSON)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_picture_that_breaks_off_is_refused(kind: str) -> None:
    noisy = Image.effect_noise((300, 300), 90).convert("RGB")
    whole = file_of(noisy, kind)
    for part in (10, len(whole) // 3, len(whole) * 2 // 3):
        with pytest.raises(InvalidInput):
            read_picture(whole[:part], shape=Shape.PERSON)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_a_picture_that_moves_is_refused(kind: str) -> None:
    still, next_one = drawn(), drawn().rotate(90)
    upload = file_of(still, kind, save_all=True, append_images=[next_one], duration=100)
    with pytest.raises(InvalidInput, match="moves"):
        read_picture(upload, shape=Shape.PERSON)


def test_a_photograph_with_a_second_one_hidden_in_it_is_no_film() -> None:
    upload = file_of(drawn(), "MPO", save_all=True, append_images=[drawn((30, 20))])
    assert corners(opened(read_picture(upload, shape=Shape.PERSON)))[0] == "red"


def png_that_says(width: int, height: int, rows: bytes = b"") -> bytes:
    """A PNG of one bit a pixel that says it is so large, whatever is in it."""
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows, 9)),
        (b"IEND", b""),
    ]
    parts = [
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@pytest.mark.parametrize(
    ("width", "height"),
    [
        (4000, 2501),
        (8000, 5001),
        (12_000, 12_000),
        (40_000, 40_000),
        (2**31 - 1, 2**31 - 1),
        (16_001, 1),
        (1, 10**9),
    ],
)
def test_a_bomb_is_refused_before_it_is_unpacked(
    width: int, height: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unpack(*_: object) -> None:
        raise AssertionError("the pixels were asked for")

    monkeypatch.setattr(pictures, "_drawn", unpack)
    upload = png_that_says(width, height, bytes(50_000_000 // 8) if width == 8000 else b"")
    assert len(upload) < 100_000
    with pytest.raises(InvalidInput, match="megapixels"):
        read_picture(upload, shape=Shape.PERSON)


def test_a_jpeg_of_a_thousand_steps_is_refused() -> None:
    upload = file_of(drawn((800, 800)), "JPEG", progressive=True)
    start = upload.index(b"\xff\xda")
    bomb = upload[:-2] + upload[start:-2] * 200 + upload[-2:]
    with pytest.raises(InvalidInput, match="too many steps"):
        read_picture(bomb, shape=Shape.PERSON)
    assert read_picture(upload, shape=Shape.PERSON).content


@pytest.mark.parametrize("crop", [None, Crop(7000, 100, 60), Crop(0, 0, 10**6)])
def test_a_large_photograph_is_read_in_part(
    crop: Crop | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[tuple[int, int]] = []
    plain = pictures._plain

    def seen(image: Image.Image) -> Image.Image:
        sizes.append(image.size)
        return plain(image)

    monkeypatch.setattr(pictures, "_plain", seen)
    upload = file_of(drawn((7901, 5001)), "JPEG")
    made = opened(read_picture(upload, shape=Shape.PERSON, crop=crop))
    assert colour(made, 0.9, 0.1) == "green"
    [(width, height)] = sizes
    assert width * height <= pictures.MOST_PIXELS_DECODED


def test_a_large_photograph_that_comes_in_steps_is_refused() -> None:
    upload = file_of(Image.new("L", (4000, 2501), 90), "JPEG", progressive=True)
    with pytest.raises(InvalidInput, match="more than 10 megapixels"):
        read_picture(upload, shape=Shape.PERSON)


def test_one_picture_is_read_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    inside: list[bool] = []
    found = pictures._drawn

    def watched(*given: Any) -> Drawn:
        inside.append(pictures._ONE_AT_A_TIME.locked())
        return found(*given)

    monkeypatch.setattr(pictures, "_drawn", watched)
    upload = file_of(drawn(), "PNG")
    with ThreadPoolExecutor(4) as people:
        made = list(people.map(lambda _: read_picture(upload, shape=Shape.LOGO), range(8)))
    assert len(set(made)) == 1
    assert inside == [True] * 8
    assert not pictures._ONE_AT_A_TIME.locked()


def test_more_than_ten_megabytes_are_not_even_looked_at() -> None:
    with pytest.raises(InvalidInput, match="10 MB"):
        read_picture(bytes(pictures.MOST_BYTES + 1), shape=Shape.LOGO)


@pytest.mark.django_db
def test_the_same_picture_is_one_row(at: datetime) -> None:
    upload = file_of(drawn(), "PNG")
    first = actions.keep_picture(upload=upload, shape=Shape.PERSON, at=at)
    later = at + timedelta(days=3)
    again = actions.keep_picture(upload=upload, shape=Shape.PERSON, at=later)
    assert first.pk == again.pk
    assert Picture.objects.get().created_at == later


@pytest.mark.django_db
def test_what_nothing_shows_goes_after_a_day(
    alice: User, acme: Account, acme_number: PhoneNumber, at: datetime
) -> None:
    def kept(shade: int) -> Picture:
        upload = file_of(Image.new("RGB", (30, 30), (shade, 0, 0)), "PNG")
        return actions.keep_picture(upload=upload, shape=Shape.LOGO, at=at)

    of_person, of_account, of_number, unused = map(kept, (10, 90, 170, 250))
    User.objects.filter(pk=alice.pk).update(picture=of_person)
    Account.objects.filter(pk=acme.pk).update(logo=of_account)
    with account_scope(acme.pk):
        PhoneNumber.objects.filter(pk=acme_number.pk).update(logo=of_number)
    assert actions.forget_pictures(at=at + timedelta(hours=23)) == 0
    assert actions.forget_pictures(at=at + timedelta(hours=25)) == 1
    assert not Picture.objects.filter(pk=unused.pk).exists()
    assert Picture.objects.count() == 3


@pytest.mark.django_db
def test_who_sees_a_picture(
    alice: User, bob: User, charlie: User, rita: User, acme: Account, at: datetime
) -> None:
    picture = actions.keep_picture(upload=file_of(drawn(), "PNG"), shape=Shape.PERSON, at=at)

    def seen_by() -> set[str]:
        found = set()
        for person in (alice, bob, charlie, rita):
            try:
                picture_for(person, picture.sha256)
            except NotFound:
                continue
            found.add(person.name)
        return found

    assert seen_by() == {"Rita"}
    User.objects.filter(pk=alice.pk).update(picture=picture)
    assert seen_by() == {"Alice", "Bob", "Rita"}
    User.objects.filter(pk=alice.pk).update(picture=None)
    Account.objects.filter(pk=acme.pk).update(logo=picture)
    assert seen_by() == {"Alice", "Bob", "Rita"}
    Account.objects.filter(pk=acme.pk).update(logo=None)
    User.objects.filter(pk=rita.pk).update(picture=picture)
    assert seen_by() == {"Rita"}
