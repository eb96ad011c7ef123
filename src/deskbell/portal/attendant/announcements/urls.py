"""The addresses of announcements and of sounds, below /attendant/announcements/."""

from __future__ import annotations

from django.urls import path

from . import audio, views

urlpatterns = [
    path("", views.announcements, name="announcements"),
    path("new/", views.new, name="new_announcement"),
    path("listen/", audio.listen, name="listen"),
    path("upload/", audio.upload, name="upload"),
    path("sounds/<str:sha256>/", audio.sound, name="sound"),
    path("sounds/<str:sha256>/wave.svg", audio.wave, name="wave"),
    path("<str:sid>/", views.announcement, name="announcement"),
    path("<str:sid>/delete/", views.delete, name="delete_announcement"),
]
