"""What strangers and broken pages send to the desk: it is refused or kept, and never breaks it."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client

from deskbell.accounts.models import Account, PhoneNumber, User
from deskbell.calls.models import Call
from deskbell.contacts.actions import add_contact
from deskbell.delivery.actions import add_checked_method
from deskbell.desk.models import DeskCall, Form
from deskbell.foundation.clock import now
from deskbell.messages.actions import Taken, take
from deskbell.messages.models import Message
from deskbell.oncall.actions import add_level
from deskbell.platform.tenancy import account_scope, system_scope
from tests.at_the_desk import Desk, give_script, open_desk

pytestmark = pytest.mark.django_db
TEXTS = {
    "nul": "a\0b",
    "markup": "<script>alert(1)</script>{{ 7|add:7 }}",
    "long": "x" * 1_000_000,
    "turned": "\u202eabc\u202c\u2028",
    "formula": "=1+1",
    "lines": "a\r\nX-Header: y",
    "huge": "9" * 5_000,
    "below": "-1",
    "sip": "sip:+12125550177@example.com?X-Evil=1",
    "client": "client:staff-rita",
}
NAMES = (
    "to", "how", "number", "text", "reason", "disposition", "from", "revision", "answer-first_name",
    "answer-reason", "answer-content", "words", "result", "refused", "publication", "level_id",
)  # fmt: skip


@pytest.fixture
def desk(acme: Account, acme_number: PhoneNumber, rita: User) -> Desk:
    made = open_desk(acme, acme_number, rita)
    give_script(acme, acme_number)
    return made


@pytest.fixture
def page(client: Client, desk: Desk, rita: User) -> Client:
    client.force_login(rita)
    return client


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize("is_scripted", [False, True])
def test_whatever_is_sent_is_answered(
    page: Client, desk: Desk, text: str, is_scripted: bool
) -> None:
    call = desk.answer(caller_id=text[:64].replace("\0", ""), name=text[:200].replace("\0", ""))
    headers = {"HX-Request": "true"} if is_scripted else {}
    start = f"/desk/calls/{call.pk}/"
    form = dict.fromkeys(NAMES, text)
    paths = [
        f"{start}forms/{uuid4()}/save/",
        f"{start}forms/{uuid4()}/send/",
        f"{start}transfer/",
        f"{start}block/",
        f"{start}unblock/",
        f"{start}read-out/1/",
        f"{start}messages/1/note/",
        "/desk/call-out/",
        "/desk/tasks/1/end/",
        f"{start}done/",
    ]
    for path in paths:
        answer = page.post(path, form, headers=headers)
        assert answer.status_code < 500, path
        assert b"<script>alert" not in answer.content, path
    for sent in ("level:", "contact:", "extension:", "check-in"):
        for path in (f"{start}transfer/", f"{start}forms/{uuid4()}/send/"):
            answer = page.post(path, form | {"to": sent + text[:9_000]}, headers=headers)
            assert answer.status_code < 500, (path, sent)
    whole = page.get("/desk/").content.decode()
    assert "<script>alert" not in whole
    assert page.get("/desk/live/").status_code == 200


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_whatever_is_asked_of_the_floor_is_answered(
    client: Client, desk: Desk, olivia: User, text: str
) -> None:
    client.force_login(olivia)
    desk.ring(caller_id=text[:64].replace("\0", ""), name=text[:200].replace("\0", ""))
    asked = dict.fromkeys(("account", "page", "sort", "q", "since", "until", "day"), text[:3_000])
    for path in ("/desk/floor/", "/desk/floor/live/", "/desk/answering/", "/desk/receptionists/"):
        for format_ in ("", "csv"):
            answer = client.get(path, asked | {"format": format_})
            assert answer.status_code < 500, path
            is_table = "csv" in answer.headers["Content-Type"]
            assert is_table or b"<script>alert" not in answer.content
            if is_table:
                cells = answer.content.decode().replace('"', "").replace("\r\n", ",").split(",")
                assert not [each for each in cells if each.startswith(("=", "@"))]


def test_another_accounts_things_are_no_answer_to_a_form(
    page: Client, desk: Desk, other: Account
) -> None:
    """Ids of another account in a form of this one's call: nothing of theirs is read or changed."""
    with account_scope(other.pk):
        level = add_level(account_id=other.pk, name="THEIRS", at=now())
        contact = add_contact(account_id=other.pk, name="THEIRS", at=now())
        add_checked_method(contact=contact, kind="call", address="+12125550191", at=now())
        kept = take(account_id=other.pk, taken=Taken("THEIRS", is_for_check_in=True), at=now())
        form = Form.objects.create(account=other, saved_at=now(), answers={"x": "THEIRS"})
    call = desk.answer()
    start = f"/desk/calls/{call.pk}/"
    answered = [
        page.post(f"{start}transfer/", {"to": f"level:{level.pk}"}),
        page.post(f"{start}transfer/", {"to": f"contact:{contact.pk}"}),
        page.post(f"{start}forms/{uuid4()}/send/", {"to": f"level:{level.pk}"}),
        page.post(f"{start}forms/{form.uuid}/send/", {"answer-reason": "Pain"}),
        page.post(f"{start}forms/{form.uuid}/save/", {"answer-reason": "Pain", "revision": "0"}),
        page.post(f"{start}read-out/{kept.pk}/", {"to": "Bo"}),
        page.post(f"{start}messages/{kept.pk}/note/", {"text": "Hello"}),
        page.get(f"/desk/forms/{form.uuid}/"),
    ]
    for each in answered:
        assert each.status_code in {302, 404, 422}
        assert b"THEIRS" not in each.content
    with system_scope("a test looks"):
        assert Message.objects.get(pk=kept.pk).status == kept.status
        form.refresh_from_db()
        assert (form.answers, form.submitted_at) == ({"x": "THEIRS"}, None)
        assert not DeskCall.objects.get(pk=call.pk).parties.exists()
        assert Call.objects.filter(account=other).count() == 0
