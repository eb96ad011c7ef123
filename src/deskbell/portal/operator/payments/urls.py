"""The addresses of payments' pages, below operator/payments/."""

from __future__ import annotations

from django.urls import path

from . import views

urlpatterns = [
    path("new/", views.record, name="record_payment"),
    path("<uuid:reference>/", views.payment, name="payment"),
    path("<uuid:reference>/refresh/", views.refresh, name="refresh_payment"),
    path("<uuid:reference>/came-back/", views.back, name="payment_came_back"),
]
