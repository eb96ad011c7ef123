"""The addresses of accounts' pages, below operator/accounts/."""

from __future__ import annotations

from django.urls import path

from . import views

urlpatterns = [
    path("new/", views.new, name="new_account"),
    path("<int:account_id>/", views.account, name="account"),
    path("<int:account_id>/edit/", views.edit, name="edit_account"),
    path("<int:account_id>/plan/", views.plan, name="account_plan"),
    path("<int:account_id>/plan/<int:subscription_id>/take-back/", views.no_plan, name="no_plan"),
]
