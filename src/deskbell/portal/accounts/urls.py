"""The addresses of My Accounts, below accounts/."""

from __future__ import annotations

from django.urls import path

from . import changes, company, inviting, leaving, numbers, retention, user, users

app_name = "accounts"
urlpatterns = [
    path("numbers/<int:number_id>/", numbers.number, name="number"),
    path("company/", company.company, name="company"),
    path("retention/", retention.retention, name="retention"),
    path("users/", users.users, name="users"),
    path("users/second-factor/", users.second_factor, name="second_factor"),
    path("users/invite/", inviting.invite, name="invite"),
    path("users/<int:user_id>/", user.user, name="user"),
    path("users/<int:user_id>/access/", user.access, name="access"),
    path("users/<int:user_id>/suspend/", changes.suspend, name="suspend"),
    path("users/<int:user_id>/reactivate/", changes.reactivate, name="reactivate"),
    path("users/<int:user_id>/remove/", changes.remove, name="remove"),
    path("users/<int:user_id>/reset-mfa/", changes.reset_mfa, name="reset_mfa"),
    path("invitations/<int:invitation_id>/again/", inviting.again, name="invite_again"),
    path("invitations/<int:invitation_id>/withdraw/", inviting.withdraw, name="withdraw"),
    path("leave/", leaving.leave, name="leave"),
]
