"""Systems, menus, announcements and schedules, and where each live call stands.

Source: seed 002, whose fields these are; its names are kept where they are ours too. Limits that
are not set are null: their defaults apply when a call runs (design, attendant API, "System").
An action is `{"actionType": …, "actionData": …}` as in the seed, `{}` where none is set.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.db.models.functions import Now

from deskbell.accounts.models import Owned, PhoneNumber
from deskbell.calls.models import Call
from deskbell.foundation.sids import new_sid
from deskbell.oncall.models import EscalationLevel


def system_sid() -> str:
    """A new system's sid."""
    return new_sid("AA")


def menu_sid() -> str:
    """A new menu's sid."""
    return new_sid("MN")


def announcement_sid() -> str:
    """A new announcement's sid."""
    return new_sid("AN")


class Prompt(models.Model):
    """Audio that callers hear: G.711 µ-law at 8 kHz, named by its SHA-256, made once.

    Not an account's row: the same words in two accounts are the same audio.
    """

    sha256 = models.CharField(max_length=64, primary_key=True)
    audio = models.BinaryField()
    seconds = models.FloatField()
    created_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.sha256


class Sentence(models.Model):
    """One of the attendant's own sentences (`sentences.py`) in one voice, and its prompt."""

    text = models.CharField(max_length=500)
    language = models.CharField(max_length=40)
    voice = models.CharField(max_length=16)
    prompt = models.ForeignKey(Prompt, on_delete=models.CASCADE)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["text", "language", "voice"], name="one_prompt_each")
        ]

    def __str__(self) -> str:
        return self.text


class AnnouncementType(models.TextChoices):
    """Where an announcement's audio comes from."""

    SAY = "say"
    PLAY = "play"


