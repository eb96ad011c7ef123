"""Keeping pictures, and removing those that nothing shows any more."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Final

from django.db import connection
from django.db.models import ManyToOneRel

from ..models import Picture
from ..pictures import Crop, Shape, read_picture

# A picture is kept before what shows it is saved, and the same one may be chosen again meanwhile.
KEPT_UNUSED: Final = timedelta(days=1)


def keep_picture(*, upload: bytes, shape: Shape, at: datetime, crop: Crop | None = None) -> Picture:
    """Reads an uploaded picture (`pictures.read_picture`) and keeps what became of it.

    The same picture is one row, however often it is given. Raises InvalidInput, with `field`
    "picture". Until something refers to it, it is kept for a day.
    """
    drawn = read_picture(upload, shape=shape, crop=crop)
    made = Picture(
        sha256=hashlib.sha256(drawn.content).hexdigest(),
        content=drawn.content,
        width=drawn.width,
        height=drawn.height,
        created_at=at,
    )
    [kept] = Picture.objects.bulk_create(
        [made], update_conflicts=True, unique_fields=["sha256"], update_fields=["created_at"]
    )
    return kept


def forget_pictures(*, at: datetime) -> int:
    """Removes pictures of a day ago and more that nothing refers to; says how many.

    Whatever table refers to pictures counts, also one that this room does not know.
    """
    unused = " AND ".join(
        f'NOT EXISTS (SELECT 1 FROM "{table}" WHERE "{column}" = picture.id)'  # noqa: S608 our names
        for table, column in _references()
    )
    statement = f"DELETE FROM accounts_picture AS picture WHERE created_at < %s AND {unused}"  # noqa: S608 our names
    with connection.cursor() as cursor:
        cursor.execute(statement, [at - KEPT_UNUSED])
        return int(cursor.rowcount)


def _references() -> list[tuple[str, str]]:
    """Tables and columns that name a picture, hidden relations too."""
    relations = Picture._meta.get_fields(include_hidden=True)
    return [
        (each.field.model._meta.db_table, str(each.field.column))
        for each in relations
        if isinstance(each, ManyToOneRel)
    ]
