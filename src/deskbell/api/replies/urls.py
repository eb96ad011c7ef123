"""The addresses that deliveries lead to."""

from __future__ import annotations

from django.urls import path

from .acknowledge import acknowledge

urlpatterns = [path("ack/<str:token>", acknowledge, name="acknowledge")]
