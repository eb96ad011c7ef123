"""The examples of the documents do what the documents say, with the code as it is now."""

from __future__ import annotations

import re
import runpy
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from deskbell.accounts.models import Account, PhoneNumber
from deskbell.attendant.plans import from_yaml, to_yaml
from deskbell.attendant.queries import system_for
from deskbell.attendant.rules.plan_json import ANNOUNCEMENT, MENU, NUMBER, SYSTEM
from deskbell.delivery.transports.webhook.signature import sign as sign_webhook
from deskbell.foundation import clock, signing
from deskbell.oncall.models import EscalationLevel
from deskbell.oncall.queries import on_call
from deskbell.platform.tenancy import account_scope
from deskbell.rcml import reading
from deskbell.rcml.read import READERS

DOCS = Path(__file__).resolve().parents[2] / "docs"


def example(page: str, name: str) -> Callable[..., Any]:
    """The function `name` of the first Python example of a page."""
    found = re.search(r"^```python\n(.*?)^```", (DOCS / page).read_text(), re.DOTALL | re.MULTILINE)
    assert found
    defined: dict[str, Any] = {}
    exec(compile(found.group(1), page, "exec"), defined)
    function: Callable[..., Any] = defined[name]
    return function


def test_a_webhook_is_checked_as_the_page_shows() -> None:
    check = example("reference/webhooks.md", "is_from_deskbell")
    body = '{"type": "message.delivery", "content": "Grüße"}'.encode()
    header = sign_webhook("a secret", body, clock.now())
    assert check("a secret", header, body)
    assert not check("another", header, body)
    assert not check("a secret", header, body + b" ")
    old = sign_webhook("a secret", body, clock.now() - timedelta(hours=1))
    assert not check("a secret", old, body)
    for wrong in ("", "t=,v1=", "t=1", "nonsense", header.replace("t=", "t=x")):
        assert not check("a secret", wrong, body)


def test_a_gateway_is_checked_as_the_page_shows() -> None:
    check = example("reference/gateway-contract.md", "is_from_gateway")
    url, fields = "http://127.0.0.1:9000/menu?n=1", {"CallSid": "CA1", "Digits": "2"}
    signature = signing.sign("a secret", url, fields)
    assert check("a secret", url, fields, signature)
    assert not check("another", url, fields, signature)
    assert not check("a secret", url, fields | {"Digits": "3"}, signature)


def test_the_switchboard_of_the_page_is_the_one_in_the_file() -> None:
    page = (DOCS / "how-to" / "use-the-gateway-alone.md").read_text()
    found = re.search(r"^```python\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    assert found
    written = (DOCS / "how-to" / "switchboard.py").read_text()
    assert written.endswith(found.group(1))
    assert len([line for line in written.splitlines() if line]) <= 20


def test_the_contract_lists_every_verb_and_attribute_that_is_read() -> None:
    page = (DOCS / "reference" / "gateway-contract.md").read_text()
    listed = set(re.findall(r"[A-Za-z]+", page.partition("## Documents")[2]))
    readers = Path(reading.__file__).parent
    calls = r"read\.(?:text|raw|number|optional_number|flag|url|keys|words|one_of)\(\s*\"(\w+)\""
    for path in readers.glob("*.py"):
        wanted = {name for name in re.findall(calls, path.read_text()) if "Callback" not in name}
        assert wanted <= listed, path.name
    assert set(READERS) <= listed


def test_the_file_of_an_attendant_is_as_the_page_shows() -> None:
    page = (DOCS / "how-to" / "export-and-import-an-attendant.md").read_text()
    found = re.search(r"^```yaml\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    assert found
    plan = from_yaml(found.group(1))
    assert from_yaml(to_yaml(plan)) == plan
    rows = "".join(re.findall(r"^\| .* \|$", page, re.MULTILINE))
    listed = set(re.findall(r"`(\w+)`", rows))
    for table in (ANNOUNCEMENT, SYSTEM, MENU, NUMBER):
        assert {field.name for field in table} <= listed


@pytest.mark.django_db
def test_the_script_opens_an_account_that_works(capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(DOCS / "how-to" / "open_account.py"))
    said = capsys.readouterr().out
    email, password = re.findall(r"Sign in as (\S+) with (\S+)", said)[0]
    [token] = re.findall(r"Token for /api/v2: (\S+)", said)
    client = Client()
    client.post("/sign-in/", {"login": email, "password": password})
    assert "Corner Bakery" in client.get("/").content.decode()
    answer = Client(headers={"Authorization": f"Bearer {token}"}).get("/api/v2/messages")
    assert answer.json() == {"data": []}
    account = Account.objects.get(number="W0500")
    with account_scope(account.pk):
        level = EscalationLevel.objects.get()
        assert [str(method) for method in on_call(level, clock.now())] == [f"email {email}"]
        assert system_for(PhoneNumber.objects.get()) is not None
