"""The addresses of feeds, below /oncall/feeds/."""

from __future__ import annotations

from django.urls import path

from . import views

urlpatterns = [
    path("", views.feeds, name="feeds"),
]
