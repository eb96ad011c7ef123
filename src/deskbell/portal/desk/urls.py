"""The desk's pages: calls (`desk`), the floor, and who may answer what."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from . import views

app_name = "desk"
urlpatterns: list[URLPattern | URLResolver] = [
    path("live/", views.live, name="live"),
    path("", include("deskbell.portal.desk.floor.urls")),
    path("", include("deskbell.portal.desk.settings.urls")),
]
