"""The addresses of the calendar; its first page is `oncall`, in the portal's own table."""

from __future__ import annotations

from django.urls import path

from . import change_views, cover_views, event_views, views

urlpatterns = [
    path("live/", views.live, name="live"),
    path("events/new/", event_views.new_event, name="new_event"),
    path("events/preview/", event_views.preview, name="preview"),
    path("events/<int:event_id>/", event_views.event, name="event"),
    path("events/<int:event_id>/move/", change_views.move, name="move"),
    path("events/<int:event_id>/delete/", change_views.delete, name="delete_event"),
    path("events/<int:event_id>/clone/", change_views.clone, name="clone_event"),
    path("covers/", cover_views.covers, name="covers"),
    path("covers/new/", cover_views.new_cover, name="new_cover"),
    path("covers/<int:override_id>/", cover_views.cover, name="cover"),
    path("covers/<int:override_id>/remove/", cover_views.remove_cover, name="remove_cover"),
]
