"""What gateways need to know, asked every ten seconds: answered 304 while nothing changed."""

from __future__ import annotations

import hashlib
import json

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from deskbell.attendant.queries import prompts_in_use
from deskbell.lines.queries import for_gateways
from deskbell.platform.tenancy import system_scope

from .requests import signed


@signed("GET")
def configuration(request: HttpRequest) -> HttpResponse:
    """Lines, caps, prompts to fetch before they are needed, and where to report. Reads only.

    Holds trunks' passwords and the hashes of phones': whoever has the secret may have these.
    """
    environment = settings.ENVIRONMENT
    with system_scope("a gateway serves all accounts"):
        prompts, lines = prompts_in_use(), for_gateways()
    content = lines | {
        "caps": {"calls": environment.max_calls},
        "prompts": prompts,
        "incoming": f"{environment.web_url}/voice/incoming",
        "status_callback": f"{environment.web_url}/voice/status",
        "messages": f"{environment.web_url}/voice/messages",
        "account_sid": environment.secrets.account_sid,
    }
    body = json.dumps(content).encode()
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": "no-cache"}
    if request.headers.get("If-None-Match") == etag:
        return HttpResponse(status=304, headers=headers)
    return HttpResponse(body, content_type="application/json", headers=headers)
