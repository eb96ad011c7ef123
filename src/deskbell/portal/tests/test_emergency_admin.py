"""Django's admin: who is let in, what is never shown, and that nothing is changed by it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.urls import URLPattern, reverse

from deskbell.platform.tenancy import account_scope, system_scope

if TYPE_CHECKING:
    from deskbell.accounts.models import Account, User

pytestmark = pytest.mark.django_db
HASH = "5e884898da28047151d0e56f8dc6292773603d0d6aabbd"


def proved(client: Client, method: str = "mfa") -> Client:
    """Lets a session have proved a second factor, as allauth notes it."""
    session = client.session
    at = datetime.now(UTC).timestamp()
    session["account_authentication_methods"] = [{"method": method, "type": "totp", "at": at}]
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session.save()
    return client


@pytest.fixture
def inside(signed_in: Callable[[User], Client], olivia: User) -> Client:
    """olivia's client, in which she proved her second factor."""
    return proved(signed_in(olivia))


def addresses() -> Iterator[str]:
    """Every address of the admin, with a number where it names a row."""
    from deskbell.portal.operator.admin.site import site

    for each in site.get_urls():
        inner = getattr(each, "url_patterns", None)
        base = str(each.pattern)
        for pattern in inner or [each]:
            assert isinstance(pattern, URLPattern)
            whole = base + str(pattern.pattern) if inner else base
            yield "/admin/" + re.sub(r"<path:object_id>", "1", whole)


def plain() -> list[str]:
    """Those that are no regular expressions."""
    return [each for each in addresses() if not re.search(r"[\\^$(?]", each)]


def test_nobody_else_is_let_in(
    signed_in: Callable[[User], Client], alice: User, rita: User, olivia: User
) -> None:
    operator = signed_in(olivia)  # without a second factor
    everybody = (Client(), signed_in(alice), signed_in(rita), operator)
    mine = plain()
    assert len(mine) > 60
    for number, address in enumerate(mine):
        client = everybody[number % len(everybody)]  # in turns, so that this takes seconds
        for ask in (client.get, client.post):
            answer = ask(address)
            assert answer.status_code in {302, 403, 405}, (address, answer.status_code)
            assert b"Every row" not in answer.content
    for client in everybody:
        for address in ("/admin/", "/admin/accounts/user/", "/admin/accounts/user/1/change/"):
            assert client.get(address).status_code == 302


@pytest.mark.parametrize(
    "wanted",
    [
        "accounts/user/?password__startswith=p",
        "accounts/apitoken/?token_hash__startswith=a",
        "lines/phone/?ha1_md5__startswith=a",
        "audit/entry/?who__password__startswith=p",
    ],
)
def test_what_is_hidden_is_not_guessed_letter_by_letter(inside: Client, wanted: str) -> None:
    assert inside.get(f"/admin/{wanted}").status_code == 400
    assert inside.get("/admin/accounts/user/?status__exact=ACTIVE").status_code == 200


def test_each_is_told_where_to_go(
    signed_in: Callable[[User], Client], alice: User, olivia: User
) -> None:
    asked = Client().get("/admin/accounts/user/", follow=True)
    assert asked.redirect_chain[-1][0] == "/sign-in/?next=/admin/accounts/user/"
    refused = signed_in(alice).get("/admin/", follow=True)
    assert refused.status_code == 403
    assert "for operators" in refused.content.decode()
    unproved = signed_in(olivia).get("/admin/")
    assert unproved.headers["Location"].startswith("/admin/login/")
    led = signed_in(olivia).get("/admin/login/?next=/admin/")
    assert led.headers["Location"] == reverse("mfa_index")


def test_whoever_has_a_factor_proves_it_first(
    signed_in: Callable[[User], Client], olivia: User
) -> None:
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    TOTP.activate(olivia, generate_totp_secret())
    client = proved(signed_in(olivia), method="password")
    led = client.get("/admin/login/?next=/admin/accounts/user/")
    assert led.headers["Location"].startswith(reverse("mfa_reauthenticate"))
    proved(client)
    back = client.get("/admin/login/?next=/admin/accounts/user/")
    assert back.headers["Location"] == "/admin/accounts/user/"
    elsewhere = client.get("/admin/login/?next=https://example.com/")
    assert elsewhere.headers["Location"] == "/admin/"


def test_whoever_acts_as_somebody_is_not_let_in(inside: Client, bob: User) -> None:
    inside.post(reverse("operator:act_as", args=[bob.pk]), {"reason": "Looks around"})
    answer = inside.get("/admin/", follow=True)
    assert answer.status_code == 403


def test_every_list_and_row_can_be_looked_at(inside: Client, everything: list[Any]) -> None:
    from deskbell.portal.operator.admin.site import site

    assert inside.get("/admin/").status_code == 200
    for model in site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        answer = inside.get(f"{reverse(f'{name}_changelist')}?q=a")
        assert answer.status_code == 200, name
    for row in everything:
        name = f"admin:{row._meta.app_label}_{row._meta.model_name}"
        answer = inside.get(reverse(f"{name}_change", args=[row.pk]))
        assert answer.status_code == 200, name


