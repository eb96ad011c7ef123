"""The addresses that deliveries lead to."""

from __future__ import annotations

from django.urls import path

from .acknowledge import acknowledge
from .reports import report

urlpatterns = [
    path("ack/<str:token>", acknowledge, name="acknowledge"),
    path("email/<slug:service>/tracking", report, name="email_reports"),
]
