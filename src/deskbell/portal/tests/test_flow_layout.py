"""The call flow's geometry: nothing over anything else, every line from box to box."""

from __future__ import annotations

import random
import time
from datetime import date
from datetime import time as clock
from itertools import combinations, pairwise

import pytest

from deskbell.attendant.rules.actions import Action, ActionType
from deskbell.attendant.rules.plans import AnnouncementPlan, MenuPlan, Plan, SystemPlan
from deskbell.attendant.rules.schedule import DateSpan, WeekSpan
from deskbell.portal.attendant.flow.drawing import picture_of
from deskbell.portal.attendant.flow.graph import Box, Kind, Surroundings, boxes_of
from deskbell.portal.attendant.flow.layout import Picture
from deskbell.portal.attendant.flow.routes import Place

TODAY = date(2026, 3, 4)
MIDNIGHT = clock(0)
ALWAYS = tuple(WeekSpan("MN0", day, MIDNIGHT, MIDNIGHT) for day in range(1, 8))


def menu(name: str, **leads: str) -> MenuPlan:
    """A menu whose keys go to the menus named, as `k1="MN2"`."""
    keys = tuple((key[1:], Action(ActionType.GO_TO_MENU, to)) for key, to in leads.items())
    return MenuPlan(sid=name, name=name, keys=keys)


def system(*menus: MenuPlan, **fields: object) -> SystemPlan:
    """A system in which the menu MN0 answers always."""
    filled: dict[str, object] = {"numbers": ("+12125550142",), "week": ALWAYS} | fields
    return SystemPlan(sid="AA1", name="Main", menus=menus, **filled)  # type: ignore[arg-type]


def drawn(whole: SystemPlan) -> tuple[list[Box], Picture]:
    """A system's boxes and where they stand."""
    boxes = boxes_of(Plan(systems=(whole,)), whole, Surroundings(TODAY))
    return boxes, picture_of(boxes)


def wild(count: int, seed: int) -> SystemPlan:
    """A system of many menus that lead anywhere, and to other things."""
    chance = random.Random(seed)
    others = [ActionType.HANGUP, ActionType.VOICEMAIL, ActionType.REPLAY_MENU]
    menus = []
    for number in range(count):
        keys = []
        for key in chance.sample("1234567890*", chance.randint(0, 11)):
            if chance.random() < 0.5:
                action = Action(ActionType.GO_TO_MENU, f"MN{chance.randrange(count)}")
            else:
                action = Action(chance.choice(others))
            keys.append((key, action))
        menus.append(MenuPlan(sid=f"MN{number}", name=f"Menu {number}", keys=tuple(keys)))
    return system(*menus, numbers=tuple(f"+1212555{n:04}" for n in range(chance.randint(0, 9))))


def overlap(one: Place, other: Place) -> bool:
    """Whether two boxes share any of their inside."""
    across = one.x < other.right and other.x < one.right
    return across and one.y < other.bottom and other.y < one.bottom


@pytest.mark.parametrize("seed", range(12))
def test_boxes_stand_apart_and_lines_end_at_them(seed: int) -> None:
    boxes, picture = drawn(wild(1 + seed * 2, seed))
    assert len({box.id for box in boxes}) == len(boxes)
    for one, other in combinations(picture.places.values(), 2):
        assert not overlap(one, other)
    ways = [(box, way) for box in boxes for way in box.ways if way.to]
    assert len(picture.routes) == len(ways)
    for (box, way), route in zip(ways, picture.routes, strict=True):
        source, target = picture.places[box.id], picture.places[way.to]
        first, last = route.points[0], route.points[-1]
        assert first.x == pytest.approx(source.right)
        assert source.y <= first.y <= source.bottom
        assert last.x == pytest.approx(target.x)
        assert target.y <= last.y <= target.bottom


@pytest.mark.parametrize("seed", range(12))
def test_lines_back_go_around_every_box(seed: int) -> None:
    _, picture = drawn(wild(12, seed))
    for route in picture.routes:
        for one, other in pairwise(route.points) if route.is_back else ():
            x, y = min(one.x, other.x), min(one.y, other.y)
            line = Place(x, y, abs(one.x - other.x), abs(one.y - other.y))
            crossed = [
                place
                for place in picture.places.values()
                if line.x < place.right - 0.1
                and place.x + 0.1 < line.right
                and line.y < place.bottom - 0.1
                and place.y + 0.1 < line.bottom
            ]
            assert not crossed


