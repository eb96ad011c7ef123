"""Every URL of the web side; each room that serves pages or calls has its own table."""

from __future__ import annotations

from django.urls import include, path

from deskbell.foundation.environment import environment

urlpatterns = [
    path("", include("deskbell.api.urls")),
    path("", include("deskbell.portal.urls")),
]
if environment().demo:
    urlpatterns.append(path("demo/", include("deskbell.demo.urls")))
