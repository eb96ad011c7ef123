"""The auto attendant's pages, below /attendant/. Each noun has its own table; add a line for it."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

app_name = "attendant"
urlpatterns: list[URLPattern | URLResolver] = [
    path("systems/", include("deskbell.portal.attendant.systems.urls")),
    path("menus/", include("deskbell.portal.attendant.menus.urls")),
    path("announcements/", include("deskbell.portal.attendant.announcements.urls")),
    path("numbers/", include("deskbell.portal.attendant.numbers.urls")),
    path("history/", include("deskbell.portal.attendant.history.urls")),
    path("schedules/", include("deskbell.portal.attendant.schedules.urls")),
    path("time-machine/", include("deskbell.portal.attendant.time_machine.urls")),
    path("test-call/", include("deskbell.portal.attendant.test_call.urls")),
    path("emergency/", include("deskbell.portal.attendant.emergency.urls")),
]
