"""Nobody sees or changes what belongs to another account, at any address there is.

The table has a row for every URL pattern of the portal and the APIs; a pattern without a row, or a
row without a pattern, fails. Each row says what every member of the cast is answered when the
address names something of alice's account. charlie, of another account, and whoever is not signed
in must never read its words nor change its message, whatever the row says.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any
from urllib.parse import quote

import pytest
from django.http import HttpResponseBase, StreamingHttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from deskbell.accounts.actions import make_api_token
from deskbell.accounts.models import Account, PhoneNumber, User
from deskbell.attendant import plans
from deskbell.attendant.actions import (
    add_announcement,
    add_menu,
    add_system,
    set_numbers,
    upload_audio,
)
from deskbell.attendant.actions.drafts import import_plan
from deskbell.attendant.models import Announcement
from deskbell.calls.actions import begin, keep_recording
from deskbell.contacts.actions import add_contact
from deskbell.contacts.models import DeliveryMethod
from deskbell.delivery.actions import add_checked_method, deliver
from deskbell.delivery.models import Delivery, DeliveryState
from deskbell.foundation.sids import new_sid
from deskbell.messages.actions import Taken, add_note, place, save_search, take
from deskbell.messages.models import Message, MessageStatus
from deskbell.oncall.actions import add_event, add_level, add_override
from deskbell.platform.tenancy import account_scope, system_scope
from deskbell.todos.actions import Fields, add_to_do
from deskbell.webhooks.actions import EVENTS, subscribe
from deskbell.webhooks.models import Happening, Notice

pytestmark = pytest.mark.django_db

SECRET = "The vault opens at nine"
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


def patterns(inside: list[Any], before: str = "") -> Iterator[str]:
    """Every URL pattern there is, whole, but for the demo's own pages."""
    for each in inside:
        here = before + str(each.pattern)
        if here.startswith("demo/"):
            continue
        if isinstance(each, URLResolver):
            yield from patterns(each.url_patterns, here)
        elif isinstance(each, URLPattern):
            yield here


@dataclass(frozen=True, slots=True)
class World:
    """alice's account with a message, its recording, a prompt, and everybody who may want them."""

    account: Account
    message: Message
    sids: dict[str, str]
    ids: dict[str, str]
    sound: str
    people: dict[str, User]

    def path(self, pattern: str) -> str:
        """The address at which the pattern names a thing of alice's account."""
        sid = next(
            (sid for start, sid in self.sids.items() if pattern.startswith(start)), "guessed"
        )
        values = {"message_id": str(self.message.pk), "sid": sid, "sha256": self.sound}
        values |= {"number": "1", **self.ids}
        return "/" + re.sub(
            r"<(?:\w+:)?(\w+)>", lambda found: values.get(found[1], "guessed"), pattern
        )

    def client_of(self, person: str) -> Client:
        """A browser in which the person is signed in."""
        client = Client()
        if person in self.people:
            client.force_login(self.people[person])
        return client

    def ask(self, client: Client, pattern: str, row: Row) -> HttpResponseBase:
        """Makes the row's request."""
        known = {
            "account": self.account.pk,
            "message": self.message.pk,
            "level": self.ids["level_id"],
        }
        form = {name: value.format(**known) for name, value in row.form.items()}
        if row.method == "put":
            return client.put(self.path(pattern), b"sound", content_type="audio/wav")
        return getattr(client, row.method)(self.path(pattern), form)  # type: ignore[no-any-return]


