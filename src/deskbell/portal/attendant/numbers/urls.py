"""Addresses below /attendant/numbers/."""

from __future__ import annotations

from django.urls import path

from . import views

urlpatterns = [
    path("", views.numbers, name="numbers"),
    path("<str:sid>/", views.number, name="number"),
]
