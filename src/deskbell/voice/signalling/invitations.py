"""Who calls whom: what an INVITE says, and what of it is to be believed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from aiosipua import SipRequest

from .addresses import clean, split, user_in, user_of
from .bodies import sdp_of

ANONYMOUS: Final = "anonymous"
_HIDDEN: Final = {"id", "user", "header"}


@dataclass(frozen=True, slots=True)
class Invitation:
    """What an INVITE says about the call it asks for; users are the part before the @.

    `replaces` is the call that this one takes the place of (RFC 3891), empty for none.
    """

    call_id: str
    source: str
    caller: str
    caller_name: str
    called: str
    forwarded_from: str
    offer: str
    extra: Mapping[str, str] = field(default_factory=dict)
    replaces: str = ""
    referred_by: str = ""


def invitation_of(
    request: SipRequest, *, call_id: str, source: str, is_trusted: bool = False
) -> Invitation:
    """Reads an INVITE that came from the IP address `source`.

    The called user is the request URI's, where trunks put the number that was dialled, else To's.
    Where the sender `is_trusted`, as a trunk is, the caller is whom P-Asserted-Identity names
    (RFC 3325), unless Privacy withholds it. `extra` holds the X- headers and Diversion, as the
    RCML reference's section 2 passes them on.
    """
    get = request.headers.get_first
    origin = get("from") or ""
    diversion = get("diversion") or get("history-info") or ""
    asserted = (get("p-asserted-identity") or "") if is_trusted else ""
    is_hidden = not _HIDDEN.isdisjoint(_words(get("privacy") or ""))
    extra = {
        clean(name): clean(values[0])
        for name, values in request.headers.items()
        if name[:2].lower() == "x-" or name.lower() == "diversion"
    }
    caller = user_of(asserted or origin) or user_of(origin) or ANONYMOUS
    name = (split(asserted)[0] if asserted else "") or split(origin)[0]
    return Invitation(
        call_id=call_id,
        source=source,
        caller=ANONYMOUS if is_hidden else caller,
        caller_name="" if is_hidden else clean(name),
        called=user_in(request.uri) or user_of(get("to") or ""),
        forwarded_from=user_of(diversion) if diversion else "",
        offer=sdp_of(request),
        extra=extra,
        replaces=clean(get("replaces") or ""),
        referred_by=clean(get("referred-by") or get("b") or ""),
    )


def _words(value: str) -> set[str]:
    return {word.strip().lower() for word in value.replace(",", ";").split(";")}


def replaced(value: str) -> tuple[str, str, str, bool] | None:
    """Call-ID, to-tag, from-tag and early-only of a Replaces value; None where it lacks one."""
    call_id, *rest = value.split(";")
    pairs = {
        name.strip().lower(): text.strip()
        for name, _, text in (part.partition("=") for part in rest)
    }
    to_tag, from_tag = pairs.get("to-tag", ""), pairs.get("from-tag", "")
    if not call_id.strip() or not to_tag or not from_tag:
        return None
    return call_id.strip(), to_tag, from_tag, "early-only" in pairs
