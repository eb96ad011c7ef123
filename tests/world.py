"""alice's account with one of each thing, and everybody who may want them: what the tests of
borders and rights ask every address about.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import datetime, time
from http.cookies import SimpleCookie
from urllib.parse import quote
from uuid import uuid4

from django.http import HttpResponseBase
from django.test import Client

from deskbell.accounts.actions import invite
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
from deskbell.calls.actions import begin, block, keep_recording
from deskbell.calls.models import Call
from deskbell.contacts.actions import add_contact
from deskbell.contacts.models import DeliveryMethod
from deskbell.delivery.actions import add_checked_method, deliver
from deskbell.delivery.models import Delivery, DeliveryState
from deskbell.desk.actions import staffing
from deskbell.desk.actions.forms import save_form
from deskbell.desk.addresses import room_of
from deskbell.desk.models import DeskCall, Offer
from deskbell.foundation.sids import new_sid
from deskbell.messages.actions import Taken, add_note, place, save_search, take
from deskbell.messages.models import Message
from deskbell.oncall.actions import add_event, add_level, add_override
from deskbell.platform.tenancy import account_scope
from deskbell.reports.actions import Planned, add_schedule, ask_export, make
from deskbell.scripts import actions as scripts
from deskbell.todos.actions import Fields, add_to_do
from deskbell.webhooks.actions import EVENTS, subscribe
from deskbell.webhooks.models import Happening, Notice
from tests.borders import Row
from tests.world_of_operators import operated
from tests.world_of_people import owned

SECRET = "The vault opens at nine"


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
        values |= {"number": "1", "session_id": "999999", **self.ids}
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


@dataclass(frozen=True, slots=True)
class Browsers:
    """Everybody's browser: whoever asks has signed in, and asked for nothing since."""

    world: World
    _kept: dict[str, tuple[Client, SimpleCookie]] = field(default_factory=dict)

    def sign_in(self, *people: str) -> None:
        """Signs people in, outside of what will be undone."""
        for person in people:
            client = self.world.client_of(person)
            self._kept[person] = client, SimpleCookie(client.cookies)

    def of(self, person: str) -> Client:
        """The person's."""
        client, cookies = self._kept[person]
        client.cookies = SimpleCookie(cookies)
        return client


def built(
    acme: Account,
    acme_number: PhoneNumber,
    alice: User,
    bob: User,
    charlie: User,
    rita: User,
    olivia: User,
    at: datetime,
) -> World:
    """The whole of it."""
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
            | desk_of(rita, acme, call, at)
            | script_of(acme, acme_number, at)
            | {"search_id": str(kept.pk), "recording_id": str(sound.pk)}
            | {"export_id": exported(acme, at)}
            | {"schedule_id": scheduled(acme, alice, at)}
            | {"passkey_id": "1", "number_id": str(acme_number.pk), "block_id": blocked(acme, at)}
        )
        note = add_note(message=message, text=SECRET, by=str(alice), at=at)
        ids |= {"note_id": str(note.pk), "delivery_id": failed(message, ids["method_id"], at)}
        prompt = str(Announcement.objects.get().prompt_id)
    ids = operated(acme, alice, olivia, at) | owned(acme, alice, at) | ids
    asked = invite(email="i@example.com", name=SECRET, account=acme, by=alice, at=at)
    ids |= {"invitation_id": str(asked.pk)}
    people = {"alice": alice, "bob": bob, "charlie": charlie, "rita": rita, "olivia": olivia}
    return World(acme, message, sids, ids, prompt, people)


def exported(account: Account, at: datetime) -> str:
    """The id of an export of the account's messages, with its file."""
    asked = ask_export(
        account=account, kind="messages", format="csv", asked={}, words=SECRET, by=None, at=at
    )
    make(export_id=asked.pk, clock=lambda: at, days=7)
    return str(asked.pk)


def scheduled(account: Account, by: User, at: datetime) -> str:
    """The id of an export of the account's messages that is made every day."""
    planned = Planned(SECRET, "messages", "csv", {}, "daily", time(7), [by.email], "attachment")
    return str(add_schedule(account=account, planned=planned, by=by, at=at).pk)


def blocked(account: Account, at: datetime) -> str:
    """The id of a blocked caller of the account."""
    made = block(
        account_id=account.pk,
        caller_id="+12125550166",
        is_refused=True,
        reason=SECRET,
        by="Alice",
        at=at,
    )
    return str(made.pk)


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


def desk_of(rita: User, account: Account, call: Call, at: datetime) -> dict[str, str]:
    """rita gets a desk and has a call of the account in hand; their ids by their names."""
    skill = staffing.add_skill(name=SECRET, at=at)
    made = staffing.add_receptionist(user=rita, phone="+12125550199", skills=[skill], at=at)
    in_hand = DeskCall.objects.create(
        account=account,
        kind="incoming",
        state="in_hand",
        call=call,
        call_sid=call.sid,
        room=room_of(call.sid),
        receptionist=made,
        entered_at=at,
        rank_at=at,
        answered_at=at,
    )
    offer = Offer.objects.create(
        account=account, desk_call=in_hand, receptionist=made, state="answered", made_at=at
    )
    form = save_form(
        form_uuid=uuid4(),
        desk_call=in_hand,
        account_id=account.pk,
        receptionist=made,
        answers={"last_name": SECRET},
        revision=0,
        at=at,
    )
    return {
        "receptionist_id": str(made.pk),
        "skill_id": str(skill.pk),
        "call_id": str(in_hand.pk),
        "offer_id": str(offer.pk),
        "form_uuid": str(form.uuid),
    }


def script_of(account: Account, number: PhoneNumber, at: datetime) -> dict[str, str]:
    """A script of the account, read on its number; what its addresses name."""
    made = scripts.add_script(account_id=account.pk, name=SECRET, by=SECRET, at=at)
    scripts.publish(script=made, known_levels=(), by=SECRET, at=at)
    scripts.use_script(number=number, script=made, at=at)
    return {"script_id": str(made.pk), "part": "steps", "which": "first_name"}


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
