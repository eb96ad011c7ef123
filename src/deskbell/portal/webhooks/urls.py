"""The addresses of webhooks' pages, below webhooks/."""

from __future__ import annotations

from django.urls import path

from . import doing, views

app_name = "webhooks"
urlpatterns = [
    path("new/", doing.new, name="new"),
    path("<int:webhook_id>/", views.webhook, name="webhook"),
    path("<int:webhook_id>/live/", views.live, name="live"),
    path("<int:webhook_id>/secret/", views.secret, name="secret"),
    path("<int:webhook_id>/edit/", doing.edit, name="edit"),
    path("<int:webhook_id>/pause/", doing.pause, name="pause"),
    path("<int:webhook_id>/resume/", doing.resume, name="resume"),
    path("<int:webhook_id>/new-secret/", doing.new_secret, name="new_secret"),
    path("<int:webhook_id>/delete/", doing.delete, name="delete"),
    path("<int:webhook_id>/test/", doing.send_test, name="send_test"),
    path("<int:webhook_id>/notices/<uuid:notice_id>/", views.notice, name="notice"),
    path("<int:webhook_id>/notices/<uuid:notice_id>/again/", doing.send_again, name="send_again"),
]
