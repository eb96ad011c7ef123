"""API v2 put together. A new resource is one file with a `router`, and one line here."""

from __future__ import annotations

from django.views.decorators.http import require_safe

from deskbell.api.reference import Pages

from . import call_recordings, errors, messages, to_dos, webhooks
from .auth import in_scope
from .bodies import JsonParser
from .described import Api

RESOURCES = [messages.router, call_recordings.router, to_dos.router, webhooks.router]

api = Api(
    title="Deskbell API",
    version="2",
    urls_namespace="api-v2",
    description=(
        "An account's messages, call recordings, To Dos and webhooks. Every request carries an API"
        " token of the account: `Authorization: Bearer TOKEN`. Bodies and answers are JSON; times"
        " are UTC."
    ),
    docs=Pages("api/v2/docs.html", '-H "Authorization: Bearer $TOKEN"'),
    docs_decorator=require_safe,
    parser=JsonParser(),
)
errors.register(api)
api.add_decorator(in_scope, mode="operation")
for router in RESOURCES:
    api.add_router("", router)
