"""Who is rung for a live patch: the telephones of those on call on a level, one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from deskbell.contacts.models import DeliveryMethod
from deskbell.foundation.errors import NotFound
from deskbell.oncall.models import EscalationLevel
from deskbell.oncall.queries import telephones_on_call

from ..models import DeskCall, Party
from ..rules.hands import How
from .calling import may_be_called


def first(*, level_id: int, desk_call: DeskCall, at: datetime) -> DeliveryMethod:
    """Whom a live patch to a level rings first; never the caller's own telephone, nor what may not
    be called (`calling.checked`), as the account's own number, where the call would come again.

    Raises NotFound for a level that is gone, or where nobody is on call by telephone.
    """
    level = EscalationLevel.objects.filter(pk=level_id, account_id=desk_call.account_id).first()
    if level is None:
        raise NotFound("There is no such escalation level any more")
    found = _others(telephones_on_call(level_id, at), desk_call, set())
    if not found:
        raise NotFound(f"Nobody is on call by telephone on {level.name} just now")
    return found[0]


def following(party: Party, at: datetime) -> DeliveryMethod | None:
    """Who is rung after somebody of a live patch did not take it; None where all were."""
    if party.how != How.LIVE_PATCH or party.level_id is None:
        return None
    telephones = telephones_on_call(party.level_id, at)
    return next(iter(_others(telephones, party.desk_call, _tried(party))), None)


def _others(
    methods: Sequence[DeliveryMethod], call: DeskCall, but: set[str]
) -> list[DeliveryMethod]:
    tried = {call.caller_id, *but}
    return [e for e in methods if e.address not in tried and may_be_called(call, e.address)]


def _tried(last: Party) -> set[str]:
    """Whom this live patch rang already: each began at the instant when the one before ended."""
    rows = Party.objects.filter(desk_call=last.desk_call_id, how=How.LIVE_PATCH, pk__lt=last.pk)
    found, began = {last.address}, last.made_at
    for each in rows.order_by("-pk"):
        if each.ended_at != began or each.level_id != last.level_id:
            break
        found.add(each.address)
        began = each.made_at
    return found
