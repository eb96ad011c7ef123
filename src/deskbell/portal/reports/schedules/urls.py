"""The addresses of the Export Scheduler, below reports/schedules/."""

from __future__ import annotations

from django.urls import path

from . import views

urlpatterns = [
    path("", views.schedules, name="schedules"),
    path("new/", views.new_schedule, name="new_schedule"),
    path("<int:schedule_id>/", views.schedule, name="schedule"),
    path("<int:schedule_id>/pause/", views.pause_schedule, name="pause_schedule"),
    path("<int:schedule_id>/resume/", views.resume_schedule, name="resume_schedule"),
    path("<int:schedule_id>/run/", views.run_schedule, name="run_schedule"),
    path("<int:schedule_id>/delete/", views.delete_schedule, name="delete_schedule"),
]
