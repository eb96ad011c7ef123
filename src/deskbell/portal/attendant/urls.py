"""The auto attendant's pages, below /attendant/. Each noun has its own table; add a line for it."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

app_name = "attendant"
urlpatterns: list[URLPattern | URLResolver] = []
