"""The form of a blocked caller: who, what happens to their calls, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import forms

from deskbell.calls.actions import MAX_REASON
from deskbell.calls.models import BlockedCaller

from ..oncall.frame import SheetForm

REFUSED: Final = "refused"
MARKED: Final = "marked"
HOW: Final = [
    (REFUSED, "Refuse the call: it is not even answered"),
    (MARKED, "Only mark the caller: receptionists see it, and the call goes on as any other"),
]


class HowForm(SheetForm):
    """What happens to a blocked caller's calls, and why."""

    how = forms.ChoiceField(
        label="When they call",
        choices=HOW,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose one of the two."),
    )
    reason = forms.CharField(
        label="Reason",
        required=False,
        max_length=MAX_REASON,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="For your own people; callers never hear it.",
    )

    @property
    def is_refused(self) -> bool:
        """Whether the calls are refused."""
        return bool(self.cleaned_data["how"] == REFUSED)


class BlockForm(HowForm):
    """A caller to be blocked."""

    caller_id = forms.CharField(
        label="Caller's number",
        required=False,
        max_length=64,
        widget=forms.TextInput(
            attrs={"inputmode": "tel", "autocomplete": "off", "placeholder": "+1 212 555 0134"}
        ),
    )
    field_order = ("caller_id", "how", "reason")


def shown(block: BlockedCaller) -> Mapping[str, Any]:
    """What the form shows of a blocked caller."""
    return {"how": REFUSED if block.is_refused else MARKED, "reason": block.reason}
