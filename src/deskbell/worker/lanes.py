"""Which jobs share threads.

Deliveries, mails and words to the gateway wait for machines elsewhere, some of which never answer;
with threads and a connection of their own they cannot keep a message from going on to the next
level. Nor can recordings that are written down, one after the other, or files of a million rows.
What the desk says to the gateway has its own, since a caller waits for it while a thousand mails go
out.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lane:
    """Jobs whose names start with one of `prefixes`, on so many threads in each worker."""

    name: str
    prefixes: tuple[str, ...]
    threads: int


OUTSIDE = Lane(
    "outside",
    (
        "delivery.",
        "todos.",
        "webhooks.send",
        "portal.send_",
        "reports.send_",
        "attendant.tell_",
        "billing.refresh_payment",
        "billing.pay_",
    ),
    16,
)
DESK = Lane("desk", ("desk.",), 8)
LISTENING = Lane("listening", ("calls.transcribe",), 1)
EXPORTS = Lane("exports", ("reports.make_",), 2)
ENGINE = Lane("engine", ("",), 6)
LANES = (DESK, OUTSIDE, LISTENING, EXPORTS, ENGINE)


def lane_of(job_name: str) -> Lane:
    """The first lane whose prefixes fit; the last fits every job."""
    return next(lane for lane in LANES if job_name.startswith(lane.prefixes))
