"""The addresses of acting, below operator/acting/."""

from __future__ import annotations

from django.urls import path

from . import views

urlpatterns = [
    path("<int:user_id>/", views.act_as, name="act_as"),
]
