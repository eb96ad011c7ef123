"""The addresses of statements, below billing/statements/."""

from __future__ import annotations

from django.urls import path

from . import views

urlpatterns = [
    path("", views.all_of_account, name="statements"),
    path("<int:statement_id>/", views.one, name="statement"),
    path("<int:statement_id>/statement.pdf", views.pdf, name="statement_pdf"),
    path("<int:statement_id>/lines.csv", views.csv, name="statement_csv"),
]
