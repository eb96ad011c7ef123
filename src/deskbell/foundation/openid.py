"""Who else may say who somebody is: providers of OpenID Connect, as the settings name them.

Source: seed 000, "Introduction" (Sign in with Google); OpenID Connect Discovery 1.0, section 4.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from .errors import InvalidInput

GOOGLE: Final = "https://accounts.google.com"


@dataclass(frozen=True, slots=True)
class OpenIdProvider:
    """One provider: `slug` is its name in our addresses, `server` its issuer's URL."""

    slug: str
    name: str
    server: str
    client_id: str
    client_secret: str = field(repr=False)


def read_openid(variables: Mapping[str, str]) -> tuple[OpenIdProvider, ...]:
    """The providers that the variables name; Google first.

    Raises InvalidInput, naming the variable, where something of one is missing.
    """
    google = _provider(
        "google",
        variables,
        ("DESKBELL_GOOGLE_CLIENT_ID", "DESKBELL_GOOGLE_CLIENT_SECRET"),
        ("Google", GOOGLE),
    )
    names = ("DESKBELL_OPENID_NAME", "DESKBELL_OPENID_SERVER")
    name, server = (variables.get(each) or "" for each in names)
    other = _provider(
        "openid",
        variables,
        ("DESKBELL_OPENID_CLIENT_ID", "DESKBELL_OPENID_CLIENT_SECRET", *names),
        (name, server.rstrip("/")),
    )
    if server and not _is_server(server):
        raise InvalidInput(
            f"{names[1]} takes the issuer's address, as https://id.example.net; not {server!r}"
        )
    return tuple(each for each in (google, other) if each is not None)


def _provider(
    slug: str, variables: Mapping[str, str], needed: Sequence[str], known: tuple[str, str]
) -> OpenIdProvider | None:
    """Made of a client's id and secret, which `needed` names first, if any of it is there."""
    given = [variables.get(each) or "" for each in needed]
    if not any(given):
        return None
    missing = [each for each, value in zip(needed, given, strict=True) if not value]
    if missing:
        there = next(each for each, value in zip(needed, given, strict=True) if value)
        raise InvalidInput(f"{missing[0]} is missing; it belongs to {there}")
    name, server = known
    return OpenIdProvider(slug, name, server, given[0], given[1])


def _is_server(url: str) -> bool:
    """Whether it is an https address; without TLS only this machine may be asked."""
    parts = urlsplit(url)
    is_near = parts.scheme == "http" and parts.hostname in {"localhost", "127.0.0.1", "::1"}
    return bool(parts.hostname) and (parts.scheme == "https" or is_near)
