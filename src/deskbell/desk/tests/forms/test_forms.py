"""Forms: saved as they are typed, sent once, and never lost, whatever happens meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from deskbell.accounts.actions import add_user
from deskbell.accounts.models import Account, PhoneNumber, User
from deskbell.desk.actions import forms
from deskbell.desk.models import (
    DeskCall,
    Form,
    Receptionist,
)
from deskbell.desk.queries.forms import Shown, check_in_messages, form_to_fill, forms_of
from deskbell.desk.removing import remove_old_forms
from deskbell.foundation.errors import Conflict, InvalidInput, NotAllowed, NotFound
from deskbell.messages.errors import AlreadyAcknowledged
from deskbell.messages.models import Activity, Message, MessageStatus
from deskbell.oncall.actions import add_level
from deskbell.oncall.models import EscalationLevel
from deskbell.platform.tenancy import account_scope
from deskbell.scripts import actions as scripts
from deskbell.scripts.errors import UnfitAnswers
from deskbell.scripts.models import ClosingActionGroup, Script
from deskbell.scripts.rules import (
    PLAIN,
    Content,
    Kind,
    Step,
)

MINUTE = timedelta(minutes=1)
GIVEN = {"name": "Dana", "phone": "212 555 0101", "why": "Toothache"}
Write = Callable[..., Any]


def test_what_is_typed_is_kept(script: Script, desk_call: DeskCall, save: Write) -> None:
    shown = form_to_fill(desk_call)
    published = script.publications.get()
    assert (shown.publication_id, shown.answers, shown.revision) == (published.pk, {}, 0)
    assert form_to_fill(desk_call).form_uuid == shown.form_uuid
    form = save({"why": "Tooth", "name": ""})
    assert (form.revision, form.uuid) == (1, shown.form_uuid)
    form = save({"why": "Toothache", "name": "Da\0na "}, revision=1)
    again = form_to_fill(desk_call)
    assert again == Shown(
        form.uuid,
        shown.content,
        shown.publication_id,
        {"why": "Toothache", "name": "Dana"},
        2,
    )


def test_a_late_saving_of_an_older_revision_is_refused(save: Write, desk_call: DeskCall) -> None:
    save({"content": "One"})
    save({"content": "One and two"}, revision=1)
    with pytest.raises(Conflict, match="saved elsewhere meanwhile"):
        save({"content": "Late"}, revision=1)
    assert form_to_fill(desk_call).answers == {"content": "One and two"}


def test_a_saving_that_came_twice_changes_nothing(save: Write) -> None:
    first = save({"content": "One"})
    assert save({"content": "One"}).revision == first.revision == 1


@pytest.mark.parametrize(
    ("answers", "kept"),
    [
        ({"content": "<script>alert(1)</script>"}, {"content": "<script>alert(1)</script>"}),
        ({"content": "a\0b\ud800"}, {"content": "ab?"}),
        ({"status": "acknowledged", "nothing": "x" * 1_000_000}, {}),
        ({"content": "x" * 20_000}, {"content": "x" * 20_000}),
    ],
)
def test_what_is_kept_of_odd_answers(
    save: Write, answers: dict[str, str], kept: dict[str, str]
) -> None:
    assert save(answers).answers == kept


@pytest.mark.parametrize(
    ("key", "most"), [("content", "20,000"), ("first_name", "1,000"), ("urgent", "1,000")]
)
def test_a_megabyte_is_no_answer(save: Write, submit: Write, key: str, most: str) -> None:
    huge = {"content": "Hello", key: "x" * 1_000_000}
    with pytest.raises(InvalidInput, match=f"at most {most} characters") as refused:
        save(huge)
    assert refused.value.field == key
    with pytest.raises(InvalidInput, match=f"at most {most} characters"):
        submit(huge)
    assert not Message.objects.exists()
    assert not Form.objects.exists()


def test_a_form_becomes_a_message(
    script: Script, level: EscalationLevel, desk_call: DeskCall, desk: Receptionist, submit: Write
) -> None:
    message = submit({**GIVEN, "insurance": "<b>Acme Care</b>", "nothing": "x"})
    message.refresh_from_db()
    assert list(message.answers.items()) == [
        ("why", "Toothache"),
        ("first_name", "Dana"),
        ("phone", "212 555 0101"),
        ("insurance", "<b>Acme Care</b>"),
        ("content", ""),
    ]
    assert (message.first_name, message.phone) == ("Dana", "+12125550101")
    assert message.content == "Why: Toothache\nInsurance: <b>Acme Care</b>"
    assert (message.escalation_level_id, message.is_emergency) == (level.pk, True)
    assert (message.agent_id, message.call_id) == (desk.user_id, desk_call.call_id)
    assert (message.did_id, message.caller_id) == (desk_call.number_id, "+12125550199")
    group = ClosingActionGroup.objects.get(script=script, key="sent")
    assert (message.closing_action_group_id, message.disposition) == (group.pk, "Message")
    assert message.next_escalation_at == message.created_at
    desk_call.refresh_from_db()
    assert desk_call.disposition == "Message"
    assert Activity.objects.get(message=message).text == "Message taken by Rita"
    [form] = forms_of(desk_call)
    assert (form.message, form.answers) == (message, {})


def test_a_form_sent_twice_is_one_message(submit: Write, save: Write, desk_call: DeskCall) -> None:
    shown = form_to_fill(desk_call)
    first = submit({"content": "Hello"}, form_uuid=shown.form_uuid)
    again = submit({"content": "Other"}, form_uuid=shown.form_uuid, for_check_in=True)
    assert (again.pk, again.content) == (first.pk, "Hello")
    assert Message.objects.count() == 1
    with pytest.raises(Conflict, match="sent already"):
        save({"content": "Late"}, form_uuid=shown.form_uuid)
    second = form_to_fill(desk_call)
    assert second.form_uuid != shown.form_uuid
    assert submit({"content": "Another"}).pk != first.pk


def test_sent_again_when_its_message_is_gone(submit: Write, desk_call: DeskCall) -> None:
    uuid = form_to_fill(desk_call).form_uuid
    submit({"content": "Hello"}, form_uuid=uuid).delete()
    with pytest.raises(Conflict, match="has been removed since"):
        submit({"content": "Hello"}, form_uuid=uuid)


@pytest.mark.parametrize(
    ("why", "held", "none", "status", "disposition"),
    [
        ("Question", True, "", None, "Question"),
        ("Wrong", False, "Wrong number", None, None),
        ("Other", False, "", "due", "Message"),
    ],
)
def test_what_the_closing_says(
    script: Script,
    submit: Write,
    why: str,
    held: bool,
    none: str,
    status: str | None,
    disposition: str | None,
) -> None:
    message = submit({"why": why, "name": "Dana"})
    message.refresh_from_db()
    assert (message.is_for_check_in, message.non_message_type) == (held, none)
    assert (message.next_escalation_at is None) == (status is None)
    assert (message.escalation_level_id, message.disposition) == (None, disposition)


def test_the_receptionist_decides_otherwise(
    script: Script, level: EscalationLevel, submit: Write, acme: Account, at: datetime
) -> None:
    other = add_level(account_id=acme.pk, name="Office", at=at)
    wrong = submit({"why": "Wrong"}, level_id=other.pk, disposition="Sales")
    assert (wrong.non_message_type, wrong.escalation_level_id) == ("", other.pk)
    assert wrong.disposition == "Sales"
    ache = submit(GIVEN, for_check_in=True)
    ache.refresh_from_db()
    assert (ache.is_for_check_in, ache.escalation_level_id) == (True, None)
    assert (ache.next_escalation_at, ache.is_emergency) == (None, True)


def test_what_may_not_be_sent(script: Script, submit: Write, other: Account, at: datetime) -> None:
    with account_scope(other.pk):
        foreign = add_level(account_id=other.pk, name="Theirs", at=at)
    for level_id in (foreign.pk, 0, 10**9):
        with pytest.raises(InvalidInput, match="no such escalation level"):
            submit(GIVEN, level_id=level_id)
    with pytest.raises(InvalidInput, match="at most 64"):
        submit(GIVEN, disposition="x" * 65)
    with pytest.raises(UnfitAnswers) as refused:
        submit({"why": "Because", "phone": "none"})
    assert [key for key, _ in refused.value.faults] == ["why", "name", "phone"]
    assert not Message.objects.exists()


def test_a_form_left_open_stays_with_the_script_it_shows(
    script: Script,
    content: Content,
    level: EscalationLevel,
    desk_call: DeskCall,
    save: Write,
    submit: Write,
    at: datetime,
) -> None:
    shown = form_to_fill(desk_call)
    fewer = replace(content, steps=(Step("new", Kind.TEXT, "New"),), relays=())
    fewer = replace(fewer, closings=content.closings[2:])
    edited = scripts.edit_draft(script=script, content=fewer, revision=1, by="o", at=at)
    scripts.publish(script=edited, known_levels=[level.pk], by="o", at=at)
    form = save(GIVEN, publication_id=shown.publication_id)
    assert form.publication_id == shown.publication_id
    assert form_to_fill(desk_call).content == content
    message = submit(GIVEN | {"insurance": "None"})
    assert message.escalation_level_id == level.pk
    assert message.answers["insurance"] == "None"
    assert form_to_fill(desk_call).content == fewer


def test_a_form_whose_script_is_deleted_loses_nothing(
    script: Script, acme_number: PhoneNumber, save: Write, submit: Write, at: datetime
) -> None:
    save(GIVEN | {"insurance": "Acme Care"})
    scripts.use_script(number=acme_number, script=None, at=at)
    scripts.delete_script(script=script, at=at)
    typed = GIVEN | {"insurance": "Acme", "content": "Hello"}
    form = save(typed, revision=1)
    assert form.answers == typed
    message = submit(typed | {"insurance": "Acme Care"})
    assert (message.content, message.phone) == ("Hello", "+12125550101")
    assert message.answers["insurance"] == "Acme Care"
    assert message.answers["name"] == "Dana"
    assert (message.closing_action_group_id, message.escalation_level_id) == (None, None)


def test_a_level_that_went_from_under_a_form(
    script: Script, level: EscalationLevel, save: Write, submit: Write
) -> None:
    save(GIVEN)
    level.delete()
    message = submit(GIVEN)
    assert (message.escalation_level_id, message.is_emergency) == (None, True)
    message.refresh_from_db()
    assert message.next_escalation_at is not None


def test_a_form_without_a_call_and_a_caller_without_a_number(
    in_acme: Account, desk: Receptionist, submit: Write, save: Write, desk_call: DeskCall
) -> None:
    uuid = uuid4()
    save({"content": "By hand"}, form_uuid=uuid, desk_call=None)
    message = submit({"content": "By hand"}, form_uuid=uuid, desk_call=None)
    assert (message.call, message.caller_id, message.phone) == (None, "", "")
    assert message.answers["first_name"] == ""
    DeskCall.objects.update(call=None)
    assert submit({"content": "Who?", "urgent": "Yes"}).is_emergency


def hand_to(desk_call: DeskCall, receptionist: Receptionist | None) -> None:
    desk_call.receptionist = receptionist
    desk_call.save(update_fields=["receptionist"])


def test_forms_are_in_their_calls_receptionists_hands(
    in_acme: Account,
    desk_call: DeskCall,
    desk: Receptionist,
    save: Write,
    submit: Write,
    olivia: User,
    at: datetime,
) -> None:
    user = add_user(
        email="r2@example.com", name="R2", password="Ring-the-bell-2", at=at, staff="receptionist"
    )
    second = Receptionist.objects.create(user=user, since=at)
    with pytest.raises(NotAllowed, match="Somebody else has this call"):
        save({"content": "Mine"}, receptionist=second)
    save({"content": "Rita's"})
    hand_to(desk_call, None)
    save({"content": "Rita's, still"}, revision=1)
    with pytest.raises(NotAllowed):
        submit({"content": "Not mine"}, receptionist=second)
    hand_to(desk_call, second)
    with pytest.raises(NotAllowed):
        save({"content": "Late"}, revision=2)
    operator = Receptionist.objects.create(user=olivia, since=at)
    save({"content": "Olivia's"}, revision=2, receptionist=operator)
    message = submit({"content": "Second's"}, receptionist=second)
    assert message.agent_id == user.pk
    hand_to(desk_call, None)
    with pytest.raises(NotAllowed):
        save({"content": "Of a call that waits"}, form_uuid=uuid4())


def test_another_accounts_form_is_not_found(
    desk_call: DeskCall, desk: Receptionist, save: Write, submit: Write, other: Account
) -> None:
    uuid: UUID = save({"content": "Acme's"}).uuid
    with account_scope(other.pk):
        for action in (save, submit):
            with pytest.raises(NotFound):
                action({"content": "x"}, form_uuid=uuid, account_id=other.pk, desk_call=None)
            with pytest.raises(NotFound):
                action({"content": "x"}, account_id=other.pk, form_uuid=uuid4())
    with pytest.raises(InvalidInput, match="belongs to another call"):
        save({"content": "x"}, form_uuid=uuid, desk_call=None, revision=1)


def test_messages_are_kept_until_the_client_calls_in(
    in_acme: Account, desk: Receptionist, submit: Write, at: datetime
) -> None:
    first, second = (submit({"content": text}, for_check_in=True) for text in ("One", "Two"))
    submit({"content": "Told"})
    assert check_in_messages(in_acme) == [first, second]
    done = forms.hand_over(message=first, receptionist=desk, to=" Alice ", at=at + MINUTE)
    done.refresh_from_db()
    assert (done.status, done.acknowledged_by, done.acknowledged_from) == (
        MessageStatus.ACKNOWLEDGED,
        "Alice",
        "desk",
    )
    assert (done.receiver_name, done.delivered_by) == ("Alice", desk.user_id)
    assert done.delivered_at == at + MINUTE
    words = Activity.objects.filter(message=done).order_by("-pk")[0].text
    assert words == "Acknowledged by Alice, when a receptionist read it out"
    assert check_in_messages(in_acme) == [second]
    with pytest.raises(AlreadyAcknowledged):
        forms.hand_over(message=first, receptionist=desk, to="Alice", at=at)
    for nobody in (" ", "x" * 201):
        with pytest.raises(InvalidInput, match="who it was read out to"):
            forms.hand_over(message=second, receptionist=desk, to=nobody, at=at)


def test_forms_go_when_messages_do(
    in_acme: Account, desk_call: DeskCall, save: Write, submit: Write, at: datetime
) -> None:
    submit({"content": "Sent"})
    save({"content": "Never sent"})
    newer = uuid4()
    save({"content": "Newer"}, form_uuid=newer, at=at + MINUTE)
    assert remove_old_forms(at + timedelta(days=in_acme.message_days)) == 0
    assert remove_old_forms(at + timedelta(days=in_acme.message_days, seconds=1)) == 2
    assert [form.uuid for form in forms_of(desk_call)] == [newer]
    assert Message.objects.count() == 1


def test_the_plain_form_is_asked_where_there_is_no_script(
    desk_call: DeskCall, submit: Write
) -> None:
    assert form_to_fill(desk_call).content == PLAIN
    with pytest.raises(UnfitAnswers, match="Message is needed"):
        submit({})
    message = submit({"content": "Hello", "first_name": "Dana", "urgent": "yes"})
    assert (message.content, message.first_name, message.is_emergency) == ("Hello", "Dana", True)
    assert message.phone == "+12125550199"
