"""The URLs that gateways and carriers call."""

from __future__ import annotations

from django.urls import path

from . import audio, calls, configuration, hosted, messages

urlpatterns = [
    path("incoming", calls.incoming, name="voice-incoming"),
    path("step", calls.step, name="voice-step"),
    path("status", calls.status, name="voice-status"),
    path("recordings/<str:sid>", audio.recording, name="voice-recording"),
    path("prompts/<str:sha256>", audio.prompt, name="voice-prompt"),
    path("messages", messages.message, name="voice-messages"),
    path("config", configuration.configuration, name="voice-config"),
    path("sounds/<str:sha256>.wav", audio.sound, name="voice-sound"),
    path("<str:carrier>/incoming", hosted.incoming, name="carrier-incoming"),
    path("<str:carrier>/step", hosted.step, name="carrier-step"),
    path("<str:carrier>/status", hosted.status, name="carrier-status"),
]
