"""The editor of scripts: steps, branches, closings and triggers, of which nothing is lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from deskbell.accounts.models import Account, User
from deskbell.oncall.actions import add_level
from deskbell.oncall.models import EscalationLevel
from deskbell.platform.tenancy import account_scope
from deskbell.portal.tests.scripted import content_for, draft_of, seen_in, text
from deskbell.scripts import actions
from deskbell.scripts.models import Publication, Script
from deskbell.scripts.rules import Case, Closing, Condition, Faq, Kind, Relay, Send, Step

pytestmark = pytest.mark.django_db
Enter = Callable[[User], Client]


def test_of_two_who_write_the_greeting_the_second_is_told(
    rita_in: Client, olivia: User, signed_in: Enter, script: Script, url: str
) -> None:
    other = signed_in(olivia)
    seen = re.findall(r'name="seen" value="([^"]+)"', text(rita_in, f"{url}edit/"))[0]
    path = f"{url}edit/greeting/"
    assert other.post(path, {"greeting": "Hello from olivia", "seen": seen}).status_code == 302
    told = rita_in.post(path, {"greeting": "Hello from rita", "seen": seen})
    assert told.status_code == 409
    assert "Somebody else saved this while you were editing" in told.content.decode()
    assert "Hello from olivia" in told.content.decode()
    assert "Hello from rita" in told.content.decode()
    assert draft_of(script).greeting == "Hello from olivia"
    seen = re.findall(r'name="seen" value="([^"]+)"', told.content.decode())[0]
    assert rita_in.post(path, {"greeting": "Hello from rita", "seen": seen}).status_code == 302
    assert draft_of(script).greeting == "Hello from rita"


def test_a_step_of_each_kind_is_added_where_it_is_wanted(
    rita_in: Client, script: Script, url: str
) -> None:
    path = f"{url}edit/steps/new/"
    wrong = rita_in.post(path, {"kind": "text"})
    assert wrong.status_code == 422
    assert "Name what is asked" in wrong.content.decode()
    assert (
        "two options"
        in rita_in.post(
            path, {"kind": "choice", "label": "Size", "options": "Big"}
        ).content.decode()
    )
    for kind in ("text", "long_text", "date", "phone", "email", "yes_no"):
        sent = {"kind": kind, "label": "When did it start?", "ask": "When?", "place": "first"}
        assert rita_in.post(path, sent).status_code == 302
    sent = {
        "kind": "choice",
        "label": "Size",
        "options": "Big\n\n Small \nBig",
        "is_required": "on",
    }
    assert rita_in.post(path, {**sent, "place": "name"}).status_code == 302
    assert (
        rita_in.post(path, {"kind": "say", "ask": "One moment", "place": "last"}).status_code == 302
    )
    steps = draft_of(script).steps
    keys = [each.key for each in steps]
    assert keys[:6] == [f"when_did_it_start{tail}" for tail in ("_6", "_5", "_4", "_3", "_2", "")]
    assert keys[6:] == ["name", "size", "pain", "b", "where", "day", "say"]
    size = draft_of(script).step("size")
    assert size
    assert size.options == ("Big", "Small")
    assert size.is_required


def test_a_branch_says_for_each_answer_where_it_leads(
    rita_in: Client, script: Script, url: str
) -> None:
    shown = text(rita_in, f"{url}edit/steps/b/")
    [yes, no] = re.findall(r'name="(go-pain-[0-9a-f]+)"', shown)
    sent = {"kind": "branch", "on": "pain", yes: "+", no: "end", "otherwise": "day"}
    path = f"{url}edit/steps/b/"
    assert rita_in.post(path, {**sent, "seen": "0" * 16}).status_code == 409
    assert rita_in.post(path, {**sent, "seen": seen_in(shown)}).status_code == 302
    branch = draft_of(script).step("b")
    assert branch == Step(
        "b",
        Kind.BRANCH,
        on="pain",
        cases=(Case(("Yes",), ""), Case(("No",), "end")),
        otherwise="day",
    )
    shown = text(rita_in, path)
    assert re.search(rf'name="{no}".*?value="end" selected', shown, re.S)
    jump = {"kind": "branch", "on": "", "otherwise": "end", "place": "last"}
    assert rita_in.post(f"{url}edit/steps/new/", jump).status_code == 302
    assert draft_of(script).steps[-1] == Step("branch", Kind.BRANCH, otherwise="end")
    assert "In every case" in text(rita_in, f"{url}edit/")
    backwards = rita_in.post(path, {**sent, "otherwise": "name", "seen": seen_in(shown)})
    assert backwards.status_code == 422  # a branch leads on, never back


def test_closings_triggers_and_questions_are_written(
    rita_in: Client, script: Script, level: EscalationLevel, url: str
) -> None:
    path = f"{url}edit/closings/new/"
    sent: dict[str, Any] = {
        "name": "Friday!",
        "say": "See you",
        "send": "level",
        "when": ["day=Friday"],
    }
    assert "Choose the level" in rita_in.post(path, sent).content.decode()
    assert rita_in.post(path, {**sent, "when": ["day=Sunday"]}).status_code == 422
    assert rita_in.post(path, {**sent, "level_id": str(level.pk)}).status_code == 302
    closing = draft_of(script).closings[-1]
    assert closing == Closing(
        "friday", "Friday!", "See you", (Condition("day", ("Friday",)),), Send.LEVEL, level.pk
    )
    path = f"{url}edit/relays/new/"
    two = {"when": ["day=Friday", "pain=No"]}
    assert "one step only" in rita_in.post(path, two).content.decode()
    assert "Tick the answers" in rita_in.post(path, {}).content.decode()
    assert rita_in.post(path, {"when": ["day=Friday", "day=Monday"]}).status_code == 302
    assert draft_of(script).relays[-1] == Relay("day", ("Friday", "Monday"))
    path = f"{url}edit/faqs/1/"
    shown = text(rita_in, path)
    sent = {"question": "Parking?", "answer": "Behind.", "seen": seen_in(shown)}
    assert rita_in.post(path, sent).status_code == 302
    assert draft_of(script).faqs == (Faq("Parking?", "Behind."),)
    for path in ("faqs/2/", "relays/x/", "steps/gone/", "songs/1/", "songs/new/"):
        assert rita_in.get(f"{url}edit/{path}").status_code == 404


def test_another_accounts_level_gets_nothing(
    rita_in: Client, script: Script, other: Account, at: datetime, url: str
) -> None:
    with account_scope(other.pk):
        theirs = add_level(account_id=other.pk, name="Theirs", at=at)
    sent: dict[str, Any] = {"when": ["pain=Yes"], "level_id": str(theirs.pk), "name": "X"}
    for part in ("relays/new/", "relays/1/", "closings/new/", "closings/pain/"):
        assert rita_in.post(f"{url}edit/{part}", {**sent, "send": "level"}).status_code == 422
    assert draft_of(script) == content_for(draft_of(script).relays[0].level_id or 0)


def test_parts_are_put_in_order_up_down_and_as_they_were_dragged(
    rita_in: Client, script: Script, url: str
) -> None:
    path = f"{url}edit/steps/order/"
    keys = ["name", "pain", "b", "where", "day"]
    sent = {"order": keys, "revision": "1"}
    assert rita_in.post(path, {**sent, "down": "name"}).status_code == 302
    assert [each.key for each in draft_of(script).steps] == ["pain", "name", "b", "where", "day"]
    late = rita_in.post(path, {**sent, "up": "day"}, follow=True).content.decode()
    assert "Somebody changed this script meanwhile" in late
    dragged = {"order": ["day", *keys[:4]], "revision": "2"}
    moved = rita_in.post(path, dragged, headers={"HX-Request": "true"})
    assert 'id="script-editor"' in moved.content.decode()
    assert [each.key for each in draft_of(script).steps] == ["day", *keys[:4]]
    wrong = rita_in.post(path, {"order": keys[:4], "revision": "3"}, follow=True)
    assert "put them in order again" in wrong.content.decode()
    rita_in.post(
        f"{url}edit/closings/order/", {"order": ["pain", "done"], "up": "done", "revision": "3"}
    )
    assert [each.key for each in draft_of(script).closings] == ["done", "pain"]


def test_removing_a_step_says_what_goes_with_it(rita_in: Client, script: Script, url: str) -> None:
    path = f"{url}edit/steps/pain/remove/"
    asked = text(rita_in, path)
    assert "A branch that depends on its answer goes too" in asked
    assert "The closing “Emergency” looks at its answer" in asked
    assert "A relay trigger on its answer goes too" in asked
    assert rita_in.post(path, {"revision": "1"}).status_code == 302
    draft = draft_of(script)
    assert [each.key for each in draft.steps] == ["name", "where", "day"]
    assert draft.relays == ()
    stale = rita_in.post(f"{url}edit/faqs/1/remove/", {"revision": "1"}, follow=True)
    assert "Somebody changed this script meanwhile" in stale.content.decode()
    assert draft_of(script).faqs
    rita_in.post(f"{url}edit/faqs/1/remove/", {"revision": "2"})
    assert not draft_of(script).faqs


def test_what_led_to_a_removed_step_leads_past_it(
    rita_in: Client, script: Script, url: str
) -> None:
    assert "closes the call instead" in text(rita_in, f"{url}edit/steps/day/remove/")
    rita_in.post(f"{url}edit/steps/day/remove/", {"revision": "1"})
    branch = draft_of(script).step("b")
    assert branch
    assert branch.cases == (Case(("No",), "end"),)


def test_faults_stand_at_their_place_and_refuse_publishing(
    rita_in: Client, acme: Account, script: Script, level: EscalationLevel, at: datetime, url: str
) -> None:
    with account_scope(acme.pk):
        content = draft_of(script)
        actions.edit_draft(script=script, content=content, revision=1, by="rita", at=at)
        EscalationLevel.objects.filter(pk=level.pk).delete()
    edit = text(rita_in, f"{url}edit/")
    assert 'href="#relays-1"' in edit
    assert 'class="edit-row has-faults" id="relays-1"' in edit
    form = text(rita_in, f"{url}edit/relays/1/")
    assert "gone" in form
    asked = text(rita_in, f"{url}publish/")
    assert "before these are mended" in asked
    assert "<button" not in asked.partition("these are mended")[2].partition("</form>")[0]
    told = rita_in.post(f"{url}publish/", {"revision": "2"}, follow=True).content.decode()
    assert "Nothing is published." in told
    assert "Give it a level" not in told
    with account_scope(acme.pk):
        assert Publication.objects.count() == 1