@pytest.fixture
def everything(acme: Account, alice: User, at: datetime) -> list[Any]:
    """Rows with every kind of secret."""
    from deskbell.accounts.actions import make_api_token, make_user_token
    from deskbell.accounts.models import ApiToken, Invitation, UserToken
    from deskbell.contacts.actions import add_contact, add_method
    from deskbell.delivery.models import Delivery
    from deskbell.lines.models import Trunk
    from deskbell.messages.actions import Taken, take
    from deskbell.webhooks.models import Subscription

    make_api_token(account=acme, name="Sync", scopes=["messages:read"], at=at)
    make_user_token(user=alice, at=at)
    ApiToken.objects.update(token_hash=HASH + "1")
    UserToken.objects.update(token_hash=HASH + "2")
    invited = Invitation.objects.create(
        account=acme, email="new@example.com", token_hash=HASH + "3", created_at=at, expires_at=at,
        invited_by="alice@example.com",
    )  # fmt: skip
    trunk = Trunk.objects.create(name="north", sealed_password="s3aled-pass", created_at=at)
    with account_scope(acme.pk):
        message = take(account_id=acme.pk, taken=Taken("Please call"), at=at)
        contact = add_contact(account_id=acme.pk, name="Hooks", at=at)
        method = add_method(
            contact=contact,
            kind="webhook",
            address="https://hooks.example.com/T0/s3cret-path",
            at=at,
        )
        method.secret = "signs-what-is-sent"
        method.save()
        delivery = Delivery.objects.create(
            account=acme, message=message, method=method, kind="webhook", address=method.address,
            contact_name="Hooks", created_at=at,
        )  # fmt: skip
        hook = Subscription.objects.create(
            account=acme, url="https://crm.example.com/in/s3cret-path", secret="encrypted-secret",
            events=[], created_at=at, updated_at=at,
        )  # fmt: skip
    tokens = [ApiToken.objects.get(), UserToken.objects.get()]
    return [acme, alice, *tokens, invited, trunk, message, contact, method, delivery, hook]


def test_no_secret_is_ever_shown(inside: Client, everything: list[Any], alice: User) -> None:
    secrets = (HASH, "s3aled-pass", "s3cret-path", "signs-what-is-sent", "encrypted-secret")
    for row in everything:
        name = f"admin:{row._meta.app_label}_{row._meta.model_name}"
        for address in (
            reverse(f"{name}_changelist"),
            reverse(f"{name}_change", args=[row.pk]),
        ):
            answer = inside.get(address)
            assert answer.status_code == 200
            text = answer.content.decode()
            for secret in (*secrets, alice.password):
                assert secret not in text, (address, secret)


def test_no_column_that_sounds_secret_is_shown() -> None:
    from deskbell.portal.operator.admin.rows import safe_fields
    from deskbell.portal.operator.admin.site import site

    shown = {f"{m._meta.label}.{f.name}" for m in site._registry for f in safe_fields(m)}
    suspect = re.compile(r"password|secret|hash|ha1|token|session_key|private|credential", re.I)
    assert {each for each in shown if suspect.search(each.rpartition(".")[2])} == set()
    # sessions, second factors and other sign-ins are not there at all
    labels = {model._meta.app_label for model in site._registry}
    assert not labels & {"sessions", "mfa", "usersessions", "socialaccount", "account"}


def test_nothing_is_changed(inside: Client, everything: list[Any], alice: User) -> None:
    before = type(alice).objects.filter(pk=alice.pk).values().get()
    address = reverse("admin:accounts_user_change", args=[alice.pk])
    answer = inside.post(address, {"name": "Mallory", "staff": "operator"})
    assert answer.status_code == 403
    listed = reverse("admin:accounts_user_changelist")
    inside.post(listed, {"action": "delete_selected", "_selected_action": alice.pk, "post": "yes"})
    assert inside.get("/admin/accounts/user/add/").status_code == 404
    assert inside.post(f"/admin/accounts/user/{alice.pk}/delete/").status_code == 404
    assert type(alice).objects.filter(pk=alice.pk).values().get() == before


def test_what_holds_people_up_can_be_removed(inside: Client, at: datetime) -> None:
    from deskbell.accounts.models import WrongSignIns
    from deskbell.audit.models import Entry

    row = WrongSignIns.objects.create(
        email="alice@example.com", address="192.0.2.7", began_at=at, last_at=at, count=10
    )
    address = reverse("admin:accounts_wrongsignins_delete", args=[row.pk])
    assert inside.get(address).status_code == 200
    assert WrongSignIns.objects.exists()
    assert inside.post(address, {"post": "yes"}).status_code == 302
    assert not WrongSignIns.objects.exists()
    with system_scope("a test reads the operators' log"):
        entry = Entry.objects.get(door="admin")
    assert entry.subject == f"wrong sign ins {row.pk}"


def test_forms_need_their_token(olivia: User, at: datetime) -> None:
    from deskbell.accounts.models import WrongSignIns

    row = WrongSignIns.objects.create(
        email="alice@example.com", address="192.0.2.7", began_at=at, last_at=at, count=10
    )
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(olivia)
    proved(strict)
    address = reverse("admin:accounts_wrongsignins_delete", args=[row.pk])
    assert strict.post(address, {"post": "yes"}).status_code == 403
    assert WrongSignIns.objects.exists()


def test_its_pages_keep_the_policy(inside: Client) -> None:
    for address in ("/admin/", "/admin/accounts/user/"):
        answer = inside.get(address)
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
        text = answer.content.decode()
        assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", text)
        assert not re.search(r"\bstyle=|\bon(click|load)=", text)
