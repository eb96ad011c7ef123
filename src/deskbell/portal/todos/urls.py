"""The addresses of To Dos, below /to-dos/."""

from __future__ import annotations

from django.urls import path

from . import doing, views

app_name = "to_dos"
urlpatterns = [
    path("list/", views.rows, name="rows"),
    path("new/", views.new, name="new"),
    path("preview/", views.preview, name="preview"),
    path("<int:to_do_id>/", views.to_do, name="to_do"),
    path("<int:to_do_id>/live/", views.live, name="live"),
    path("<int:to_do_id>/edit/", views.edit, name="edit"),
    path("<int:to_do_id>/pause/", doing.pause, name="pause"),
    path("<int:to_do_id>/resume/", doing.resume, name="resume"),
    path("<int:to_do_id>/run/", doing.run, name="run"),
    path("<int:to_do_id>/delete/", doing.delete, name="delete"),
]
