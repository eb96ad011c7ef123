"""The address of the time machine."""

from __future__ import annotations

from django.urls import path

from . import views

urlpatterns = [path("", views.time_machine, name="time_machine")]
