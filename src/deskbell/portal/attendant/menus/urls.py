"""The addresses of menus, below /attendant/menus/."""

from __future__ import annotations

from django.urls import path

from . import views

urlpatterns = [
    path("", views.menus, name="menus"),
    path("new/", views.new, name="new_menu"),
    path("new/check/", views.check_new, name="check_new_menu"),
    path("<str:sid>/", views.menu, name="menu"),
    path("<str:sid>/check/", views.check, name="check_menu"),
    path("<str:sid>/delete/", views.delete, name="delete_menu"),
]
