"""The URLs that gateways and carriers call."""

from __future__ import annotations

from django.urls import path

from . import audio, calls, configuration

urlpatterns = [
    path("incoming", calls.incoming, name="voice-incoming"),
    path("step", calls.step, name="voice-step"),
    path("status", calls.status, name="voice-status"),
    path("recordings/<str:sid>", audio.recording, name="voice-recording"),
    path("prompts/<str:sha256>", audio.prompt, name="voice-prompt"),
    path("config", configuration.configuration, name="voice-config"),
]
