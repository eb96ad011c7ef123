"""Whatever changes something, in the portal or over an API, leaves an entry in the audit log.

An address that takes a POST, and an operation of an API that is no GET, has words, or a reason to
have none: in `portal/audit/words.py`, or `api/words.py`. The rows of the borders' table are asked
by everybody: what succeeds has one entry, what is refused has none, and no entry holds a secret.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.http import HttpRequest, HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from deskbell.accounts.models import Account
from deskbell.api.autoattendant.service import api as autoattendant
from deskbell.api.v2.service import api as v2
from deskbell.audit.acts import act_of, declared, is_known, kin_of
from deskbell.audit.models import Entry
from deskbell.audit.notices import is_refused
from deskbell.platform.tenancy import account_scope, system_scope
from deskbell.webhooks.models import Notice, NoticeState, Subscription
from tests.api_v2_operations import OPERATIONS as V2
from tests.api_v2_operations import Operation as V2Operation
from tests.api_v2_operations import client_of, ids_of
from tests.autoattendant import Api
from tests.autoattendant_operations import OPERATIONS as AUTOATTENDANT
from tests.autoattendant_operations import Operation
from tests.borders import CAST, OUTSIDERS, TABLE, Row
from tests.undone import undone
from tests.world import Browsers, World

if TYPE_CHECKING:
    from tests.contracts.conftest import Setup

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_log")]
# What has no words because no person and no client of an account asks there, by how it starts.
PROGRAMS = {
    "voice/": "gateways and carriers tell what calls do: the calls' own records have it",
    "texts/": "carriers bring texts: the messages' activities have it",
    "faxes/": "a carrier tells what became of a fax: its delivery has it",
    "payments/": "a provider tells what became of a payment, which keeps its events",
    "email/": "a mail service tells what became of a mail: its delivery has it",
    "ack/": "a link in what we sent: the message's activities say who answered",
    "health": "it only looks",
    "autoattendant/internal/": "the gateway asks for its next step",
    "demo/": "the demo's own mailbox and telephones",
}
SAMPLES = {
    "int": "999999",
    "uuid": "8895c21e-8c3a-48e2-80dd-03acf32705fd",
    "str": "guessed",
    "slug": "guessed",
}
SIGN_OUT = {"account_logout", "sessions_end_all"}


def addresses(
    inside: list[Any] | None = None, before: str = "", space: str = ""
) -> Iterator[tuple[str, str]]:
    """Every pattern with its view's name."""
    for each in get_resolver().url_patterns if inside is None else inside:
        here = before + str(each.pattern)
        if isinstance(each, URLResolver):
            inner = f"{space}{each.namespace}:" if each.namespace else space
            yield from addresses(each.url_patterns, here, inner)
        elif isinstance(each, URLPattern):
            yield here, f"{space}{each.name}"


def takes_posts(pattern: str) -> bool:
    """Whether something is done with a POST from nobody, if only to lead them to sign in."""
    path = "/" + re.sub(
        r"<(?:(\w+):)?\w+>", lambda found: SAMPLES.get(found[1] or "str", "guessed"), pattern
    )
    client = Client(raise_request_exception=False)
    return client.post(path).status_code != 405


def of_the_portal() -> list[tuple[str, str]]:
    starts = (*PROGRAMS, "api/", "autoattendant/")
    return [each for each in addresses() if not each[0].startswith(starts)]


def test_every_unsafe_address_has_words_or_a_reason() -> None:
    lacking = [
        f"{name} ({pattern})"
        for pattern, name in of_the_portal()
        if not is_known("POST", name) and takes_posts(pattern)
    ]
    assert not lacking, "portal/audit/words.py lacks words for: " + ", ".join(lacking)


def test_every_operation_that_changes_something_has_words() -> None:
    lacking = []
    for api in (v2, autoattendant):
        for router in api._get_bound_routers():
            for path, view in router.path_operations.items():
                first = view.operations[0].view_func.__name__
                lacking += [
                    f"{method} {path}"
                    for each in view.operations
                    for method in each.methods
                    if method != "GET" and not act_of(method, f"{api.urls_namespace}:{first}")
                ]
    assert not lacking, "api/words.py lacks words for: " + ", ".join(lacking)


def test_no_words_for_what_is_not_there() -> None:
    names = {name for _, name in addresses()}
    names |= {kin_of(name) for name in names}
    assert not [f"{method} {name}" for method, name in declared() if name not in names]


def test_words_fit_their_columns() -> None:
    for method, name in declared():
        act = act_of(method, name)
        if act is not None:
            assert len(act.name) <= 64, name
            assert 3 < len(act.said.words) <= 100, name
            assert act.said.words[0].isupper(), name
            assert not act.said.words.endswith("."), name


def entries() -> list[Entry]:
    with system_scope("test"):
        return list(Entry.objects.order_by("pk"))


def is_done(answer: HttpResponseBase) -> bool:
    """Whether an answer says that something was done."""
    asked: HttpRequest = answer.wsgi_request  # type: ignore[attr-defined]
    asks_who = ("/sign-in/", "/profile/confirm/")
    leads = str(answer.headers.get("Location", ""))
    signs_out = asked.resolver_match is not None and asked.resolver_match.view_name in SIGN_OUT
    away = leads.startswith(asks_who) and not signs_out
    return answer.status_code < 400 and not is_refused(asked) and not away


def posted(row: Row) -> Row:
    """The row with a method that changes something, where the address takes one."""
    return row if row.method != "get" else Row(row.statuses, "post", row.form)


NAMES = dict(of_the_portal())


def name_of(operation: Operation | V2Operation) -> str:
    """The same in every worker."""
    return f"{operation.method} {operation.path}"


