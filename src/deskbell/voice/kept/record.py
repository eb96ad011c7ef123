"""What of a call is kept, as one JSON object: enough to go on with it, or to tell of its end."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from deskbell.foundation import clock
from deskbell.foundation.errors import InvalidInput

from ..call import Call, Direction, Origin, Particulars
from ..signalling.dialog import Dialog
from ..signalling.dialogs.keeping import KeptDialog


@dataclass(frozen=True, slots=True)
class KeptCall:
    """One call as it stood. Times are aware; `answered` is None before the answer.

    `fields` are the parameters of every request about it. `step` is what would have been asked
    next, `end_callback` where the end of a call out is told. `port` and `session` are our audio's:
    its port, and number and version of its description. `dialog` is None for a page's.
    """

    sid: str
    account: str
    direction: Direction
    began: datetime
    answered: datetime | None
    particulars: Particulars
    fields: Mapping[str, str]
    step: Origin
    end_callback: Origin
    port: int
    session: tuple[int, int]
    dialog: KeptDialog | None

    @classmethod
    def of(cls, call: Call) -> KeptCall:
        """The call now."""
        dialog = call.present_dialog
        seconds = call.seconds
        return cls(
            sid=call.sid,
            account=call.account,
            direction=call.direction,
            began=call.began,
            answered=clock.now() - timedelta(seconds=seconds) if seconds else None,
            particulars=call.particulars,
            fields=call.fields(),
            step=call.next_step,
            end_callback=call.end_callback,
            port=call.leg.port if call.has_leg else 0,
            session=call.session,
            dialog=KeptDialog.of(dialog) if isinstance(dialog, Dialog) else None,
        )

    @property
    def may_go_on(self) -> bool:
        """Whether the next process takes it up: a caller's, answered, by SIP."""
        is_answered = self.dialog is not None and self.dialog.is_answered
        return self.direction == "inbound" and is_answered and self.answered is not None

    def as_line(self) -> bytes:
        """As it stands on the disk, with the end of its line; `read` reads it back."""
        return json.dumps(_plain(self), default=_plain).encode() + b"\n"


def _plain(value: Any) -> Any:
    """What JSON has no form for: a moment, or one of our records."""
    if isinstance(value, datetime):
        return value.isoformat()
    return {each.name: getattr(value, each.name) for each in fields(value)}


def read(data: bytes) -> KeptCall:
    """Raises InvalidInput for what no `as_line` wrote."""
    try:
        found: dict[str, Any] = json.loads(data)
        dialog = found["dialog"]
        answered = found["answered"]
        return KeptCall(
            **found
            | {
                "began": datetime.fromisoformat(found["began"]),
                "answered": datetime.fromisoformat(answered) if answered else None,
                "particulars": Particulars(**found["particulars"]),
                "step": Origin(**found["step"]),
                "end_callback": Origin(**found["end_callback"]),
                "session": tuple(found["session"]),
                "dialog": _dialog(dialog) if dialog else None,
            }
        )
    except (ValueError, LookupError, TypeError) as error:
        raise InvalidInput(f"The call cannot be read: {error!r}") from error


def _dialog(found: Mapping[str, Any]) -> KeptDialog:
    lists = {name: tuple(found[name]) for name in ("routes", "account", "session")}
    return KeptDialog(**{**found, **lists})
