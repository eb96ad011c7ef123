"""What is shown of the company whose number it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..companies import FIELDS, CompanyShown, merged
from ..models import Account, Company, PhoneNumber, Picture


def company_of(number: PhoneNumber) -> CompanyShown:
    """What a number shows of its company, blank fields from its account; one query for a logo."""
    return companies_of([number])[number.pk]


def company_of_account(account: Account) -> CompanyShown:
    """What an account shows where no number is meant; one query for a logo."""
    return company_shown(account, None)


def company_shown(account: Account, number: PhoneNumber | None) -> CompanyShown:
    """As `company_of`, where the account was read already, and the number may be gone."""
    logos = _logos([account] if number is None else [account, number])
    own = {} if number is None else _facts(number, logos)
    return merged(own, _facts(account, logos), name=account.name)


def company_name(account: Account, number: PhoneNumber | None = None) -> str:
    """What the company is called on a number, or where none is meant; no query."""
    return (number.company_name if number else "") or account.company_name or account.name


def companies_of(numbers: Iterable[PhoneNumber]) -> dict[int, CompanyShown]:
    """What each of some numbers shows, by the number's id; one query for all their logos.

    Needs numbers whose `account` was read along.
    """
    rows = list(numbers)
    logos = _logos([*rows, *(each.account for each in rows)])
    return {
        each.pk: merged(_facts(each, logos), _facts(each.account, logos), name=each.account.name)
        for each in rows
    }


def _facts(row: Company, logos: dict[int, str]) -> dict[str, Any]:
    said = {name: getattr(row, name) for name in FIELDS}
    return {**said, "logo": logos.get(row.logo_id or 0, "")}


def _logos(rows: Iterable[Company]) -> dict[int, str]:
    wanted = {each.logo_id for each in rows if each.logo_id}
    if not wanted:
        return {}
    return dict(Picture.objects.filter(pk__in=wanted).values_list("pk", "sha256"))
