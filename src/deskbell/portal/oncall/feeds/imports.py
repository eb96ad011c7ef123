"""Bringing another program's calendar onto a level: a file or an address, a look, then the choice.

What was read travels in the form between the steps, so that nothing is kept of a calendar that
nobody takes. Source: design, on call, "Feeds".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from deskbell.contacts.models import Contact, DeliveryMethod
from deskbell.foundation.clock import now
from deskbell.foundation.errors import InvalidInput
from deskbell.oncall import imports, queries
from deskbell.oncall.imports import Found, Preview
from deskbell.oncall.models import EscalationLevel

from ...tenancy import PortalRequest
from ..contacts.column import searched
from ..frame import SheetForm, data_of, is_post, oncall_page, only_editors, render_page, save

FOLDER = "portal/oncall/feeds"
MOST_BYTES: Final = 2_000_000
MOST_NAMES: Final = 200  # each is a choice among all contacts
PACKED: Final = "packed"


class SourceForm(SheetForm):
    """Where the calendar is, and onto which level it goes."""

    file = forms.FileField(
        label="File",
        required=False,
        help_text="An .ics file, as a calendar program exports it; 2 MB at most.",
        widget=forms.ClearableFileInput(attrs={"accept": ".ics,text/calendar"}),
    )
    url = forms.CharField(
        label="Or its address",
        required=False,
        max_length=2000,
        help_text="As https://example.com/team.ics. It is read once, now.",
        widget=forms.TextInput(attrs={"type": "url", "autocomplete": "off"}),
    )

    def __init__(
        self, data: Any = None, files: Any = None, *, levels: Sequence[EscalationLevel]
    ) -> None:
        self.levels = {str(each.pk): each for each in levels}
        made = {
            "level": forms.ChoiceField(
                label="Escalation level",
                choices=[(key, each.name) for key, each in self.levels.items()],
                error_messages=dict.fromkeys(
                    ("required", "invalid_choice"), "Choose the level that gets the events."
                ),
            )
        }
        super().__init__(data, made=made)
        if files:
            self.files = files
        self.order_fields(["level", "file", "url"])

    def clean(self) -> dict[str, Any]:
        """One of the two, and not too much."""
        found = self.cleaned_data
        file, url = found.get("file"), found.get("url")
        if not (file or url or self.errors):
            self.add_error("file", "Choose a file, or type an address.")
        if file and url:
            self.add_error("url", "Either a file or an address, not both.")
        if file and file.size > MOST_BYTES:
            self.add_error("file", "The calendar is too large: 2 MB at most are taken.")
        return found

    def refuse(self, error: Exception) -> None:
        """What is wrong with a calendar is said beside where it came from."""
        if isinstance(error, InvalidInput) and error.field in {"", "file", "url"}:
            source = "url" if self.cleaned_data.get("url") else "file"
            error = InvalidInput(str(error), field=source)
        super().refuse(error)

    @property
    def content(self) -> bytes:
        """The calendar, as it is or as the other side sends it. Raises InvalidInput."""
        file = self.cleaned_data.get("file")
        return file.read() if file else imports.fetch(self.cleaned_data["url"])


@dataclass(frozen=True, slots=True)
class Line:
    """An event that can be taken, as the preview shows it."""

    found: Found
    is_ticked: bool


@dataclass(frozen=True, slots=True)
class Chooser:
    """Who is on call in the events with a title: the field's name and how many events these are."""

    field: str
    label: str
    count: int
    error: str = ""


class TakeForm(SheetForm):
    """Which events are taken, who is on call in them, and what becomes of those there are."""

    packed = forms.CharField(widget=forms.HiddenInput)
    replace = forms.BooleanField(
        label="Replace: delete every event that the level has now. This CANNOT be undone.",
        required=False,
    )

    def __init__(
        self,
        data: Any,
        *,
        preview: Preview,
        contacts: Sequence[Contact],
        known: Mapping[str, Sequence[Contact]],
    ) -> None:
        self.preview = preview
        self.contacts = {str(each.pk): each for each in contacts}
        self.labels = {f"who-{place}": each.label for place, each in enumerate(preview.named)}
        self.known = known
        super().__init__(data)

    def chosen(self, field: str) -> str:
        """The contact's id for a title: as chosen, else as the titles say."""
        if field in self.data:
            return str(self.data[field])
        return ",".join(str(each.pk) for each in self.known.get(self.labels[field], ()))

    def methods(self) -> dict[str, Sequence[DeliveryMethod]]:
        """The chosen contacts' methods by title."""
        found: dict[str, Sequence[DeliveryMethod]] = {}
        for field, label in self.labels.items():
            ids = self.chosen(field).split(",")
            people = [self.contacts[each] for each in ids if each in self.contacts]
            found[label] = [method for each in people for method in each.methods.all()]
        return found

    def nobody(self, keys: Sequence[str]) -> list[str]:
        """The titles of the chosen events for which nobody with a delivery method is chosen."""
        methods = self.methods()
        chosen = [found for found in self.preview.found if found.key in keys]
        labels = [
            named.label
            for found in chosen
            for named in (found.named, *(each.named for each in found.changed))
        ]
        return [label for label in dict.fromkeys(labels) if not methods.get(label)]


