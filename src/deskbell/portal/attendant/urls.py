"""The auto attendant's pages, below /attendant/. Each noun has its own table; add a line for it."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

app_name = "attendant"
urlpatterns: list[URLPattern | URLResolver] = [
    path("systems/", include("deskbell.portal.attendant.systems.urls")),
    path("numbers/", include("deskbell.portal.attendant.numbers.urls")),
]
