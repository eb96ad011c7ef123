"""Sends a test message, shows live what becomes of it, and has levels tested every so often.

Source: design, on call, "Self-tests".
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages as notices
from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from deskbell import audit
from deskbell.delivery.queries import proof
from deskbell.foundation.clock import now
from deskbell.foundation.durations import in_words
from deskbell.foundation.errors import NotFound
from deskbell.messages.models import SELF_TEST, Message, MessageStatus
from deskbell.oncall import actions
from deskbell.oncall.models import EscalationLevel, SelfTest
from deskbell.platform.tenancy import account_scope

from ...asking import act
from ...attendant.frame import Question, data_of, is_post
from ...lists import written
from ...oncall.frame import save
from ...oncall.proof.sheet import STANDINGS, Sheet, sheet_of
from ...tenancy import PortalRequest
from ..frame import ask, operator_page, show
from ..picking import numbered
from .forms import EveryForm, LevelForm

MOST_SHOWN: Final = 200
_ENDED: Final = (MessageStatus.ACKNOWLEDGED, MessageStatus.EXHAUSTED)


@dataclass(frozen=True, slots=True)
class Line:
    """A level that is tested every so often, and how the last test went."""

    test: SelfTest
    how: str
    state: str
    tone: str


@require_http_methods(["GET", "HEAD", "POST"])
@operator_page
def self_tests(request: PortalRequest) -> HttpResponse:
    """The form that sends a test now, and the levels that are tested by the clock."""
    form = LevelForm(data_of(request))
    form.initial["account"] = written(request.GET, "account")
    if is_post(request) and form.is_valid():
        level = form.cleaned_data["found"]
        made = _send(level)
        _note(request, level, f"message {made.pk}")
        return redirect("operator:self_test", made.pk)
    tests = SelfTest.objects.select_related("account", "level").order_by("account__number", "pk")
    context = {
        "form": form,
        "lines": _lines(list(tests[:MOST_SHOWN])),
        "picked": numbered(),
    }
    return show(request, "self_test/self_tests", context)


def _send(level: EscalationLevel) -> Message:
    with account_scope(level.account_id):
        return actions.send_self_test(level=level, at=now())


@require_http_methods(["GET", "HEAD", "POST"])
@operator_page
def new(request: PortalRequest) -> HttpResponse:
    """Has a level tested every so often; one that is, in another rhythm."""
    form = EveryForm(data_of(request))
    if is_post(request) and form.is_valid() and save(form, lambda: _add(form)):
        level = form.cleaned_data["found"]
        _note(request, level)
        notices.success(request, f"{level.name} is tested; the first test goes out in a minute.")
        return redirect("operator:self_tests")
    context = {"form": form, "picked": numbered(), "back": reverse("operator:self_tests")}
    return show(request, "self_test/new", context)


def _add(form: EveryForm) -> None:
    chosen = form.cleaned_data
    level: EscalationLevel = chosen["found"]
    with account_scope(level.account_id):
        actions.add_self_test(
            level=level,
            every_seconds=int(chosen["every"]),
            within_seconds=int(chosen["within"]),
            at=now(),
        )


@require_http_methods(["GET", "HEAD", "POST"])
@operator_page
def remove(request: PortalRequest, test_id: int) -> HttpResponse:
    """Asks before a level is tested no more."""
    test = SelfTest.objects.select_related("account", "level").filter(pk=test_id).first()
    if test is None:
        raise NotFound("This level is not tested any more")
    level, back = test.level, reverse("operator:self_tests")
    if is_post(request):
        act(request, lambda: _remove(level), done=f"{level.name} is tested no more.")
        _note(request, level)
        return redirect(back)
    question = Question(
        title=f"End the tests of {level.name}?",
        words=f"Nobody is told any more when {level.name} of {test.account.name} does not answer.",
        verb="End the tests",
        action=reverse("operator:remove_self_test", args=[test.pk]),
        back=back,
    )
    return ask(request, question)


def _remove(level: EscalationLevel) -> None:
    with account_scope(level.account_id):
        actions.remove_self_test(level=level)


@require_safe
@operator_page
def self_test(request: PortalRequest, message_id: int) -> HttpResponse:
    """What becomes of a test message, as it happens."""
    return show(request, "self_test/self_test", _context(message_id))


@require_safe
@operator_page
def live(request: PortalRequest, message_id: int) -> HttpResponse:
    """What became of a test message until now; 304 where nothing did since."""
    context = _context(message_id)
    if request.headers.get("If-None-Match") == context["tag"]:
        response = HttpResponse(status=304)
    else:
        response = show(request, "self_test/live", context)
    response.headers["ETag"] = context["tag"]
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _context(message_id: int) -> dict[str, Any]:
    """Only of test messages: what callers said is nothing for this page. Raises NotFound."""
    rows = Message.objects.select_related("account").filter(origin=SELF_TEST)
    message = rows.filter(pk=message_id).first()
    if message is None:
        raise NotFound("There is no such test message")
    with account_scope(message.account_id):
        sheet = sheet_of(proof(message.pk), message.account)
    return {
        "message": message,
        "sheet": sheet,
        "standing": STANDINGS[MessageStatus(message.status)],
        "tone": _tone(message.status),
        "is_over": message.status in _ENDED,
        "tag": f'"{_digest(sheet)}"',
    }


def _digest(sheet: Sheet) -> str:
    return hashlib.sha256(repr(sheet).encode()).hexdigest()[:24]


def _tone(status: str) -> str:
    tones = {MessageStatus.ACKNOWLEDGED: "success", MessageStatus.EXHAUSTED: "danger"}
    return tones.get(MessageStatus(status), "warning")


def _lines(tests: Sequence[SelfTest]) -> list[Line]:
    return [Line(each, _how(each), *_state(each)) for each in tests]


def _how(test: SelfTest) -> str:
    every, within = in_words(test.every_seconds), in_words(test.within_seconds)
    return f"Every {every}, acknowledged within {within}"


def _state(test: SelfTest) -> tuple[str, str]:
    """Words and tone of how the last test went."""
    sent, passed, failed = test.sent_at, test.passed_at, test.failed_at
    if sent is None:
        return "Not sent yet", "warning"
    if failed is not None and failed >= max(sent, passed or sent):
        return "Nobody acknowledged", "danger"
    if passed is not None and passed >= sent:
        return "Acknowledged", "success"
    return "Under way", "warning"


def _note(request: PortalRequest, level: EscalationLevel, what: str = "") -> None:
    named: Model = level.account
    subject = ", ".join(each for each in (str(level), str(named), what) if each)
    audit.note(request, subject=subject, account_id=level.account_id)
