"""Borders of the desk: staff alone."""

from __future__ import annotations

from tests.borders.rows import OPERATORS_FORM, OPERATORS_PAGE, STAFF_PAGE, Row

#                    anonymous charlie bob alice rita olivia
DESK_PAGE = Row((302, 403, 403, 403, 200, 403))  # olivia is staff, and has no desk
DESK_DOES = Row((302, 403, 403, 403, 302, 403), "post")
DESK_LACKS = Row((302, 403, 403, 403, 404, 403), "post")  # there is no such thing for rita

ROWS: dict[str, Row] = {
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
    "desk/performance/": STAFF_PAGE,
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
}
