"""Who calls whom, and what every request about a call says of that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..signalling.dialog import Dialog


@dataclass(frozen=True, slots=True)
class Particulars:
    """What stays the same as long as a call lasts."""

    caller: str
    called: str
    caller_name: str = ""
    forwarded_from: str = ""
    sip_call_id: str = ""
    phone: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, dialog: Dialog) -> Particulars:
        """Those of a call that came in; `phone` is the registered phone it came from."""
        asked = dialog.invitation
        return cls(
            caller=asked.caller,
            called=asked.called,
            caller_name=asked.caller_name,
            forwarded_from=asked.forwarded_from,
            sip_call_id=asked.call_id,
            phone=dialog.admission.phone,
            extra=asked.extra,
        )

    def fields(self) -> dict[str, str]:
        """As parameters of a request (RCML reference, section 2); what is not known is absent."""
        found = {
            "From": self.caller,
            "To": self.called,
            "SipCallId": self.sip_call_id,
            "CallerName": self.caller_name,
            "ForwardedFrom": self.forwarded_from,
            "Phone": self.phone,
        }
        found = {name: value for name, value in found.items() if value or name in {"From", "To"}}
        return found | {f"SipHeader_{name}": value for name, value in self.extra.items()}
