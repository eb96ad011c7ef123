"""The addresses of trunks' pages, below operator/trunks/."""

from __future__ import annotations

from django.urls import path

from . import views

urlpatterns = [
    path("new/", views.new, name="new_trunk"),
    path("<int:trunk_id>/", views.trunk, name="trunk"),
    path("<int:trunk_id>/remove/", views.remove, name="remove_trunk"),
]