@pytest.fixture
def world(
    acme: Account,
    acme_number: PhoneNumber,
    alice: User,
    bob: User,
    charlie: User,
    rita: User,
    olivia: User,
    at: datetime,
) -> World:
    with account_scope(acme.pk):
        call = begin(
            account_id=acme.pk,
            sid=new_sid("CA"),
            number=acme_number,
            caller_id="2125550134",
            caller_name="",
            dialled=acme_number.number,
            at=at,
        )
        sid = new_sid("RE")
        sound = keep_recording(sid=sid, call_sid=call.sid, wav=wav(), seconds=1, at=at)
        message = take(account_id=acme.pk, taken=Taken(SECRET, recording=sound, call=call), at=at)
        # Nobody is called for it, so /health/escalation does not find it late.
        place(message=message, level_id=None, attempt=0, next_at=None, at=at)
        sids = {"voice/recordings/": sid, **attendant(acme, acme_number, at)}
        kept = save_search(account_id=acme.pk, user_id=alice.pk, name=SECRET, query="", at=at)
        ids = (
            on_call(acme, at)
            | to_do(acme, at)
            | webhook(acme, message, at)
            | {"search_id": str(kept.pk), "recording_id": str(sound.pk)}
        )
        note = add_note(message=message, text=SECRET, by=str(alice), at=at)
        ids |= {"note_id": str(note.pk), "delivery_id": failed(message, ids["method_id"], at)}
        prompt = str(Announcement.objects.get().prompt_id)
    people = {"alice": alice, "bob": bob, "charlie": charlie, "rita": rita, "olivia": olivia}
    return World(acme, message, sids, ids, prompt, people)


def failed(message: Message, method_id: str, at: datetime) -> str:
    """The id of a delivery of the message that failed."""
    methods = list(DeliveryMethod.objects.select_related("contact").filter(pk=method_id))
    [made] = deliver(
        message=message, methods=methods, level_id=None, level_name="", attempt=1, at=at
    )
    Delivery.objects.filter(pk=made.pk).update(state=DeliveryState.FAILED)
    return str(made.pk)


def on_call(account: Account, at: datetime) -> dict[str, str]:
    """A level of the account with somebody on call; the ids of its things by their names."""
    contact = add_contact(account_id=account.pk, name=SECRET, at=at)
    method = add_checked_method(contact=contact, kind="email", address="s@example.com", at=at)
    level = add_level(account_id=account.pk, name=SECRET, at=at)
    starts = datetime.combine(at.date(), time(8))
    event = add_event(
        level=level, methods=[method], starts=starts, ends=starts.replace(hour=17), at=at
    )
    cover = add_override(
        account_id=account.pk,
        level=level,
        kind="remove",
        contact=contact,
        methods=[],
        starts=starts,
        ends=starts.replace(hour=12),
        at=at,
    )
    return {
        "override_id": str(cover.pk),
        "contact_id": str(contact.pk),
        "method_id": str(method.pk),
        "level_id": str(level.pk),
        "event_id": str(event.pk),
    }


def to_do(account: Account, at: datetime) -> dict[str, str]:
    """A To Do of the account; its id by its name."""
    fields = Fields(delivery_type="sms", contact="+1 212 555 0177", message_text=SECRET)
    when = {"frequency": "yearly", "times": ["9:00 AM"]}
    return {"to_do_id": str(add_to_do(account_id=account.pk, fields=fields, when=when, at=at).pk)}


def webhook(account: Account, message: Message, at: datetime) -> dict[str, str]:
    """A webhook of the account that was told of the message; their ids by their names."""
    url = f"https://8.8.8.8/{quote(SECRET)}"
    made, _ = subscribe(account_id=account.pk, url=url, events=EVENTS, by=SECRET, at=at)
    told = Notice.objects.create(
        account=account,
        subscription=made,
        happening=Happening.TAKEN,
        message_id=message.pk,
        body=json.dumps({"data": {"content": SECRET}}),
        created_at=at,
        give_up_at=at,
    )
    return {"webhook_id": str(made.pk), "notice_id": str(told.uuid)}


def attendant(account: Account, number: PhoneNumber, at: datetime) -> dict[str, str]:
    """A published system of the account; its things' sids by the start of their addresses."""
    system = add_system(account=account, name=SECRET, at=at)
    said = add_announcement(account=account, name=SECRET, type="play", at=at)
    upload_audio(announcement=said, wav=wav(), at=at)
    menu = add_menu(system=system, name=SECRET, announcement=said, at=at)
    set_numbers(system=system, numbers=[number], at=at)
    import_plan(account=account, plan=plans.read(account.pk), at=at, by="alice@example.com")
    return {
        "attendant/announcements/": said.sid,
        "attendant/menus/": menu.sid,
        "attendant/numbers/": number.sid,
        "attendant/": system.sid,
    }


