"""What a browser and we say to each other about passkeys; allauth and fido2 check the signatures.

What comes back from a browser is anybody's JSON: only what a passkey's answer consists of is read,
and everything else is refused in words. Source: W3C WebAuthn Level 2, sections 5.1 and 7.
"""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from fido2.utils import websafe_encode

from deskbell.accounts.models import User

from .errors import WrongPasskey
from .standing import Type

T = TypeVar("T")
MOST_LETTERS: Final = 20_000
ANSWERS: Final = frozenset({"clientDataJSON", "authenticatorData", "signature", "userHandle"})
MADE: Final = frozenset({"clientDataJSON", "attestationObject", "transports"})
UNREADABLE: Final = "The answer of the passkey could not be read. Try again."
NOT_MADE: Final = (
    "The passkey was not made: too much time has passed, or it was cancelled. Try again."
)
NOT_KNOWN: Final = (
    "This passkey is not known here, or too much time has passed. Try again, or sign in with your"
    " email address and password."
)
TAKEN: Final = "This passkey is registered here already. Take another one."


def are_possible() -> bool:
    """Whether passkeys work where Deskbell is: browsers make them for names, not for addresses."""
    try:
        ipaddress.ip_address(settings.PUBLIC_HOST.strip("[]"))
    except ValueError:
        return True
    return False


def to_make(user: User) -> dict[str, Any]:
    """What `navigator.credentials.create` is asked for a new passkey of this person.

    It signs in by itself, so it must know its person by finger, face or PIN. Writes the session.
    """
    options: dict[str, Any] = auth.begin_registration(user, passwordless=True)
    return options


def to_use(user: User | None) -> dict[str, Any]:
    """What `navigator.credentials.get` is asked; None lets the browser offer everybody's.

    Writes the session.
    """
    options: dict[str, Any] = auth.begin_authentication(user)
    return options


def made(text: str) -> dict[str, Any]:
    """Reads and checks a new passkey: what is to be kept of it. Raises WrongPasskey."""
    credential = _read(text, MADE)
    made_of = _checked(lambda: auth.complete_registration(credential), NOT_MADE)
    if websafe_encode(made_of.credential_data.credential_id) != credential["id"]:
        raise WrongPasskey(UNREADABLE)
    if Authenticator.objects.filter(
        type=Type.WEBAUTHN, data__credential__id=credential["id"]
    ).exists():
        raise WrongPasskey(TAKEN)
    return credential


def used(text: str, *, user: User | None) -> Authenticator:
    """The passkey that signed what we asked; where `user` is None, whoever it says it is.

    Raises WrongPasskey.
    """
    credential = _read(text, ANSWERS)

    def check() -> Authenticator:
        auth.parse_authentication_response(credential)
        owner = user or auth.extract_user_from_response(credential)
        found: Authenticator = auth.complete_authentication(owner, credential)
        return found

    return _checked(check, NOT_KNOWN)


def _read(text: str, names: frozenset[str]) -> dict[str, Any]:
    """Of the JSON of a PublicKeyCredential, what is known; strings stay base64url."""
    try:
        found = json.loads(text) if len(text) <= MOST_LETTERS else None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or not isinstance(found.get("response"), dict):
        raise WrongPasskey(UNREADABLE)
    if not isinstance(found.get("id"), str):
        raise WrongPasskey(UNREADABLE)
    answer: Mapping[str, Any] = found["response"]
    return {
        "id": found["id"],
        "rawId": found["id"],
        "type": "public-key",
        "response": {name: answer[name] for name in names & answer.keys()},
        "clientExtensionResults": {},
    }


def _checked(check: Callable[[], T], words: str) -> T:
    """Whatever the libraries stumble over in a stranger's data is the same to the person."""
    try:
        return check()
    except (ValidationError, ValueError, TypeError, KeyError, AttributeError, IndexError) as error:
        raise WrongPasskey(words) from error
    finally:
        _forget(context.request)


def _forget(request: HttpRequest) -> None:
    """A challenge is answered once, rightly or not."""
    request.session.pop(auth.STATE_SESSION_KEY, None)
