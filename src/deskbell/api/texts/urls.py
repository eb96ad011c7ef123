"""The URLs that carriers of texts call."""

from __future__ import annotations

from django.urls import path

from . import views

urlpatterns = [
    path("<str:carrier>/incoming", views.incoming, name="text-incoming"),
    path("<str:carrier>/status", views.status, name="text-status"),
]
