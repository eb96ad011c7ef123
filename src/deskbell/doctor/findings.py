"""What the doctor says: one thing that callers or the people on call would stumble over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo


class Severity(StrEnum):
    """How bad it is, the worst first."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


class Kind(StrEnum):
    """What a finding is about, and so what its `sid` names."""

    SYSTEM = "system"
    MENU = "menu"
    ANNOUNCEMENT = "announcement"
    SCHEDULE = "schedule"
    NUMBER = "number"
    LEVEL = "level"
    SCRIPT = "script"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found.

    `code` names the rule (the README lists them). `sid` is the sid of a system, menu or
    announcement; of a schedule its system's; of a number the number as given; of an escalation
    level or script its id. `key` is a menu's key, or `timeoutAction`, `invalidInputAction`,
    `invalidExtensionAction` or `noAnswerAction`, or empty for the whole. `words` say what is the
    case, `advice` what would be right; both are sentences for people.
    """

    severity: Severity
    code: str
    kind: Kind
    sid: str
    key: str
    words: str
    advice: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What a plan does not say; what is None is not known, and nothing is found about it.

    `at` is now (aware). `levels` are the names of the escalation levels by id. `seconds` is how
    long each prompt that is kept lasts, by its SHA-256. `reached` are sids of menus that callers
    can meet although no schedule says so: those of the emergency switch. `forbidden` are telephones
    (as they are written) that the account may not call, `uncarried` those that no trunk takes calls
    to and no SIP phone rings for; `goes_out` is whether any trunk takes calls out at all.
    `has_receptionists` is whether anybody has a desk.
    """

    at: datetime | None = None
    levels: dict[int, str] | None = None
    seconds: dict[str, float] | None = None
    reached: frozenset[str] = field(default_factory=frozenset)
    forbidden: frozenset[str] | None = None
    uncarried: frozenset[str] | None = None
    goes_out: bool | None = None
    has_receptionists: bool | None = None

    def today(self, time_zone: str) -> date | None:
        """The date of now in an IANA zone (UTC for an empty name)."""
        return None if self.at is None else self.at.astimezone(ZoneInfo(time_zone or "UTC")).date()


def worst_first(found: Iterable[Finding]) -> list[Finding]:
    """Findings by severity; those of one severity stay in their order."""
    order = list(Severity)
    return sorted(found, key=lambda each: order.index(each.severity))
