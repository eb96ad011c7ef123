"""To Dos as programs ask for them: the seed's requests, and clients that send them.

Source: seed 000, "Create a To Do".
"""

from __future__ import annotations

import copy
import json
from datetime import datetime
from typing import Any

from django.test import Client

from deskbell.accounts.actions import make_api_token
from deskbell.accounts.models import Account

URL = "/api/v2/to_dos"
OTHER_URL = "/api/v2/to-dos"
# Request Example 1 as printed: the one example that is refused, for its contact.
EXAMPLE_1: dict[str, Any] = {
    "account_number": "W0411",
    "delivery_type": "sms",
    "contact": "jose@berkshirereceptionists.com",
    "from": "+17542838007",
    "message_text": "Latest code: This should be an active todo",
    "schedule": {
        "frequency": "weekly",
        "times": ["9:00 AM"],
        "days": ["Tuesday", "Thursday", "Saturday"],
        "interval": 2,
    },
}
GOOD = {**EXAMPLE_1, "contact": "9876543210"}
# Request Example 2, with the comma that its print lacks behind `from`.
EXAMPLE_2 = """{
  "from": 9549695432,
  "account_number": "W0422",
  "delivery_type": "sms",
  "contact": "9876543210",
  "message_text": "Reminder: Your appointment is coming up soon.",
  "schedule": {
    "frequency": "weekly",
    "interval": 1,
    "times": ["9:00 AM", "3:00 PM"],
    "days": ["monday", "wednesday"]
  }
}"""
EMAIL = {
    "account_number": "W0411",
    "delivery_type": "email",
    "contact": "jose@example.com",
    "message_text": "The report is due.",
    "schedule": {
        "rule": "recurring",
        "frequency": "monthly",
        "times": ["5:30 PM"],
        "day": ["1", 18],
    },
    "sender_name": "Acme Dental",
    "from_email": "desk@example.com",
    "subject": "Report",
}
CALL = {
    "account_number": "W0411",
    "delivery_type": "call",
    "instructions": "Lock the back door.",
    "contact": "+1 212 555 0177",
    "schedule": {"frequency": "daily", "times": ["10:00 PM"]},
}


def client_of(account: Account, at: datetime, *scopes: str) -> Client:
    """A client with a token of the account."""
    wanted = list(scopes) or ["to_dos:read", "to_dos:write"]
    token = make_api_token(account=account, name="CRM", scopes=wanted, at=at)
    return Client(headers={"Authorization": f"Bearer {token}"})


def post(client: Client, body: Any, url: str = URL) -> Any:
    """Asks for a To Do; a text goes as it is."""
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    return client.post(url, text, content_type="application/json")


def with_(body: dict[str, Any], **changed: Any) -> dict[str, Any]:
    """The body with other fields; None takes one away; `schedule__times` means one inside."""
    made = copy.deepcopy(body)
    for name, value in changed.items():
        place, _, inner = name.partition("__")
        inside, last = (made[place], inner) if inner else (made, place.rstrip("_"))
        inside[last] = value
        if value is None:
            del inside[last]
    return made
