"""Reads of attendants, in an account's scope unless they say otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from deskbell.accounts.models import PhoneNumber
from deskbell.oncall.models import EscalationLevel
from deskbell.oncall.queries import on_call
from deskbell.rcml.write import to_xml

from .configuration import configuration
from .errors import NoScheduleEntry, SystemNotFound
from .models import (
    Announcement,
    Draft,
    Prompt,
    Publication,
    System,
    SystemStatus,
)
from .models import Sentence as SentenceRow
from .plans import read, up_to_date
from .rules import (
    DEFAULT_LANGUAGE,
    DEFAULT_VOICE,
    CallState,
    Configuration,
    Entered,
    Result,
    Sound,
    Step,
    decide,
)
from .rules.plans import Plan
from .rules.sentences import place_words
from .ways import Way, links_of

PHONE = "call"  # the kind of delivery method that rings a phone


@dataclass(frozen=True, slots=True)
class Planned:
    """What the console shows and edits, beside what callers meet.

    `plan` is the draft's, with what changed live since it was begun; else it is `live`. `conflicts`
    names the parts that draft and live changed differently: then it is the draft's alone, and it
    cannot be published before that is settled.
    """

    plan: Plan
    live: Plan
    draft: Draft | None = None
    conflicts: tuple[str, ...] = ()


def planned(account_id: int) -> Planned:
    """The account's attendant as it is being edited, and as it is; eight queries."""
    live = read(account_id)
    draft = Draft.objects.filter(account_id=account_id).first()
    if draft is None:
        return Planned(live, live)
    found = up_to_date(draft, live)
    return Planned(found.plan, live, draft, tuple(found.conflicts))


def publications(account_id: int) -> QuerySet[Publication]:
    """What callers met from when on, the newest first; plans are read when they are asked for."""
    rows = Publication.objects.filter(account_id=account_id)
    return rows.defer("plan").order_by("-number")


def configuration_for(system: System) -> Configuration:
    """The system as callers meet it; read once per change."""
    return configuration(system.pk, system.version)


def system_for(number: PhoneNumber) -> System | None:
    """The system that a call to the number meets; the oldest for an extension in several.

    Only what a call's first step needs is read with it, because every call asks.
    """
    leading = System.objects.filter(numbers__phone_number=number)
    needed = leading.only("account", "sid", "status", "time_zone", "version")
    return needed.order_by("numbers__is_extension", "numbers__id").first()


@dataclass(frozen=True, slots=True)
class DocumentAt:
    """What a call to a number would be answered with at an instant."""

    rcml: str
    system: System
    menu_sid: str
    at: datetime


def document_at(number: PhoneNumber, at: datetime) -> DocumentAt:
    """The first document for a caller of `number` at the instant `at`; writes nothing.

    Its URLs are signed, so any RCML engine can run it. Raises SystemNotFound for a number without
    an active system, NoScheduleEntry where no menu answers. Source: seed 002, "RCML API".
    """
    system = system_for(number)
    if system is None or system.status != SystemStatus.ACTIVE:
        raise SystemNotFound("AutoAttendant System not found")
    links = links_of(Way.ENGINE, account_id=number.account_id, number_sid=number.sid)
    decision = decide(configuration_for(system), CallState(), Entered(), at, links)
    results = {effect.result for effect in decision.effects if isinstance(effect, Step)}
    if Result.NO_MENU in results:
        raise NoScheduleEntry("No Schedule entry found for Auto Attendant system")
    menu_sid = decision.state.path[-1] if decision.state.path else ""
    return DocumentAt(to_xml(decision.document), system, menu_sid, at)


def prompts_in_use() -> list[str]:
    """The SHA-256 names of all prompts that callers may be played, sorted. Needs a system scope."""
    of_sentences = SentenceRow.objects.values_list("prompt_id", flat=True)
    of_announcements = Announcement.objects.exclude(prompt=None).values_list("prompt_id", flat=True)
    return sorted({name for name in (*of_sentences, *of_announcements) if name})


def prompt_audio(sha256: str) -> bytes | None:
    """A prompt's G.711 µ-law bytes, None where there is none. Needs no scope."""
    found = Prompt.objects.filter(sha256=sha256).values_list("audio", flat=True).first()
    return None if found is None else bytes(found)


def waiting_sounds(tone: str, *, place: int = 0) -> list[Sound]:
    """What who waits hears in one round: their place in line, 0 for none, then a tone.

    One query. A tone (`MUSIC`, `RINGING`) that has not been made yet is left out. Needs no scope.
    """
    words = place_words(place) if place else ""
    rows = SentenceRow.objects.filter(
        text__in=[words, tone], language=DEFAULT_LANGUAGE, voice=DEFAULT_VOICE
    )
    prompts = dict(rows.values_list("text", "prompt_id"))
    sounds = [Sound(words, prompt=prompts.get(words) or "")] if words else []
    if prompts.get(tone):
        sounds.append(Sound(prompt=prompts[tone]))
    return sounds


def phones_on_call(level_id: int, at: datetime) -> tuple[str, ...]:
    """The phones of those on call on a level at an instant; none where the level is gone."""
    level = EscalationLevel.objects.filter(pk=level_id).first()
    methods = on_call(level, at) if level else []
    return tuple(method.address for method in methods if method.kind == PHONE)
