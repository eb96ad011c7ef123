"""The addresses of the operator's pages, below operator/."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from ..audit import everybody
from .accounts import views as accounts
from .bank_files import views as bank_files
from .deliveries import views as deliveries
from .health import views as health
from .numbers import views as numbers
from .payments import views as payments
from .people import views as people
from .plans import views as plans
from .requests import views as requests
from .self_test import views as self_test
from .trunks import views as trunks

app_name = "operator"
urlpatterns: list[URLPattern | URLResolver] = [
    path("health/", health.health, name="health"),
    path("health/live/", health.live, name="health_live"),
    path("deliveries/", deliveries.deliveries, name="deliveries"),
    path("deliveries/send-again/", deliveries.send_again, name="send_again"),
    path("test-message/", self_test.self_tests, name="self_tests"),
    path("test-message/by-the-clock/", self_test.new, name="new_self_test"),
    path("test-message/<int:message_id>/", self_test.self_test, name="self_test"),
    path("test-message/<int:message_id>/live/", self_test.live, name="self_test_live"),
    path("test-message/<int:test_id>/end/", self_test.remove, name="remove_self_test"),
    path("acting/", include("deskbell.portal.operator.acting.urls")),
    path("accounts/", accounts.accounts, name="accounts"),
    path("accounts/", include("deskbell.portal.operator.accounts.urls")),
    path("numbers/", numbers.numbers, name="numbers"),
    path("numbers/", include("deskbell.portal.operator.numbers.urls")),
    path("trunks/", trunks.trunks, name="trunks"),
    path("trunks/", include("deskbell.portal.operator.trunks.urls")),
    path("people/", people.people, name="people"),
    path("people/", include("deskbell.portal.operator.people.urls")),
    path("plans/", plans.plans, name="plans"),
    path("plans/", include("deskbell.portal.operator.plans.urls")),
    path("payments/", payments.payments, name="payments"),
    path("payments/", include("deskbell.portal.operator.payments.urls")),
    path("statements/", include("deskbell.portal.operator.statements.urls")),
    path("bank-files/", bank_files.bank_files, name="bank_files"),
    path("bank-files/", include("deskbell.portal.operator.bank_files.urls")),
    path("audit/", everybody.audit, name="audit"),
    path("audit/export.csv", everybody.audit_csv, name="audit_csv"),
    path("audit/export.xlsx", everybody.audit_xlsx, name="audit_xlsx"),
    path("requests/", requests.requests, name="requests"),
    path("requests/", include("deskbell.portal.operator.requests.urls")),
]
