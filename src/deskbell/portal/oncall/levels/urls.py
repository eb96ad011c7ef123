"""The addresses of escalation levels, below /oncall/levels/."""

from __future__ import annotations

from django.urls import path

from . import views

urlpatterns = [
    path("", views.levels, name="levels"),
]
