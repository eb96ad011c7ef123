"""Company information: what a number shows, and what cannot be said."""

from __future__ import annotations

import io
from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from deskbell.accounts import actions, queries
from deskbell.accounts.companies import FIELDS, CompanyShown, merged
from deskbell.accounts.errors import NumberNotFound
from deskbell.accounts.models import Account, PhoneNumber
from deskbell.accounts.pictures import Shape
from deskbell.foundation.errors import InvalidInput, OutOfScope
from deskbell.platform.changes import version_of
from deskbell.platform.tenancy import account_scope

WORDS = st.dictionaries(st.sampled_from((*FIELDS, "logo")), st.sampled_from(["", "a", "b"]))


@given(WORDS, WORDS)
def test_a_field_is_the_numbers_own_or_its_accounts(
    own: dict[str, str], default: dict[str, str]
) -> None:
    shown = merged(own, default, name="Acme")
    for field in (*FIELDS, "logo"):
        said = getattr(shown, field)
        assert said == (own.get(field) or default.get(field) or ("Acme" * (field == FIELDS[0])))
    assert merged({}, {field: getattr(shown, field) for field in FIELDS}, name="x") == CompanyShown(
        **{field: getattr(shown, field) for field in FIELDS}
    )


def red() -> bytes:
    """A PNG."""
    file = io.BytesIO()
    Image.new("RGB", (300, 100), "#c0392b").save(file, "PNG")
    return file.getvalue()


def test_a_number_shows_its_own_and_the_rest_of_its_account(
    acme: Account, acme_number: PhoneNumber, at: datetime
) -> None:
    logo = actions.keep_picture(upload=red(), shape=Shape.LOGO, at=at)
    before = version_of(acme.pk)
    actions.edit_company(
        account=acme, company_name="Acme Dental Group", company_phone="+1 212 555 0100",
        colour="#AABBCC", logo=logo,
    )  # fmt: skip
    with account_scope(acme.pk):
        changed = actions.brand_number(
            number=acme_number, at=at, company_name="Acme Kids", website=" https://kids.example "
        )
        shown = queries.company_of(PhoneNumber.objects.get(pk=changed.pk))
    assert shown == CompanyShown(
        company_name="Acme Kids",
        company_phone="+1 212 555 0100",
        website="https://kids.example",
        colour="#aabbcc",
        logo=logo.sha256,
    )
    assert version_of(acme.pk) > before  # open desks show it


def test_a_company_without_a_name_is_called_as_its_account(acme: Account) -> None:
    assert queries.company_of_account(acme).company_name == "Acme Dental"


def test_a_logo_is_taken_away(acme: Account, at: datetime) -> None:
    logo = actions.keep_picture(upload=red(), shape=Shape.LOGO, at=at)
    actions.edit_company(account=acme, logo=logo)
    changed = actions.edit_company(account=acme, logo=None)
    assert queries.company_of_account(changed).logo == ""


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("company_name", "x" * 201),
        ("company_name", "a\0b"),
        ("company_phone", "call us"),
        ("company_phone", "1" * 21),
        ("company_email", "nobody"),
        ("company_email", "a@b@c"),
        ("website", "javascript:alert(1)"),
        ("website", "ftp://example.com"),
        ("website", "example"),
        ("address", "x" * 501),
        ("about", "half \ud800"),
        ("colour", "red"),
        ("colour", "#12345"),
        ("colour", "#१२३४५६"),
        ("colour", '#fff"><'),
    ],
)
def test_what_cannot_be_said(
    acme: Account, acme_number: PhoneNumber, at: datetime, field: str, value: str
) -> None:
    said = {field: value}
    with pytest.raises(InvalidInput) as caught:
        actions.edit_company(account=acme, **said)  # type: ignore[arg-type]
    assert caught.value.field == field
    with account_scope(acme.pk), pytest.raises(InvalidInput):
        actions.brand_number(number=acme_number, at=at, **said)  # type: ignore[arg-type]
    acme.refresh_from_db()
    assert getattr(acme, field) == ""


def test_only_the_given_fields_change(acme: Account) -> None:
    actions.edit_company(account=acme, company_name="One", about="Teeth")
    actions.edit_company(account=acme, company_name="Two")
    acme.refresh_from_db()
    assert (acme.company_name, acme.about) == ("Two", "Teeth")


def test_numbers_of_others_are_not_branded(
    acme_number: PhoneNumber, other: Account, at: datetime
) -> None:
    with account_scope(other.pk), pytest.raises(OutOfScope):
        actions.brand_number(number=acme_number, at=at, company_name="Mine")


def test_a_number_that_is_gone(acme: Account, acme_number: PhoneNumber, at: datetime) -> None:
    with account_scope(acme.pk):
        PhoneNumber.objects.filter(pk=acme_number.pk).delete()
        with pytest.raises(NumberNotFound):
            actions.brand_number(number=acme_number, at=at, company_name="Late")


def test_many_numbers_cost_one_query(acme: Account, at: datetime) -> None:
    logo = actions.keep_picture(upload=red(), shape=Shape.LOGO, at=at)
    with account_scope(acme.pk):
        for each in range(5):
            number = actions.add_number(account=acme, number=f"+1 212 555 010{each}", at=at)
            actions.brand_number(number=number, at=at, logo=logo)
        rows = list(PhoneNumber.objects.select_related("account"))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            shown = queries.companies_of(rows)
    assert len(asked) == 1
    assert {each.logo for each in shown.values()} == {logo.sha256}


def test_requiring_a_second_factor(acme: Account) -> None:
    assert actions.require_mfa(account=acme, required=True).requires_mfa
    assert not actions.require_mfa(account=acme, required=False).requires_mfa
