"""The addresses of blocked callers' pages, below callers/."""

from __future__ import annotations

from django.urls import path

from . import views

app_name = "callers"
urlpatterns = [
    path("new/", views.block, name="new"),
    path("<int:block_id>/", views.caller, name="caller"),
    path("<int:block_id>/unblock/", views.unblock, name="unblock"),
]
