"""The addresses of schedules."""

from __future__ import annotations

from django.urls import path

from . import views

urlpatterns = [
    path("", views.schedules, name="schedules"),
    path("<str:sid>/", views.schedule, name="schedule"),
]
