"""The demo's pages, under /demo/; only there with `--demo`."""

from __future__ import annotations

from django.urls import path

from . import handset, views

app_name = "demo"
urlpatterns = [
    path("mailbox", views.mailbox, name="mailbox"),
    path("mailbox/<str:name>", views.mail, name="mail"),
    path("mailbox/<str:name>/html", views.mail_as_html, name="mail-html"),
    path("handset", handset.handset, name="handset"),
    path("handset/answer", handset.answer, name="answer"),
    path(
        "handset/2010-04-01/Accounts/<str:user>/Messages.json",
        handset.receive_text,
        name="receive-text",
    ),
    path("webhooks", views.webhooks, name="webhooks"),
    path("webhooks/receive/<int:contact_id>", views.receive_webhook, name="receive-webhook"),
    path("webhooks/told/<int:account_id>", views.be_told, name="be-told"),
]
