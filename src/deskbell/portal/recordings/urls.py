"""The addresses of recordings' pages, below recordings/."""

from __future__ import annotations

from django.urls import path

from . import views

app_name = "recordings"
urlpatterns = [
    path("<int:recording_id>/", views.recording, name="recording"),
    path("<int:recording_id>/audio/", views.audio, name="audio"),
    path("<int:recording_id>/wave.svg", views.wave, name="wave"),
]
