"""Every page of the portal."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from . import account_switch
from .accounts import accepting, choosing
from .accounts import numbers as accounts
from .attendant.flow import views as flow
from .audit import views as audit
from .billing.paying import views as paying
from .callers import views as callers
from .dashboard import health
from .dashboard import views as dashboard
from .desk import views as desk
from .keys import views as keys
from .messages import exports, feed, forwarding, notes, panel, passing, saved, undoing
from .messages import views as messages
from .oncall.calendar import views as oncall
from .operator.acting import views as acting
from .operator.admin.site import site as emergency
from .operator.overview import views as overview
from .pictures import views as pictures
from .profile import stopping
from .profile import views as profile
from .recordings import views as recordings
from .scripts import views as scripts
from .todos import views as to_dos
from .webhooks import views as webhooks

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
    path("system-health/", health.system_health, name="system_health"),
    path("acting/stop/", acting.stop_acting, name="stop_acting"),
    path("account/", account_switch.switch, name="switch_account"),
    path("account/choose/", choosing.choose, name="choose_account"),
    path("accounts/", accounts.numbers, name="accounts"),
    path("accounts/", include("deskbell.portal.accounts.urls")),
    path("invitations/<str:token>/", accepting.invitation, name="invitation"),
    path("pictures/<slug:picture>/", pictures.shown, name="picture"),
    path("profile/", profile.profile, name="profile"),
    path("profile/", include("deskbell.portal.profile.urls")),
    path("summaries/<str:token>/", stopping.stop_summary, name="stop_summary"),
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
    path("reports/", include("deskbell.portal.reports.urls")),
    path("desk/", desk.desk, name="desk"),
    path("desk/", include("deskbell.portal.desk.urls")),
    path("operator/", overview.overview, name="operator"),
    path("admin/", emergency.urls),
    path("operator/", include("deskbell.portal.operator.urls")),
    path("audit/", audit.audit, name="audit"),
    path("audit/", include("deskbell.portal.audit.urls")),
    path("keys/", keys.keys, name="keys"),
    path("keys/", include("deskbell.portal.keys.urls")),
    path("billing/", paying.pay, name="billing"),
    path("billing/", include("deskbell.portal.billing.urls")),
    path("webhooks/", webhooks.webhooks, name="webhooks"),
    path("webhooks/", include("deskbell.portal.webhooks.urls")),
    path("", include("deskbell.portal.mfa.urls")),
    path("", include("deskbell.portal.sign_in.urls")),
]
