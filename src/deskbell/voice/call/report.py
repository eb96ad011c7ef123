"""What is told of a call that is over."""

from __future__ import annotations

from email.utils import format_datetime

from deskbell.foundation import clock

from ..media import LegFigures


def quality(figures: LegFigures | None) -> dict[str, str]:
    """How the call's audio came in, as parameters of a report; empty for a call without any."""
    if figures is None:
        return {}
    return {
        "RtpPacketsReceived": str(figures.packets_received),
        "RtpPacketsLost": str(figures.packets_lost),
        "RtpJitterMs": f"{figures.jitter_ms:.1f}",
    }


def timestamp() -> str:
    """Now, as reports write it (RFC 2822)."""
    return format_datetime(clock.now(), usegmt=True)
