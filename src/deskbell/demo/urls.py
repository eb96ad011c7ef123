"""The demo's pages, under /demo/; only there with `--demo`."""

from __future__ import annotations

from django.urls import path

from . import views

app_name = "demo"
urlpatterns = [
    path("mailbox", views.mailbox, name="mailbox"),
    path("mailbox/<str:name>", views.mail, name="mail"),
    path("mailbox/<str:name>/html", views.mail_as_html, name="mail-html"),
    path("webhooks", views.webhooks, name="webhooks"),
    path("webhooks/receive/<int:contact_id>", views.receive_webhook, name="receive-webhook"),
]