def test_one_entry_for_what_is_done_and_none_for_what_is_refused(world: World) -> None:
    """Everybody asks every address of the portal, each as if nobody had asked before."""
    done: set[str] = set()
    browsers = Browsers(world)
    browsers.sign_in(*CAST)
    secrets = secrets_of(world)
    for pattern, name in NAMES.items():
        if pattern not in TABLE or not is_known("POST", name):
            continue
        for person in askers(pattern):
            with undone():
                answer = world.ask(browsers.of(person), pattern, posted(TABLE[pattern]))
                found = entries()
                assert len(found) == expected(name, person, answer), (pattern, person)
                for entry in found:
                    done.add(name)
                    check(entry, person, world, secrets)
    assert len(done) > 40


def askers(pattern: str) -> tuple[str, ...]:
    """Outsiders, and whoever may do it."""
    staff = pattern.startswith(("desk/", "operator/", "scripts/", "admin/"))
    return (*OUTSIDERS, *(("rita", "olivia") if staff else ("alice",)))


def expected(name: str, person: str, answer: HttpResponseBase) -> int:
    """How many entries there have to be. Signing in has a test of its own."""
    act = act_of("POST", name)
    if act is None or act.said.signs_in or person == "anonymous":
        return 0
    # A page that comes back asks for more, or says what is wrong.
    is_enough = answer.status_code >= 300 or act.said.shows
    return int(is_enough and is_done(answer))


def check(entry: Entry, person: str, world: World, secrets: list[str]) -> None:
    """It names who did it, and is in no account that they have nothing to do with."""
    assert entry.who_name == world.people[person].email
    if person in OUTSIDERS:
        assert entry.account_id != world.account.pk
    text = f"{entry.subject} {entry.changes} {entry.words}"
    assert not [secret for secret in secrets if secret in text]


def secrets_of(world: World) -> list[str]:
    """What opens something of the account's: every secret and token that is kept."""
    found = []
    with account_scope(world.account.pk):
        for model in apps.get_models():
            fields = [each.attname for each in model._meta.concrete_fields]
            names = [each for each in fields if re.search("secret|token|password|hash", each)]
            for row in model._default_manager.values_list(*names)[:20] if names else ():
                found += [str(each) for each in row if each and len(str(each)) >= 16]
    assert found
    return found


@pytest.mark.parametrize("operation", [each for each in V2 if each.method != "GET"], ids=name_of)
def test_every_operation_of_api_v2(operation: V2Operation, acme: Account, at: datetime) -> None:
    ids = ids_of(acme, at)
    client = client_of(acme, at)
    token = client.defaults["HTTP_AUTHORIZATION"].removeprefix("Bearer ")
    with system_scope("test"):
        Entry.objects.all().delete()
        Notice.objects.update(state=NoticeState.SENT)  # so that another test can be sent
        secrets = [token, *Subscription.objects.values_list("secret", flat=True)]
    operation.ask(Client(), ids)
    operation.ask(client, ids | {name: 999_999 for name in ids if name.endswith("_id")})
    before = entries()
    answer = operation.ask(client, ids)
    assert answer.status_code < 300, answer.content
    *refused, entry = entries()
    assert refused == before == [] or not operation.names_something
    assert (entry.account_id, entry.who_name, entry.door) == (acme.pk, "API token CRM", "api_v2")
    text = f"{entry.subject} {entry.changes} {entry.words} {answer.content!r}"
    assert not [each for each in secrets if each in f"{entry.subject} {entry.changes}"], text


@pytest.mark.parametrize(
    "operation", [each for each in AUTOATTENDANT if each.method != "get"], ids=name_of
)
def test_every_operation_of_the_auto_attendant(
    operation: Operation, setup: Setup, as_olivia: Api, as_charlie: Api, acme: Account
) -> None:
    with system_scope("test"):
        Entry.objects.all().delete()
    operation.ask(as_charlie, setup.sids())  # of another account
    assert not [each for each in entries() if each.account_id == acme.pk]
    may_go(operation, setup.sids(), as_olivia)
    with system_scope("test"):
        Entry.objects.all().delete()
    assert operation.ask(as_olivia, setup.sids()).status == 200
    [entry] = entries()
    assert entry.door == "autoattendant"
    assert entry.who_name == "olivia@example.com"
    if "enterprise" not in operation.path:
        assert entry.account_id == acme.pk


def may_go(operation: Operation, sids: dict[str, str], api: Api) -> None:
    """Nothing needs what is deleted: no schedule has the menu, and no menu the announcement."""
    if operation.method != "delete":
        return
    admin = {"emailId": "x@example.com", "role": "BG_ADMIN", "enterpriseSid": sids["enterprise"]}
    week = {"autoAttendantSid": sids["system"], "scheduleType": "WEEKLY", "schedule": []}
    assert api.post("user", admin).status == api.post("schedule", week).status == 200
    quiet = {"announcementSid": None}
    assert api.send("put", f"menu/{sids['menu']}", quiet).status == 200
    if operation.path.startswith("announcement"):
        assert api.send("delete", f"menu/{sids['menu']}").status == 200


def test_tenants_see_their_own(world: World) -> None:
    """What alice does stands in her account alone, what charlie does in theirs."""
    for person, words in (("alice", "Saved"), ("charlie", "Mine")):
        world.client_of(person).post("/messages/searches/", {"name": words})
    alice, charlie = entries()
    assert alice.account_id == world.account.pk != charlie.account_id
    with account_scope(world.account.pk):
        assert [each.pk for each in Entry.objects.all()] == [alice.pk]
