"""What needs a menu or an announcement, so that it cannot be deleted; the words name who."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from django.db.models import Q

from deskbell.foundation.dates import dates_words, day_words, hours_words

from ..errors import (
    AnnouncementInAction,
    AnnouncementInMenu,
    MenuHasAnnouncement,
    MenuLeadsHere,
    MenuScheduled,
)
from ..models import Announcement, DateRange, Menu, System, WeeklyEntry

_SYSTEM_ACTIONS: Final = {
    "timeout_action": "when nothing is pressed",
    "invalid_input_action": "after wrong keys",
    "invalid_extension_action": "after wrong extensions",
    "no_answer_action": "when nobody answers",
}


def check_announcement_unused(announcement: Announcement, *, at: datetime) -> None:
    """Raises AnnouncementInMenu or AnnouncementInAction where something plays it."""
    sid, last = announcement.sid, "; choose another there first"
    plays = Q(announcement=announcement) | Q(ringback_tone=announcement)
    menu = Menu.objects.filter(plays).order_by("id").first()
    if menu is not None:
        what = "plays it" if menu.announcement_id == announcement.pk else "rings with it"
        raise AnnouncementInMenu(f'Menu "{menu.name}" {what}{last}', sid=sid)
    menus = Menu.objects.filter(account_id=announcement.account_id)
    for who in _leading(announcement.sid, menus, announcement.account_id):
        raise AnnouncementInAction(f"{who} plays it{last}", sid=sid)
    apology = System.objects.filter(apology=announcement).order_by("id").first()
    if apology is not None:
        raise AnnouncementInAction(f'System "{apology.name}" apologises with it{last}', sid=sid)
    emergency = System.objects.filter(emergency_announcement=announcement, emergency_until__gt=at)
    for system in emergency:
        raise AnnouncementInAction(
            f'The emergency switch of system "{system.name}" plays it; end that first', sid=sid
        )


def check_menu_unused(menu: Menu, *, at: datetime) -> None:
    """Raises MenuScheduled, MenuLeadsHere or MenuHasAnnouncement, in this order.

    A menu's own keys that lead back to it are not in the way.
    """
    sid = menu.sid
    for when in _scheduled(menu):
        raise MenuScheduled(f"It answers in a schedule ({when}); take it out there first", sid=sid)
    others = Menu.objects.filter(system_id=menu.system_id).exclude(pk=menu.pk)
    for who in _leading(sid, others, menu.account_id):
        raise MenuLeadsHere(f"{who} leads to it; choose another there first", sid=sid)
    if System.objects.filter(emergency_menu=menu, emergency_until__gt=at).exists():
        raise MenuLeadsHere(
            f'The emergency switch of system "{menu.system.name}" leads to it; end that first',
            sid=sid,
        )
    for what, held in (("plays", menu.announcement), ("rings with", menu.ringback_tone)):
        if held is not None:
            raise MenuHasAnnouncement(
                f'It {what} the announcement "{held.name}"; take that out of the menu first',
                sid=sid,
            )


def _scheduled(menu: Menu) -> Iterator[str]:
    for entry in WeeklyEntry.objects.filter(menu=menu).order_by("day", "start")[:1]:
        yield f"{day_words(entry.day)} {hours_words(entry.start, entry.end)}"
    for span in DateRange.objects.filter(menu=menu).order_by("start")[:1]:
        yield dates_words(span.start, span.end)


def _leading(sid: str, menus: Any, account_id: int) -> Iterator[str]:
    """Who among the menus, and the account's systems, has an action with this sid, in words."""
    for menu in menus.order_by("id").only("name", "keys", "timeout_action"):
        for entry in menu.keys:
            if _names(entry.get("menuAction"), sid):
                yield f'Menu "{menu.name}", key {entry.get("menuKey")},'
        if _names(menu.timeout_action, sid):
            yield f'Menu "{menu.name}", when nothing is pressed,'
    for system in System.objects.filter(account_id=account_id).order_by("id"):
        for field, when in _SYSTEM_ACTIONS.items():
            if _names(getattr(system, field), sid):
                yield f'System "{system.name}", {when},'


def _names(action: Any, sid: str) -> bool:
    return isinstance(action, dict) and action.get("actionData") == sid
