"""The addresses of the reports, below reports/."""

from __future__ import annotations

from django.urls import include, path

from .exports import views
from .usage import views as usage

app_name = "reports"
urlpatterns = [
    path("usage/", usage.usage, name="usage"),
    path("schedules/", include("deskbell.portal.reports.schedules.urls")),
    path("exports/", views.exports, name="exports"),
    path("exports/new/", views.new_export, name="new_export"),
    path("exports/<int:export_id>/", views.export, name="export"),
    path("exports/<int:export_id>/file/", views.export_file, name="export_file"),
    path("exports/<int:export_id>/cancel/", views.cancel_export, name="cancel_export"),
    path("exports/<int:export_id>/remove/", views.remove_export, name="remove_export"),
]
