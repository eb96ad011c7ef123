"""Borders of what other programs call, with signatures and tokens that none of the cast has."""

from __future__ import annotations

from tests.borders.rows import Row, alike

UNSIGNED = 403

ROWS: dict[str, Row] = {
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
    "payments/<str:provider>": alike(404, "post"),  # the demo pays by the sandbox
    "autoattendant/internal/rcml": alike(UNSIGNED),
    "ack/<str:token>": alike(404),
    "email/<slug:service>/tracking": alike(404, "post"),  # mail goes by SMTP here
    "calendars/<str:token>.ics": alike(404),
    "recordings/<str:sid>.wav": alike(UNSIGNED),
}
