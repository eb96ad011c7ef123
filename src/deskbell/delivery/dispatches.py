"""What documents of calls send: emails, texts, faxes, each once, within an account's hourly caps.

Source: RCML reference, section 7 (Sms, Message, Email, Fax). Nothing of what they say goes to a
log, and the text is erased when it is through.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.core.validators import validate_email
from django.db import transaction

from deskbell.accounts.locks import lock_account
from deskbell.accounts.models import Account, PhoneNumber
from deskbell.foundation.errors import DeskbellError, InvalidInput, NotAllowed, Refused, Unreachable
from deskbell.foundation.http import NoAnswer, check_public
from deskbell.foundation.numbers import digits_of, to_e164
from deskbell.lines.queries import may_call
from deskbell.platform.jobs import enqueue

from . import faxing, jobs, mailing, texting
from .models import Dispatch, DispatchKind, DispatchState
from .transport import Fate
from .wording import one_line

MOST_AN_HOUR: Final = {"email": 100, "text": 60, "fax": 20}
MOST_RECIPIENTS: Final = 10
LONGEST_EMAIL: Final = 100_000
GIVEN_UP_AFTER: Final = timedelta(hours=1)
DEFAULT_SUBJECT: Final = "A message from a call"
_TEXTS: Final = frozenset({DispatchKind.SMS, DispatchKind.MESSAGE})
_NEVER_TWICE: Final = _TEXTS | {DispatchKind.FAX}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a document wants sent; `to`, `cc` and `bcc` as it says them."""

    sid: str
    call_sid: str
    kind: str
    sender: str
    to: str
    body: str
    cc: str = ""
    bcc: str = ""
    subject: str = ""


def take(*, account: Account, wanted: Wanted, at: datetime) -> Dispatch:
    """Queues what a document wants sent; asked again for the same sid, gives it as it stands.

    Writes a row and a job. Needs the account's scope. Raises InvalidInput, NotAllowed or Refused,
    in words, for what will not be sent.
    """
    with transaction.atomic():
        lock_account(account.pk)
        found = Dispatch.objects.filter(sid=wanted.sid).first()
        if found is not None:
            return found
        fresh = _checked(account, wanted, at)
        _check_cap(fresh, at)
        fresh.save(force_insert=True)
        enqueue(jobs.dispatch, account_id=account.pk, dispatch_id=fresh.pk)
    return fresh


def send(*, dispatch_id: int, at: datetime) -> None:
    """Sends a dispatch, in the account's scope. Raises Unreachable, so that it is tried again.

    An email may go out twice where a worker dies over it, with one Message-ID; a text never does.
    """
    with transaction.atomic():
        found = Dispatch.objects.select_for_update(of=("self",)).filter(pk=dispatch_id).first()
        if found is None or found.state not in {DispatchState.QUEUED, DispatchState.SENDING}:
            return
        was_begun = found.state == DispatchState.SENDING
        found.state = DispatchState.SENDING
        found.save(update_fields=["state"])
    try:
        if was_begun and found.kind in _NEVER_TWICE:
            raise Refused("A worker stopped while it was sent: it may have been sent, or not")
        _finish(found, DispatchState.SENT, at, provider_id=_carried(found))
    except Unreachable as error:
        may_have_gone = isinstance(error, NoAnswer) and found.kind in _NEVER_TWICE
        if may_have_gone or at - found.created_at >= GIVEN_UP_AFTER:
            _finish(found, DispatchState.FAILED, at, answer=str(error))
            return
        Dispatch.objects.filter(pk=found.pk).update(state=DispatchState.QUEUED)
        raise
    except DeskbellError as error:
        _finish(found, DispatchState.FAILED, at, answer=str(error))


def _finish(
    found: Dispatch, state: DispatchState, at: datetime, *, provider_id: str = "", answer: str = ""
) -> None:
    found.state, found.finished_at = state, at
    found.provider_id, found.answer = provider_id[:200], answer[:500]
    found.body = ""
    found.save()


def _checked(account: Account, wanted: Wanted, at: datetime) -> Dispatch:
    """The row of what is wanted, all of it checked."""
    fresh = Dispatch(
        account=account,
        sid=wanted.sid,
        call_sid=wanted.call_sid,
        kind=wanted.kind,
        body=wanted.body,
        created_at=at,
    )
    if not wanted.body.strip():
        raise InvalidInput("There is nothing to send: the text is empty", field="Body")
    if wanted.kind == DispatchKind.EMAIL:
        _check_email(fresh, wanted)
    elif wanted.kind in _TEXTS:
        _check_text(fresh, wanted)
    else:
        _check_fax(fresh, wanted)
    return fresh


