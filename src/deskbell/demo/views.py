"""The demo's mailbox and webhook receiver, as pages. Open to whoever reaches the demo."""

from __future__ import annotations

import email
import email.policy
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from deskbell.contacts.models import DeliveryMethod
from deskbell.delivery.transports.webhook.signature import HEADER, is_signed
from deskbell.foundation import clock
from deskbell.platform.tenancy import system_scope

from .folders import MAILBOX, WEBHOOKS
from .told import is_for

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Mail:
    """A received mail, ready to be shown."""

    name: str
    at: datetime
    to: str
    sender: str
    subject: str
    text: str
    html: str


def _read_mail(name: str) -> Mail:
    data = MAILBOX.read(name)
    if data is None:
        raise Http404("No such mail")
    message = email.message_from_bytes(data, policy=email.policy.default)
    return Mail(
        name=name,
        at=datetime.fromtimestamp(int(name) / 1e9, UTC),
        to=str(message["To"] or ""),
        sender=str(message["From"] or ""),
        subject=str(message["Subject"] or "(no subject)"),
        text=_part(message, "plain"),
        html=_part(message, "html"),
    )


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    return str(part.get_content()) if part is not None else ""


@require_GET
def mailbox(request: HttpRequest) -> HttpResponse:
    """The newest fifty mails."""
    mails = [_read_mail(name) for name in MAILBOX.names()[:SHOWN]]
    return render(request, "demo/mailbox.html", {"mails": mails, "here": "mailbox"})


@require_GET
def mail(request: HttpRequest, name: str) -> HttpResponse:
    """One mail as text, its links live."""
    return render(request, "demo/mail.html", {"mail": _read_mail(name), "here": "mailbox"})


@require_GET
def mail_as_html(request: HttpRequest, name: str) -> HttpResponse:
    """One mail as its sender styled it, in a sandbox of its own: no scripts, nothing loaded."""
    response = HttpResponse(_read_mail(name).html or "This mail has no HTML part.")
    response["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-top-navigation allow-popups"
    )
    return response


@require_GET
def webhooks(request: HttpRequest) -> HttpResponse:
    """The newest fifty webhooks, and whether each was signed as it should be."""
    received = [_read_webhook(name) for name in WEBHOOKS.names()[:SHOWN]]
    return render(request, "demo/webhooks.html", {"webhooks": received, "here": "webhooks"})


def _read_webhook(name: str) -> dict[str, Any]:
    kept: dict[str, Any] = json.loads(WEBHOOKS.read(name) or b"{}")
    return kept | {"at": datetime.fromtimestamp(int(name) / 1e9, UTC)}


@csrf_exempt
@require_POST
def receive_webhook(request: HttpRequest, contact_id: int) -> JsonResponse:
    """Takes a webhook as a client's own system would: checks its signature, answers 200 or 401."""
    body = request.body
    with system_scope("the receiver plays a client's system, which knows its own secret"):
        methods = DeliveryMethod.objects.filter(contact_id=contact_id, kind="webhook")
        secrets = list(methods.values_list("secret", flat=True))
    header = request.headers.get(HEADER, "")
    at = clock.now()
    return _taken(body, any(is_signed(secret, body, header, at=at) for secret in secrets))


@csrf_exempt
@require_POST
def be_told(request: HttpRequest, account_id: int) -> JsonResponse:
    """Takes what the account's webhook is told, in the same way."""
    header = request.headers.get(HEADER, "")
    with system_scope("the receiver plays a client's system, which knows its own secret"):
        signed = is_for(account_id, request.body, header, clock.now())
    return _taken(request.body, signed)


def _taken(body: bytes, signed: bool) -> JsonResponse:
    if signed:  # what strangers send is answered, and not kept
        WEBHOOKS.keep(json.dumps({"body": _pretty(body)}).encode())
    return JsonResponse({"received": signed}, status=200 if signed else 401)


def _pretty(body: bytes) -> str:
    try:
        return json.dumps(json.loads(body), indent=2, ensure_ascii=False)
    except ValueError:
        return body.decode(errors="replace")
