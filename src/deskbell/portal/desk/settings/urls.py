"""The addresses of the operator's pages, within the desk's."""

from __future__ import annotations

from django.urls import path

from . import answering, receptionists, skills

urlpatterns = [
    path("receptionists/", receptionists.receptionists, name="receptionists"),
    path("receptionists/new/", receptionists.new, name="new_receptionist"),
    path("receptionists/<int:receptionist_id>/", receptionists.edit, name="receptionist"),
    path(
        "receptionists/<int:receptionist_id>/remove/",
        receptionists.remove,
        name="remove_receptionist",
    ),
    path("skills/", skills.skills, name="skills"),
    path("skills/<int:skill_id>/", skills.rename, name="rename_skill"),
    path("skills/<int:skill_id>/delete/", skills.delete, name="delete_skill"),
    path("answering/", answering.answering, name="answering"),
    path("answering/others/", answering.others, name="answering_of_others"),
    path("answering/<int:number_id>/", answering.number, name="answering_of"),
]
