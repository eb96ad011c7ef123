"""The addresses of requests for access, below operator/requests/."""

from __future__ import annotations

from django.urls import path

from . import views

urlpatterns = [
    path("<int:request_id>/", views.approve, name="request"),
    path("<int:request_id>/decline/", views.decline, name="decline_request"),
]
