"""Actions as bodies and answers have them: what a key, a timeout or too much wrong input does.

Named steps here, because the rooms below call what writes their rows actions.
Source: seed 002, "Action Type table"; design, attendant API, "Action types".
"""

from __future__ import annotations

from typing import Any

from ninja import Field
from pydantic import ConfigDict

from deskbell.attendant.rules import ActionType

from .fields import Body, Shown

TYPES = ", ".join(ActionType)


class ActionGiven(Body):
    """What to do with a caller; `{}` for nothing of its own."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"actionType": "TRANSFER_TO_PHONE", "actionData": "+12125550142"}
        }
    )

    action_type: str | None = Field(None, description=f"One of {TYPES}.")
    action_data: str | int | None = Field(
        None,
        description="An announcement's sid, a menu's sid, a phone number, or the number of an"
        " escalation level, as the type takes it.",
    )

    def written(self) -> dict[str, Any]:
        """As the rooms below read it."""
        return {
            name: value
            for name, value in self.model_dump(by_alias=True).items()
            if value is not None
        }


class KeyGiven(Body):
    """A key and what it does."""

    menu_key: str | int = Field(description="0 to 9 or *.")
    menu_action: ActionGiven


class ActionShown(Shown):
    """What is done with a caller."""

    action_type: str | None = Field(None, description=f"One of {TYPES}.")
    action_data: str | None = Field(None, description="As the type takes it.")


class KeyShown(Shown):
    """A key and what it does."""

    menu_key: str
    menu_action: ActionShown


def action_shown(written: Any) -> ActionShown:
    """An action that is kept; an object without fields where none is."""
    kept = written or {}
    return ActionShown(action_type=kept.get("actionType"), action_data=kept.get("actionData"))
