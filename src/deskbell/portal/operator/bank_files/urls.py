"""The addresses of files for the bank, below operator/bank-files/."""

from __future__ import annotations

from django.urls import path

from . import views

urlpatterns = [
    path("make/", views.make, name="make_bank_file"),
    path("returns/", views.returns, name="bank_returns"),
    path("<int:bank_file_id>/file/", views.file, name="bank_file"),
]
