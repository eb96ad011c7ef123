"""Company information: an account's own, and under each of its numbers what that number says.

Pure: no row is read here. Source: seed 000, "My Accounts" ("Each phone number is branded with
company information, logos, etc.").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

# The fields of `models.Company`, in the order in which pages show them.
FIELDS: Final = (
    "company_name",
    "company_phone",
    "company_email",
    "website",
    "address",
    "about",
    "colour",
)


@dataclass(frozen=True, slots=True)
class CompanyShown:
    """What a number shows of its company: its own words, and where it has none the account's.

    `logo` is a picture's sha256; empty where there is none.
    """

    company_name: str = ""
    company_phone: str = ""
    company_email: str = ""
    website: str = ""
    address: str = ""
    about: str = ""
    colour: str = ""
    logo: str = ""


def merged(own: Mapping[str, Any], default: Mapping[str, Any], *, name: str) -> CompanyShown:
    """What is shown where `own` is a number's information and `default` its account's.

    A field that is blank is the account's; a company without a name anywhere is called `name`.
    """
    shown = {field: str(own.get(field) or default.get(field) or "") for field in (*FIELDS, "logo")}
    shown["company_name"] = shown["company_name"] or name
    return CompanyShown(**shown)
