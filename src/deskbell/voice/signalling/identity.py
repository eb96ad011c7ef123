"""Which phone a request comes from, shown by digest and never by address alone."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterable

from aiosipua import SipRequest, parse_uri

from ..configuration.values import Phone
from .admission import Challenged, Refused
from .digest import ALGORITHMS, Authorization, Digest, Verdict, read_authorization
from .lockout import Lockout

log = logging.getLogger(__name__)
Found = Phone | Challenged | Refused


class Identity:
    """Asks who a request is from.

    `phone_of(username)` finds a phone, `realm()` is what those are challenged with who name none
    (empty while there is no configuration), `is_at_home(username, host)` says whether that phone is
    registered from that address.
    """

    def __init__(
        self,
        digest: Digest,
        lockout: Lockout,
        *,
        phone_of: Callable[[str], Phone | None],
        realm: Callable[[], str],
        is_at_home: Callable[[str, str], bool],
    ) -> None:
        self._digest = digest
        self._lockout = lockout
        self._phone_of = phone_of
        self._realm = realm
        self._is_at_home = is_at_home
        # Whoever names a phone that does not exist is to wait as long as for one that does.
        self._nobody = {name: secrets.token_hex(32) for name in ALGORITHMS}

    def of(
        self, request: SipRequest, host: str, *, named: str = ""
    ) -> Phone | Challenged | Refused:
        """The phone that a request from the address `host` comes from.

        `named` is the phone that it claims to be, where it brings no answer to a challenge: its
        realm is asked for then.
        """
        given = authorization_of(request)
        name = given.username if given else named
        if not self._realm():
            return Refused(503)
        if self._is_locked(name, host):
            return Refused(403)
        phone = self._phone_of(name)
        realm = phone.realm if phone else self._realm()
        if given is None or given.realm != realm or not _is_about(given, request):
            return self._challenge(realm, phone, host)
        return self._judge(given, phone, request.method, host)

    def _judge(self, given: Authorization, phone: Phone | None, method: str, host: str) -> Found:
        realm = given.realm
        hashes = phone.ha1 if phone else self._nobody
        verdict = self._digest.check(given, method=method, realm=realm, ha1=hashes, host=host)
        if verdict is Verdict.OK and phone is not None:
            return phone
        if verdict is Verdict.WRONG:
            self._count(phone, host)
            log.warning("%s", _wrong(given.username, phone, host))
            if self._is_locked(given.username, host):
                return Refused(403)
        return self._challenge(realm, phone, host, is_stale=verdict is Verdict.STALE)

    def _is_locked(self, name: str, host: str) -> bool:
        """Whether nobody of that name may try from there now.

        A phone keeps its way in from where it is registered, for as long as nobody guesses there at
        its own password: neither strangers nor a colleague's typing keep it out.
        """
        if self._is_at_home(name, host):
            return self._lockout.is_locked("place", _place(name, host))
        return self._lockout.is_locked("address", host) or self._lockout.is_locked("name", name)

    def _count(self, phone: Phone | None, host: str) -> None:
        self._lockout.wrong("address", host)
        if phone is None:
            return
        self._lockout.wrong("name", phone.username)
        if self._is_at_home(phone.username, host):
            self._lockout.wrong("place", _place(phone.username, host))

    def _challenge(
        self, realm: str, phone: Phone | None, host: str, *, is_stale: bool = False
    ) -> Challenged:
        """One challenge, by MD5 where the phone's password is kept for it.

        Phones on libre before 2.0, Debian 12's baresip among them, give up where they are offered
        SHA-256 beside it, in whatever order.
        """
        algorithm = "MD5" if phone is None or "MD5" in phone.ha1 else "SHA-256"
        values = self._digest.challenge(realm, host=host, is_stale=is_stale)
        kept = [value for value in values if f"algorithm={algorithm}," in value]
        return Challenged(tuple(f"WWW-Authenticate: {value}" for value in kept))


def _wrong(name: str, phone: Phone | None, host: str) -> str:
    if phone is None:
        return f"{host} asks as {name[:64]!r}, and there is no phone with that user name"
    return f"{host} gave a wrong password for the phone {phone.username}"


def _place(name: str, host: str) -> str:
    return f"{name} at {host}"


def authorization_of(request: SipRequest) -> Authorization | None:
    """The first answer to a challenge that a request brings and that can be read."""
    headers: Iterable[str] = (
        *request.headers.get("authorization"),
        *request.headers.get("proxy-authorization"),
    )
    return next((found for value in headers if (found := read_authorization(value))), None)


def _is_about(given: Authorization, request: SipRequest) -> bool:
    """Whether the answer was made for whom this request calls (RFC 7616 section 3.4.6).

    Only the users are compared: proxies on the way change hosts.
    """
    try:
        return parse_uri(given.uri).user == parse_uri(request.uri).user
    except ValueError:
        return False
