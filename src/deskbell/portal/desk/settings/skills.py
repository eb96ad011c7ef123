"""Skills: what receptionists can, and numbers may ask for."""

from __future__ import annotations

from django.contrib import messages as notices
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from deskbell.desk.actions import staffing
from deskbell.desk.models import Answering, Skill
from deskbell.foundation.clock import now
from deskbell.foundation.errors import NotFound

from ...asking import act
from ...attendant.frame import Item, Question, data_of, is_post
from ...oncall.frame import save
from ...operator.frame import operator_page
from ...tenancy import PortalRequest
from .forms import SkillForm
from .frame import ask, show

ROOM = "desk:skills"


@require_http_methods(["GET", "HEAD", "POST"])
@operator_page
def skills(request: PortalRequest) -> HttpResponse:
    """All skills, how many have them, and a form for another."""
    form = SkillForm(data_of(request))
    if is_post(request) and form.is_valid():
        name = form.cleaned_data["name"]
        if save(form, lambda: staffing.add_skill(name=name, at=now())):
            notices.success(request, f"{name} is a skill now.")
            return redirect(ROOM)
    found = Skill.objects.annotate(people=Count("receptionists"))
    return show(request, "skills", {"skills": found, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@operator_page
def rename(request: PortalRequest, skill_id: int) -> HttpResponse:
    """Gives a skill another name."""
    found = _one(skill_id)
    form = SkillForm(data_of(request), part=found)
    if is_post(request) and form.is_valid():

        def change() -> None:
            form.unchanged(_one(skill_id))
            staffing.rename_skill(skill=_one(skill_id), name=form.cleaned_data["name"])

        if save(form, change):
            notices.success(request, "Saved.")
            return redirect(ROOM)
    context = {"form": form, "skill": found, "back": reverse(ROOM)}
    return show(request, "skill", context)


@require_http_methods(["GET", "HEAD", "POST"])
@operator_page
def delete(request: PortalRequest, skill_id: int) -> HttpResponse:
    """Asks before a skill goes, and says whose calls then ring anybody."""
    found = _one(skill_id)
    if is_post(request):
        done = f"{found} is no skill any more."
        act(request, lambda: staffing.delete_skill(skill=found), done=done)
        return redirect(ROOM)
    people = found.receptionists.count()
    asked = Answering.objects.filter(skill=found).count()
    items = []
    if people:
        items.append(Item(f"{people} receptionist{'s lose' if people != 1 else ' loses'} it."))
    if asked:
        places = "1 place" if asked == 1 else f"{asked} places"
        items.append(Item(f"Calls that asked for it, in {places}, ring any receptionist."))
    return ask(
        request,
        Question(
            title=f"Delete the skill {found}?",
            words="This cannot be undone.",
            items=items,
            verb="Delete it",
            action=reverse("desk:delete_skill", args=[skill_id]),
            back=reverse(ROOM),
        ),
    )


def _one(skill_id: int) -> Skill:
    found = Skill.objects.filter(pk=skill_id).first()
    if found is None:
        raise NotFound("There is no such skill any more")
    return found
