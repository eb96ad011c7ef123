"""Where calls are placed: at a gateway of ours, else at a hosted carrier that is connected."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings

from deskbell.accounts.models import Account
from deskbell.foundation.errors import Conflict, NotFound, Unreachable
from deskbell.lines.rules import gateway_sid
from deskbell.voice.client import Calls, CallsAddress, gateways_in_turn, ready_gateway

TIMEOUT: Final = 3.5  # seconds for one request, so that two fit in a try
_CARRIERS: Final = ("twilio", "signalwire")


@dataclass(frozen=True, slots=True)
class Place:
    """Somebody who makes calls: `base` is what its documents' addresses begin with."""

    calls: Calls
    base: str
    label: str


def places(*, account_id: int, token: str, is_number: bool) -> Iterator[Place]:
    """Who can make a call, the best first. Raises Unreachable where nobody can.

    Carriers reach telephones only.
    """
    environment = settings.ENVIRONMENT
    hosted = list(_hosted()) if is_number else []
    try:
        url = ready_gateway(environment.voice_urls, token=token)
    except Unreachable:
        if not hosted:
            raise
    else:
        yield Place(gateway_calls(url, account_id), f"{environment.web_url}/voice", "Our gateway")
    yield from hosted


def cancel(*, account_id: int, token: str, sid: str) -> None:
    """Ends a call that nobody has answered yet, wherever it was placed."""
    urls = gateways_in_turn(settings.ENVIRONMENT.voice_urls, token)
    ours = (gateway_calls(url, account_id) for url in urls)
    everybody = [*ours, *(each.calls for each in _hosted())]
    for calls in everybody:
        try:
            calls.cancel(sid)
        except Conflict:
            return
        except (NotFound, Unreachable):
            continue
        return


def carrier_calls(name: str) -> Calls | None:
    """The calls at the hosted carrier of that name; None where it is not connected."""
    return next((each.calls for each in _hosted() if each.label == name.capitalize()), None)


def gateway_calls(url: str, account_id: int) -> Calls:
    """The calls of an account at the gateway at `url`; 0 is the deployment itself."""
    secrets = settings.ENVIRONMENT.secrets
    account = Account.objects.filter(pk=account_id).first() if account_id else None
    sid = gateway_sid(account.sid) if account else secrets.account_sid
    return Calls(CallsAddress.ours(url, sid, secrets.voice), timeout=TIMEOUT)


def _hosted() -> Iterator[Place]:
    environment = settings.ENVIRONMENT
    for name in _CARRIERS:
        keys = environment.carriers.get(name)
        if keys is None:
            continue
        space = (urlsplit(keys.url).hostname or "").partition(".")[0]
        if name == "signalwire" and not space:
            continue
        address = CallsAddress.carrier(name, keys, space=space)
        base = f"{environment.public_url}/voice/{name}"
        yield Place(Calls(address, timeout=TIMEOUT), base, name.capitalize())
