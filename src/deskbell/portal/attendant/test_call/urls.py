"""The address of the test call."""

from __future__ import annotations

from django.urls import path

from . import views

urlpatterns = [path("", views.test_call, name="test_call")]
