"""The addresses of feeds, below /oncall/feeds/."""

from __future__ import annotations

from django.urls import path

from . import imports, views

urlpatterns = [
    path("", views.feeds, name="feeds"),
    path("import/", imports.bring, name="import"),
    path("levels/<int:level_id>/", views.level_feed, name="level_feed"),
    path("levels/<int:level_id>/renew/", views.renew_level, name="renew_level_feed"),
    path("contacts/<int:contact_id>/", views.contact_feed, name="contact_feed"),
    path("contacts/<int:contact_id>/renew/", views.renew_contact, name="renew_contact_feed"),
]
