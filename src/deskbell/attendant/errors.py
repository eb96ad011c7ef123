"""What can go wrong when an attendant is edited. The codes are seed 002's, and ours after it.

Where an error has a `sid`, it is of what was named and not found, or of what cannot be deleted or
assigned; the words name who needs it.
"""

from __future__ import annotations

from deskbell.accounts.errors import Named
from deskbell.foundation.errors import Conflict, InvalidInput, NotFound


class SystemNotFound(Named, NotFound):
    """No such system in this account (490)."""


class AnnouncementNotFound(Named, NotFound):
    """No such announcement in this account (500)."""


class MenuNotFound(Named, NotFound):
    """No such menu in this system (502)."""


class NumberInUse(Named, Conflict):
    """The number already leads to another system (510)."""


class NoScheduleEntry(Named, NotFound):
    """No menu of the system answers at this instant (498)."""


class BadAudio(InvalidInput):
    """What was uploaded is not a WAV file that can be played (504)."""


class MenuScheduled(Named, Conflict):
    """The menu answers in a schedule, so it cannot be deleted (506)."""


class AnnouncementInMenu(Named, Conflict):
    """A menu plays the announcement, so it cannot be deleted (507)."""


class MenuLeadsHere(Named, Conflict):
    """Another menu, or the system, leads to the menu, so it cannot be deleted (508)."""


class MenuHasAnnouncement(Named, Conflict):
    """The menu has an announcement or ringback tone, so it cannot be deleted (509)."""


class ScheduleOverlap(InvalidInput):
    """Two entries of one schedule cover the same time (511)."""


class SayIncomplete(InvalidInput):
    """A say announcement lacks its body or language (519)."""


class UnknownType(InvalidInput):
    """An announcement's type is neither say nor play (520)."""


class UnknownLanguage(InvalidInput):
    """An announcement's language is not spoken here (521)."""


class UnknownVoice(InvalidInput):
    """An announcement's voice is neither Man nor Woman (522)."""


class AnnouncementInAction(Named, Conflict):
    """An action plays the announcement, so it cannot be deleted (523)."""


class DraftChanged(Conflict):
    """Somebody else changed the same thing meanwhile; nothing was written."""
