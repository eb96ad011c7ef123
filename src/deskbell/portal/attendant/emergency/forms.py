"""The form of the emergency switch: what callers meet instead, and until when."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django import forms

from deskbell.attendant.models import Announcement, Menu, System

from ..time_machine.asked import instant

_AT: Final = "time"
HOURS: Final = (1, 2, 4)


class EmergencyForm(forms.Form):
    """What to play, a menu (`menu:…`) or an announcement (`announcement:…`), and for how long."""

    plays = forms.ChoiceField(label="Callers meet")
    lasts = forms.ChoiceField(label="Until", initial="60")
    until = forms.DateTimeField(
        label="Ends at",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )

    def __init__(self, system: System, at: datetime, data: Any = None) -> None:
        self._zone = ZoneInfo(system.time_zone or "UTC")
        self._at = at
        super().__init__(data, label_suffix="", initial=self._initial(system))
        menus = [(f"menu:{each.sid}", each.name) for each in _menus(system)]
        said = [(f"announcement:{each.sid}", each.name) for each in _announcements()]
        choices = [
            ("", "Choose …"),
            ("An announcement, then the call ends", said),
            ("A menu", menus),
        ]
        self.fields["plays"].choices = choices  # type: ignore[attr-defined] # a ChoiceField
        self.fields["lasts"].choices = self._lengths()  # type: ignore[attr-defined] # the same
        self.fields["plays"].error_messages["required"] = "Choose what callers meet instead."

    def _lengths(self) -> list[tuple[str, str]]:
        local = self._at.astimezone(self._zone)
        hours = [
            (str(60 * count), f"{_clock(local + timedelta(hours=count))}, in {_hours(count)}")
            for count in HOURS
        ]
        return [*hours, ("day", "the end of today"), (_AT, "another time …")]

    def _initial(self, system: System) -> dict[str, Any]:
        chosen = ""
        if system.emergency_menu:
            chosen = f"menu:{system.emergency_menu.sid}"
        elif system.emergency_announcement:
            chosen = f"announcement:{system.emergency_announcement.sid}"
        is_on = system.emergency_until is not None and system.emergency_until > self._at
        until = system.emergency_until if is_on else self._at + timedelta(hours=1)
        local = until.astimezone(self._zone).replace(tzinfo=None) if until else None
        return {"plays": chosen, "lasts": _AT if is_on else "60", "until": local}

    def clean_until(self) -> datetime | None:
        """The time as it stands on the system's clock, not on the account's."""
        typed: datetime | None = self.cleaned_data["until"]
        if typed is None:
            return None
        plain = typed.replace(tzinfo=None)
        return instant(plain.date(), plain.time(), self._zone).at

    def clean(self) -> dict[str, Any]:
        """Needs a time that is yet to come where one's own is chosen."""
        until = self.cleaned_data.get("until")
        if self.cleaned_data.get("lasts") == _AT and "until" not in self.errors:
            if until is None:
                self.add_error("until", "Say when it ends.")
            elif until <= self._at:
                self.add_error("until", "This time is over; choose one that is yet to come.")
        return self.cleaned_data

    @property
    def ends(self) -> datetime:
        """When it ends (aware), of a valid form."""
        lasts = self.cleaned_data["lasts"]
        if lasts == _AT:
            found: datetime = self.cleaned_data["until"]
            return found
        if lasts == "day":
            tomorrow = self._at.astimezone(self._zone).date() + timedelta(days=1)
            return datetime.combine(tomorrow, time(0), self._zone).astimezone(UTC)
        return self._at + timedelta(minutes=int(lasts))

    def chosen(self) -> tuple[Menu | None, Announcement | None]:
        """The menu, or the announcement, of a valid form."""
        kind, _, sid = self.cleaned_data["plays"].partition(":")
        if kind == "menu":
            return Menu.objects.filter(sid=sid).first(), None
        return None, Announcement.objects.filter(sid=sid).first()


def _clock(local: datetime) -> str:
    return f"{local:%I:%M %p}".lstrip("0")


def _hours(count: int) -> str:
    return "1 hour" if count == 1 else f"{count} hours"


def _menus(system: System) -> Any:
    return Menu.objects.filter(system=system).order_by("name")


def _announcements() -> Any:
    return Announcement.objects.order_by("name")
