"""The addresses of My Profile, below profile/. Second factors and sessions have their own."""

from __future__ import annotations

from django.urls import path

from . import addresses, summaries, views

app_name = "profile"
urlpatterns = [
    path("name/", views.name, name="name"),
    path("picture/", views.picture, name="picture"),
    path("picture/remove/", views.remove_picture, name="remove_picture"),
    path("numbers/", views.numbers, name="numbers"),
    path("numbers/take/", views.take_number, name="take_number"),
    path("password/", views.password, name="password"),
    path("notices/", views.chosen_notices, name="notices"),
    path("summary/", summaries.summary, name="summary"),
    path("email/", addresses.ask, name="email"),
    path("email/withdraw/", addresses.withdraw, name="withdraw_email"),
    path("email/confirmed/", addresses.confirmed, name="email_confirmed"),
    path("email/<slug:token>/", addresses.confirm, name="confirm_email"),
]
