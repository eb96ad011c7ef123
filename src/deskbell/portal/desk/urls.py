"""The desk's pages: calls (`desk`), the floor, and who may answer what."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from . import callers, calls, dialling, forms, messages, performance, tasks, transfers, views

app_name = "desk"
urlpatterns: list[URLPattern | URLResolver] = [
    path("live/", views.live, name="live"),
    path("keys/", views.keys, name="keys"),
    path("available/", views.go_available, name="go_available"),
    path("away/", views.go_away, name="go_away"),
    path("offers/<int:offer_id>/answer/", calls.answer, name="answer"),
    path("offers/<int:offer_id>/refuse/", calls.refuse, name="refuse"),
    path("calls/<int:call_id>/transfer/", transfers.transfer, name="transfer"),
    path("calls/<int:call_id>/done/", calls.done, name="done"),
    path("calls/<int:call_id>/do/<slug:what>/", calls.do, name="do"),
    path("calls/<int:call_id>/block/", callers.block, name="block"),
    path("calls/<int:call_id>/unblock/", callers.unblock, name="unblock"),
    path("calls/<int:call_id>/forms/<uuid:form_uuid>/save/", forms.save, name="save_form"),
    path("calls/<int:call_id>/forms/<uuid:form_uuid>/send/", forms.send, name="send_form"),
    path("calls/<int:call_id>/read-out/<int:message_id>/", messages.read_out, name="read_out"),
    path("calls/<int:call_id>/messages/<int:message_id>/note/", messages.note, name="note"),
    path("forms/<uuid:form_uuid>/", forms.unsent, name="unsent"),
    path("call-out/", dialling.call_out, name="call_out"),
    path("tasks/<int:delivery_id>/take/", tasks.take, name="take_task"),
    path("tasks/<int:delivery_id>/drop/", tasks.drop, name="drop_task"),
    path("tasks/<int:delivery_id>/call/", tasks.call, name="call_task"),
    path("tasks/<int:delivery_id>/end/", tasks.end, name="end_task"),
    path("performance/", performance.performance, name="performance"),
    path("", include("deskbell.portal.desk.floor.urls")),
    path("", include("deskbell.portal.desk.settings.urls")),
]