class Announcement(Owned):
    """Something a caller hears. It is `PREPARING` while a say announcement has no prompt yet."""

    sid = models.CharField(max_length=34, unique=True, default=announcement_sid, editable=False)
    name = models.CharField(max_length=200)
    description = models.CharField(max_length=1000, blank=True)
    type = models.CharField(
        max_length=8, choices=AnnouncementType.choices, default=AnnouncementType.PLAY
    )
    body = models.TextField(blank=True)
    language = models.CharField(max_length=40, blank=True)
    voice = models.CharField(max_length=16, blank=True)
    prompt = models.ForeignKey(Prompt, on_delete=models.PROTECT, null=True, blank=True)
    prompt_at = models.DateTimeField(
        null=True, blank=True, help_text="When the audio was uploaded or spoken; versions its URL"
    )
    position = models.IntegerField(
        null=True, help_text="Its place where a plan gave it one; those without come after"
    )
    created_by = models.EmailField(blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta(Owned.Meta):
        abstract = False

    def __str__(self) -> str:
        return self.name


class SystemStatus(models.TextChoices):
    """A suspended system answers with an apology."""

    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"


class System(Owned):
    """One auto attendant: numbers, a time zone, limits, menus and their schedules."""

    sid = models.CharField(max_length=34, unique=True, default=system_sid, editable=False)
    name = models.CharField(max_length=200)
    description = models.CharField(max_length=1000, blank=True)
    status = models.CharField(
        max_length=16, choices=SystemStatus.choices, default=SystemStatus.ACTIVE
    )
    time_zone = models.CharField(max_length=64, blank=True, help_text="IANA name; UTC where empty")
    timeout_seconds = models.IntegerField(null=True, blank=True)
    timeout_max_occurance = models.IntegerField(null=True, blank=True)
    timeout_action: Any = models.JSONField(default=dict, blank=True)
    invalid_input_max_occurance = models.IntegerField(null=True, blank=True)
    invalid_input_action: Any = models.JSONField(default=dict, blank=True)
    invalid_extension_max_occurance = models.IntegerField(null=True, blank=True)
    invalid_extension_action: Any = models.JSONField(default=dict, blank=True)
    no_answer_action: Any = models.JSONField(
        default=dict, blank=True, help_text="After a transfer nobody took; {} is back to the menu"
    )
    direct_dialling = models.BooleanField(
        default=False, help_text="Whether callers may enter an extension in any menu"
    )
    emergency_menu = models.ForeignKey(
        "Menu", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    emergency_announcement = models.ForeignKey(
        Announcement, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    emergency_until = models.DateTimeField(
        null=True, blank=True, help_text="Until then callers meet what the emergency switch chose"
    )
    apology = models.ForeignKey(
        Announcement, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    voicemail_level = models.ForeignKey(
        EscalationLevel,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        help_text="Where messages that callers leave are sent",
    )
    version = models.UUIDField(
        default=uuid.uuid4, editable=False, help_text="Another at each change that callers can hear"
    )
    position = models.IntegerField(
        null=True, help_text="Its place where a plan gave it one; those without come after"
    )
    created_by = models.EmailField(blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta(Owned.Meta):
        abstract = False

    def __str__(self) -> str:
        return self.name


class SystemNumber(Owned):
    """A number that leads to a system: an attendant number in one, an extension in several."""

    system = models.ForeignKey(System, on_delete=models.CASCADE, related_name="numbers")
    phone_number = models.ForeignKey(PhoneNumber, on_delete=models.CASCADE, related_name="systems")
    is_extension = models.BooleanField(default=False)

    class Meta(Owned.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["phone_number"],
                condition=models.Q(is_extension=False),
                name="one_system_per_number",
            ),
            models.UniqueConstraint(
                fields=["system", "phone_number"], name="each_number_once_per_system"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.phone_number} in {self.system}"


class Menu(Owned):
    """What a caller hears and which keys lead where.

    `keys` is the seed's list: `[{"menuKey": "1", "menuAction": {"actionType": …}}]`.
    """

    sid = models.CharField(max_length=34, unique=True, default=menu_sid, editable=False)
    system = models.ForeignKey(System, on_delete=models.CASCADE, related_name="menus")
    name = models.CharField(max_length=200)
    color_code = models.CharField(max_length=16, blank=True)
    announcement = models.ForeignKey(
        Announcement, on_delete=models.SET_NULL, null=True, blank=True, related_name="menus"
    )
    ringback_tone = models.ForeignKey(
        Announcement, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    keys: Any = models.JSONField(default=list, blank=True)
    timeout_seconds = models.IntegerField(null=True, blank=True)
    timeout_max_occurance = models.IntegerField(null=True, blank=True)
    timeout_action: Any = models.JSONField(default=dict, blank=True)
    position = models.IntegerField(
        null=True, help_text="Its place where a plan gave it one; those without come after"
    )
    created_by = models.EmailField(blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta(Owned.Meta):
        abstract = False

    def __str__(self) -> str:
        return self.name


class WeeklyEntry(Owned):
    """A menu's hours on one day of the week, in the system's time zone.

    `start` is inside, `end` outside; an end at or before the start is on the next day, and 24:00
    is kept as 00:00 with that meaning.
    """

    system = models.ForeignKey(System, on_delete=models.CASCADE, related_name="weekly_entries")
    menu = models.ForeignKey(Menu, on_delete=models.CASCADE, related_name="weekly_entries")
    day = models.SmallIntegerField(help_text="1 Monday to 7 Sunday")
    start = models.TimeField()
    end = models.TimeField()

    class Meta(Owned.Meta):
        abstract = False
        verbose_name_plural = "weekly entries"

    def __str__(self) -> str:
        return f"{self.day} {self.start:%H:%M}-{self.end:%H:%M}"


class DateRange(Owned):
    """A menu's special days, both included, in the system's time zone; wins over the week."""

    system = models.ForeignKey(System, on_delete=models.CASCADE, related_name="date_ranges")
    menu = models.ForeignKey(Menu, on_delete=models.CASCADE, related_name="date_ranges")
    start = models.DateField()
    end = models.DateField()

    class Meta(Owned.Meta):
        abstract = False

    def __str__(self) -> str:
        return f"{self.start} to {self.end}"


class LiveCall(Owned):
    """Where a call stands in the attendant, so that a restart of the web side changes nothing.

    `answer` is the last document, given again where the same step is reported twice.
    """

    call = models.OneToOneField(Call, on_delete=models.CASCADE, related_name="live")
    system = models.ForeignKey(System, on_delete=models.CASCADE, related_name="+")
    through = models.CharField(
        max_length=16, default="gateway", help_text="Who carries the call: ways.Way"
    )
    state: Any = models.JSONField(default=dict)
    answer = models.TextField(blank=True)

    class Meta(Owned.Meta):
        abstract = False

    def __str__(self) -> str:
        return str(self.call)


class CallStep(Owned):
    """One step of a caller's path, for the call-flow picture and the call's trace."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="steps")
    menu = models.ForeignKey(Menu, on_delete=models.SET_NULL, null=True, blank=True)
    at = models.DateTimeField()
    key = models.CharField(max_length=16, blank=True)
    result = models.CharField(max_length=40)

    class Meta(Owned.Meta):
        abstract = False
        indexes = [
            models.Index(fields=["menu", "key"], name="steps_of_menu"),
            models.Index(fields=["account", "at"], name="steps_lately"),
        ]

    def __str__(self) -> str:
        return f"{self.key or '-'}: {self.result}"


class Draft(Owned):
    """Changes to an account's attendant that callers do not meet yet; at most one per account.

    `plan` and `base` are plans as JSON (`plans.py`): what is being edited, and what callers met
    when the draft was begun, so that what others published meanwhile can be told apart.
    """

    plan: Any = models.JSONField()
    base: Any = models.JSONField()
    revision = models.IntegerField(default=1, help_text="Raised by each edit")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    updated_by = models.EmailField(blank=True)

    class Meta(Owned.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["account"], name="one_draft_per_account")]

    def __str__(self) -> str:
        return f"draft {self.revision} of {self.account}"


class Publication(Owned):
    """What callers met from an instant on, whole: the history that can be rolled back to."""

    number = models.IntegerField(help_text="1, 2, 3 … in each account")
    plan: Any = models.JSONField()
    at = models.DateTimeField()
    by = models.EmailField(blank=True)
    note = models.CharField(max_length=500, blank=True)
    through = models.CharField(max_length=16, help_text="portal, api, import, rollback")

    class Meta(Owned.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["account", "number"], name="publications_in_order")
        ]

    def __str__(self) -> str:
        return f"publication {self.number} of {self.account}"
