"""The URLs that other programs call."""

from __future__ import annotations

from django.urls import include, path

from . import health, readiness
from .voice import engine

urlpatterns = [
    path("health", readiness.health, name="health"),
    path("health/escalation", health.escalation, name="escalation_health"),
    path("voice/", include("deskbell.api.voice.urls")),
    path("texts/", include("deskbell.api.texts.urls")),
    path("faxes/", include("deskbell.api.faxes.urls")),
    path("payments/", include("deskbell.api.payments.urls")),
    path("autoattendant/internal/rcml", engine.rcml, name="engine-rcml"),
    path("autoattendant/", include("deskbell.api.autoattendant.urls")),
    path("api/v2/", include("deskbell.api.v2.urls")),
    path("", include("deskbell.api.replies.urls")),
    path("", include("deskbell.api.feeds.urls")),
    path("", include("deskbell.api.recordings.urls")),
]
