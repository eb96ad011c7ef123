"""The Auto Attendant API put together. A new resource is one file with a `router`, and one line
in `RESOURCES`."""

from __future__ import annotations

from django.views.decorators.http import require_safe

from deskbell.api.reference import DescribedApi, Pages

from . import (
    announcements,
    codes,
    enterprises,
    errors,
    files,
    menus,
    numbers,
    rcml,
    schedules,
    systems,
    usage,
    users,
)
from .bodies import JsonParser

RESOURCES = [
    users.router,
    enterprises.router,
    announcements.router,
    files.router,
    systems.router,
    menus.router,
    schedules.router,
    numbers.router,
    usage.router,
    rcml.router,
]


api = DescribedApi(
    title="Auto Attendant API",
    version="1.0",
    urls_namespace="api-autoattendant",
    description=(
        "Set up and read auto attendants. Every request carries a user's sid and token by HTTP"
        " Basic. Bodies and answers are JSON; times are UTC, as 2020-01-27T05:50:02+0000."
    ),
    docs=Pages("api/autoattendant/docs.html", '-u "$SID:$TOKEN"'),
    docs_decorator=require_safe,
    parser=JsonParser(),
    openapi_extra={"x-errors": [each.described() for each in errors.sorted_codes(codes.ALL)]},
)
errors.register(api)
for router in RESOURCES:
    api.add_router("", router)
