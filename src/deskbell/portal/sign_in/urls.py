"""The addresses of signing in. allauth looks some of the names up, so they are its own."""

from __future__ import annotations

from django.urls import path

from . import asking, elsewhere, places, views

urlpatterns = [
    path("sign-in/", views.sign_in, name="account_login"),
    path("sign-out/", views.sign_out, name="account_logout"),
    path("sign-in/switched-off/", views.switched_off, name="account_inactive"),
    path("sign-in/with/<slug:provider_id>/", elsewhere.go, name="openid_connect_login"),
    path("sign-in/with/<slug:provider_id>/back/", elsewhere.back, name="openid_connect_callback"),
    path("password/", views.forgotten, name="account_reset_password"),
    path("password/sent/", views.link_sent, name="account_reset_password_done"),
    path(
        "password/<str:uidb36>/<str:key>/",
        views.new_password,
        name="account_reset_password_from_key",
    ),
    path("password/set/", views.password_set, name="account_reset_password_from_key_done"),
    path("request-access/", asking.request_access, name="request_access"),
    path("request-access/sent/", asking.asked, name="request_access_done"),
    path("profile/sessions/", places.sessions, name="sessions"),
    path("profile/sessions/<int:session_id>/end/", places.end, name="session_end"),
    path("profile/sessions/end-others/", places.end_others, name="sessions_end_others"),
    path("profile/sessions/end-all/", places.end_all, name="sessions_end_all"),
]
