"""The addresses of proof, below /messages/<message_id>/."""

from __future__ import annotations

from django.urls import path

from . import views

urlpatterns = [
    path("proof/", views.proof, name="proof"),
    path("proof.pdf", views.proof_pdf, name="proof_pdf"),
]