def test_all_is_inside_the_picture() -> None:
    _, picture = drawn(wild(15, 3))
    for place in picture.places.values():
        assert place.x >= 0
        assert place.y >= 0
        assert place.right <= picture.width
        assert place.bottom <= picture.height
    for route in picture.routes:
        for point in route.points:
            assert 0 <= point.x <= picture.width
            assert 0 <= point.y <= picture.height


def test_every_menu_is_there_once_even_one_that_nothing_leads_to() -> None:
    boxes, _ = drawn(system(menu("MN0", k1="MN1"), menu("MN1", k1="MN0"), menu("MN2", k1="MN1")))
    menus = [box for box in boxes if box.kind is Kind.MENU]
    assert {box.sid: box.column for box in menus} == {"MN0": 3, "MN1": 4, "MN2": 3}


def test_loops_are_drawn_back() -> None:
    boxes, picture = drawn(system(menu("MN0", k1="MN1", k2="MN0"), menu("MN1", k0="MN0")))
    backs = [
        (box.id, way.to)
        for (box, way), route in zip(
            [(box, way) for box in boxes for way in box.ways if way.to], picture.routes, strict=True
        )
        if route.is_back
    ]
    assert backs == [("MN0", "MN0"), ("MN1", "MN0")]


def test_what_keys_lead_to_is_named() -> None:
    plan_menu = MenuPlan(
        sid="MN0",
        name="Day",
        keys=(
            ("*", Action(ActionType.REPLAY_MENU)),
            ("2", Action(ActionType.ANNOUNCEMENT_HANGUP, "AN1")),
            ("1", Action(ActionType.ANNOUNCEMENT_HANGUP)),
            ("3", Action(ActionType.ANNOUNCEMENT_HANGUP, "AN1")),
        ),
        timeout_action=Action(ActionType.VOICEMAIL),
    )
    whole = system(
        plan_menu, voicemail_level=4, dates=(DateSpan("MN0", TODAY, TODAY),), week=ALWAYS[:5]
    )
    plan = Plan(announcements=(AnnouncementPlan("AN1", "Directions"),), systems=(whole,))
    boxes = boxes_of(plan, whole, Surroundings(TODAY, levels={4: "Night team"}))
    by_title = {box.title: box for box in boxes}
    assert [way.mark for way in by_title["Day"].ways] == ["1", "2", "3", "*", "t"]
    assert by_title["Hang up"].kind is Kind.HANG_UP
    assert by_title["Directions"].sid == "AN1"
    assert by_title["Voicemail"].facts == "to Night team"
    hours = [way.words for way in by_title["Week"].ways]
    assert hours == ["Mon\N{EN DASH}Fri all day", "At other times"]
    assert [way.words for way in by_title["Special days"].ways] == ["Mar 4"]
    assert "Apology" in by_title
    assert by_title["Day"].ways[1].to == by_title["Day"].ways[2].to


def test_days_that_are_over_are_not_drawn() -> None:
    boxes, _ = drawn(
        system(menu("MN0"), dates=(DateSpan("MN0", date(2025, 12, 25), TODAY.replace(day=3)),))
    )
    assert not [box for box in boxes if box.kind is Kind.DATES]


def test_many_numbers_become_one_box() -> None:
    boxes, _ = drawn(system(menu("MN0"), numbers=tuple(f"+1212555{n:04}" for n in range(40))))
    numbers = [box.title for box in boxes if box.kind is Kind.NUMBER]
    assert len(numbers) == 6
    assert numbers[-1] == "35 more numbers"


def test_a_system_without_anything_is_drawn() -> None:
    boxes, picture = drawn(SystemPlan(sid="AA1", name="Empty"))
    assert [box.kind for box in boxes] == [Kind.NUMBER, Kind.SYSTEM, Kind.WEEK, Kind.ANNOUNCEMENT]
    assert picture.width > 0


def test_two_hundred_menus_are_placed_soon() -> None:
    whole = wild(200, 1)
    before = time.perf_counter()
    boxes, picture = drawn(whole)
    assert time.perf_counter() - before < 2
    assert len([box for box in boxes if box.kind is Kind.MENU]) == 200
    assert picture.height < 60_000
