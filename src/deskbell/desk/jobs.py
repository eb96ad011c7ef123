"""The work that the desk queues: words to whoever carries a call. Each bears being done twice."""

from __future__ import annotations

from deskbell.platform import jobs


@jobs.job("desk.ring")
def ring(*, account_id: int, offer_id: int) -> None:
    """Places the leg of an offer that still rings; one that no longer does is ended."""
    raise NotImplementedError


@jobs.job("desk.withdraw")
def withdraw(*, account_id: int, offer_id: int) -> None:
    """Ends the leg of an offer that nobody has answered."""
    raise NotImplementedError


@jobs.job("desk.close")
def close(*, account_id: int, desk_call_id: int) -> None:
    """Sends a caller whom nobody will answer on to voicemail."""
    raise NotImplementedError


@jobs.job("desk.put_back")
def put_back(*, account_id: int, desk_call_id: int) -> None:
    """Fetches a caller who waits again back to the waiting document, with an apology."""
    raise NotImplementedError


@jobs.job("desk.hang_up")
def hang_up(*, account_id: int, desk_call_id: int) -> None:
    """Ends the caller's leg of a call that is over."""
    raise NotImplementedError
