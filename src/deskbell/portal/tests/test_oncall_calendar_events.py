"""Panels and dialogs of events and covers: what they save and refuse, and that nothing is lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import pytest
from django.test import Client

from deskbell.accounts.models import Account, User
from deskbell.contacts.actions import add_contact, add_method
from deskbell.contacts.models import DeliveryMethod
from deskbell.foundation.clock import now
from deskbell.oncall import actions
from deskbell.oncall.models import EscalationLevel, Event, Override
from deskbell.oncall.queries import shift_of
from deskbell.oncall.rules import in_words
from deskbell.platform.tenancy import account_scope

pytestmark = pytest.mark.django_db


def may(day: int, hour: int, minute: int = 0) -> datetime:
    """A wall-clock time in May 2031, which begins on a Thursday."""
    return datetime.combine(date(2031, 5, day), time(hour, minute))


HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/oncall/?view=week"}
EIGHT, FIVE = may(5, 8, 0), may(5, 17, 0)  # a Monday


@dataclass(frozen=True, slots=True)
class Scene:
    """Two levels, and two people to put on them."""

    account: Account
    first: EscalationLevel
    second: EscalationLevel
    alice: DeliveryMethod
    bob: DeliveryMethod

    def shift(self, **rule: Any) -> Event:
        """alice from 8 to 5 on Monday, May 5, 2031."""
        with account_scope(self.account.pk):
            return actions.add_event(
                level=self.first, methods=[self.alice], starts=EIGHT, ends=FIVE, at=now(), **rule
            )

    def events(self) -> list[Event]:
        with account_scope(self.account.pk):
            return list(Event.objects.order_by("pk").prefetch_related("methods", "level"))

    def spans(self) -> list[tuple[str, str, str]]:
        """Every event: start, end, rule."""
        return [
            (f"{each.starts:%m-%d %H:%M}", f"{each.ends:%m-%d %H:%M}", in_words(shift_of(each)))
            for each in self.events()
        ]


@pytest.fixture
def scene(acme: Account, at: datetime) -> Scene:
    def method(name: str) -> DeliveryMethod:
        contact = add_contact(account_id=acme.pk, name=name, at=at)
        return add_method(contact=contact, kind="email", address=f"{name}@example.com", at=at)

    with account_scope(acme.pk):
        first = actions.add_level(account_id=acme.pk, name="First line", at=at, position=0)
        second = actions.add_level(account_id=acme.pk, name="Backup", at=at, position=1)
        return Scene(acme, first, second, method("alice"), method("bob"))


def fields(scene: Scene, **changed: Any) -> dict[str, Any]:
    """A filled form of a new event."""
    return {
        "level": scene.first.pk,
        "starts_date": "2031-05-05",
        "starts_time": "17:00",
        "ends_date": "",
        "ends_time": "08:00",
        "frequency": "once",
        "methods": [scene.alice.pk],
        **changed,
    }


def filled(page: Client, path: str) -> dict[str, Any]:
    """What a form sends that is opened and left as it is."""
    text = page.get(path, headers=HTMX).content.decode()
    found: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", text):
        given = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if given.get("type") in {"checkbox", "radio"} and " checked" not in tag:
            continue
        if "name" in given:
            found.setdefault(given["name"], []).append(given.get("value", ""))
    for name, options in re.findall(r'<select name="(\w+)"[^>]*>(.*?)</select>', text, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = [chosen.group(1) if chosen else ""]
    return found


def test_a_new_event_over_night(page: Client, scene: Scene) -> None:
    answer = page.post("/oncall/events/new/?view=week", fields(scene, note="On the beach"))
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/oncall/?view=week")
    [event] = scene.events()
    assert scene.spans() == [("05-05 17:00", "05-06 08:00", "once")]
    assert event.note == "On the beach"


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"frequency": "daily", "interval": 3}, "every 3 days"),
        (
            {"frequency": "weekly", "interval": 2, "weekdays": ["1", "2"], "ending": "until",
             "until": "2032-03-01"},
            "every 2 weeks on Monday and Tuesday until 1 March 2032",
        ),
        (
            {"frequency": "monthly", "monthly_by": "days", "month_days": ["1", "15"]},
            "monthly on the 1st and 15th",
        ),
        (
            {"frequency": "monthly", "monthly_by": "weekdays", "nth_weekdays": ["1 0", "-1 5"],
             "ending": "count", "count": 4},
            "monthly on the 1st Sunday and last Friday, 4 times",
        ),
        ({"frequency": "yearly"}, "yearly on 5 May"),
    ],
)  # fmt: skip
def test_rules_are_kept_and_said_as_one_types(
    page: Client, scene: Scene, rule: dict[str, Any], words: str
) -> None:
    preview = page.post("/oncall/events/preview/", fields(scene, **rule), headers=HTMX)
    assert words[1:] in preview.content.decode()  # it begins with a large letter there
    assert preview.content.decode().count("<li>") == (4 if "count" in rule else 5)
    page.post("/oncall/events/new/", fields(scene, **rule))
    assert [each[2] for each in scene.spans()] == [words]


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"methods": []}, "methods", "Choose at least one delivery method"),
        ({"starts_date": "yesterday"}, "starts_date", "Write a day as"),
        ({"ends_time": ""}, "ends_time", "Choose when it ends"),
        ({"ends_date": "2031-05-01"}, "ends_date", "ends days before it starts"),
        ({"frequency": "daily", "ending": "until"}, "until", "Choose the last day"),
        ({"frequency": "daily", "interval": 0}, "interval", "every 1 to 999"),
        (
            {"frequency": "monthly", "monthly_by": "weekdays"},
            "nth_weekdays",
            "Tick at least one weekday",
        ),
        (
            {"frequency": "daily", "ending": "until", "until": "2030-01-01"},
            "until",
            "ends before its first day",
        ),
        ({"note": "x" * 201}, "note", "at most 200"),
        ({"level": "999999"}, "level", "valid choice"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(
    page: Client, scene: Scene, wrong: dict[str, Any], field: str, words: str
) -> None:
    answer = page.post("/oncall/events/new/", fields(scene, **{"note": "Keep me", **wrong}))
    text = answer.content.decode()
    assert answer.status_code == 422
    beside = re.search(rf'id="id_{field}_error">(.*?)</div>', text, re.DOTALL)
    assert beside is not None
    assert words in beside.group(1)
    assert wrong.get("note", "Keep me") in text
    assert scene.events() == []


def test_a_drag_fills_the_times_in_and_else_the_defaults(page: Client, scene: Scene) -> None:
    asked = "on={}&starts=2031-05-05T10:15&ends=2031-05-05T12:30"
    given = filled(page, f"/oncall/events/new/?{asked.format(scene.second.pk)}")
    assert (given["starts_time"], given["ends_time"]) == (["10:15"], ["12:30"])
    assert given["level"] == [str(scene.second.pk)]
    with account_scope(scene.account.pk):
        actions.set_defaults(
            account_id=scene.account.pk,
            fallback=None,
            start=FIVE.time(),
            end=EIGHT.time(),
        )
    given = filled(page, "/oncall/events/new/?starts=2031-05-05")
    assert (given["starts_date"], given["starts_time"]) == (["2031-05-05"], ["17:00"])
    assert (given["ends_date"], given["ends_time"]) == (["2031-05-06"], ["08:00"])


@pytest.mark.parametrize(
    "asked", ["starts=9999-99-99T10:00", "starts=x&ends=y&on=z", "starts=0001-01-01T00:00"]
)
def test_nonsense_in_a_new_events_address(page: Client, scene: Scene, asked: str) -> None:
    assert page.get(f"/oncall/events/new/?{asked}", headers=HTMX).status_code == 200


def test_only_this_one_is_changed(page: Client, scene: Scene) -> None:
    event = scene.shift(frequency="weekly", weekdays=(1, 3))
    path = f"/oncall/events/{event.pk}/?day=2031-05-07"
    given = filled(page, path)
    assert given["scope"] == ["this"]
    assert given["starts_date"] == ["2031-05-07"]
    answer = page.post(path, {**given, "starts_time": "10:00"}, headers=HTMX)
    assert answer.headers["HX-Trigger"] == "oncall:changed"
    assert 'id="calendar"' in answer.content.decode()
    assert ("05-07 10:00", "05-07 17:00", "once") in scene.spans()
    [series] = [each for each in scene.events() if each.pk == event.pk]
    assert series.skipped == [date(2031, 5, 7)]


def test_all_of_them_move_with_their_days(page: Client, scene: Scene) -> None:
    event = scene.shift(frequency="weekly", weekdays=(1,))
    path = f"/oncall/events/{event.pk}/?day=2031-05-19"
    given = {**filled(page, path), "scope": "all"}
    given |= {"starts_date": "2031-05-20", "ends_date": "2031-05-20", "note": "later"}
    assert page.post(path, given, headers=HTMX).status_code == 200
    assert scene.spans() == [("05-06 08:00", "05-06 17:00", "weekly on Tuesday")]
    assert scene.events()[0].note == "later"


def test_this_and_following_splits_the_series(page: Client, scene: Scene) -> None:
    event = scene.shift(frequency="daily", count=10)
    path = f"/oncall/events/{event.pk}/?day=2031-05-08"
    given = {**filled(page, path), "scope": "following", "methods": [str(scene.bob.pk)]}
    page.post(path, given, headers=HTMX)
    first, rest = scene.events()
    assert rest.starts.date() == date(2031, 5, 8)
    assert [each.pk for each in rest.methods.all()] == [scene.bob.pk]
    assert [each.pk for each in first.methods.all()] == [scene.alice.pk]
    assert rest.count == 7


def test_a_new_rule_for_all(page: Client, scene: Scene) -> None:
    event = scene.shift(frequency="weekly", weekdays=(1,))
    path = f"/oncall/events/{event.pk}/?day=2031-05-19"
    given = {**filled(page, path), "scope": "all", "frequency": "monthly"}
    given |= {"monthly_by": "weekdays", "nth_weekdays": ["1 1"], "starts_time": "09:00"}
    page.post(path, given, headers=HTMX)
    assert scene.spans() == [("05-05 09:00", "05-05 17:00", "monthly on the 1st Monday")]


def test_an_event_left_as_it_is_stays_so(page: Client, scene: Scene) -> None:
    event = scene.shift(frequency="monthly", nth_weekdays=((-1, 5), (1, 0)), count=9)
    before = scene.spans()
    path = f"/oncall/events/{event.pk}/"
    page.post(path, {**filled(page, path), "scope": "all"}, headers=HTMX)
    assert scene.spans() == before


def test_who_saves_second_is_told_and_keeps_what_was_typed(page: Client, scene: Scene) -> None:
    event = scene.shift()
    path = f"/oncall/events/{event.pk}/"
    given = filled(page, path)
    with account_scope(scene.account.pk):
        actions.edit_event(event=event, scope=actions.Scope.ALL, day=None, at=now(), note="Theirs")
    mine = {**given, "note": "Mine"}
    answer = page.post(path, mine, headers=HTMX)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody else saved this while you were editing" in text
    assert "Saved by somebody else: <strong>Theirs</strong>" in text
    assert 'value="Mine"' in text
    seen = re.search(r'name="seen" value="([^"]*)"', text)
    assert seen is not None
    assert page.post(path, {**mine, "seen": seen.group(1)}, headers=HTMX).status_code == 200
    assert scene.events()[0].note == "Mine"


def drag(event: Event, day: str, to: tuple[str, str], **more: str) -> dict[str, str]:
    """What the script sends after a drag."""
    return {
        "day": day,
        "was_starts": f"{day}T08:00",
        "was_ends": f"{day}T17:00",
        "starts": to[0],
        "ends": to[1],
        **more,
    }


def test_a_drag_moves_and_can_be_undone(page: Client, scene: Scene) -> None:
    event = scene.shift()
    to = ("2031-05-06T09:15", "2031-05-06T18:15")
    answer = page.post(
        f"/oncall/events/{event.pk}/move/", drag(event, "2031-05-05", to), headers=HTMX
    )
    text = answer.content.decode()
    assert scene.spans() == [("05-06 09:15", "05-06 18:15", "once")]
    assert "Moved to Tue, May 6" in text
    undo = text[text.index("data-undo") :]
    given = dict(re.findall(r'name="(\w+)" value="([^"]*)"', undo))
    page.post(f"/oncall/events/{event.pk}/move/", given, headers=HTMX)
    assert scene.spans() == [("05-05 08:00", "05-05 17:00", "once")]


def test_a_drag_of_one_that_comes_back_asks_how_far(page: Client, scene: Scene) -> None:
    event = scene.shift(frequency="weekly", weekdays=(1,))
    path = f"/oncall/events/{event.pk}/move/"
    to = ("2031-05-13T08:00", "2031-05-13T17:00")
    asked = page.post(path, drag(event, "2031-05-12", to), headers=HTMX).content.decode()
    assert "Move which of them?" in asked
    for scope in ("this", "following", "all"):
        assert f'value="{scope}"' in asked
    assert len(scene.events()) == 1
    answer = page.post(path, drag(event, "2031-05-12", to, scope="all"))
    assert answer.status_code == 302
    assert scene.spans() == [("05-06 08:00", "05-06 17:00", "weekly on Tuesday")]


def test_a_drag_of_what_somebody_moved_meanwhile_moves_nothing(page: Client, scene: Scene) -> None:
    event = scene.shift()
    path = f"/oncall/events/{event.pk}/move/"
    page.post(path, drag(event, "2031-05-05", ("2031-05-06T08:00", "2031-05-06T17:00")))
    late = drag(event, "2031-05-05", ("2031-05-09T08:00", "2031-05-09T17:00"))
    answer = page.post(path, late, headers=HTMX)
    assert "Somebody else changed this event meanwhile" in answer.content.decode()
    assert scene.spans() == [("05-06 08:00", "05-06 17:00", "once")]


@pytest.mark.parametrize(
    "wrong", [{"starts": "soon"}, {"ends": ""}, {"day": "x", "was_starts": ""}]
)
def test_a_drag_to_nowhere_is_refused_in_words(
    page: Client, scene: Scene, wrong: dict[str, str]
) -> None:
    event = scene.shift()
    to = ("2031-05-06T09:15", "2031-05-06T18:15")
    answer = page.post(
        f"/oncall/events/{event.pk}/move/", drag(event, "2031-05-05", to) | wrong, headers=HTMX
    )
    assert answer.status_code == 200
    assert "is a time as 2026-11-22T17:30" in answer.content.decode()


@pytest.mark.parametrize(("scope", "left"), [("this", 1), ("following", 1), ("all", 0)])
def test_deleting_asks_how_far_and_says_what_is_lost(
    page: Client, scene: Scene, scope: str, left: int
) -> None:
    event = scene.shift(frequency="daily")
    path = f"/oncall/events/{event.pk}/delete/?day=2031-05-08"
    asked = page.get(path, headers=HTMX).content.decode()
    assert "Comes back every day" in asked
    assert "This CANNOT be undone" in asked
    assert page.post(path, {"scope": scope}).status_code == 302
    assert len(scene.events()) == left


def test_cloning_onto_a_level(page: Client, scene: Scene) -> None:
    event = scene.shift(frequency="daily")
    path = f"/oncall/events/{event.pk}/clone/?day=2031-05-08"
    assert "Onto the level" in page.get(path, headers=HTMX).content.decode()
    page.post(path, {"level": scene.second.pk})
    page.post(path, {"level": scene.second.pk, "only": "1"})
    assert [(each.level.name, each.frequency) for each in scene.events()] == [
        ("First line", "daily"),
        ("Backup", "daily"),
        ("Backup", "once"),
    ]
    assert page.post(path, {"level": "0"}).status_code == 422


def test_who_may_only_look_sees_the_panel_and_changes_nothing(
    signed_in: Callable[[User], Client], bob: User, scene: Scene
) -> None:
    event = scene.shift()
    page = signed_in(bob)
    text = page.get(f"/oncall/events/{event.pk}/", headers=HTMX).content.decode()
    assert "You can look at this event" in text
    assert "Update" not in text
    for path in ("", "move/", "delete/", "clone/"):
        assert page.post(f"/oncall/events/{event.pk}/{path}").status_code == 403
    assert page.post("/oncall/events/new/", fields(scene)).status_code == 403
    assert page.post("/oncall/covers/new/").status_code == 403
    assert len(scene.events()) == 1


def test_a_panel_is_a_page_of_its_own_without_a_script(page: Client, scene: Scene) -> None:
    event = scene.shift()
    text = page.get(f"/oncall/events/{event.pk}/?view=week").content.decode()
    assert "<!doctype html>" in text
    assert "hx-post" not in text[text.index("panel-form") : text.index("panel-form") + 400]
    assert 'href="/oncall/?view=week"' in text


def cover_fields(scene: Scene, **changed: Any) -> dict[str, Any]:
    """A filled form of a new cover."""
    return {
        "kind": "replace",
        "contact": scene.alice.contact_id,
        "level": scene.first.pk,
        "starts_date": "2031-05-05",
        "starts_time": "09:00",
        "ends_date": "2031-05-05",
        "ends_time": "12:00",
        "methods": [scene.bob.pk],
        **changed,
    }


def test_a_cover_is_made_changed_and_removed(page: Client, scene: Scene) -> None:
    scene.shift()
    assert page.post("/oncall/covers/new/", cover_fields(scene)).status_code == 302
    listed = page.get("/oncall/covers/").content.decode()
    assert "bob covers alice" in listed
    assert "Mon, May 5, 9 AM to noon" in listed
    with account_scope(scene.account.pk):
        cover = Override.objects.get()
    assert cover.by
    path = f"/oncall/covers/{cover.pk}/"
    given = filled(page, path)
    answer = page.post(path, {**given, "level": "", "ends_time": "13:00"}, headers=HTMX)
    assert answer.status_code == 200, answer.content.decode()
    with account_scope(scene.account.pk):
        cover.refresh_from_db()
    assert (cover.level_id, cover.ends.hour) == (None, 13)
    assert "Whoever the calendar says" in page.get(f"{path}remove/", headers=HTMX).content.decode()
    page.post(f"{path}remove/")
    with account_scope(scene.account.pk):
        assert not Override.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"contact": ""}, "contact", "Choose who is off call"),
        ({"methods": []}, "methods", "Choose at least one delivery method"),
        ({"ends_date": "2031-05-01"}, "ends_date", ""),
        ({"kind": "remove", "contact": ""}, "contact", "Choose who is off call"),
    ],
)
def test_a_cover_that_does_not_say_enough(
    page: Client, scene: Scene, wrong: dict[str, Any], field: str, words: str
) -> None:
    answer = page.post("/oncall/covers/new/", cover_fields(scene, **wrong), headers=HTMX)
    assert answer.status_code == 422
    beside = re.search(rf'id="id_{field}_error"><p>(.*?)</p>', answer.content.decode())
    assert beside is not None
    assert words in beside.group(1)


def test_somebody_in_addition_and_nobody_instead(page: Client, scene: Scene) -> None:
    page.post("/oncall/covers/new/", cover_fields(scene, kind="add", contact=""))
    page.post("/oncall/covers/new/", cover_fields(scene, kind="remove", methods=[]))
    listed = page.get("/oncall/covers/").content.decode()
    assert "bob in addition" in listed
    assert "alice is off call" in listed
