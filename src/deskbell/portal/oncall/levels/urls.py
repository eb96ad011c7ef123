"""The addresses of escalation levels, below /oncall/levels/."""

from __future__ import annotations

from django.urls import path

from . import views

urlpatterns = [
    path("", views.levels, name="levels"),
    path("new/", views.new, name="new_level"),
    path("order/", views.order, name="order_levels"),
    path("defaults/", views.defaults, name="defaults"),
    path("<int:level_id>/", views.level, name="level"),
    path("<int:level_id>/clone/", views.clone, name="clone_level"),
    path("<int:level_id>/delete/", views.delete, name="delete_level"),
]
