"""Every page of the portal."""

from __future__ import annotations

from allauth.account.views import LoginView, LogoutView
from django.urls import path

urlpatterns = [
    path("sign-in/", LoginView.as_view(), name="account_login"),
    path("sign-out/", LogoutView.as_view(), name="account_logout"),
]
