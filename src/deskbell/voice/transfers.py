"""Transfers: one of two who talk asks, by REFER, that somebody else takes its place.

Who stays is sent to a document: the Dial's `referUrl` where it names one, else one that rings the
new party with the old Dial's terms, or, where the transfer was announced in another call (Replaces,
RFC 3891), one that meets whom that call is with. So every call keeps a coroutine of its own, and
none depends on who has left.

Only phones of ours, and peers that the operator or the document trusts, may transfer: a stranger
behind a trunk could otherwise call whom they like at the account's cost.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import unquote, urljoin

from deskbell.foundation.sids import new_sid
from deskbell.rcml.verbs import Client, Conference, Dial, Document, Noun, Number, Sip
from deskbell.rcml.write import to_xml

from .bridging import opposite_of
from .call import Call

Plan = Callable[[], object]
ACCEPTED: Final = 202
DECLINED: Final = 603
NOT_FOUND: Final = 404
_TARGET: Final = re.compile(
    r"(?P<uri>sips?:(?:(?P<user>[^@?;>\s]*)(?:;[^@?>\s]*)?@)?(?P<host>[^?;>\s]+)[^?>]*)"
    r"(?:\?(?P<headers>[^>\s]*))?",
    re.IGNORECASE,
)
_DIALLED: Final = re.compile(r"[+*#0-9.()-]+")


@dataclass(frozen=True, slots=True)
class Target:
    """Whom a REFER names, and the Call-ID of the call with them that it is to take over."""

    uri: str
    user: str
    host: str
    replaces: str = ""


def target_of(refer_to: str) -> Target | None:
    """Reads a Refer-To; None for what is no SIP address."""
    found = _TARGET.search(refer_to)
    if found is None:
        return None
    replaces = ""
    for header in (found["headers"] or "").split("&"):
        name, _, value = header.partition("=")
        if name.lower() == "replaces":
            replaces = unquote(value).partition(";")[0].strip()
    return Target(found["uri"], unquote(found["user"] or ""), found["host"], replaces)


class Transfers:
    """The transfers that `call` and who is connected to it may ask for, in the Dial `verb`."""

    def __init__(self, call: Call, verb: Dial, base: str) -> None:
        self.by_caller = False
        self._call = call
        self._verb = verb
        self._base = base
        self._watched: list[Call] = []

    def watch(self, child: Call) -> None:
        """From now on both may ask."""
        self._watched = [self._call, child]
        for one in self._watched:
            one.on_refer = self._on_refer

    def close(self) -> None:
        """From now on neither may."""
        for call in self._watched:
            call.on_refer = None
        self._watched = []

    def _on_refer(self, by: Call, to: str) -> int:
        stays = opposite_of(by)
        if stays is None or not (self._verb.refer_url or _is_trusted(by)):
            return DECLINED
        target = target_of(to)
        if target is None:
            return NOT_FOUND
        plan = (self._announced if target.replaces else self._blind)(by, stays, target)
        if plan is None:
            return NOT_FOUND
        by.trace.note("transfers", to=target.uri, who=stays.sid)
        self.by_caller = by is self._call
        asyncio.get_running_loop().call_soon(_carry_out, by, plan)  # the REFER is answered first
        return ACCEPTED

    def _blind(self, by: Call, stays: Call, target: Target) -> Plan | None:
        url, method = self._verb.refer_url, self._verb.refer_method
        if not url:
            return self._sent(stays, self._noun(by, target))
        stays.extra |= {
            "ReferTarget": target.uri,
            "Transferor": _party(by),
            "Transferee": _party(stays),
        }
        return lambda: stays.redirect(urljoin(self._base, url), method)

    def _announced(self, by: Call, stays: Call, target: Target) -> Plan | None:
        board = by.services.board
        other = next((each for each in board if each.sip_call_id == target.replaces), None)
        met = opposite_of(other) if other is not None and other is not by else None
        if met is None or met.account != stays.account:
            return None
        room = Conference(new_sid("CF"), beep=False, end_on_exit=True, wait_url="")
        plans = [self._sent(each, room) for each in (stays, met)]
        return lambda: [plan() for plan in plans]

    def _sent(self, call: Call, noun: Noun) -> Plan:
        verb = replace(self._terms(call), nouns=(noun,))
        return lambda: call.redirect(self._base, xml=to_xml(Document((verb,))))

    def _terms(self, stays: Call) -> Dial:
        """A Dial like the old one; its action is the caller's alone."""
        verb = replace(self._verb, record="", answer_on_bridge=False)
        if stays is self._call and verb.action:
            return replace(verb, action=urljoin(self._base, verb.action))
        return replace(verb, action="", caller_id="")

    def _noun(self, by: Call, target: Target) -> Noun:
        """Whom we know by name or number is called as such, whatever host stands behind it."""
        ours = by.dialog.ours.contact.partition(":")[2].partition(";")[0]
        realm = self._call.configuration.realm.lower()
        if target.host.lower() not in {ours, realm, f"{realm}:5060"}:
            return Sip(target.uri)
        is_number = _DIALLED.fullmatch(target.user)
        return Number(target.user) if is_number else Client(target.user)


def _carry_out(by: Call, plan: Plan) -> None:
    """From here on who asked is not needed: it is told so, and hung up on by who stays."""
    by.dialog.notify_refer(200)
    plan()


def _is_trusted(call: Call) -> bool:
    if call.is_outgoing:
        return not call.is_metered
    return bool(call.particulars.phone)


def _party(call: Call) -> str:
    """Who is at the other end of a call."""
    return call.particulars.called if call.is_outgoing else call.particulars.caller
