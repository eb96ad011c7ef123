"""Calls that other rooms make, change and end, by our gateways or by a carrier of Twilio's family.

Other rooms reach this through `voice.client`.
"""

from __future__ import annotations

from .addresses import CallsAddress, gateways_in_turn, ready_gateway
from .calls import Calls, LimitReached, NewCall, NewParticipant, RemoteCall, RemoteParticipant

__all__ = [
    "Calls",
    "CallsAddress",
    "LimitReached",
    "NewCall",
    "NewParticipant",
    "RemoteCall",
    "RemoteParticipant",
    "gateways_in_turn",
    "ready_gateway",
]
