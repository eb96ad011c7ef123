"""The URLs that other programs call."""

from __future__ import annotations

from django.urls import path

from . import readiness

urlpatterns = [
    path("health", readiness.health, name="health"),
]
