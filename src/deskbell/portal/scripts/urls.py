"""The addresses of scripts' pages, below scripts/."""

from __future__ import annotations

from django.urls import path

from . import editing, managing, preview, publishing, views

app_name = "scripts"
urlpatterns = [
    path("none/", views.plain, name="plain"),
    path("new/", managing.new, name="new"),
    path("<int:script_id>/", views.script, name="script"),
    path("<int:script_id>/rename/", managing.rename, name="rename"),
    path("<int:script_id>/delete/", managing.delete, name="delete"),
    path("<int:script_id>/numbers/", managing.numbers, name="numbers"),
    path("<int:script_id>/preview/", preview.preview, name="preview"),
    path("<int:script_id>/publish/", publishing.publish, name="publish"),
    path("<int:script_id>/publications/", publishing.publications, name="publications"),
    path("<int:script_id>/publications/<int:number>/", publishing.publication, name="publication"),
    path(
        "<int:script_id>/publications/<int:number>/roll-back/",
        publishing.roll_back,
        name="roll_back",
    ),
    path("<int:script_id>/edit/", editing.edit, name="edit"),
    path("<int:script_id>/edit/greeting/", editing.greeting, name="greeting"),
    path("<int:script_id>/edit/<str:part>/new/", editing.new_part, name="new_part"),
    path("<int:script_id>/edit/<str:part>/order/", editing.order, name="order"),
    path("<int:script_id>/edit/<str:part>/<str:which>/", editing.part, name="part"),
    path("<int:script_id>/edit/<str:part>/<str:which>/remove/", editing.remove, name="remove"),
]
