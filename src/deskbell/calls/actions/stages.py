"""What happens to a call on its way through the desk is written into its record."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from deskbell.accounts.models import User

from ..models import Stage, StageOfCall
from .records import changing


class Skill(Protocol):
    """What a receptionist was asked for: a row of the room above."""

    @property
    def pk(self) -> Any:
        """Its id."""

    @property
    def name(self) -> str:
        """Its name, as the record shows it."""


def enter_stage(*, call_id: int, stage: Stage, at: datetime) -> bool:
    """Writes that a call is in a stage from now on; the same stage twice in a row is once.

    Gives whether the call goes on: False where its end is written already (its figures are then
    worked out again). Raises NotFound.
    """
    with changing(call_id, "stage") as call:
        if call.stage != stage:
            StageOfCall(account_id=call.account_id, call=call, stage=stage, at=at).save()
            call.stage = stage
    return call.ended_at is None


def answered_by(*, call_id: int, user: User, skill: Skill | None, at: datetime) -> None:
    """Writes which receptionist has a call; who had it last is shown, and when the first answered.

    `skill` is what was asked for. Raises NotFound.
    """
    fields = "agent_id", "agent_name", "skill_id", "skill_name", "agent_answered_at"
    with changing(call_id, *fields) as call:
        call.agent_id, call.agent_name = user.pk, str(user)[:200]
        call.skill_id = str(skill.pk) if skill else ""
        call.skill_name = skill.name[:100] if skill else ""
        call.agent_answered_at = call.agent_answered_at or at


def hung_up_by(*, call_id: int, who: str) -> None:
    """Notes who ends a call (caller, agent, system), before its end is reported.

    A caller who hangs up at that moment is believed more. Raises NotFound.
    """
    with changing(call_id, "who_hung_up") as call:
        if call.ended_at is None or call.who_hung_up in {"", "system"}:
            call.who_hung_up = who


def wrapped_up(*, call_id: int, at: datetime) -> None:
    """Writes that the receptionist has written the call down; the second time nothing changes.

    Raises NotFound.
    """
    with changing(call_id, "wrapped_up_at") as call:
        call.wrapped_up_at = call.wrapped_up_at or at
