"""The addresses of planning, below /oncall/plan/."""

from __future__ import annotations

from django.urls import path

from . import views

urlpatterns = [
    path("", views.planning, name="planning"),
    path("what-if/", views.what_if, name="what_if"),
]
