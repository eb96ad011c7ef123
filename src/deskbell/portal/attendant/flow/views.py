"""The Call Flow page: a picture of one system, with what callers did, and a panel about a box."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from deskbell.attendant.rules.edits import find_system
from deskbell.attendant.rules.plans import Plan, SystemPlan
from deskbell.doctor.findings import Finding
from deskbell.doctor.queries import findings
from deskbell.foundation.clock import now
from deskbell.foundation.errors import NotFound

from ...pages import is_partial
from ...templatetags.emergencies import until_words
from ...templatetags.portal import asset
from ...tenancy import PortalRequest
from ..action_forms import action_choices
from ..emergency.standing import Standing, standing_at
from ..frame import attendant_page, may_edit, planned_of, render_page
from .drawing import Look, svg_of
from .graph import Box, Emergency, Surroundings, boxes_of
from .outline import outline_of
from .parts import Parts, findings_about
from .traffic import counts_of


@require_GET
@attendant_page
def flow(request: PortalRequest) -> HttpResponse:
    """What callers of a system meet: the picture, or with `as=list` the list; `box` opens a panel.

    `of=live` shows what callers meet now although there is a draft.
    """
    planned = planned_of(request)
    plan = planned.live if request.GET.get("of") == "live" else planned.plan
    if not plan.systems:
        return render_page(request, "portal/attendant/flow/empty.html", {})
    system = _chosen(plan, request.GET.get("system", ""))
    context = _Page(request, plan, system).context()
    if is_partial(request):
        context["may_edit"] = may_edit(request)
        return render(request, "portal/attendant/flow/part.html", context)
    return render_page(request, "portal/attendant/flow/flow.html", context)


def _chosen(plan: Plan, sid: str) -> SystemPlan:
    return find_system(plan, sid) if sid else plan.systems[0]


class _Page:
    """One system's page being made."""

    def __init__(self, request: PortalRequest, plan: Plan, system: SystemPlan) -> None:
        self._request = request
        self._plan = plan
        self._system = system
        self._at = now()
        self._standing = next(
            (each for each in standing_at(self._at) if each.system_sid == system.sid), None
        )

    def context(self) -> dict[str, Any]:
        """All that the template needs."""
        choices = action_choices(self._plan, self._system)
        counts = counts_of(self._system.sid, at=self._at)
        around = Surroundings(
            today=self._at.astimezone(ZoneInfo(self._system.time_zone or "UTC")).date(),
            levels={int(pk): name for pk, name in choices.levels},
            counts=counts,
            emergency=_emergency(self._standing),
        )
        boxes = boxes_of(self._plan, self._system, around)
        found = findings(self._request.account.pk, plan=self._plan, at=self._at)
        opened = self._request.GET.get("box", "")
        part = Parts(self._plan, self._system, boxes, found, choices).about(opened)
        if opened and part is None:
            raise NotFound("There is nothing like this in the call flow any more")
        urls = {box.id: self._url(box=box.id) for box in boxes}
        context = {
            "system": self._system,
            "systems": [(each, self._url(system=each.sid)) for each in self._plan.systems],
            "standing": self._standing,
            "part": part,
            "close_url": self._url(),
            "entered": sum(count.calls for (_, key), count in counts.items() if not key),
        }
        if is_partial(self._request):
            return context
        return context | self._whole(boxes, found, urls, opened)

    def _whole(
        self,
        boxes: Sequence[Box],
        found: Sequence[Finding],
        urls: Mapping[str, str],
        opened: str,
    ) -> dict[str, Any]:
        look = Look(
            urls=urls,
            findings={box.id: words for box in boxes if (words := _said(box, found))},
            icons=asset("icons.svg"),
            opened=opened,
        )
        is_list = self._request.GET.get("as") == "list"
        name = f"Call flow of {self._system.name}"
        return {
            "svg": "" if is_list else svg_of(boxes, name, look),
            "is_list": is_list,
            "outline": outline_of(boxes),
            "urls": urls,
            "findings": [
                each for each in found if any(findings_about(box, [each]) for box in boxes)
            ],
            "as_picture": self._url(**{"as": ""}),
            "as_list": self._url(**{"as": "list"}),
            "of_draft": self._url(of=""),
            "of_live": self._url(of="live"),
            "is_live": self._request.GET.get("of") == "live",
        }

    def _url(self, **changed: str) -> str:
        kept = {name: self._request.GET.get(name, "") for name in ("system", "of", "as")}
        query = urlencode({name: value for name, value in (kept | changed).items() if value})
        return reverse("attendant") + (f"?{query}" if query else "")


def _emergency(standing: Standing | None) -> Emergency | None:
    if standing is None:
        return None
    return Emergency(until_words(standing), standing.menu, standing.announcement)


def _said(box: Box, found: Sequence[Finding]) -> str:
    return " ".join(each.words for each in findings_about(box, found))
