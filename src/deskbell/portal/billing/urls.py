"""The addresses of billing, below billing/."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from .paying import automatic, confirming, history, words

app_name = "billing"
urlpatterns: list[URLPattern | URLResolver] = [
    path("confirm/", confirming.confirm, name="confirm"),
    path("terms/", words.terms, name="terms"),
    path("wire/", words.wire, name="wire"),
    path("statements/", include("deskbell.portal.billing.statements.urls")),
    path("payments/", history.history, name="history"),
    path("payments/<uuid:reference>/", history.receipt, name="receipt"),
    path("automatic/end/", automatic.end, name="end_automatic"),
]
