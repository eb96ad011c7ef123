"""The only writes to deliveries.

A try is claimed in one transaction, carried outside any, and its result kept in another. A worker
that dies in between leaves a claim that grows stale: the delivery is then sent again with the same
idempotency key, and marked so. Locks are taken in the order message, delivery.
"""

from __future__ import annotations

from .forwarding import forward, send_again
from .making import Order, deliver, deliver_many
from .many import send_many
from .methods import add_checked_method, edit_checked_method
from .moving import recall, recover, stop
from .reporting import correct, report
from .resuming import resume
from .sending import send, send_bundle
from .tasks import end_task, free_task, take_task

__all__ = [
    "Order",
    "add_checked_method",
    "correct",
    "deliver",
    "deliver_many",
    "edit_checked_method",
    "end_task",
    "forward",
    "free_task",
    "recall",
    "recover",
    "report",
    "resume",
    "send",
    "send_again",
    "send_bundle",
    "send_many",
    "stop",
    "take_task",
]
