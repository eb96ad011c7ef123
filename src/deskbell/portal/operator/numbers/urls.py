"""The addresses of numbers' pages, below operator/numbers/."""

from __future__ import annotations

from django.urls import path

from . import views

urlpatterns = [
    path("new/", views.new, name="new_number"),
    path("<int:number_id>/", views.number, name="number"),
    path("<int:number_id>/move/", views.move, name="move_number"),
    path("<int:number_id>/remove/", views.remove, name="remove_number"),
]
