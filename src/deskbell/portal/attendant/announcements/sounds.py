"""Which prompts an account may hear, and where their audio and picture are.

A prompt is named by its content and is nobody's row, so every door that plays one asks here first:
it must be in the account's live attendant, its draft or its publications, be one of Deskbell's own
sentences, or have been uploaded by this account a moment ago (a signed word says so).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.core import signing
from django.urls import reverse

from deskbell.attendant.models import Announcement, Draft, Prompt, Publication, Sentence
from deskbell.attendant.rules.plans import AnnouncementPlan

SALT = "deskbell.portal.attendant.sounds"
KEPT_FOR = 24 * 3600


@dataclass(frozen=True, slots=True)
class Heard:
    """A sound that a page can play: the prompt's name, its length in seconds, and its addresses."""

    sha256: str
    seconds: float
    token: str = ""

    @property
    def audio_url(self) -> str:
        """The sound as a WAV file."""
        return reverse("attendant:sound", args=[self.sha256]) + self._query

    @property
    def wave_url(self) -> str:
        """Its picture."""
        return reverse("attendant:wave", args=[self.sha256]) + self._query

    @property
    def _query(self) -> str:
        return f"?{urlencode({'kept': self.token})}" if self.token else ""


def token_for(account_id: int, sha256: str) -> str:
    """A word that a form carries for an upload that no announcement holds yet."""
    return signing.dumps([account_id, sha256], salt=SALT)


def kept_by(token: str, account_id: int) -> str:
    """The prompt that a token names; empty for none, a forged or old one, or another account's."""
    try:
        owner, sha256 = signing.loads(token, salt=SALT, max_age=KEPT_FOR)
    except (signing.BadSignature, ValueError, TypeError):
        return ""
    return str(sha256) if owner == account_id else ""


def may_hear(sha256: str, *, account_id: int, token: str = "") -> bool:
    """Whether this account may hear the prompt. Needs the account's scope."""
    if token and kept_by(token, account_id) == sha256:
        return True
    named = [{"audio": sha256}]
    return (
        Announcement.objects.filter(prompt_id=sha256).exists()
        or Draft.objects.filter(plan__announcements__contains=named).exists()
        or Publication.objects.filter(plan__announcements__contains=named).exists()
        or Sentence.objects.filter(prompt_id=sha256).exists()
    )


def seconds_of(names: Collection[str]) -> dict[str, float]:
    """How long each of these prompts lasts; one query."""
    if not names:
        return {}
    return dict(Prompt.objects.filter(pk__in=names).values_list("sha256", "seconds"))


def sounds_of(announcements: Iterable[AnnouncementPlan]) -> dict[str, Heard]:
    """What each announcement of a plan sounds like, by its sid, if it can be heard yet.

    Text is heard as callers hear it, so only where it has been spoken with these very words. Two
    queries. Needs the account's scope.
    """
    wanted = list(announcements)
    spoken = {
        (sid, body, language, voice): prompt
        for sid, body, language, voice, prompt in Announcement.objects.filter(
            type="say", prompt__isnull=False
        ).values_list("sid", "body", "language", "voice", "prompt_id")
    }
    names: dict[str, str] = {}
    for each in wanted:
        said = (each.sid, each.body, each.language, each.voice)
        name = spoken.get(said, "") if each.type == "say" else each.audio
        if name:
            names[each.sid] = name
    lengths = seconds_of(set(names.values()))
    return {sid: Heard(name, lengths[name]) for sid, name in names.items() if name in lengths}