@require_http_methods(["GET", "POST"])
@oncall_page
def bring(request: PortalRequest) -> HttpResponse:
    """Asks for a calendar; shows what is in it; takes what was chosen of it."""
    only_editors(request)
    levels = list(queries.levels())
    if is_post(request) and PACKED in request.POST:
        return _take(request, levels)
    form = SourceForm(data_of(request), request.FILES, levels=levels)
    if not is_post(request):
        form.initial["level"] = request.GET.get("level", "")
    elif form.is_valid():
        previews: list[tuple[Preview, bytes]] = []

        def look() -> None:
            content = form.content
            previews.append((_read(request, content), content))

        if save(form, look):
            level = form.levels[form.cleaned_data["level"]]
            preview, content = previews[0]
            return _show(request, level, _take_form(request, preview, None), content)
    context = {"form": form, "is_possible": bool(levels)}
    return render_page(request, f"{FOLDER}/import.html", context)


def _read(request: PortalRequest, content: bytes) -> Preview:
    """What is in a calendar. Raises InvalidInput."""
    zone = ZoneInfo(request.account.time_zone)
    preview = imports.read(content, zone, since=now().astimezone(zone).date())
    if (count := len(preview.named)) > MOST_NAMES:
        raise InvalidInput(
            f"Its events have {count} different titles; {MOST_NAMES} at most can be taken at once",
            field="file",
        )
    return preview


def _take_form(request: PortalRequest, preview: Preview, data: Any) -> TakeForm:
    return TakeForm(
        data,
        preview=preview,
        contacts=list(searched("")),
        known=imports.matched(preview, account_id=request.account.pk),
    )


def _take(request: PortalRequest, levels: Sequence[EscalationLevel]) -> HttpResponse:
    try:
        content = imports.unpacked(request.POST[PACKED])
        preview = _read(request, content)
    except InvalidInput as error:
        notices.error(request, str(error))
        return redirect("oncall:import")
    level = next((each for each in levels if str(each.pk) == request.POST.get("level")), None)
    if level is None:
        notices.error(request, "This level is not there any more; choose another.")
        return redirect("oncall:import")
    form = _take_form(request, preview, request.POST)
    keys = request.POST.getlist("key")
    if form.is_valid() and not form.nobody(keys):
        taken: list[int] = []

        def take() -> None:
            taken.append(
                imports.take(
                    level=level,
                    preview=preview,
                    at=now(),
                    methods_by_summary=form.methods(),
                    keys=keys,
                    replace=form.cleaned_data["replace"],
                )
            )

        if save(form, take):
            said = f"{taken[0]} event{' is' if taken[0] == 1 else 's are'}"
            notices.success(request, f"{said} on “{level.name}” now.")
            return redirect(f"{reverse('oncall')}?level={level.pk}")
    return _show(request, level, form, content)


def _show(
    request: PortalRequest, level: EscalationLevel, form: TakeForm, content: bytes
) -> HttpResponse:
    preview = form.preview
    keys = request.POST.getlist("key") if form.is_bound else [each.key for each in preview.found]
    nobody = form.nobody(keys) if form.is_bound else []
    if nobody and not form.non_field_errors():
        form.add_error(None, "Some events have nobody on call; each says so below.")
    context = {
        "form": form,
        "level": level,
        "preview": preview,
        "packed": imports.packed(content),
        "lines": [Line(each, each.key in keys) for each in preview.found],
        "choosers": _choosers(form, nobody),
        "contacts": list(form.contacts.values()),
    }
    return render_page(request, f"{FOLDER}/preview.html", context)


@dataclass(frozen=True, slots=True)
class Who:
    """A choice for a title: contact ids as a value, and names."""

    value: str
    label: str
    is_chosen: bool


def _choosers(form: TakeForm, nobody: Sequence[str]) -> list[tuple[Chooser, list[Who]]]:
    made = []
    for field, label in form.labels.items():
        chosen = form.chosen(field)
        count = sum(1 for each in form.preview.found if each.named.label == label)
        error = "Choose who is on call, somebody with a delivery method." if label in nobody else ""
        whos = [Who(key, _named(each), key == chosen) for key, each in form.contacts.items()]
        known = form.known.get(label, ())
        if len(known) > 1:
            value = ",".join(str(each.pk) for each in known)
            names = " and ".join(each.name for each in known)
            whos.insert(0, Who(value, names, value == chosen))
        made.append((Chooser(field, label, count, error), whos))
    return made


def _named(contact: Contact) -> str:
    return contact.name if contact.methods.all() else f"{contact.name} (no delivery method)"
