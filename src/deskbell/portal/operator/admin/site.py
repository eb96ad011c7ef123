"""Django's admin for operators who have just proved a second factor.

It shows every row of every account and changes none: rows are written by the rooms' actions, which
keep the rules. What may be removed is what only holds people up, such as counts of wrong passwords.
Secrets, hashes and the keys of sessions are not among what is shown.
"""

from __future__ import annotations

from typing import Any, Final

from django.apps import apps
from django.contrib import messages as notices
from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from deskbell.accounts.models import Staff, User
from deskbell.platform.tenancy import system_scope

from ...acting import acting_operator
from ...mfa import has_mfa, passed_second_factor
from ...mfa.fresh import to_confirm, way_back
from .rows import CLEARED, Cleared, Shown

_REASON: Final = "an operator looks at all rows in an emergency"
_OURS: Final = "deskbell."
_UNUSED: Final = frozenset(
    {"password_change", "password_change_done", "autocomplete", "view_on_site"}
)


class EmergencySite(AdminSite):
    """The admin of a deployment whose users have no Django permissions."""

    site_header = site_title = "Deskbell: rows for emergencies"
    index_title = "Every row, of every account"
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        """Only operators, as themselves, who proved a second factor in this session."""
        return _is_operator(request) and passed_second_factor(request)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """As Django's, in a system scope, in which its page is made too."""
        guarded = super().admin_view(view, cacheable)

        def scoped(request: HttpRequest, *args: Any, **named: Any) -> HttpResponseBase:
            with system_scope(_REASON):
                response: Any = guarded(request, *args, **named)
                made: HttpResponseBase = (
                    response.render() if hasattr(response, "render") else response
                )
            return made

        return scoped

    @method_decorator(never_cache)
    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Leads to our own sign-in, or to the second factor; there is no other way in."""
        del extra_context  # there is no page of ours to show it
        if self.has_permission(request):
            return redirect(way_back(request, reverse("admin:index")))
        if not request.user.is_authenticated:
            return redirect_to_login(way_back(request, reverse("admin:index")))
        if not _is_operator(request):
            raise PermissionDenied("This is for operators in an emergency.")
        if not has_mfa(request.user):
            notices.warning(request, "The admin needs MFA. Set it up first.")
            return redirect("mfa_index")
        return to_confirm(request, "mfa_reauthenticate")

    @method_decorator(never_cache)
    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Leads to our own page for it."""
        del request, extra_context
        return redirect("account_logout")

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Without Django's own way to change a password."""
        return [
            each
            for each in super().get_urls()
            if not isinstance(each, URLPattern) or each.name not in _UNUSED
        ]


def _is_operator(request: HttpRequest) -> bool:
    user = request.user
    return (
        isinstance(user, User)
        and user.is_active
        and user.staff == Staff.OPERATOR
        and acting_operator(request) is None
    )


def made() -> EmergencySite:
    """The site with every table of ours; those of others hold sessions and factors."""
    site = EmergencySite()
    for model in apps.get_models():
        if model.__module__.startswith(_OURS):
            site.register(model, Cleared if model._meta.label in CLEARED else Shown)
    return site


site: Final = made()
