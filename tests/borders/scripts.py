"""Borders of scripts."""

from __future__ import annotations

from tests.borders.rows import OWN_PAGE, PAGE_OF_IT, STAFF_FORM, STAFF_PAGE, Row

ROWS: dict[str, Row] = {
    "scripts/": OWN_PAGE,
    "scripts/none/": OWN_PAGE,
    "scripts/new/": STAFF_PAGE,
    "scripts/<int:script_id>/": PAGE_OF_IT,
    "scripts/<int:script_id>/rename/": STAFF_PAGE,
    "scripts/<int:script_id>/delete/": STAFF_FORM,  # refused: a number reads it
    "scripts/<int:script_id>/numbers/": STAFF_PAGE,
    "scripts/<int:script_id>/preview/": STAFF_PAGE,
    "scripts/<int:script_id>/publish/": STAFF_FORM,
    "scripts/<int:script_id>/publications/": STAFF_PAGE,
    "scripts/<int:script_id>/publications/<int:number>/": STAFF_PAGE,
    "scripts/<int:script_id>/publications/<int:number>/roll-back/": STAFF_FORM,
    "scripts/<int:script_id>/edit/": STAFF_PAGE,
    "scripts/<int:script_id>/edit/greeting/": STAFF_PAGE,
    "scripts/<int:script_id>/edit/<str:part>/new/": STAFF_PAGE,
    "scripts/<int:script_id>/edit/<str:part>/order/": STAFF_FORM,
    "scripts/<int:script_id>/edit/<str:part>/<str:which>/": STAFF_PAGE,
    "scripts/<int:script_id>/edit/<str:part>/<str:which>/remove/": STAFF_FORM,
}
