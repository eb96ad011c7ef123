"""A form's field for a picture: a person's or a logo, with the square that is wanted of it.

`pictures/field.html` draws it; `assets/pictures.ts` shows what was chosen and lets one crop it.
Without a script the middle is taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django import forms
from django.core.cache import cache
from django.core.files.uploadedfile import UploadedFile

from deskbell.accounts.pictures import MOST_BYTES, TAKEN, Crop
from deskbell.foundation.errors import InvalidInput

ACCEPT: Final = "image/png,image/jpeg,image/webp,image/gif"
HELP: Final = "PNG, JPEG, WebP or GIF, at most 10 MB."
A_MINUTE: Final = 10
_MOST_DIGITS: Final = 6


class PictureField(forms.FileField):
    """A chosen file; its bytes are what it cleans to, None where none was chosen.

    What is in it is judged by `accounts.actions.keep_picture`, whatever its name says.
    """

    def __init__(self, **options: Any) -> None:
        given = {"required": False, "help_text": HELP, **options}
        attributes = {"accept": ACCEPT, "data-picture": ""}
        super().__init__(widget=forms.FileInput(attrs=attributes), **given)
        self.error_messages["empty"] = f"The file is empty; choose {TAKEN}."

    def in_words(self, value: Any) -> str:
        """What the audit log says of it."""
        return "another picture" if value else "nothing"

    def clean(self, data: Any, initial: Any = None) -> bytes | None:
        """The bytes. Raises ValidationError for an empty file or one above 10 MB."""
        file = super().clean(data, initial)
        if not isinstance(file, UploadedFile):
            return None
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError("The picture is larger than 10 MB; choose a smaller one.")
        return bytes(file.read())


def count_upload(user_id: int, *, at: datetime) -> None:
    """Counts one picture of a person, since reading one takes much time and memory.

    Writes the cache. Raises InvalidInput past A_MINUTE in one minute.
    """
    key = f"portal.picture.{user_id}.{at:%Y%m%d%H%M}"
    cache.add(key, 0, timeout=120)
    if cache.incr(key) > A_MINUTE:
        raise InvalidInput(
            f"You can send {A_MINUTE} pictures a minute; wait a moment, then try again.",
            field="picture",
        )


def crop_of(given: Mapping[str, Any], *, prefix: str = "crop") -> Crop | None:
    """The square in a form's fields `crop_x`, `crop_y`, `crop_side`; None where it says none."""
    values = [str(given.get(f"{prefix}_{name}", "")) for name in ("x", "y", "side")]
    if not all(value.isdecimal() and len(value) <= _MOST_DIGITS for value in values):
        return None
    x, y, side = map(int, values)
    return Crop(x, y, side) if side else None
