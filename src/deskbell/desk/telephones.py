"""Receptionists' telephones are asked to ring, and told to stop, at whoever carries the caller.

An order has a token of its own, so that it is one call however often it is sent: where no answer
came it is sent again, and where the ring is over by then, the leg that may ring is found by the
same token and ended.
"""

from __future__ import annotations

import logging
import re
from datetime import datetime, timedelta
from typing import Final

from deskbell.foundation.errors import Conflict, DeskbellError, NotFound, Refused, Unreachable
from deskbell.foundation.http import NoAnswer
from deskbell.voice.client import Calls, NewCall

from .actions import offers as rings
from .addresses import GATEWAY, base_of, calls_of, offer_urls
from .addresses import rings as telephone_of
from .models import DeskCall, Offer, OfferState
from .rules.queue import ANSWER_WITHIN, RING_SECONDS

log = logging.getLogger(__name__)
UNSURE: Final = "The gateway has not said whether it rings"
_LONGEST_CALL: Final = 4 * 3600
# A telephone that still rings for the caller before is silenced first, so that one rings at a time.
_JUST_BEFORE: Final = timedelta(seconds=10)
# Whoever calls writes who they are; what no order may show must not count against who is rung.
_SHOWN: Final = re.compile(r"[^\x00-\x1f\x7f<>\"]{1,64}")
_WITH: Final = ("desk_call__number", "desk_call__account", "receptionist")


def ring(offer_id: int, at: datetime) -> None:
    """Places the leg of an offer that rings, and keeps its sid; ends it where it is too late.

    What cannot be rung ends the offer. Needs the account's scope. Asked twice it is one leg.
    """
    offer = _found(offer_id)
    if offer is None or offer.leg_sid:
        return
    if offer.state != OfferState.RINGING:
        _end_unsure(offer, at)
        return
    _silence_others(offer, at)
    try:
        sid = _placed(offer)
    except NoAnswer:  # the beat has it rung again, as the same call
        Offer.objects.filter(pk=offer.pk).update(words=UNSURE)
        if not Offer.objects.filter(pk=offer.pk, state=OfferState.RINGING).exists():
            raise
    except Unreachable as error:
        log.warning("Receptionists cannot be rung just now: %s", error)
        rings.ring_failed(offer_id=offer.pk, is_gateways=True, at=at)
    except DeskbellError as error:
        log.warning("%s cannot be rung: %s", offer.receptionist.phone, error)
        rings.ring_failed(offer_id=offer.pk, is_gateways=False, at=at)
    else:
        _keep(offer, sid, at)


def withdraw(offer_id: int, at: datetime) -> None:
    """Ends the leg of an offer that nobody took; one that was answered hears so instead.

    Raises Unreachable.
    """
    offer = _found(offer_id)
    if offer is None or offer.state in {OfferState.RINGING, OfferState.ANSWERED}:
        return
    if not offer.leg_sid:
        _end_unsure(offer, at)
    elif at - offer.made_at < ANSWER_WITHIN:
        _cancel(calls_of(offer.desk_call), offer.leg_sid)


def redirect(desk_call: DeskCall, url: str) -> None:
    """Sends the caller's leg to another document, where it is there. Raises Unreachable."""
    try:
        calls_of(desk_call).redirect(desk_call.call_sid, url=url)
    except (NotFound, Conflict, Refused) as error:
        log.info("Caller %s is gone: %s", desk_call.call_sid, error)


def _found(offer_id: int) -> Offer | None:
    return Offer.objects.select_related(*_WITH).filter(pk=offer_id).first()


def _placed(offer: Offer) -> str:
    calls, order = calls_of(offer.desk_call), _order(offer)
    try:
        return calls.create(order).sid
    except NoAnswer:
        return calls.create(order).sid


def _order(offer: Offer) -> NewCall:
    call = offer.desk_call
    urls = offer_urls(offer, base_of(call.way))
    number = (call.number.e164 or call.number.number) if call.number else ""
    may_show = call.way == GATEWAY and _SHOWN.fullmatch(call.caller_id)
    ours = call.caller_id if may_show else ""
    return NewCall(
        to=telephone_of(offer.receptionist)[0],
        caller=ours or number or "anonymous",
        url=urls.answer,
        status_callback=urls.status,
        timeout=RING_SECONDS,
        time_limit=_LONGEST_CALL,
        is_staff=True,
        token=f"desk-offer-{offer.pk}-{int(offer.made_at.timestamp())}",
    )


def _keep(offer: Offer, sid: str, at: datetime) -> None:
    """The leg rings, or was answered already; where the ring ended meanwhile it is ended."""
    live = (OfferState.RINGING, OfferState.ANSWERED)
    mine = Offer.objects.filter(pk=offer.pk)
    if mine.filter(state__in=live).update(leg_sid=sid, rung_at=at, words=""):
        return
    mine.update(leg_sid=sid)
    _cancel(calls_of(offer.desk_call), sid)


def _end_unsure(offer: Offer, at: datetime) -> None:
    """Finds the leg that may ring, by the token of its order, and ends it. Raises Unreachable."""
    if offer.words != UNSURE or at - offer.made_at >= ANSWER_WITHIN:
        return
    calls = calls_of(offer.desk_call)
    try:
        sid = calls.create(_order(offer)).sid
    except Unreachable:
        raise
    except DeskbellError:
        return
    Offer.objects.filter(pk=offer.pk).update(leg_sid=sid, words="")
    _cancel(calls, sid)


def _silence_others(offer: Offer, at: datetime) -> None:
    """Ends what the same telephone may still ring for, as where a ring is moved."""
    before = Offer.objects.select_related("desk_call").filter(
        receptionist_id=offer.receptionist_id,
        state=OfferState.WITHDRAWN,
        ended_at__gte=at - _JUST_BEFORE,
    )
    for each in before.exclude(leg_sid=""):
        try:
            _cancel(calls_of(each.desk_call), each.leg_sid)
        except Unreachable as error:
            log.warning("A telephone may ring for two callers: %s", error)


def _cancel(calls: Calls, sid: str) -> None:
    try:
        calls.cancel(sid)
    except (NotFound, Conflict, Refused):
        return
