"""The addresses of plans' pages, below operator/plans/."""

from __future__ import annotations

from django.urls import path

from . import views

urlpatterns = [
    path("new/", views.new, name="new_plan"),
    path("<int:plan_id>/", views.plan, name="plan"),
    path("<int:plan_id>/withdraw/", views.withdraw, name="withdraw_plan"),
    path("<int:plan_id>/remove/", views.remove, name="remove_plan"),
]
