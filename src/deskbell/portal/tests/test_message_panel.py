"""A message's panel: what it tells, notes, forwarding, and sending again; without a script too."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from deskbell.accounts.actions import join
from deskbell.accounts.models import Account, User
from deskbell.accounts.rules import Right
from deskbell.calls.models import Recording
from deskbell.contacts.actions import add_contact, add_method, remove_contact
from deskbell.contacts.models import Contact, DeliveryMethod
from deskbell.delivery.actions import deliver
from deskbell.delivery.models import Delivery, DeliveryState, OptOut
from deskbell.foundation import clock
from deskbell.messages import actions
from deskbell.messages.models import Message, Note
from deskbell.platform.tenancy import account_scope
from deskbell.portal.messages.clamps import LONGEST, clamped

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
Take = Callable[..., Message]
SignedIn = Callable[[User], Client]


def text_of(client: Client, path: str, **headers: str) -> str:
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def words(html: str) -> str:
    """What a person reads of a page."""
    plain = re.sub(r"<(style|script).*?</\1>|<[^>]+>", " ", html, flags=re.DOTALL)
    return " ".join(unescape(plain).split())


def post(client: Client, path: str, **form: Any) -> HttpResponse:
    return client.post(path, form, headers=HTMX)  # type: ignore[return-value]


@pytest.fixture
def scope(acme: Account) -> Any:
    with account_scope(acme.pk):
        yield


@pytest.fixture
def receiver(acme: Account, scope: None, at: datetime) -> Contact:
    """A contact with an email address and a mobile number."""
    contact = add_contact(account_id=acme.pk, name="Olivia", at=at)
    add_method(contact=contact, kind="email", address="olivia@example.com", at=at)
    add_method(contact=contact, kind="sms", address="+12125550177", at=at)
    return contact


def ways(contact: Contact) -> list[DeliveryMethod]:
    return list(contact.methods.order_by("pk"))


# What it tells


def test_answers_come_in_the_script_s_order_under_readable_names(page: Client, take: Take) -> None:
    answers = {
        "zip": "10001",
        "content_with_additional_details_table_policyNumber": "P-17",
        "existing_client": "Yes",
        "empty": " ",
        "call_back_on": "2125550134",
    }
    shown = words(text_of(page, f"/messages/{take(answers=answers).pk}/"))
    order = ["Answers", "Zip 10001", "Policy number P-17", "Existing client Yes", "(212) 555-0134"]
    places = [shown.index(each) for each in order]
    assert places == sorted(places)
    assert "Empty" not in shown


def test_what_strangers_wrote_is_shown_as_text(page: Client, take: Take) -> None:
    nasty = "<script>alert(1)</script>=1+1 \u202eevil مرحبا 🔔"
    message = take(nasty, first_name=nasty[:90], answers={"<b>name</b>": nasty})
    html = text_of(page, f"/messages/{message.pk}/")
    assert "<script>alert" not in html
    assert "<b>name" not in html
    assert html.count('dir="auto"') >= 2
    assert nasty.partition(" ")[0] in unescape(html)


def test_a_megabyte_leaves_the_panel_small_and_is_all_there_on_request(
    page: Client, take: Take
) -> None:
    message = take("word " * 200_000 + "the end", answers={"notes": "x" * 500_000})
    panel = text_of(page, f"/messages/{message.pk}/", **HTMX)
    assert len(panel) < 60_000
    assert "Show all 1000007 characters" in words(panel)
    assert "the end" not in panel
    assert "the end" in text_of(page, f"/messages/{message.pk}/?all=1")


def test_a_page_of_text_is_folded_and_all_there(page: Client, take: Take) -> None:
    panel = text_of(page, f"/messages/{take('word ' * 400 + 'the end').pk}/", **HTMX)
    assert "the end" in panel
    assert "Show all" in words(panel)
    assert "Show all" not in words(text_of(page, f"/messages/{take('Short').pk}/", **HTMX))


@pytest.mark.parametrize("length", [0, 1, 900, 901, LONGEST, LONGEST + 1, 10**6])
def test_no_text_of_any_length_is_longer_than_a_panel_bears(length: int) -> None:
    for text in ("x" * length, "🔔" * length, "\n" * length):
        shown = clamped(text)
        assert len(shown.text) <= LONGEST
        assert shown.is_cut == (length > LONGEST)
        assert clamped(text, whole=True).text == text


# The recording


def heard(message: Message) -> Recording:
    assert message.recording
    return message.recording


def test_the_recording_has_a_player_with_its_picture(page: Client, recorded: Message) -> None:
    html = text_of(page, f"/messages/{recorded.pk}/")
    assert "data-sound-toggle" in html
    [audio] = set(re.findall(r'<audio[^>]* src="([^"]+)"', html))
    led = page.get(unescape(audio), follow=True)
    assert b"".join(led).startswith(b"RIFF")
    [wave] = set(re.findall(r'<use href="([^"#]*wave[^"#]*)#wave"', html))
    assert page.get(wave).headers["Content-Type"] == "image/svg+xml"


def test_without_the_right_neither_sound_nor_words_are_there(
    signed_in: SignedIn, recorded: Message, bob: User, acme: Account, scope: None
) -> None:
    Recording.objects.update(transcript="My crown came off", transcript_state="done")
    client = signed_in(bob)
    html = text_of(client, f"/messages/{recorded.pk}/")
    assert "<audio" not in html
    assert "crown" not in html
    assert "needs the Call Recording access" in html
    join(user=bob, account=acme, role="AA_ADMIN", accesses=[Right.CALL_RECORDING])
    html = text_of(client, f"/messages/{recorded.pk}/")
    assert "<audio" in html
    assert "My crown came off" in html
    assert "A machine wrote this down" in html


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("", ""),
        ("waiting", "being written down"),
        ("failed", "could not be written down"),
        ("done", "No words were understood"),
    ],
)
def test_it_says_what_became_of_the_transcript(
    page: Client, recorded: Message, scope: None, state: str, said: str
) -> None:
    Recording.objects.update(transcript_state=state)
    shown = words(text_of(page, f"/messages/{recorded.pk}/"))
    assert said in shown
    assert bool(said) == ("written" in shown or "understood" in shown)


def test_a_recording_whose_time_is_over_says_how_long_it_was_kept(
    page: Client, signed_in: SignedIn, bob: User, recorded: Message, scope: None
) -> None:
    sound = heard(recorded)
    gone = sound.started_at + timedelta(days=31, hours=2)
    Recording.objects.update(removed_at=gone, audio="", transcript="")
    for client in (page, signed_in(bob)):
        html = text_of(client, f"/messages/{recorded.pk}/")
        assert "The recording was kept for 31 days" in words(html)
        assert "<audio" not in html


def test_a_recording_that_has_not_come_is_awaited(
    page: Client, recorded: Message, scope: None
) -> None:
    Recording.objects.update(audio="", sha256="")
    assert "has not arrived" in words(text_of(page, f"/messages/{recorded.pk}/"))
    Recording.objects.update(started_at=clock.now())
    assert "is on its way" in words(text_of(page, f"/messages/{recorded.pk}/"))


def live_url(html: str) -> str:
    [found] = re.findall(r'id="panel-live" hx-get="([^"]+)"', html)
    return unescape(found)


def test_what_plays_is_not_taken_away_while_other_things_change(
    page: Client, recorded: Message, scope: None, at: datetime
) -> None:
    url = live_url(text_of(page, f"/messages/{recorded.pk}/", **HTMX))
    actions.add_activity(message=recorded, kind="read", text="Read by somebody", at=at)  # type: ignore[arg-type]
    changed = text_of(page, url, **HTMX)
    assert "Read by somebody" in changed
    assert "<audio" not in changed
    assert "note-list" not in changed
    Recording.objects.update(transcript="At last", transcript_state="done")
    changed = text_of(page, url, **HTMX)
    assert "At last" in changed
    assert "<audio" not in changed


# Notes


def test_a_note_says_who_and_when_and_is_in_the_activities(
    page: Client, take: Take, scope: None
) -> None:
    message = take()
    html = post(page, f"/messages/{message.pk}/notes/", text="Called <b>her</b>").content.decode()
    assert "Called &lt;b&gt;her&lt;/b&gt;" in html
    assert 'id="note-list" hx-swap-oob' in html
    assert "Note added by Alice" in words(html)
    assert re.search(r'<textarea[^>]*id="note-text"[^>]*></textarea>', html)
    assert Note.objects.get().by == "Alice"


def test_a_note_without_a_script_leads_back_to_the_message(page: Client, take: Take) -> None:
    message = take()
    answer = page.post(f"/messages/{message.pk}/notes/", {"text": "مرحبا 🔔"}, follow=True)
    assert answer.redirect_chain == [(f"/messages/{message.pk}/", 302)]
    assert "مرحبا 🔔" in answer.content.decode()


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "Write something"), ("  \n ", "Write something"), ("x" * 10**6, "up to 10,000")],
)
def test_a_bad_note_stays_with_what_is_wrong_beside_it(
    page: Client, take: Take, scope: None, text: str, said: str
) -> None:
    message = take()
    path = f"/messages/{message.pk}/notes/"
    for answer in (post(page, path, text=text), page.post(path, {"text": text})):
        html = answer.content.decode()
        assert said in html
        assert 'aria-invalid="true"' in html
        assert len(html) < 120_000
    assert answer.status_code == 422
    assert not Note.objects.exists()


def test_only_its_author_and_administrators_remove_a_note(
    page: Client, signed_in: SignedIn, bob: User, take: Take, scope: None, at: datetime
) -> None:
    """A namesake's note is not one's own."""
    message = take()
    hers = actions.add_note(message=message, text="Mine", by="Bob", user_id=0, at=at)
    his = actions.add_note(message=message, text="His", by="Bob", user_id=bob.pk, at=at)
    client = signed_in(bob)
    html = text_of(client, f"/messages/{message.pk}/")
    assert html.count("Remove the note of") == 1
    path = f"/messages/{message.pk}/notes/"
    assert post(client, f"{path}{hers.pk}/remove/").status_code == 403
    assert "Note of Bob removed by Bob" in words(
        post(client, f"{path}{his.pk}/remove/").content.decode()
    )
    assert post(page, f"{path}{hers.pk}/remove/").status_code == 200
    assert "removed already" in post(page, f"{path}{hers.pk}/remove/").content.decode()
    assert not Note.objects.exists()


# Forwarding


def test_forwarding_from_the_panel(page: Client, take: Take, receiver: Contact) -> None:
    message = take()
    path = f"/messages/{message.pk}/forward/"
    form = text_of(page, path, **HTMX)
    assert "olivia@example.com" in form
    assert "<html" not in form
    email = ways(receiver)[0]
    html = post(page, path, method=[email.pk], words="Please call <her>").content.decode()
    assert "Please call &lt;her&gt;" in html
    assert "Forwarded by Alice to Olivia (email)" in words(html)
    assert '<div id="panel-forward" hx-swap-oob="innerHTML"></div>' in html
    assert Delivery.objects.get().address == "olivia@example.com"


def test_forwarding_without_a_script(page: Client, take: Take, receiver: Contact) -> None:
    message = take()
    path = f"/messages/{message.pk}/forward/"
    assert "<html" in text_of(page, path)
    answer = page.post(path, {"method": [each.pk for each in ways(receiver)]}, follow=True)
    assert answer.redirect_chain == [(f"/messages/{message.pk}/", 302)]
    assert "is being forwarded, 2 ways" in words(answer.content.decode())


def test_an_acknowledged_message_is_forwarded_and_stays_acknowledged(
    page: Client, take: Take, receiver: Contact, at: datetime
) -> None:
    message = take()
    actions.acknowledge(message=message, by="Bob", at=at, through="portal")
    post(page, f"/messages/{message.pk}/forward/", method=[ways(receiver)[0].pk])
    assert Delivery.objects.get().state == DeliveryState.QUEUED
    assert "Acknowledged by Bob" in text_of(page, f"/messages/{message.pk}/")


@pytest.mark.parametrize(
    ("form", "said", "status"),
    [
        ({}, "Choose at least one way", 422),
        ({"method": "x"}, "Choose at least one way", 422),
        ({"method": "999999999"}, "removed meanwhile", 409),
        ({"method": "9" * 40}, "Choose at least one way", 422),
        ({"words": "x" * 1001, "one": True}, "1000 characters at most", 422),
    ],
)
def test_a_wrong_form_keeps_what_was_typed(
    page: Client, take: Take, receiver: Contact, form: dict[str, Any], said: str, status: int
) -> None:
    if form.pop("one", False):
        form = form | {"method": ways(receiver)[0].pk}
    form = {"words": "Please"} | form
    path = f"/messages/{take().pk}/forward/"
    answer = page.post(path, form)
    assert answer.status_code == status
    for html in (answer.content.decode(), post(page, path, **form).content.decode()):
        assert said in html
        assert form["words"] in html
    assert not Delivery.objects.exists()


def test_searching_keeps_who_was_chosen(page: Client, take: Take, receiver: Contact) -> None:
    at = clock.now()
    for number in range(40):
        one = add_contact(account_id=receiver.account_id, name=f"Number {number:02}", at=at)
        add_method(contact=one, kind="email", address=f"n{number}@example.com", at=at)
    path = f"/messages/{take().pk}/forward/"
    assert "There are more" in text_of(page, path, **HTMX)
    chosen = ways(receiver)[0].pk
    found = post(page, path, q="n39@", method=[chosen], find="1").content.decode()
    assert "n39@example.com" in found
    assert "n38@example.com" not in found
    assert re.search(rf'value="{chosen}" checked', found)
    none = page.post(path, {"q": "%_zebra", "find": "1", "words": "Kept"}).content.decode()
    assert "“%_zebra”" in none
    assert "Kept" in none


def test_whoever_answered_stop_cannot_be_chosen(
    page: Client, take: Take, receiver: Contact, acme_number: Any, at: datetime
) -> None:
    OptOut.objects.create(sender=acme_number.e164, address="+12125550177", stopped_at=at)
    form = text_of(page, f"/messages/{take().pk}/forward/", **HTMX)
    assert "answered STOP" in form
    assert re.search(rf'value="{ways(receiver)[1].pk}" disabled', form)


def test_nobody_to_forward_to_is_said(page: Client, take: Take) -> None:
    assert "No contact can be reached yet" in text_of(page, f"/messages/{take().pk}/forward/")


# Sending again


@pytest.fixture
def failed(take: Take, receiver: Contact, at: datetime) -> Delivery:
    message = take()
    methods = list(DeliveryMethod.objects.select_related("contact").filter(kind="email"))
    [made] = deliver(
        message=message, methods=methods, level_id=None, level_name="Days", attempt=1, at=at
    )
    Delivery.objects.filter(pk=made.pk).update(state=DeliveryState.FAILED, answer="No such box")
    return made


def test_what_failed_is_sent_again_with_one_press(page: Client, failed: Delivery) -> None:
    path = f"/messages/{failed.message_id}/"
    again = f"{path}deliveries/{failed.pk}/send-again/"
    assert again in text_of(page, path)
    html = post(page, again).content.decode()
    assert "Sent again by Alice to Olivia (email)" in words(html)
    assert again not in html
    assert Delivery.objects.count() == 2
    assert "already" in words(post(page, again).content.decode())
    assert page.post(again).status_code == 302
    assert Delivery.objects.count() == 2


def test_what_cannot_be_sent_again_has_no_button(
    page: Client, failed: Delivery, receiver: Contact, at: datetime
) -> None:
    path = f"/messages/{failed.message_id}/"
    remove_contact(contact=receiver)
    assert "send-again" not in text_of(page, path)
    again = f"{path}deliveries/{failed.pk}/send-again/"
    assert "was removed" in words(post(page, again).content.decode())
    assert post(page, f"{path}deliveries/{failed.pk + 1}/send-again/").status_code == 404


# Acknowledging, and undoing it


def test_an_acknowledgement_can_be_undone_from_the_panel_for_a_while(
    page: Client, signed_in: SignedIn, bob: User, take: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = take()
    path = f"/messages/{message.pk}/"
    html = post(page, f"{path}acknowledge/", **{"from": "panel"}).content.decode()
    assert "panel-undo-button" in html
    assert 'id="panel-standing"' in html
    assert "panel-undo-button" not in text_of(signed_in(bob), path)
    tag, url = re.findall(r'"If-None-Match": "([^}]*)"', html)[0], live_url(html)
    tag = tag.encode().decode("unicode_escape")
    fresh = {"If-None-Match": tag}
    assert page.get(url, headers=HTMX | fresh).status_code == 304
    later = clock.now() + timedelta(seconds=31)
    monkeypatch.setattr("deskbell.portal.messages.panel.now", lambda: later)
    over = page.get(url, headers=HTMX | fresh)
    assert over.status_code == 200
    assert "panel-undo-button" not in over.content.decode()


def test_undoing_without_a_script_leads_back(page: Client, take: Take, scope: None) -> None:
    message = take()
    page.post(f"/messages/{message.pk}/acknowledge/", {"from": "panel"})
    back = f"/messages/{message.pk}/"
    answer = page.post("/messages/undo/", {"ids": str(message.pk), "back": back}, follow=True)
    assert answer.redirect_chain == [(back, 302)]
    assert Message.objects.get(pk=message.pk).is_open


# What it costs


def test_a_panel_asks_the_same_however_much_there_is(
    page: Client, take: Take, receiver: Contact, at: datetime
) -> None:
    message = take()
    page.get(f"/messages/{message.pk}/")

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert page.get(f"/messages/{message.pk}/", headers=HTMX).status_code == 200
        return len(captured)

    before = asked()
    methods = list(DeliveryMethod.objects.select_related("contact"))
    for number in range(120):
        actions.add_note(message=message, text=f"Note {number}", by="Bob", at=at)
    for attempt in range(40):
        deliver(
            message=message, methods=methods, level_id=None, level_name="", attempt=attempt, at=at
        )
    assert asked() == before
    html = text_of(page, f"/messages/{message.pk}/", **HTMX)
    assert "The last 50 are here" in words(html)
    assert "The last 100 are here" in words(html)
