"""The pages of blocked callers: who may change them, and what becomes of what is typed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from deskbell.accounts.models import Account, User
from deskbell.calls import actions, queries
from deskbell.calls.models import BlockedCaller
from deskbell.platform.tenancy import account_scope

pytestmark = pytest.mark.django_db
LIST, NEW = "/callers/", "/callers/new/"
FORM = {"caller_id": "(212) 555-0187", "how": "refused", "reason": "Sells <b>things</b>"}


@pytest.fixture
def blocked(acme: Account, at: datetime) -> BlockedCaller:
    with account_scope(acme.pk):
        return actions.block(
            account_id=acme.pk,
            caller_id="+12125550187",
            is_refused=True,
            reason="Sells things",
            by="Olivia",
            at=at,
        )


def text(page: Client, path: str = LIST) -> str:
    answer = page.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_caller_is_blocked_changed_and_unblocked(page: Client, acme: Account) -> None:
    assert "Nobody is blocked" in text(page)
    assert page.post(NEW, FORM).status_code == 302
    shown = text(page)
    assert "(212) 555-0187" in shown
    assert "Sells &lt;b&gt;things&lt;/b&gt;" in shown
    with account_scope(acme.pk):
        [row] = queries.blocked()
    assert (row.is_refused, row.blocked_by) == (True, "Alice")
    its = f"{LIST}{row.pk}/"
    assert "Refuse the call" in text(page, its)
    seen = page.get(its).context["form"]["seen"].value()
    changed = {"how": "marked", "reason": "", "seen": seen}
    assert page.post(its, changed).status_code == 302
    assert "Marked" in text(page)
    assert "Unblock (212) 555-0187?" in text(page, f"{its}unblock/")
    assert page.post(f"{its}unblock/").status_code == 302
    assert "Nobody is blocked" in text(page)
    assert page.get(its).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"caller_id": ""}, "Give the caller&#x27;s telephone number"),
        ({"caller_id": "anonymous"}, "Give the caller&#x27;s telephone number"),
        ({"how": ""}, "Choose one of the two."),
        ({"how": "shout"}, "Choose one of the two."),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    page: Client, wrong: dict[str, str], says: str
) -> None:
    answer = page.post(NEW, FORM | wrong)
    assert answer.status_code == 422
    assert says in answer.content.decode()


def test_who_may_not_change_them_looks(
    signed_in: Callable[[User], Client], bob: User, blocked: BlockedCaller
) -> None:
    client = signed_in(bob)
    assert "You can look at blocked callers" in text(client)
    for path in (NEW, f"{LIST}{blocked.pk}/", f"{LIST}{blocked.pk}/unblock/"):
        assert client.get(path).status_code == 403
        assert client.post(path, FORM).status_code == 403


def test_another_account_sees_nothing(
    signed_in: Callable[[User], Client], charlie: User, blocked: BlockedCaller
) -> None:
    client = signed_in(charlie)
    assert "Nobody is blocked" in text(client)
    assert client.get(f"{LIST}{blocked.pk}/").status_code == 404
    assert client.post(f"{LIST}{blocked.pk}/unblock/").status_code == 404


def test_the_list_is_searched_and_is_a_table(page: Client, blocked: BlockedCaller) -> None:
    assert "(212) 555-0187" in text(page, f"{LIST}?q=sells")
    assert "No blocked caller has" in text(page, f"{LIST}?q=nothing")
    table = page.get(f"{LIST}?format=csv")
    assert table.headers["Content-Type"].startswith("text/csv")
    assert "Refused" in table.content.decode()


def test_the_number_comes_from_where_one_was(page: Client) -> None:
    assert 'value="+12125550187"' in text(page, f"{NEW}?caller=%2B12125550187")
