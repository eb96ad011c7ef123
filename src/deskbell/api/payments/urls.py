"""The URLs that providers of payments call."""

from __future__ import annotations

from django.urls import path

from . import views

urlpatterns = [path("<str:provider>", views.event, name="payment-event")]
