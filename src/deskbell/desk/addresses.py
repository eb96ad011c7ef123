"""Where the calls of the desk are asked for, and what the addresses of their documents name.

Jobs of this room place the legs of receptionists and of whom they call; who answers asks the
documents that `api.voice.desk` serves. Both sides make and read these addresses here. A token names
an account and a row and is signed by us, so nobody guesses one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing

from deskbell.delivery.transports.call.calling import carrier_calls, gateway_calls
from deskbell.foundation.errors import NotFound, Unreachable
from deskbell.voice.client import Calls

from .models import DeskCall, Offer, Party, Receptionist

GATEWAY: Final = "gateway"
_OFFERS: Final = signing.Signer(salt="deskbell.desk.offer")
_PARTIES: Final = signing.Signer(salt="deskbell.desk.party")
_ROOM: Final = "desk-"
_HEX: Final = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class LegUrls:
    """What an order for a leg names: its first document, and where its end is told."""

    answer: str
    status: str


def room_of(call_sid: str) -> str:
    """The conference of a caller's leg: `desk-` and the hex digits of its sid."""
    return _ROOM + call_sid[-32:]


def sid_of_room(room: str) -> str:
    """The sid of the caller's leg whose room this is; empty for no room of the desk."""
    digits = room.removeprefix(_ROOM)
    return f"CA{digits}" if room.startswith(_ROOM) and _HEX.fullmatch(digits) else ""


def base_of(way: str) -> str:
    """What the addresses begin with that a carrier of calls is given; without a slash at its end.

    Our gateways are given the web side's own address, hosted carriers the public one.
    """
    environment = settings.ENVIRONMENT
    if way == GATEWAY:
        return f"{environment.web_url}/voice"
    return f"{environment.public_url}/voice/{way}"


def wait_url(account_id: int, base: str) -> str:
    """Where a caller's leg asks what it hears while it waits; again every round."""
    return f"{base}/desk/wait?account={account_id}"


def hold_url(account_id: int, base: str) -> str:
    """Where a leg on hold asks what it hears."""
    return f"{base}/desk/hold?account={account_id}"


def ringing_url(account_id: int, base: str) -> str:
    """Where a receptionist's leg asks what it hears while whom they call is rung."""
    return f"{base}/desk/ringing?account={account_id}"


def closed_url(account_id: int, base: str) -> str:
    """Where a waiting caller's leg is sent whom nobody will answer: what follows is voicemail."""
    return f"{base}/desk/closed?account={account_id}"


def back_url(account_id: int, base: str) -> str:
    """Where a caller's leg is sent that waits again: an apology, then the waiting room."""
    return f"{base}/desk/back?account={account_id}"


def offer_urls(offer: Offer, base: str) -> LegUrls:
    """The addresses for ringing a receptionist; `base` is `base_of` the call's way."""
    start = f"{base}/desk/offers/{token_of(offer)}"
    return LegUrls(f"{start}/answer", f"{start}/status")


def party_urls(party: Party, base: str) -> LegUrls:
    """The addresses for calling somebody into a call; `base` is `base_of` the call's way."""
    start = f"{base}/desk/parties/{token_of_party(party)}"
    return LegUrls(f"{start}/answer", f"{start}/status")


def token_of(offer: Offer) -> str:
    """What the addresses of an offer's documents name it by."""
    return _OFFERS.sign_object([offer.account_id, offer.pk])


def token_of_party(party: Party) -> str:
    """What the addresses of a party's documents name it by."""
    return _PARTIES.sign_object([party.account_id, party.pk])


def offer_named_by(token: str) -> tuple[int, int]:
    """The account's and the offer's id that a token names. Raises NotFound for any other."""
    return _named_by(_OFFERS, token)


def party_named_by(token: str) -> tuple[int, int]:
    """The account's and the party's id that a token names. Raises NotFound for any other."""
    return _named_by(_PARTIES, token)


def calls_of(desk_call: DeskCall) -> Calls:
    """Who makes, changes and ends the legs of a call: the gateway that has it, or its carrier.

    A room is at one gateway, so its legs have to be as well. Needs the account's scope. Raises
    Unreachable where the call's carrier is connected no more, or no gateway is known.
    """
    if desk_call.way != GATEWAY:
        found = carrier_calls(desk_call.way)
        if found is None:
            raise Unreachable(f"{desk_call.way} carries this call, and is not connected any more")
        return found
    return gateway_calls(gateway_of(desk_call.gateway), desk_call.account_id)


def gateway_of(told: str) -> str:
    """The address of the gateway that has a call: what it told, else the only one there is.

    Raises Unreachable.
    """
    urls = settings.ENVIRONMENT.voice_urls
    if told:
        return told
    if not urls:
        raise Unreachable("No voice gateway is known: set DESKBELL_VOICE_URLS")
    return str(urls[0])


def gateway_told(url: str) -> str:
    """A gateway's own address as its requests tell it, as it is kept; empty for what is none."""
    parts = urlsplit(url)
    is_web = parts.scheme in {"http", "https"} and bool(parts.hostname)
    return url.rstrip("/") if is_web and len(url) <= 255 else ""


def rings(receptionist: Receptionist) -> tuple[str, bool]:
    """What an order for a receptionist's leg is addressed to, and whether that is a number.

    A number's leg is asked to press 1, since a voicemail box may answer it; a staff phone is
    `client:` and its user name. Empty where they have named no phone.
    """
    phone = receptionist.phone.strip()
    is_number = phone.startswith("+")
    return (phone if is_number or not phone else f"client:{phone}"), is_number


def can_ring(receptionist: Receptionist, way: str) -> bool:
    """Whether who carries a call reaches a receptionist's phone: carriers reach numbers only."""
    to, is_number = rings(receptionist)
    return bool(to) and (is_number or way == GATEWAY)


def _named_by(signer: signing.Signer, token: str) -> tuple[int, int]:
    try:
        account_id, key = (int(part) for part in signer.unsign_object(token))
    except (signing.BadSignature, TypeError, ValueError) as error:
        raise NotFound("This call is none of ours") from error
    return account_id, key
