"""Every page of the portal."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from . import account_switch, sign_in
from .account.retention import retention
from .attendant.flow import views as flow
from .callers import views as callers
from .dashboard import views as dashboard
from .desk import views as desk
from .messages import exports, feed, forwarding, notes, panel, passing, saved, undoing
from .messages import views as messages
from .oncall.calendar import views as oncall
from .recordings import views as recordings
from .scripts import views as scripts
from .todos import views as to_dos
from .webhooks import views as webhooks

signing_in = [
    path("sign-in/", sign_in.sign_in, name="account_login"),
    path("sign-out/", sign_in.sign_out, name="account_logout"),
    path("sign-in/switched-off/", sign_in.switched_off, name="account_inactive"),
    path("password/", sign_in.forgotten, name="account_reset_password"),
    path("password/sent/", sign_in.link_sent, name="account_reset_password_done"),
    path(
        "password/<str:uidb36>/<str:key>/",
        sign_in.new_password,
        name="account_reset_password_from_key",
    ),
    path("password/set/", sign_in.password_set, name="account_reset_password_from_key_done"),
]

message_pages: list[URLPattern | URLResolver] = [
    path("live/", messages.live, name="live"),
    path("export.csv", exports.export_csv, name="export_csv"),
    path("export.xlsx", exports.export_xlsx, name="export_xlsx"),
    path("acknowledge/", messages.acknowledge_chosen, name="acknowledge_chosen"),
    path("undo/", undoing.undo, name="undo"),
    path("activities/", feed.activities, name="activities"),
    path("searches/", saved.save_search, name="save_search"),
    path("searches/<int:search_id>/delete/", saved.remove_search, name="remove_search"),
    path("<int:message_id>/", panel.message, name="message"),
    path("<int:message_id>/live/", panel.message_live, name="message_live"),
    path("<int:message_id>/acknowledge/", messages.acknowledge, name="acknowledge"),
    path("<int:message_id>/pass-on/", passing.pass_on, name="pass_on"),
    path("<int:message_id>/send-to/", passing.send_to, name="send_to"),
    path("<int:message_id>/notes/", notes.add_note, name="add_note"),
    path("<int:message_id>/notes/<int:note_id>/remove/", notes.remove_note, name="remove_note"),
    path("<int:message_id>/forward/", forwarding.forward, name="forward"),
    path(
        "<int:message_id>/deliveries/<int:delivery_id>/send-again/",
        forwarding.send_again,
        name="send_again",
    ),
    path("<int:message_id>/", include("deskbell.portal.oncall.proof.urls")),
]

urlpatterns = [
    path("", dashboard.dashboard, name="dashboard"),
    path("account/", account_switch.switch, name="switch_account"),
    path("account/retention/", retention, name="retention"),
    path("messages/", messages.messages, name="messages"),
    path("messages/", include((message_pages, "messages"))),
    path("oncall/", oncall.overview, name="oncall"),
    path("oncall/", include("deskbell.portal.oncall.urls")),
    path("attendant/", flow.flow, name="attendant"),
    path("attendant/", include("deskbell.portal.attendant.urls")),
    path("recordings/", recordings.recordings, name="recordings"),
    path("recordings/", include("deskbell.portal.recordings.urls")),
    path("callers/", callers.callers, name="callers"),
    path("callers/", include("deskbell.portal.callers.urls")),
    path("scripts/", scripts.scripts, name="scripts"),
    path("scripts/", include("deskbell.portal.scripts.urls")),
    path("to-dos/", to_dos.to_dos, name="to_dos"),
    path("to-dos/", include("deskbell.portal.todos.urls")),
    path("desk/", desk.desk, name="desk"),
    path("desk/", include("deskbell.portal.desk.urls")),
    path("webhooks/", webhooks.webhooks, name="webhooks"),
    path("webhooks/", include("deskbell.portal.webhooks.urls")),
    *signing_in,
]
