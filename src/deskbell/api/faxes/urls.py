"""The URLs that providers of faxes call."""

from __future__ import annotations

from django.urls import path

from . import views

urlpatterns = [path("telnyx/status", views.telnyx_status, name="fax-status")]
