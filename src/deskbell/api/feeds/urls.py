"""The addresses of feeds."""

from __future__ import annotations

from django.urls import path

from .calendars import calendar

urlpatterns = [path("calendars/<str:token>.ics", calendar, name="feed")]
