"""Pictures that strangers upload, made into small ones of our own.

Nothing of an upload is kept: it is decoded within limits, turned upright, cropped, and written
anew as WebP, so that neither where it was taken nor a script hidden in it goes any further.
"""

from __future__ import annotations

import io
import math
import threading
from dataclasses import dataclass
from enum import Enum
from typing import Final

from PIL import Image

from deskbell.foundation.errors import InvalidInput

MOST_BYTES: Final = 10 * 1024 * 1024
MOST_PIXELS: Final = 40_000_000
MOST_PIXELS_DECODED: Final = 10_000_000
MOST_EDGE: Final = 16_000
MOST_SCANS: Final = 100
FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF")
TAKEN: Final = "a PNG, JPEG, WebP or GIF picture"
_FIELD: Final = "picture"
_SCAN: Final = b"\xff\xda"
_PHOTOGRAPHS: Final = ("JPEG", "MPO")
# A picture takes some 200 MB while it is decoded, so a process decodes one after the other.
_ONE_AT_A_TIME: Final = threading.Lock()
_ORIENTATION: Final = 0x0112
# Exif 2.32, "Orientation": what turns a picture upright.
_UPRIGHT: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_QUALITY: Final = 88


class Shape(Enum):
    """What a picture becomes: the width and height, in pixels, that it fills or fits into."""

    PERSON = (256, 256)  # cropped to a square, which it fills
    LOGO = (480, 160)  # fits into it, and keeps what is transparent


@dataclass(frozen=True, slots=True)
class Crop:
    """The square that is wanted of a picture, in pixels of it as it is seen upright."""

    x: int
    y: int
    side: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """A finished picture: WebP without metadata, and its size in pixels."""

    content: bytes
    width: int
    height: int


def read_picture(upload: bytes, *, shape: Shape, crop: Crop | None = None) -> Drawn:
    """What becomes of an uploaded picture, whatever its name says that it is.

    A person's is cropped to `crop`, or to the middle; a logo is not cropped. Raises InvalidInput
    for what is no PNG, JPEG, WebP or GIF, moves, breaks off, is larger than 10 MB, or has more
    than 10 megapixels, 40 for a JPEG that can be decoded in part. Waits while this process reads
    another.
    """
    if len(upload) > MOST_BYTES:
        raise InvalidInput("The picture is larger than 10 MB; choose a smaller one.", field=_FIELD)
    try:
        with _ONE_AT_A_TIME, Image.open(io.BytesIO(upload), formats=FORMATS) as opened:
            _check(opened, upload)
            return _drawn(opened, shape, crop)
    except InvalidInput:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels(MOST_PIXELS) from error
    except Exception as error:  # decoders raise anything for what is broken
        raise InvalidInput(
            f"This cannot be read as a picture, or it breaks off; choose {TAKEN}.", field=_FIELD
        ) from error


def _check(image: Image.Image, upload: bytes) -> None:
    """Refuses what would take too much time or memory, before a pixel is decoded."""
    width, height = image.size
    most = MOST_PIXELS if _is_decoded_in_part(image) else MOST_PIXELS_DECODED
    if width * height > most or max(width, height) > MOST_EDGE:
        raise _too_many_pixels(most)
    # Photographs of some telephones hold a second, hidden picture (MPO), and do not move.
    if image.format != "MPO" and getattr(image, "is_animated", False):
        raise InvalidInput("This picture moves; choose one that does not.", field=_FIELD)
    # A JPEG may go over all its pixels any number of times, in a few bytes each.
    if image.format in _PHOTOGRAPHS and upload.count(_SCAN) > MOST_SCANS:
        raise InvalidInput("This JPEG is built in too many steps; save it anew.", field=_FIELD)


def _is_decoded_in_part(image: Image.Image) -> bool:
    """Whether it can be made smaller while it is decoded: a JPEG whose pixels come one after the
    other, and not all of them over and over."""
    return image.format in _PHOTOGRAPHS and not image.info.get("progressive")


def _too_many_pixels(most: int) -> InvalidInput:
    return InvalidInput(
        f"The picture has more than {most // 1_000_000} megapixels, or an edge of more than"
        f" {MOST_EDGE:,} pixels; choose a smaller one.",
        field=_FIELD,
    )


def _drawn(image: Image.Image, shape: Shape, crop: Crop | None) -> Drawn:
    turn = _UPRIGHT.get(image.getexif().get(_ORIENTATION, 1))
    whole_width = image.width
    image.draft("RGB", _enough(image, shape, crop))
    image.load()
    scale = whole_width / image.width
    upright = _plain(image)
    if turn is not None:
        upright = upright.transpose(turn)
    if shape is Shape.PERSON:
        return _as_person(upright, crop, scale)
    upright.thumbnail(shape.value, Image.Resampling.LANCZOS)
    return _written(upright, lossless=True)


def _enough(image: Image.Image, shape: Shape, crop: Crop | None) -> tuple[int, int]:
    """How large a JPEG must be decoded, which takes less time and memory than all of it.

    Of a large one never all, however little of it is wanted.
    """
    width, height = shape.value
    if crop is None:
        return width * 2, height * 2
    halves = 2 if image.width * image.height > MOST_PIXELS_DECODED else 1
    times = min(2 * width / max(crop.side, 1), 1 / halves)
    return max(math.floor(image.width * times), 1), max(math.floor(image.height * times), 1)


def _plain(image: Image.Image) -> Image.Image:
    """The same pixels in eight bits of red, green and blue, and of opacity where there is any."""
    if image.mode.startswith("I"):  # 16 bits of grey, which `convert` would cut off at 255
        return image.convert("I").point(lambda value: value / 256).convert("L").convert("RGB")
    wanted = "RGBA" if image.has_transparency_data else "RGB"
    return image if image.mode == wanted else image.convert(wanted)


def _as_person(image: Image.Image, crop: Crop | None, scale: float) -> Drawn:
    least = min(image.size)
    if crop is None:
        side, x, y = least, (image.width - least) // 2, (image.height - least) // 2
    else:
        side = min(max(round(crop.side / scale), 1), least)
        x = min(max(round(crop.x / scale), 0), image.width - side)
        y = min(max(round(crop.y / scale), 0), image.height - side)
    box = (x, y, x + side, y + side)
    square = image.resize(Shape.PERSON.value, Image.Resampling.LANCZOS, box=box)
    if square.mode == "RGBA":
        ground = Image.new("RGBA", square.size, "white")
        square = Image.alpha_composite(ground, square).convert("RGB")
    return _written(square, lossless=False)


def _written(image: Image.Image, *, lossless: bool) -> Drawn:
    clean = Image.new(image.mode, image.size)  # of the pixels alone, without what came with them
    clean.paste(image)
    file = io.BytesIO()
    clean.save(file, "WEBP", quality=_QUALITY, method=4, lossless=lossless)
    return Drawn(file.getvalue(), clean.width, clean.height)
