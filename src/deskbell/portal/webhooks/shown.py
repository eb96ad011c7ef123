"""What pages say of webhooks: how one stands, and what became of what it was told."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from deskbell.webhooks import queries
from deskbell.webhooks.models import Attempt, Happening, Notice, NoticeState, Subscription

from .. import lists
from ..lists import Listing

MOST_SHOWN: Final = 20_000
EVENT_WORDS: Final = {
    Happening.TAKEN: "Taken",
    Happening.DELIVERED: "Delivered",
    Happening.ESCALATED: "Escalated",
    Happening.ACKNOWLEDGED: "Acknowledged",
    Happening.EXHAUSTED: "Acknowledged by nobody",
    Happening.TEST: "Test",
}
STATE_WORDS: Final = {
    NoticeState.WAITING: ("Waiting", "secondary"),
    NoticeState.SENDING: ("Under way", "secondary"),
    NoticeState.SENT: ("Sent", "success"),
    NoticeState.FAILED: ("Given up", "danger"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """A webhook with how it stands, in a word and a tone (one of the badge colours)."""

    webhook: Subscription
    waiting: int
    state: str
    tone: str

    @property
    def host(self) -> str:
        """The machine it is sent to."""
        return urlsplit(self.webhook.url).hostname or self.webhook.url

    @property
    def events(self) -> str:
        """What it is told of, in words."""
        told = [EVENT_WORDS[Happening(each)] for each in self.webhook.events]
        return ", ".join([*told[:1], *(each.lower() for each in told[1:])])

    @property
    def last(self) -> str:
        """How the last attempt went, in words; empty before the first."""
        return answer_words(self.webhook.last_status, self.webhook.last_answer)


def standing(webhook: Subscription, waiting: int) -> Standing:
    """How a webhook stands now."""
    if webhook.is_paused:
        state = ("Paused: it failed", "danger") if webhook.paused_because else ("Paused", "warning")
    elif webhook.failing_since:
        state = ("Failing", "danger")
    elif webhook.last_attempt_at:
        state = ("Working", "success")
    else:
        state = ("Nothing sent yet", "secondary")
    return Standing(webhook, waiting, *state)


def every() -> list[Standing]:
    """All webhooks of the account, in two queries."""
    waiting = queries.waiting()
    return [standing(each, waiting.get(each.pk, 0)) for each in queries.subscriptions()]


def answer_words(status: int | None, words: str) -> str:
    """What came back: the status and the first words."""
    return f"{status or ''} {words}".strip()


@dataclass(frozen=True, slots=True)
class Line:
    """A notice as a list shows it."""

    notice: Notice
    last: Attempt | None

    @property
    def event(self) -> str:
        """What happened, in a word."""
        return EVENT_WORDS[Happening(self.notice.happening)]

    @property
    def state(self) -> str:
        """Where it stands, in words."""
        words = STATE_WORDS[NoticeState(self.notice.state)][0]
        is_again = self.notice.state == NoticeState.WAITING and self.notice.tries
        return "Next try" if is_again and self.shows_next else words

    @property
    def tone(self) -> str:
        """The badge's colour."""
        if self.notice.state == NoticeState.WAITING and self.notice.tries:
            return "warning"
        return STATE_WORDS[NoticeState(self.notice.state)][1]

    @property
    def shows_next(self) -> bool:
        """Whether its next try has an hour; what somebody asked for goes at once."""
        due = self.notice.next_try_at
        return due is not None and due > self.notice.created_at

    @property
    def answer(self) -> str:
        """What came of the last attempt."""
        return answer_words(self.last.status, self.last.answer) if self.last else ""


def line_of(notice: Notice) -> Line:
    """A notice, whose attempts were read beforehand, as a line."""
    attempts = list(notice.attempts.all())
    return Line(notice, attempts[-1] if attempts else None)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which notices to list: those in a state, or all; and the page from 1."""

    state: str = ""
    page: int = 1

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> Asked:
        """Reads a query string; what makes no sense falls back to the default."""
        return cls(
            state=lists.chosen(given, "state", NoticeState.values), page=lists.count(given, "page")
        )

    @property
    def query(self) -> str:
        """The query string for the same list, without what is the default."""
        return lists.query_of(self, Asked())


def listing(webhook: Subscription, asked: Asked) -> Listing[Asked, Line]:
    """The page asked for, in three queries; one past the end gives the last one."""
    found = queries.notices(webhook, state=NoticeState(asked.state) if asked.state else None)
    return lists.listing(found, asked, lambda rows: [line_of(each) for each in rows])


def filters(asked: Asked) -> Iterable[tuple[str, str, bool]]:
    """The states to choose from: query string, words, whether it is the chosen one."""
    states = {"": "All", **{state.value: words for state, (words, _) in STATE_WORDS.items()}}
    chosen = [each for each in states if each != NoticeState.SENDING]
    return [(Asked(each).query, states[each], each == asked.state) for each in chosen]


def pretty(body: str) -> tuple[str, bool]:
    """What was sent, laid out to be read, and whether it was cut."""
    text = json.dumps(json.loads(body), ensure_ascii=False, indent=2)
    return text[:MOST_SHOWN], len(text) > MOST_SHOWN
