"""The addresses of contacts, below /oncall/contacts/."""

from __future__ import annotations

from django.urls import path

from . import views

urlpatterns = [
    path("", views.contacts, name="contacts"),
]
