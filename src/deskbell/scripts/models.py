"""Scripts, their publications, and which number has which. Source: seed 000, "Scripts".

A script's content is one value (`rules`), kept as JSON: as a draft while it is edited, and as a
publication once receptionists read it. Escalation levels in it are plain ids that point upward.
"""

from __future__ import annotations

from typing import Any

from django.db import models

from deskbell.accounts.models import Owned, PhoneNumber
from deskbell.platform.columns import Json


class Script(Owned):
    """What is said and asked on some of an account's numbers."""

    name = models.CharField(max_length=100)
    draft: Any = Json(default=dict, help_text="What is being edited")
    revision = models.IntegerField(default=1, help_text="Raised with every change of the draft")
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=254, blank=True)
    active = models.ForeignKey(
        "Publication", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField()

    class Meta(Owned.Meta):
        abstract = False
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["account", "name"], name="one_script_of_a_name")
        ]

    def __str__(self) -> str:
        return self.name


class Publication(Owned):
    """A script as receptionists read it from an instant on; never changed."""

    script = models.ForeignKey(Script, on_delete=models.CASCADE, related_name="publications")
    number = models.IntegerField(help_text="1 for the script's first")
    content: Any = Json(default=dict)
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=254, blank=True)

    class Meta(Owned.Meta):
        abstract = False
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["script", "number"], name="one_publication_of_a_number")
        ]

    def __str__(self) -> str:
        return f"{self.script}, {self.number}"


class ScriptOfNumber(Owned):
    """Which script receptionists read when they answer a number."""

    number = models.OneToOneField(PhoneNumber, on_delete=models.CASCADE, related_name="+")
    script = models.ForeignKey(Script, on_delete=models.CASCADE, related_name="numbers")

    class Meta(Owned.Meta):
        abstract = False
        verbose_name_plural = "scripts of numbers"

    def __str__(self) -> str:
        return f"{self.script} on {self.number}"


class ClosingActionGroup(Owned):
    """The id by which the API names one of a script's closings (`closing_action_group_id`)."""

    script = models.ForeignKey(Script, on_delete=models.CASCADE, related_name="closings")
    key = models.CharField(max_length=64, help_text="Its key in the content")

    class Meta(Owned.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["script", "key"], name="one_closing_of_a_key")
        ]

    def __str__(self) -> str:
        return f"{self.key} of {self.script}"
