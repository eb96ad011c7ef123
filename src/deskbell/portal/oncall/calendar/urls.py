"""The addresses of the calendar; its first page is `oncall`, in the portal's own table."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
