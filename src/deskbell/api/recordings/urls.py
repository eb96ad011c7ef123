"""The address of signed links to audio."""

from __future__ import annotations

from django.urls import path

from .views import audio

urlpatterns = [path("recordings/<str:sid>.wav", audio, name="recording_audio")]