def wav() -> bytes:
    """A tenth of a second of 16-bit mono sound at 8 kHz, as a WAV file."""
    sound = b"\x00\x10\x00\xf0" * 400
    sizes = [(36 + len(sound)).to_bytes(4, "little"), len(sound).to_bytes(4, "little")]
    form = (
        b"WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x80\x3e\x00\x00\x02\x00\x10\x00"
    )
    return b"RIFF" + sizes[0] + form + b"data" + sizes[1] + sound


def body_of(answer: HttpResponseBase) -> bytes:
    """All of an answer."""
    if isinstance(answer, StreamingHttpResponse):
        return b"".join(answer)
    return answer.content  # type: ignore[attr-defined,no-any-return]


def state_of(message: Message) -> tuple[str, bool, int]:
    """What an outsider could have changed."""
    with system_scope("test"):
        found = Message.objects.get(pk=message.pk)
    return found.status, found.read, found.activities_count


def test_every_address_has_a_row() -> None:
    """A new address needs a row that says who may ask there."""
    there = set(patterns(get_resolver().url_patterns))
    assert there == set(TABLE)


@pytest.mark.parametrize("pattern", TABLE)
def test_borders(pattern: str, world: World) -> None:
    row = TABLE[pattern]
    before = state_of(world.message)
    answered = {}
    for person in CAST:
        answer = world.ask(world.client_of(person), pattern, row)
        answered[person] = answer.status_code
        if person in OUTSIDERS:
            assert SECRET.encode() not in body_of(answer), person
            assert state_of(world.message) == before, person
        elif answer.streaming:
            body_of(answer)  # which closes its file
        if person == "anonymous" and row.statuses[:2] in {(302, 200), (302, 404)}:
            assert answer.headers["Location"].startswith("/sign-in/")
    assert answered == dict(zip(CAST, row.statuses, strict=True))


def test_the_owner_does_see_it(world: World) -> None:
    """Without this, a page that shows nothing to anybody would pass."""
    alice = world.client_of("alice")
    nouns = ("systems", "menus", "announcements", "numbers", "history/1")
    pages = [f"/attendant/{noun}/" for noun in nouns]
    pages += [f"/oncall/{noun}/" for noun in ("contacts", "levels", "plan", "feeds")]
    pages += ["/to-dos/", "/to-dos/list/", f"/to-dos/{world.ids['to_do_id']}/"]
    hook = f"/webhooks/{world.ids['webhook_id']}/"
    pages += [hook, f"{hook}notices/{world.ids['notice_id']}/"]
    for path in ("/messages/", "/messages/live/", f"/messages/{world.message.pk}/", *pages):
        assert SECRET in alice.get(path).content.decode()


@pytest.mark.parametrize("pattern", [each for each in TABLE if each.startswith("api/v2/messages")])
def test_a_token_opens_its_own_account_only(
    pattern: str, world: World, other: Account, at: datetime
) -> None:
    scopes = ["messages:read", "messages:write"]
    theirs = make_api_token(account=other, name="theirs", scopes=scopes, at=at)
    own = make_api_token(account=world.account, name="own", scopes=scopes, at=at)
    row = TABLE[pattern]
    before = state_of(world.message)
    expected = 404 if "message_id" in pattern else 200
    # charlie's token, with or without alice's own session beside it, reaches nothing of Acme's
    for person in ("anonymous", "alice"):
        client = world.client_of(person)
        client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {theirs}"
        answer = world.ask(client, pattern, row)
        assert answer.status_code == expected
        assert SECRET.encode() not in body_of(answer)
        assert state_of(world.message) == before
    client = world.client_of("charlie")
    client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {own}"
    assert world.ask(client, pattern, row).status_code == 200


def test_boxes_ticked_on_anothers_messages_do_nothing(world: World) -> None:
    answer = world.client_of("charlie").post(
        "/messages/acknowledge/", {"id": str(world.message.pk)}, follow=True
    )
    assert "No message is selected" in answer.content.decode()
    assert state_of(world.message)[0] == MessageStatus.NEW


def test_acknowledgements_of_others_are_not_undone(world: World) -> None:
    world.client_of("alice").post(f"/messages/{world.message.pk}/acknowledge/")
    for person in ("charlie", "bob", "rita"):
        world.client_of(person).post("/messages/undo/", {"ids": str(world.message.pk)})
        assert state_of(world.message)[0] == MessageStatus.ACKNOWLEDGED
