"""Who is answered what at every address of the portal and the APIs: the rows of the borders' test.

A row says what every member of the cast is answered when the address names something of alice's
account. A new address is a line in `TABLE`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

CAST = ("anonymous", "charlie", "bob", "alice", "rita", "olivia")
OUTSIDERS = ("anonymous", "charlie")
Statuses = tuple[int, int, int, int, int, int]


@dataclass(frozen=True, slots=True)
class Row:
    """What each of the cast, in the order of CAST, is answered to a request."""

    statuses: Statuses
    method: str = "get"
    form: dict[str, str] = field(default_factory=dict)


def alike(status: int, method: str = "get") -> Row:
    """The same answer for everybody."""
    return Row((status,) * 6, method)


#                    anonymous charlie bob alice rita olivia
OWN_PAGE = Row((302, 200, 200, 200, 200, 200))  # shows the person's own account
PAGE_OF_IT = Row((302, 404, 200, 200, 200, 200))  # shows the thing itself
SOUND_OF_IT = Row((302, 404, 403, 200, 200, 200))  # bob lacks the Call Recording right
WRITES_TO_IT = Row((302, 404, 302, 302, 302, 302), "post")
EDITS_IT = Row((302, 404, 302, 302, 403, 302), "post")  # rita may not edit the attendant
DELETES_IT = Row((302, 404, 302, 404, 403, 404), "post")  # bob does, so it is gone after him
# bob and rita lack the Oncall Calendar Management access
ONCALL_ADDS = Row((302, 422, 403, 422, 403, 422), "post")
ONCALL_EDITS = Row((302, 404, 403, 422, 403, 422), "post")
ONCALL_DOES = Row((302, 404, 403, 302, 403, 302), "post")
ONCALL_DELETES = Row((302, 404, 403, 302, 403, 404), "post")  # alice does
# bob and rita lack the Account Management access
WEBHOOK_DOES = Row((302, 404, 403, 302, 403, 302), "post")
OPERATORS_PAGE = Row((302, 403, 403, 403, 403, 200))
OPERATORS_FORM = Row((302, 403, 403, 403, 403, 302), "post")
DESK_PAGE = Row((302, 403, 403, 403, 200, 403))  # olivia is staff, and has no desk
DESK_DOES = Row((302, 403, 403, 403, 302, 403), "post")
DESK_LACKS = Row((302, 403, 403, 403, 404, 403), "post")  # there is no such thing for rita
STAFF_PAGE = Row((302, 403, 403, 403, 200, 200))  # receptionists and operators
STAFF_FORM = Row((302, 403, 403, 403, 302, 302), "post")
UNSIGNED = 403
# its own sign-in and borders: tests/contracts/test_autoattendant_roles.py
AUTOATTENDANT_READS = (
    "user/search",
    "user/search/<sid>",
    "enterprise/search",
    "enterprise/search/<sid>",
    "announcement/search",
    "announcement/search/<sid>",
    "announcement/file/<name>",
    "system/search",
    "system/search/<sid>",
    "menu/search",
    "menu/search/<sid>",
    "schedule/search",
    "phonenumber/search",
    "phonenumber/search/<sid>",
    "phonenumber/usage/records",
    "phonenumber/usage/records/<subresource>",
    "rcml/search/<phone_number>",
)
AUTOATTENDANT_WRITES = (
    "user",
    "enterprise",
    "announcement",
    "file/announcement/<sid>",
    "system",
    "menu",
    "schedule",
    "phonenumber",
)
AUTOATTENDANT_CHANGES = (
    "user/<sid>",
    "announcement/<sid>",
    "system/<sid>",
    "menu/<sid>",
    "phonenumber/<sid>",
)

TABLE: dict[str, Row] = {
    # the portal
    "": OWN_PAGE,
    "account/retention/": OWN_PAGE,
    "account/": Row((302, 404, 302, 302, 302, 302), "post", {"account": "{account}"}),
    "messages/": OWN_PAGE,
    "messages/live/": OWN_PAGE,
    "messages/export.csv": OWN_PAGE,
    "messages/export.xlsx": OWN_PAGE,
    "messages/acknowledge/": Row((302,) * 6, "post", {"id": "{message}"}),
    "messages/undo/": Row((302,) * 6, "post", {"ids": "{message}"}),
    "messages/activities/": OWN_PAGE,
    "messages/searches/": Row((302,) * 6, "post", {"name": "mine"}),
    "messages/searches/<int:search_id>/delete/": Row((302, 404, 404, 302, 404, 404), "post"),
    "messages/<int:message_id>/": PAGE_OF_IT,
    "messages/<int:message_id>/live/": PAGE_OF_IT,
    "messages/<int:message_id>/acknowledge/": WRITES_TO_IT,
    "messages/<int:message_id>/pass-on/": WRITES_TO_IT,
    "messages/<int:message_id>/send-to/": Row(WRITES_TO_IT.statuses, "post", {"level": "{level}"}),
    "messages/<int:message_id>/proof/": PAGE_OF_IT,
    "messages/<int:message_id>/proof.pdf": PAGE_OF_IT,
    "messages/<int:message_id>/notes/": Row(WRITES_TO_IT.statuses, "post", {"text": "Called"}),
    # bob wrote none of it; after alice it is gone
    "messages/<int:message_id>/notes/<int:note_id>/remove/": Row(
        (302, 404, 403, 302, 302, 302), "post"
    ),
    "messages/<int:message_id>/forward/": PAGE_OF_IT,
    "messages/<int:message_id>/deliveries/<int:delivery_id>/send-again/": WRITES_TO_IT,
    "oncall/": OWN_PAGE,
    "oncall/live/": OWN_PAGE,
    "oncall/events/new/": ONCALL_EDITS,  # charlie has no level
    "oncall/events/preview/": Row((302, 200, 403, 200, 403, 200), "post"),
    "oncall/events/<int:event_id>/": PAGE_OF_IT,
    "oncall/events/<int:event_id>/move/": ONCALL_DOES,
    "oncall/events/<int:event_id>/clone/": ONCALL_EDITS,
    "oncall/events/<int:event_id>/delete/": ONCALL_DELETES,
    "oncall/covers/": OWN_PAGE,
    "oncall/covers/new/": ONCALL_ADDS,
    "oncall/covers/<int:override_id>/": PAGE_OF_IT,
    "oncall/covers/<int:override_id>/remove/": ONCALL_DELETES,
    "oncall/contacts/": OWN_PAGE,
    "oncall/contacts/column/": OWN_PAGE,
    "oncall/contacts/new/": ONCALL_ADDS,
    "oncall/contacts/merge/": ONCALL_ADDS,
    "oncall/contacts/<int:contact_id>/": PAGE_OF_IT,
    "oncall/contacts/<int:contact_id>/rename/": ONCALL_EDITS,
    "oncall/contacts/<int:contact_id>/user/": ONCALL_DOES,
    "oncall/contacts/<int:contact_id>/delete/": ONCALL_DELETES,
    "oncall/contacts/<int:contact_id>/methods/new/": Row((302, 404, 403, 200, 403, 200)),
    "oncall/contacts/<int:contact_id>/methods/<int:method_id>/": ONCALL_EDITS,
    "oncall/contacts/<int:contact_id>/methods/<int:method_id>/delete/": ONCALL_DELETES,
    "oncall/contacts/<int:contact_id>/methods/<int:method_id>/code/": ONCALL_DOES,
    "oncall/contacts/<int:contact_id>/methods/<int:method_id>/code/enter/": ONCALL_EDITS,
    "oncall/levels/": OWN_PAGE,
    "oncall/levels/new/": ONCALL_ADDS,
    "oncall/levels/order/": Row((302, 302, 403, 302, 403, 302), "post", {"order": "{level}"}),
    "oncall/levels/defaults/": ONCALL_ADDS,
    "oncall/levels/<int:level_id>/": PAGE_OF_IT,
    "oncall/levels/<int:level_id>/clone/": ONCALL_EDITS,
    "oncall/levels/<int:level_id>/delete/": ONCALL_DELETES,
    "oncall/plan/": OWN_PAGE,
    "oncall/plan/what-if/": OWN_PAGE,
    "oncall/feeds/": OWN_PAGE,
    "oncall/feeds/import/": ONCALL_ADDS,
    "oncall/feeds/levels/<int:level_id>/": PAGE_OF_IT,
    "oncall/feeds/levels/<int:level_id>/renew/": ONCALL_DOES,
    "oncall/feeds/contacts/<int:contact_id>/": PAGE_OF_IT,
    "oncall/feeds/contacts/<int:contact_id>/renew/": ONCALL_DOES,
    # the desk: staff alone
    "desk/": DESK_PAGE,
    "desk/live/": DESK_PAGE,
    "desk/keys/": DESK_PAGE,
    "desk/available/": DESK_DOES,
    "desk/away/": DESK_DOES,
    "desk/offers/<int:offer_id>/answer/": DESK_DOES,
    "desk/offers/<int:offer_id>/refuse/": DESK_DOES,
    "desk/calls/<int:call_id>/transfer/": DESK_PAGE,
    "desk/calls/<int:call_id>/done/": DESK_DOES,
    "desk/calls/<int:call_id>/do/<slug:what>/": DESK_LACKS,
    "desk/calls/<int:call_id>/block/": DESK_DOES,
    "desk/calls/<int:call_id>/unblock/": DESK_DOES,
    "desk/calls/<int:call_id>/forms/<uuid:form_uuid>/save/": DESK_DOES,
    "desk/calls/<int:call_id>/forms/<uuid:form_uuid>/send/": Row(
        (302, 403, 403, 403, 422, 403), "post"
    ),
    "desk/calls/<int:call_id>/read-out/<int:message_id>/": DESK_LACKS,
    "desk/calls/<int:call_id>/messages/<int:message_id>/note/": DESK_LACKS,
    "desk/forms/<uuid:form_uuid>/": DESK_PAGE,
    "desk/call-out/": DESK_PAGE,
    "desk/tasks/<int:delivery_id>/take/": DESK_LACKS,
    "desk/tasks/<int:delivery_id>/drop/": DESK_LACKS,
    "desk/tasks/<int:delivery_id>/call/": DESK_LACKS,
    "desk/tasks/<int:delivery_id>/end/": DESK_LACKS,
    "desk/floor/": OPERATORS_PAGE,
    "desk/floor/live/": OPERATORS_PAGE,
    "desk/receptionists/": OPERATORS_PAGE,
    "desk/receptionists/new/": OPERATORS_PAGE,
    "desk/receptionists/<int:receptionist_id>/": OPERATORS_PAGE,
    "desk/receptionists/<int:receptionist_id>/remove/": OPERATORS_FORM,
    "desk/skills/": OPERATORS_PAGE,
    "desk/skills/<int:skill_id>/": OPERATORS_PAGE,
    "desk/skills/<int:skill_id>/delete/": OPERATORS_FORM,
    "desk/answering/": OPERATORS_PAGE,
    "desk/answering/others/": OPERATORS_PAGE,
    "desk/answering/<int:number_id>/": OPERATORS_PAGE,
    # webhooks
    "scripts/": OWN_PAGE,
    "scripts/none/": OWN_PAGE,
    "scripts/new/": STAFF_PAGE,
    "scripts/<int:script_id>/": PAGE_OF_IT,
    "scripts/<int:script_id>/rename/": STAFF_PAGE,
    "scripts/<int:script_id>/delete/": STAFF_FORM,  # refused: a number reads it
    "scripts/<int:script_id>/numbers/": STAFF_PAGE,
    "scripts/<int:script_id>/preview/": STAFF_PAGE,
    "scripts/<int:script_id>/publish/": STAFF_FORM,
    "scripts/<int:script_id>/publications/": STAFF_PAGE,
    "scripts/<int:script_id>/publications/<int:number>/": STAFF_PAGE,
    "scripts/<int:script_id>/publications/<int:number>/roll-back/": STAFF_FORM,
    "scripts/<int:script_id>/edit/": STAFF_PAGE,
    "scripts/<int:script_id>/edit/greeting/": STAFF_PAGE,
    "scripts/<int:script_id>/edit/<str:part>/new/": STAFF_PAGE,
    "scripts/<int:script_id>/edit/<str:part>/order/": STAFF_FORM,
    "scripts/<int:script_id>/edit/<str:part>/<str:which>/": STAFF_PAGE,
    "scripts/<int:script_id>/edit/<str:part>/<str:which>/remove/": STAFF_FORM,
    "webhooks/": OWN_PAGE,
    "webhooks/new/": Row((302, 200, 403, 200, 403, 200)),  # bob and rita lack Account Management
    "webhooks/<int:webhook_id>/": PAGE_OF_IT,
    "webhooks/<int:webhook_id>/live/": PAGE_OF_IT,
    "webhooks/<int:webhook_id>/secret/": Row((302, 404, 403, 302, 403, 302)),
    "webhooks/<int:webhook_id>/edit/": Row((302, 404, 403, 409, 403, 409), "post"),
    "webhooks/<int:webhook_id>/pause/": WEBHOOK_DOES,
    "webhooks/<int:webhook_id>/resume/": WEBHOOK_DOES,
    "webhooks/<int:webhook_id>/new-secret/": WEBHOOK_DOES,
    "webhooks/<int:webhook_id>/delete/": Row((302, 404, 403, 302, 403, 404), "post"),
    "webhooks/<int:webhook_id>/test/": WEBHOOK_DOES,
    "webhooks/<int:webhook_id>/notices/<uuid:notice_id>/": PAGE_OF_IT,
    "webhooks/<int:webhook_id>/notices/<uuid:notice_id>/again/": WEBHOOK_DOES,
    # blocked callers: bob and rita lack Account Management
    "callers/": OWN_PAGE,
    "callers/new/": Row((302, 200, 403, 200, 403, 200)),
    "callers/<int:block_id>/": Row((302, 404, 403, 200, 403, 200)),
    "callers/<int:block_id>/unblock/": Row((302, 404, 403, 302, 403, 404), "post"),  # alice does
    "recordings/": Row((302, 200, 403, 200, 200, 200)),
    "recordings/<int:recording_id>/": SOUND_OF_IT,
    "recordings/<int:recording_id>/audio/": Row((302, 404, 403, 302, 302, 302)),
    "recordings/<int:recording_id>/wave.svg": SOUND_OF_IT,
    "to-dos/": OWN_PAGE,
    "to-dos/list/": OWN_PAGE,
    "to-dos/new/": Row((302, 422, 422, 422, 422, 422), "post"),
    "to-dos/preview/": Row((302, 200, 200, 200, 200, 200), "post"),
    "to-dos/<int:to_do_id>/": PAGE_OF_IT,
    "to-dos/<int:to_do_id>/live/": PAGE_OF_IT,
    "to-dos/<int:to_do_id>/edit/": Row((302, 404, 422, 422, 422, 422), "post"),
    "to-dos/<int:to_do_id>/pause/": WRITES_TO_IT,
    "to-dos/<int:to_do_id>/resume/": WRITES_TO_IT,
    "to-dos/<int:to_do_id>/run/": WRITES_TO_IT,
    "to-dos/<int:to_do_id>/delete/": Row((302, 404, 302, 404, 404, 404), "post"),  # bob does
    "attendant/": OWN_PAGE,
    "attendant/systems/": OWN_PAGE,
    "attendant/systems/new/": Row((302, 422, 422, 422, 403, 422), "post"),
    "attendant/systems/<str:sid>/": PAGE_OF_IT,
    "attendant/systems/<str:sid>/delete/": DELETES_IT,
    "attendant/menus/": OWN_PAGE,
    "attendant/menus/new/": Row((302, 200, 422, 422, 403, 422), "post"),  # charlie has no system
    "attendant/menus/new/check/": Row((302, 204, 200, 200, 403, 200), "post"),
    "attendant/menus/<str:sid>/": PAGE_OF_IT,
    "attendant/menus/<str:sid>/check/": Row((302, 404, 200, 200, 403, 200), "post"),
    "attendant/menus/<str:sid>/delete/": DELETES_IT,
    "attendant/announcements/": OWN_PAGE,
    "attendant/announcements/new/": Row((302, 422, 422, 422, 403, 422), "post"),
    "attendant/announcements/listen/": Row((302, 422, 422, 422, 403, 422), "post"),
    "attendant/announcements/upload/": Row((302, 422, 422, 422, 403, 422), "post"),
    "attendant/announcements/sounds/<str:sha256>/": PAGE_OF_IT,
    "attendant/announcements/sounds/<str:sha256>/wave.svg": PAGE_OF_IT,
    "attendant/announcements/<str:sid>/": PAGE_OF_IT,
    "attendant/announcements/<str:sid>/delete/": DELETES_IT,
    "attendant/numbers/": OWN_PAGE,
    "attendant/numbers/<str:sid>/": PAGE_OF_IT,
    "attendant/schedules/": Row((302, 200, 302, 302, 302, 302)),  # to the only system's own page
    "attendant/schedules/<str:sid>/": PAGE_OF_IT,
    "attendant/time-machine/": OWN_PAGE,
    "attendant/test-call/": OWN_PAGE,
    "attendant/emergency/<str:sid>/": Row((302, 404, 302, 302, 403, 302), "post", {"end": "1"}),
    "attendant/history/": OWN_PAGE,
    "attendant/history/draft/": OWN_PAGE,
    "attendant/history/draft/publish/": Row((302, 302, 302, 302, 403, 302), "post"),
    "attendant/history/draft/discard/": Row((302, 302, 302, 302, 403, 302), "post"),
    "attendant/history/<int:number>/": PAGE_OF_IT,
    "attendant/history/<int:number>/roll-back/": EDITS_IT,
    # signing in: the same for everybody, and about nobody's account
    "sign-in/": Row((200, 302, 302, 302, 302, 302)),
    "sign-out/": Row((302, 200, 200, 200, 200, 200)),
    "sign-in/switched-off/": alike(200),
    "password/": alike(200),
    "password/sent/": alike(200),
    "password/<str:uidb36>/<str:key>/": alike(200),
    "password/set/": alike(200),
    # what other programs call, with signatures and tokens that none of the cast has here
    "health": alike(200),
    "health/escalation": alike(200),
    "voice/incoming": alike(UNSIGNED, "post"),
    "voice/step": alike(UNSIGNED, "post"),
    "voice/status": alike(UNSIGNED, "post"),
    "voice/recordings/<str:sid>": alike(UNSIGNED, "put"),
    "voice/messages": alike(UNSIGNED, "post"),
    "voice/prompts/<str:sha256>": alike(UNSIGNED),
    "voice/config": alike(UNSIGNED),
    "voice/sounds/<str:sha256>.wav": alike(200),  # the name is the key: only its hearers know it
    "voice/<str:carrier>/incoming": alike(404, "post"),  # no carrier is connected here
    "voice/<str:carrier>/step": alike(404, "post"),
    "voice/<str:carrier>/status": alike(404, "post"),
    "voice/<str:carrier>/desk/recorded": alike(404, "post"),
    "voice/desk/wait": alike(UNSIGNED, "post"),
    "voice/desk/hold": alike(UNSIGNED, "post"),
    "voice/desk/ringing": alike(UNSIGNED, "post"),
    "voice/desk/closed": alike(UNSIGNED, "post"),
    "voice/desk/back": alike(UNSIGNED, "post"),
    "voice/desk/left": alike(UNSIGNED, "post"),
    "voice/desk/offers/<str:token>/answer": alike(UNSIGNED, "post"),
    "voice/desk/offers/<str:token>/keys": alike(UNSIGNED, "post"),
    "voice/desk/offers/<str:token>/status": alike(UNSIGNED, "post"),
    "voice/desk/parties/<str:token>/answer": alike(UNSIGNED, "post"),
    "voice/desk/parties/<str:token>/keys": alike(UNSIGNED, "post"),
    "voice/desk/parties/<str:token>/status": alike(UNSIGNED, "post"),
    "voice/<str:carrier>/desk/wait": alike(404, "post"),
    "voice/<str:carrier>/desk/hold": alike(404, "post"),
    "voice/<str:carrier>/desk/ringing": alike(404, "post"),
    "voice/<str:carrier>/desk/closed": alike(404, "post"),
    "voice/<str:carrier>/desk/back": alike(404, "post"),
    "voice/<str:carrier>/desk/left": alike(404, "post"),
    "voice/<str:carrier>/desk/offers/<str:token>/answer": alike(404, "post"),
    "voice/<str:carrier>/desk/offers/<str:token>/keys": alike(404, "post"),
    "voice/<str:carrier>/desk/offers/<str:token>/status": alike(404, "post"),
    "voice/<str:carrier>/desk/parties/<str:token>/answer": alike(404, "post"),
    "voice/<str:carrier>/desk/parties/<str:token>/keys": alike(404, "post"),
    "voice/<str:carrier>/desk/parties/<str:token>/status": alike(404, "post"),
    "voice/deliveries/<str:token>/message": alike(UNSIGNED, "post"),
    "voice/deliveries/<str:token>/keys": alike(UNSIGNED, "post"),
    "voice/deliveries/<str:token>/status": alike(UNSIGNED, "post"),
    "voice/to-dos/<str:token>/speak": alike(UNSIGNED, "post"),
    "voice/to-dos/<str:token>/keys": alike(UNSIGNED, "post"),
    "voice/to-dos/<str:token>/status": alike(UNSIGNED, "post"),
    "voice/<str:carrier>/to-dos/<str:token>/speak": alike(404, "post"),
    "voice/<str:carrier>/to-dos/<str:token>/keys": alike(404, "post"),
    "voice/<str:carrier>/to-dos/<str:token>/status": alike(404, "post"),
    "voice/<str:carrier>/deliveries/<str:token>/message": alike(404, "post"),
    "voice/<str:carrier>/deliveries/<str:token>/keys": alike(404, "post"),
    "voice/<str:carrier>/deliveries/<str:token>/status": alike(404, "post"),
    "texts/<str:carrier>/incoming": alike(404, "post"),
    "texts/<str:carrier>/status": alike(404, "post"),
    "faxes/telnyx/status": alike(404, "post"),
    "autoattendant/internal/rcml": alike(UNSIGNED),
    "ack/<str:token>": alike(404),
    "email/<slug:service>/tracking": alike(404, "post"),  # mail goes by SMTP here
    "calendars/<str:token>.ics": alike(404),
    "recordings/<str:sid>.wav": alike(UNSIGNED),
    "autoattendant/": alike(302),
    "autoattendant/openapi.json": alike(200),
    "autoattendant/docs": alike(200),
    **{f"autoattendant/{each}": alike(401) for each in AUTOATTENDANT_READS},
    **{f"autoattendant/{each}": alike(401, "post") for each in AUTOATTENDANT_WRITES},
    **{f"autoattendant/{each}": alike(401, "delete") for each in AUTOATTENDANT_CHANGES},
    "api/v2/": alike(302),
    "api/v2/openapi.json": alike(200),
    "api/v2/docs": alike(200),
    "api/v2/messages": alike(404),
    "api/v2/messages/<message_id>": alike(404),
    "api/v2/messages/<message_id>/acknowledge": alike(404, "post"),
    "api/v2/messages/<message_id>/activities": alike(404),
    "api/v2/to_dos": alike(401),
    "api/v2/to-dos": alike(401),
    "api/v2/to_dos/<to_do_id>": alike(401),
    "api/v2/to-dos/<to_do_id>": alike(401),
    "api/v2/webhooks": alike(401),
    "api/v2/webhooks/<webhook_id>": alike(401),
    "api/v2/webhooks/<webhook_id>/new_secret": alike(401, "post"),
    "api/v2/webhooks/<webhook_id>/send_test": alike(401, "post"),
    "api/v2/webhooks/<webhook_id>/notices": alike(401),
    "api/v2/webhooks/<webhook_id>/notices/<notice_id>": alike(401),
    "api/v2/webhooks/<webhook_id>/notices/<notice_id>/send_again": alike(401, "post"),
    "api/v2/call-recordings": alike(401),
    "api/v2/call-recordings/<recording_id>": alike(401),
}
