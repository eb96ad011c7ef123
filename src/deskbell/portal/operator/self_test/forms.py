"""Which level is sent a test, and which is tested every so often."""

from __future__ import annotations

from typing import Any, Final

from django import forms

from deskbell.accounts.models import Account
from deskbell.oncall.models import EscalationLevel
from deskbell.oncall.queries import levels

from ...attendant.forms import PartForm
from ..picking import AccountField

MINUTE: Final = 60
HOUR: Final = 3600
EVERY: Final = [
    (str(seconds), words)
    for seconds, words in (
        (HOUR, "every hour"),
        (6 * HOUR, "every 6 hours"),
        (24 * HOUR, "every day"),
        (7 * 24 * HOUR, "every week"),
    )
]
WITHIN: Final = [
    (str(seconds), words)
    for seconds, words in (
        (5 * MINUTE, "5 minutes"),
        (10 * MINUTE, "10 minutes"),
        (30 * MINUTE, "30 minutes"),
        (HOUR, "an hour"),
    )
]


class LevelForm(PartForm[Any]):
    """An account by its number, and one of its levels by name, or its first one."""

    account = AccountField()
    level = forms.CharField(
        label="Escalation level",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="By its name. Without one, the account's first.",
    )

    def clean(self) -> dict[str, Any]:
        """Finds the level, as `found`. Needs a system scope."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        account = cleaned.get("account")
        if isinstance(account, Account) and "level" in cleaned:
            cleaned["found"] = self._found(account, cleaned["level"].replace("\0", "").strip())
        return cleaned

    def _found(self, account: Account, name: str) -> EscalationLevel | None:
        there = list(levels().filter(account=account))
        if not there:
            self.add_error("account", f"{account.name} has no escalation level yet.")
        elif not name:
            return there[0]
        for level in there:
            if level.name.casefold() == name.casefold():
                return level
        if there:
            names = ", ".join(each.name for each in there[:8])
            self.add_error("level", f"{account.name} has no level “{name}”; it has {names}.")
        return None


class EveryForm(LevelForm):
    """How often a level is tested, and how soon somebody has to acknowledge."""

    every = forms.ChoiceField(label="How often", choices=EVERY, initial=str(24 * HOUR))
    within = forms.ChoiceField(
        label="Acknowledged within",
        choices=WITHIN,
        initial=str(10 * MINUTE),
        help_text="After that you are alarmed.",
    )
