"""The addresses of statements' pages, below operator/statements/."""

from __future__ import annotations

from django.urls import path

from . import views

urlpatterns = [
    path("", views.statements, name="statements"),
    path("make/", views.make, name="make_statements"),
    path("<int:statement_id>/", views.statement, name="statement"),
    path("<int:statement_id>/statement.pdf", views.statement_pdf, name="statement_pdf"),
    path("<int:statement_id>/remake/", views.remake, name="remake_statement"),
    path("accounts/<int:account_id>/", views.of_account, name="account_statements"),
    path(
        "accounts/<int:account_id>/adjustments/<int:adjustment_id>/withdraw/",
        views.withdraw,
        name="withdraw_adjustment",
    ),
]
