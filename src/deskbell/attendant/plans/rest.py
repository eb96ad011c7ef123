"""The end of a run: what the plan no longer has goes, and parts get the plan's order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import AnnouncementInAction, MenuLeadsHere
from ..models import Announcement, Menu, System
from ..rules.plans import Plan
from .read import ORDER
from .work import Work, menus_of


def delete_rest(work: Work) -> None:
    """Deletes what nothing names any more. Raises where a running emergency still needs it."""
    homes = {menu.sid: system.sid for system, menu in menus_of(work.live)}
    menus = homes.keys() - {menu.sid for _, menu in menus_of(work.plan)}
    systems = work.before.keys() - {part.sid for part in work.plan.systems}
    said = {part.sid for part in work.live.announcements}
    said -= {part.sid for part in work.plan.announcements}
    if menus or said:
        _check_emergencies(work, menus, said, systems)
    work.changed |= {homes[sid] for sid in menus}
    for model, sids in ((Menu, menus), (System, systems), (Announcement, said)):
        if sids:
            model.objects.filter(account=work.account, sid__in=sids).delete()


def _check_emergencies(work: Work, menus: set[str], said: set[str], systems: set[str]) -> None:
    running = System.objects.filter(account=work.account, emergency_until__gt=work.at)
    for system in running.select_related("emergency_menu", "emergency_announcement"):
        menu, announcement = system.emergency_menu, system.emergency_announcement
        named = f'The emergency switch of system "{system.name}"'
        if system.sid in systems:
            continue
        if menu is not None and menu.sid in menus:
            raise MenuLeadsHere(f'{named} leads to menu "{menu.name}"; end that first')
        if announcement is not None and announcement.sid in said:
            raise AnnouncementInAction(f'{named} plays "{announcement.name}"; end that first')


def put_in_order(work: Work) -> None:
    """Gives parts their places where they do not stand in the plan's order by themselves."""
    places = _places(work.plan)
    models: tuple[Any, ...] = (Announcement, System, Menu)
    for model in models:
        rows = list(
            model.objects.filter(account=work.account)
            .order_by(*ORDER)
            .only(*ORDER, "sid", *(["system_id"] if model is Menu else []))
        )
        if _stand(rows, places):
            continue
        for row in rows:
            row.position = places[row.sid]
        model.objects.bulk_update(rows, ["position"], batch_size=500)


def _places(plan: Plan) -> dict[str, int]:
    places = {part.sid: place for place, part in enumerate(plan.announcements)}
    for place, system in enumerate(plan.systems):
        places[system.sid] = place
        places |= {menu.sid: number for number, menu in enumerate(system.menus)}
    return places


def _stand(rows: list[Any], places: Mapping[str, int]) -> bool:
    """Whether the rows stand in order; menus among those of their system."""
    reached: dict[int, int] = {}
    for row in rows:
        home = getattr(row, "system_id", 0)
        if places[row.sid] < reached.get(home, 0):
            return False
        reached[home] = places[row.sid]
    return True
