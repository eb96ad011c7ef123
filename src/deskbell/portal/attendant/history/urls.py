"""Addresses below /attendant/history/."""

from __future__ import annotations

from django.urls import path

from . import draft, views

urlpatterns = [
    path("", views.history, name="history"),
    path("draft/", draft.changes, name="changes"),
    path("draft/publish/", draft.publish, name="publish"),
    path("draft/discard/", draft.discard, name="discard"),
    path("<int:number>/", views.publication, name="publication"),
    path("<int:number>/roll-back/", views.roll_back, name="roll_back"),
]
