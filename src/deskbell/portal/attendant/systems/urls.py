"""Addresses below /attendant/systems/."""

from __future__ import annotations

from django.urls import path

from . import views

urlpatterns = [
    path("", views.systems, name="systems"),
    path("new/", views.new, name="new_system"),
    path("<str:sid>/", views.system, name="system"),
    path("<str:sid>/delete/", views.delete, name="delete_system"),
]
