"""The address of the emergency switch."""

from __future__ import annotations

from django.urls import path

from . import views

urlpatterns = [path("<str:sid>/", views.emergency, name="emergency")]
