"""On call's pages, below /oncall/. Each noun has its own table; add a line for it."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

app_name = "oncall"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("deskbell.portal.oncall.calendar.urls")),
    path("contacts/", include("deskbell.portal.oncall.contacts.urls")),
    path("levels/", include("deskbell.portal.oncall.levels.urls")),
    path("feeds/", include("deskbell.portal.oncall.feeds.urls")),
    path("plan/", include("deskbell.portal.oncall.plan.urls")),
]
