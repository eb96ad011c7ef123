"""Pictures of people and logos of companies, as they are shown: small, and made by us."""

from __future__ import annotations

from django.db import models


class Picture(models.Model):
    """A picture that was read, cropped and written anew, so that nothing of the upload is left.

    It is kept in the database, so that every web process shows it. The same bytes are one row.
    """

    sha256 = models.CharField(max_length=64, unique=True, help_text="Of `content`, in hex")
    content = models.BinaryField(help_text="WebP, without metadata")
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.sha256[:12]}, {self.width} by {self.height}"
