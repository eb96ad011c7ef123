"""The addresses of API keys, below keys/."""

from __future__ import annotations

from django.urls import path

from . import views

app_name = "keys"
urlpatterns = [
    path("new/", views.new, name="new"),
    path("made/", views.made, name="made"),
    path("<int:token_id>/revoke/", views.revoke, name="revoke"),
    path("own/new/", views.new_pair, name="new_pair"),
    path("own/<int:own_token_id>/revoke/", views.revoke_pair, name="revoke_pair"),
]
