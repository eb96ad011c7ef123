"""Scripts as a whole: made, named, deleted, and read on numbers."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from deskbell.accounts.models import PhoneNumber
from deskbell.foundation.clock import now
from deskbell.foundation.numbers import for_people
from deskbell.scripts import actions, queries
from deskbell.scripts.models import Script, ScriptOfNumber
from deskbell.scripts.rules import PLAIN, Content, read

from ..tenancy import PortalRequest
from .frame import (
    Item,
    Question,
    act,
    ask,
    data_of,
    dialog,
    is_post,
    notices,
    save,
    show,
    staff_page,
)
from .part_forms import NameForm, NumbersForm

NOT_UNDONE = "This CANNOT be undone."


class NewForm(NameForm):
    """A new script: its name, and what it begins as."""

    start = forms.ChoiceField(
        label="Begin with",
        required=False,
        help_text="All of it can be changed before anybody reads it.",
    )

    def __init__(self, data: Any, *, scripts: list[Script]) -> None:
        super().__init__(data)
        copies = [(str(each.pk), f"A copy of “{each.name}”") for each in scripts]
        choices = [("", "What is asked where there is no script"), *copies]
        cast(forms.ChoiceField, self.fields["start"]).choices = choices

    @property
    def content(self) -> Content:
        """What the script begins as."""
        chosen = self.cleaned_data["start"]
        return read(queries.one(int(chosen)).draft) if chosen else PLAIN


@require_http_methods(["GET", "POST"])
@staff_page
def new(request: PortalRequest) -> HttpResponse:
    """Makes a script, and leads to its editor."""
    form = NewForm(data_of(request), scripts=queries.scripts())
    if is_post(request) and form.is_valid():
        made: list[Script] = []

        def make() -> None:
            made.append(
                actions.add_script(
                    account_id=request.account.pk,
                    name=form.cleaned_data["name"],
                    content=form.content,
                    by=request.user.email,
                    at=now(),
                )
            )

        if save(form, make):
            notices.success(request, f"“{made[0].name}” is made. Nobody reads it yet.")
            return redirect("scripts:edit", made[0].pk)
    return show(request, "new", {"form": form})


@require_http_methods(["GET", "POST"])
@staff_page
def rename(request: PortalRequest, script_id: int) -> HttpResponse:
    """Gives a script another name."""
    script = queries.one(script_id)
    form = NameForm(data_of(request), part={"name": script.name})
    if is_post(request) and form.is_valid():

        def change() -> None:
            there = queries.one(script_id)
            form.unchanged({"name": there.name})
            name = form.cleaned_data["name"]
            actions.rename(script=there, name=name, by=request.user.email, at=now())

        if save(form, change):
            notices.success(request, "The script is renamed.")
            return redirect("scripts:edit", script_id)
    return dialog(request, "rename", {"script": script, "form": form})


@require_http_methods(["GET", "POST"])
@staff_page
def delete(request: PortalRequest, script_id: int) -> HttpResponse:
    """Asks before a script goes; one that is read on a number is not deleted."""
    script = queries.one(script_id)
    if is_post(request):
        if act(
            request,
            lambda: actions.delete_script(script=script, at=now()),
            done=f"“{script.name}” is deleted.",
        ):
            return redirect("scripts")
        return redirect("scripts:edit", script_id)
    numbers = queries.numbers_of(script)
    count = len(queries.publications(script))
    items = [Item("Its draft")]
    if count:
        items.append(Item(f"Its {count} publication{'' if count == 1 else 's'}"))
    items.append(Item("Messages that were taken with it keep their answers."))
    question = Question(
        title=f"Delete “{script.name}”?",
        words=f"It is read on {_listed(numbers)}." if numbers else f"These go. {NOT_UNDONE}",
        items=[] if numbers else items,
        refusal="Give these numbers another script, or none, first." if numbers else "",
        verb="Delete",
        action=reverse("scripts:delete", args=[script_id]),
        back=reverse("scripts:edit", args=[script_id]),
    )
    return ask(request, question)


def _listed(numbers: list[PhoneNumber]) -> str:
    return ", ".join(for_people(each.number) for each in numbers)


@require_http_methods(["GET", "POST"])
@staff_page
def numbers(request: PortalRequest, script_id: int) -> HttpResponse:
    """On which numbers a script is read; a number that reads another reads this one instead."""
    script = queries.one(script_id)
    every = answered_numbers()
    used = script_by_number()
    chosen = _chosen(used, script)
    form = NumbersForm(data_of(request), choices=_choices(every, used, script), chosen=chosen)
    if is_post(request) and form.is_valid():

        def change() -> None:
            with transaction.atomic():
                there = _chosen(script_by_number(), script)
                form.unchanged({"numbers": sorted(there)})
                wanted = set(form.cleaned_data["numbers"])
                for each in every:
                    is_wanted, is_there = str(each.pk) in wanted, str(each.pk) in there
                    if is_wanted != is_there:
                        given = script if is_wanted else None
                        actions.use_script(number=each, script=given, at=now())

        if save(form, change):
            notices.success(request, "Receptionists read it so from the next call on.")
            return redirect("scripts:edit", script_id)
    return dialog(request, "numbers", {"script": script, "form": form, "numbers": every})


def answered_numbers() -> list[PhoneNumber]:
    """The account's numbers that callers reach, in order; its extensions are not among them."""
    return list(PhoneNumber.objects.filter(is_extension=False).order_by("number", "id"))


def script_by_number() -> dict[int, Script]:
    """The script of each number that has one, with what is published of it; one query."""
    rows = ScriptOfNumber.objects.select_related("script__active")
    return {each.number_id: each.script for each in rows}


def _chosen(used: dict[int, Script], script: Script) -> set[str]:
    return {str(key) for key, each in used.items() if each.pk == script.pk}


def _choices(
    every: list[PhoneNumber], used: dict[int, Script], script: Script
) -> list[tuple[str, str]]:
    found = []
    for each in every:
        other = used.get(each.pk)
        note = f": reads “{other.name}” now" if other and other.pk != script.pk else ""
        found.append((str(each.pk), f"{for_people(each.number)}{note}"))
    return found
