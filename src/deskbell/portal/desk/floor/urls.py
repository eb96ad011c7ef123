"""The addresses of the floor, within the desk's."""

from __future__ import annotations

from django.urls import path

from . import views

urlpatterns = [
    path("floor/", views.floor, name="floor"),
    path("floor/live/", views.live, name="floor_live"),
]
