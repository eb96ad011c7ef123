"""The demo's handset: takes every text to anybody, shows it, and texts back what one types.

It plays a carrier of Twilio's family at its own address, where `up --demo` points DESKBELL_TEXTS;
so a text goes out, and an answer comes in, by the very ways that a carrier's would.
"""

from __future__ import annotations

import base64
import hmac
import json
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from deskbell.foundation.carriers import CarrierKeys
from deskbell.foundation.errors import Unreachable
from deskbell.foundation.http import ask_internal
from deskbell.foundation.numbers import for_people
from deskbell.foundation.sids import new_sid
from deskbell.foundation.signing import HEADER, sign

from .folders import TEXTS

SHOWN: Final = 200
LONGEST: Final = 1600
_INCOMING: Final = "/texts/own/incoming"
_SECONDS: Final = 10.0


@dataclass(frozen=True, slots=True)
class Shown:
    """One text of a conversation; `is_ours` where Deskbell sent it."""

    at: datetime
    is_ours: bool
    body: str


@dataclass(slots=True)
class Conversation:
    """The texts between a phone and a number of Deskbell's, oldest first."""

    phone: str
    number: str
    texts: list[Shown]

    @property
    def phone_words(self) -> str:
        """The phone as people write it."""
        return for_people(self.phone)

    @property
    def number_words(self) -> str:
        """Deskbell's number as people write it."""
        return for_people(self.number)


@require_GET
def handset(request: HttpRequest) -> HttpResponse:
    """Every phone that was texted, the one with the newest text first."""
    context = {"conversations": _conversations(), "here": "handset", "is_used": _keys() is not None}
    return render(request, "demo/handset.html", context)


@csrf_exempt
@require_POST
def receive_text(request: HttpRequest, user: str) -> JsonResponse:
    """Takes a text as Twilio's Messages resource does; 401 for whoever has not the password.

    Asked again with the same Idempotency-Key, it keeps nothing and answers the same.
    """
    keys = _keys()
    if keys is None or user != keys.user or not _is_let_in(request, keys):
        return JsonResponse({"code": 20003, "message": "Authenticate"}, status=401)
    key = request.headers.get("Idempotency-Key", "")
    known = next((each["sid"] for each in _kept() if key and each.get("key") == key), "")
    sid = known or new_sid("SM")
    form = request.POST
    if not known:
        _keep(
            phone=form.get("To", ""),
            number=form.get("From", ""),
            body=form.get("Body", ""),
            is_ours=True,
            sid=sid,
            key=key,
        )
    return JsonResponse({"sid": sid, "status": "queued", "error_code": None}, status=201)


@require_POST
def answer(request: HttpRequest) -> HttpResponse:
    """Texts back what was typed, signed as a carrier signs, and keeps what is answered."""
    keys, form = _keys(), request.POST
    phone, number = form.get("phone", ""), form.get("number", "")
    body = form.get("body", "").strip()[:LONGEST]
    if keys is not None and body and any(_is_of(each, phone, number) for each in _kept()):
        _keep(phone=phone, number=number, body=body, is_ours=False, sid=new_sid("SM"))
        said = _asked(keys, {"From": phone, "To": number, "Body": body})
        if said:
            _keep(phone=phone, number=number, body=said, is_ours=True, sid=new_sid("SM"))
    return HttpResponseRedirect(reverse("demo:handset"))


def _asked(keys: CarrierKeys, text: dict[str, str]) -> str:
    """What Deskbell answers a text; words of the handset's own where it does not."""
    environment = settings.ENVIRONMENT
    fields = {"MessageSid": new_sid("SM"), **text}
    signature = sign(keys.signing, environment.public_url + _INCOMING, fields)
    try:
        found = ask_internal(
            "POST",
            environment.web_url + _INCOMING,
            headers={
                HEADER: signature,
                "Content-Type": "application/x-www-form-urlencoded",
                "Host": environment.public_url.partition("://")[2],
            },
            body=urlencode(fields).encode(),
            timeout=_SECONDS,
        )
    except Unreachable as error:
        return f"(The text did not get through: {error})"
    if found.status != 200:
        return f"(The text did not get through: {found.status})"
    return ET.fromstring(found.body).findtext("Message") or ""  # noqa: S314 our own answer


def _keys() -> CarrierKeys | None:
    """What opens the handset, where texts come here."""
    keys: CarrierKeys | None = settings.ENVIRONMENT.text_server
    return keys


def _is_let_in(request: HttpRequest, keys: CarrierKeys) -> bool:
    pair = base64.b64encode(f"{keys.user}:{keys.password}".encode()).decode()
    given = request.headers.get("Authorization", "")
    return hmac.compare_digest(given.encode(), f"Basic {pair}".encode())


def _keep(*, phone: str, number: str, body: str, is_ours: bool, sid: str, key: str = "") -> None:
    content = {"phone": phone, "number": number, "body": body, "is_ours": is_ours, "sid": sid}
    TEXTS.keep(json.dumps(content | {"key": key}).encode())


def _kept() -> list[dict[str, Any]]:
    """The newest texts, newest first, each with when it came."""
    found = []
    for name in TEXTS.names()[:SHOWN]:
        content: dict[str, Any] = json.loads(TEXTS.read(name) or b"{}")
        found.append(content | {"at": datetime.fromtimestamp(int(name) / 1e9, UTC)})
    return found


def _is_of(text: dict[str, Any], phone: str, number: str) -> bool:
    return bool(text["phone"] == phone and text["number"] == number)


def _conversations() -> list[Conversation]:
    found: dict[tuple[str, str], Conversation] = {}
    for each in _kept():
        pair = (each["phone"], each["number"])
        known = found.setdefault(pair, Conversation(*pair, []))
        known.texts.insert(0, Shown(each["at"], each["is_ours"], each["body"]))
    return list(found.values())
