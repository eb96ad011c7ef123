"""The URLs that gateways and carriers call."""

from __future__ import annotations

from django.urls import include, path

from . import audio, calls, configuration, deliveries, hosted, messages, to_dos

urlpatterns = [
    path("incoming", calls.incoming, name="voice-incoming"),
    path("step", calls.step, name="voice-step"),
    path("status", calls.status, name="voice-status"),
    path("recordings/<str:sid>", audio.recording, name="voice-recording"),
    path("prompts/<str:sha256>", audio.prompt, name="voice-prompt"),
    path("messages", messages.message, name="voice-messages"),
    path("", include("deskbell.api.voice.desk.urls")),
    path("config", configuration.configuration, name="voice-config"),
    path("sounds/<str:sha256>.wav", audio.sound, name="voice-sound"),
    path("deliveries/<str:token>/message", deliveries.message, name="voice-delivery-message"),
    path("deliveries/<str:token>/keys", deliveries.keys, name="voice-delivery-keys"),
    path("deliveries/<str:token>/status", deliveries.status, name="voice-delivery-status"),
    path("to-dos/<str:token>/speak", to_dos.speak, name="voice-to-do-speak"),
    path("to-dos/<str:token>/keys", to_dos.keys, name="voice-to-do-keys"),
    path("to-dos/<str:token>/status", to_dos.status, name="voice-to-do-status"),
    path("<str:carrier>/incoming", hosted.incoming, name="carrier-incoming"),
    path("<str:carrier>/step", hosted.step, name="carrier-step"),
    path("<str:carrier>/desk/recorded", hosted.recorded, name="carrier-desk-recorded"),
    path("<str:carrier>/status", hosted.status, name="carrier-status"),
    path(
        "<str:carrier>/deliveries/<str:token>/message",
        deliveries.hosted_message,
        name="carrier-delivery-message",
    ),
    path(
        "<str:carrier>/deliveries/<str:token>/keys",
        deliveries.hosted_keys,
        name="carrier-delivery-keys",
    ),
    path(
        "<str:carrier>/deliveries/<str:token>/status",
        deliveries.hosted_status,
        name="carrier-delivery-status",
    ),
    path("<str:carrier>/to-dos/<str:token>/speak", to_dos.hosted_speak, name="carrier-to-do-speak"),
    path("<str:carrier>/to-dos/<str:token>/keys", to_dos.hosted_keys, name="carrier-to-do-keys"),
    path(
        "<str:carrier>/to-dos/<str:token>/status", to_dos.hosted_status, name="carrier-to-do-status"
    ),
]
