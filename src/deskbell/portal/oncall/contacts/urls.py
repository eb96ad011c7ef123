"""The addresses of contacts, below /oncall/contacts/."""

from __future__ import annotations

from django.urls import path

from . import method_views as methods
from . import views

METHOD = "<int:contact_id>/methods/<int:method_id>/"

urlpatterns = [
    path("", views.contacts, name="contacts"),
    path("column/", views.column, name="contacts_column"),
    path("new/", views.new, name="new_contact"),
    path("merge/", views.merge, name="merge_contacts"),
    path("<int:contact_id>/", views.contact, name="contact"),
    path("<int:contact_id>/rename/", views.rename, name="rename_contact"),
    path("<int:contact_id>/user/", views.link_user, name="link_contact"),
    path("<int:contact_id>/delete/", views.delete, name="delete_contact"),
    path("<int:contact_id>/methods/new/", methods.new, name="new_method"),
    path(METHOD, methods.method, name="method"),
    path(f"{METHOD}delete/", methods.delete, name="delete_method"),
    path(f"{METHOD}code/", methods.send, name="send_code"),
    path(f"{METHOD}code/enter/", methods.enter, name="enter_code"),
]
