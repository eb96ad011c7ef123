"""The addresses of people's pages, below operator/people/."""

from __future__ import annotations

from django.urls import path

from . import views

urlpatterns = [
    path("invite/", views.invite, name="invite_staff"),
    path(
        "invitations/<int:staff_invitation_id>/again/",
        views.invite_again,
        name="invite_staff_again",
    ),
    path(
        "invitations/<int:staff_invitation_id>/withdraw/",
        views.withdraw,
        name="withdraw_staff_invitation",
    ),
    path("<int:user_id>/", views.person, name="person"),
    path("<int:user_id>/suspend/", views.suspend, name="suspend_person"),
    path("<int:user_id>/reactivate/", views.reactivate, name="reactivate_person"),
    path("<int:user_id>/reset-mfa/", views.reset_mfa, name="reset_mfa"),
]
