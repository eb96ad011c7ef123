"""How the admin shows a table: what is safe of it, newest first, and nothing to be changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.contrib.admin import ModelAdmin
from django.db.models import Field, Model, QuerySet
from django.db.models.fields import CharField, TextField
from django.db.models.fields.json import JSONField
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path

from deskbell import audit
from deskbell.audit.rules import is_secret

if TYPE_CHECKING:
    _Base = ModelAdmin[Any]
else:  # which is generic for the type checker alone
    _Base = ModelAdmin

_MOST_COLUMNS: Final = 6
_MOST_SEARCHED: Final = 4
# Beside what a name gives away: hashes, and addresses in the web, which often hold a key.
_HIDDEN: Final = frozenset(
    {
        "contacts.DeliveryMethod.address",
        "delivery.Delivery.address",
        "delivery.SentCode.address",
        "lines.Phone.ha1_md5",
        "lines.Phone.ha1_sha256",
        "lines.StaffPhone.ha1_md5",
        "lines.StaffPhone.ha1_sha256",
        "webhooks.Subscription.url",
    }
)
# Whose tries they are: an email address, an IP address or a device's number.
_NO_SECRET: Final = frozenset({"accounts.SignInTries.key"})
# Rows that call themselves by one of those.
_NAMELESS: Final = frozenset({"contacts.DeliveryMethod", "webhooks.Subscription"})
# What only holds people up, by its table's label.
CLEARED: Final = frozenset(
    {
        "accounts.KnownDevice",
        "accounts.SignInTries",
        "accounts.WrongSignIns",
        "accounts.WrongTokens",
        "delivery.OptOut",
        "delivery.SentCode",
        "oncall.Alarm",
    }
)


def is_hidden(field: Field[Any, Any]) -> bool:
    """Whether a column is nobody's to read."""
    name = f"{field.model._meta.label}.{field.name}"
    sounds_secret = is_secret(field.name) and not field.is_relation and name not in _NO_SECRET
    return name in _HIDDEN or sounds_secret


def safe_fields(model: type[Model]) -> list[Field[Any, Any]]:
    """The columns of a table that may be shown."""
    return [each for each in model._meta.concrete_fields if not is_hidden(each)]


def shown_as(field: Field[Any, Any]) -> str:
    """What the admin is told to show of a column: of a row that calls itself by what is hidden its
    number, and of others their name."""
    related = field.related_model
    is_nameless = isinstance(related, type) and related._meta.label in _NAMELESS
    return field.attname if is_nameless else field.name


class Shown(_Base):
    """A table that is looked at."""

    actions = None
    list_per_page = 50
    show_full_result_count = False

    def lookup_allowed(
        self,
        lookup: str,
        value: object,  # noqa: ARG002 Django gives them
        request: HttpRequest | None = None,  # noqa: ARG002
    ) -> bool:
        """Whether an address may narrow the list by it: by what is shown alone, or letters of what
        is hidden could be guessed one by one."""
        safe = safe_fields(self.model)
        return lookup.partition("__")[0] in {each.name for each in safe if not each.is_relation}

    def get_list_display(self, request: HttpRequest) -> list[Any]:  # noqa: ARG002 Django names it
        """The first short columns, without those of rows that call themselves by a secret."""
        short = [each for each in safe_fields(self.model) if _is_short(each)]
        return [each.name for each in short if shown_as(each) == each.name][:_MOST_COLUMNS]

    def get_list_select_related(self, request: HttpRequest) -> list[str]:
        """The rows that the columns name."""
        shown = self.get_list_display(request)
        related = [each.name for each in safe_fields(self.model) if each.is_relation]
        return [name for name in related if name in shown]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:  # noqa: ARG002
        """What is safe."""
        return [shown_as(each) for each in safe_fields(self.model)]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """All of it."""
        return self.get_fields(request, obj)

    def get_search_fields(self, request: HttpRequest) -> list[str]:  # noqa: ARG002 Django names it
        """The first columns of text."""
        texts = [
            each.name
            for each in safe_fields(self.model)
            if isinstance(each, CharField) and not each.choices
        ]
        return texts[:_MOST_SEARCHED]

    def get_ordering(self, request: HttpRequest) -> list[Any]:  # noqa: ARG002 Django names it
        """The newest first."""
        return ["-pk"]

    def get_urls(self) -> list[URLPattern]:
        """The list and one row: no history, which is the audit log's, and nothing to add."""
        view = self.admin_site.admin_view
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        return [
            path("", view(self.changelist_view), name=f"{name}_changelist"),
            path("<path:object_id>/change/", view(self.change_view), name=f"{name}_change"),
        ]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """As Django's, under the row's number."""
        named = {"subtitle": object_id, "title": f"View {self.opts.verbose_name}"}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **named})

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        """For whoever is let in at all."""
        return self.admin_site.has_permission(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """The same."""
        return self.admin_site.has_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002 Django names it
        """Never: actions add rows."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        """Never: actions change rows."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        """Never here."""
        return False


class Cleared(Shown):
    """A table whose rows may be removed, one after the other."""

    def get_urls(self) -> list[URLPattern]:
        """One more, which asks before a row is removed."""
        name = f"{self.opts.app_label}_{self.opts.model_name}_delete"
        view = self.admin_site.admin_view(self.delete_view)
        return [path("<path:object_id>/delete/", view, name=name), *super().get_urls()]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        """For whoever is let in."""
        return self.admin_site.has_permission(request)

    def log_deletions(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[Any]:
        """In our own audit log, and not in Django's."""
        named = ", ".join(f"{self.opts.verbose_name} {row.pk}" for row in queryset)
        audit.note(request, subject=named)
        return []


def _is_short(field: Field[Any, Any]) -> bool:
    is_text = isinstance(field, TextField | JSONField)
    return not is_text and not hasattr(field, "base_field")