def _check_email(fresh: Dispatch, wanted: Wanted) -> None:
    if len(wanted.body) > LONGEST_EMAIL:
        raise InvalidInput(f"An email takes {LONGEST_EMAIL} characters at most", field="Body")
    given = {"to": wanted.to, "cc": wanted.cc, "bcc": wanted.bcc}
    fresh.recipients = {name: _addresses(text, name) for name, text in given.items()}
    count = sum(map(len, fresh.recipients.values()))
    if not fresh.recipients["to"] or count > MOST_RECIPIENTS:
        raise InvalidInput(f"An email takes 1 to {MOST_RECIPIENTS} addresses, not {count}")
    fresh.sender = _addresses(wanted.sender, "from")[0] if wanted.sender.strip() else ""
    fresh.subject = one_line(wanted.subject, 200) or DEFAULT_SUBJECT


def _addresses(text: str, name: str) -> list[str]:
    found = [each.strip() for each in text.replace(";", ",").split(",") if each.strip()]
    for address in found:
        try:
            validate_email(address)
        except ValidationError as error:
            words = f"{name} takes email addresses such as name@example.com"
            raise InvalidInput(words, field=name) from error
    return found


def _check_text(fresh: Dispatch, wanted: Wanted) -> None:
    if not texting.can_send():
        raise Refused(texting.NOBODY)
    if len(wanted.body) > texting.LONGEST:
        raise InvalidInput(f"A text takes {texting.LONGEST} characters at most", field="Body")
    to = _reachable(fresh.account, wanted.to, "text")
    fresh.sender = _own_number(fresh.account, wanted.sender, "text")
    if texting.wants_none(ours=fresh.sender, theirs=to):
        raise NotAllowed(f"{to} answered STOP to {fresh.sender}, and gets no texts from it")
    fresh.recipients = {"to": [to]}


def _check_fax(fresh: Dispatch, wanted: Wanted) -> None:
    check_public(wanted.body)
    fresh.recipients = {"to": [_reachable(fresh.account, wanted.to, "fax")]}
    fresh.sender = _own_number(fresh.account, wanted.sender, "fax")


def _reachable(account: Account, text: str, what: str) -> str:
    """The number in E.164. Raises InvalidInput for none, NotAllowed for one that is too far."""
    to = _e164(account, text)
    if not to:
        raise InvalidInput(f"A {what} goes to a number such as +12125550142", field="to")
    if not may_call(account, to):
        raise NotAllowed(f"The account may not reach {to}: its prefixes do not allow it")
    return to


def _e164(account: Account, text: str) -> str:
    """A number as a call or a document says it, in E.164; trunks leave out the plus."""
    return to_e164(text, region=account.country) or to_e164(f"+{digits_of(text)}")


def _own_number(account: Account, text: str, what: str) -> str:
    """The number in E.164, one of the account's. Raises NotAllowed."""
    number = _e164(account, text)
    if not number or not PhoneNumber.objects.filter(e164=number).exists():
        raise NotAllowed(f"A {what} comes from a number of the account; set `from` to one of them")
    return number


def _check_cap(fresh: Dispatch, at: datetime) -> None:
    what = "text" if fresh.kind in _TEXTS else str(fresh.kind)
    kinds: Sequence[str] = list(_TEXTS) if what == "text" else [fresh.kind]
    lately = Dispatch.objects.filter(
        account=fresh.account, kind__in=kinds, created_at__gt=at - timedelta(hours=1)
    )
    most = MOST_AN_HOUR[what]
    if lately.count() >= most:
        many = "faxes" if what == "fax" else f"{what}s"
        raise NotAllowed(f"The account may send {most} {many} an hour from calls, and has")


def _carried(found: Dispatch) -> str:
    """Sends it now; the provider's id of it."""
    if found.kind == DispatchKind.EMAIL:
        return _mailed(found)
    to = found.recipients["to"][0]
    if found.kind == DispatchKind.FAX:
        document = faxing.fetched(found.body)
        return faxing.provider().send(faxing.Fax(found.sender, to, document, found.sid)).provider_id
    return texting.send_text(sender=found.sender, to=to, body=found.body)


def _mailed(found: Dispatch) -> str:
    """Sends an email from our own address; who wrote it is whom an answer goes to."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    mail = EmailMultiAlternatives(
        found.subject,
        found.body,
        settings.DEFAULT_FROM_EMAIL,
        found.recipients["to"],
        cc=found.recipients["cc"],
        bcc=found.recipients["bcc"],
        reply_to=[found.sender] if found.sender else None,
        headers={"Message-ID": f"<{found.sid}@{domain}>", "Auto-Submitted": "auto-generated"},
    )
    outcome = mailing.send(mail)
    if outcome.fate == Fate.PASSING:
        raise Unreachable(outcome.words)
    if outcome.fate == Fate.LASTING:
        raise Refused(outcome.words)
    return outcome.provider_id
