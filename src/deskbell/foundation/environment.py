"""The settings of one process, read once from `DESKBELL_*` variables.

The gateway has no Django, so both it and `config.settings` read from here. `./deskbell up`
passes the same variables to every process it starts.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import hmac
import json
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .bank import Bank, read_bank
from .billing import Billing, read_billing
from .carriers import CarrierKeys, read_carriers, read_text_server
from .errors import InvalidInput
from .openid import OpenIdProvider, read_openid
from .stripe import StripeKeys, read_stripe
from .trunks import read_peer

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True, slots=True)
class Address:
    """A host and a port to listen on or to connect to."""

    host: str
    port: int

    @classmethod
    def parse(cls, text: str, *, name: str) -> Address:
        """Reads `HOST:PORT` (`[::1]:8000` for IPv6).

        Raises InvalidInput, naming the setting `name`, for anything else.
        """
        host, _, port = text.rpartition(":")
        if not host or not port.isdigit() or not 0 < int(port) < 65536:
            raise InvalidInput(f"{name} takes HOST:PORT, as 127.0.0.1:8000; not {text!r}")
        return cls(host.strip("[]"), int(port))

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class PortRange:
    """UDP ports for RTP, both ends included."""

    first: int
    last: int

    @classmethod
    def parse(cls, text: str, *, name: str) -> PortRange:
        """Reads `FIRST-LAST`. Raises InvalidInput, naming the setting `name`."""
        first, _, last = text.partition("-")
        if not (first.isdigit() and last.isdigit()) or not 1024 <= int(first) < int(last) < 65536:
            raise InvalidInput(f"{name} takes FIRST-LAST between 1024 and 65535; not {text!r}")
        return cls(int(first), int(last))


@dataclass(frozen=True, slots=True)
class Secrets:
    """The deployment's own keys; made at the first start and kept in the data folder.

    `vault` is a Fernet key, with which passwords of others are kept that we have to give them.
    """

    django: str
    voice: str
    account_sid: str
    vault: str


@dataclass(frozen=True, slots=True)
class Environment:
    """All that a Deskbell process is told from outside."""

    data_dir: Path
    http: Address
    sip: Address
    voice_http: Address
    rtp: PortRange
    database_url: str
    public_url: str
    email_url: str
    email_from: str
    email_report_secret: str
    voice_urls: tuple[str, ...]
    sip_domain: str
    sip_proxy: str
    sip_hosts: tuple[str, ...]
    trunks: tuple[str, ...]
    dial_prefixes: tuple[str, ...]
    calls_out: int
    private_hosts: frozenset[str]
    alarms: tuple[str, ...]
    api_per_minute: int
    audit_days: int
    export_days: int
    to_dos_per_hour: int
    max_calls: int
    ice_servers: tuple[str, ...]
    drain_seconds: int
    billing: Billing
    bank: Bank | None
    stripe: StripeKeys | None
    carriers: Mapping[str, CarrierKeys]
    text_server: CarrierKeys | None
    telnyx_fax: str
    transcripts: str
    openid: tuple[OpenIdProvider, ...]
    staff_mfa: bool
    demo: bool
    demo_is_large: bool
    debug: bool
    logs_as_json: bool
    secrets: Secrets

    @property
    def web_url(self) -> str:
        """Where this deployment's own processes reach the web side."""
        return f"http://{self.http}"

    @property
    def voice_url(self) -> str:
        """Where this deployment's own processes reach the gateway."""
        return f"http://{self.voice_http}"


def public_url_of(http: Address) -> str:
    """The URL to print: loopback is shown as localhost, which passkeys need."""
    host = "localhost" if http.host in {"127.0.0.1", "::1", "0.0.0.0"} else http.host  # noqa: S104
    return f"http://{host}:{http.port}"


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _flag(text: str) -> bool:
    return text.strip().lower() in {"1", "true", "yes", "on"}


def _is_demo(text: str) -> bool:
    return _flag(text) or text == "large"


def _is_json(log_format: str) -> bool:
    if log_format not in {"text", "json"}:
        raise InvalidInput(f"DESKBELL_LOG_FORMAT takes text or json; not {log_format!r}")
    return log_format == "json"


def load_secrets(data_dir: Path, variables: Mapping[str, str]) -> Secrets:
    """The keys from the variables, else from `secrets.json`, which is made where absent (0600)."""
    path = data_dir / "secrets.json"
    stored: dict[str, str] = {}
    if path.exists():
        stored = json.loads(path.read_text())
    found = Secrets(
        django=variables.get("DESKBELL_SECRET_KEY")
        or stored.get("django")
        or secrets.token_urlsafe(48),
        voice=variables.get("DESKBELL_VOICE_SECRET")
        or stored.get("voice")
        or secrets.token_hex(24),
        account_sid=variables.get("DESKBELL_ACCOUNT_SID")
        or stored.get("account_sid")
        or "AC" + secrets.token_hex(16),
        vault=variables.get("DESKBELL_VAULT_KEY")
        or stored.get("vault")
        or _vault_key(variables.get("DESKBELL_SECRET_KEY") or stored.get("django")),
    )
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        content = {
            "django": found.django,
            "voice": found.voice,
            "account_sid": found.account_sid,
            "vault": found.vault,
        }
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps(content, indent=2) + "\n")
        try:
            path.hardlink_to(fresh)  # unlike a rename, fails where another process was first
        except FileExistsError:
            return load_secrets(data_dir, variables)
        finally:
            fresh.unlink()
    return found


def _vault_key(django: str | None) -> str:
    """A new key; beside secrets of a version that had none, always the one made of them."""
    if django:
        made = hmac.digest(django.encode(), b"the vault of trunks' passwords", hashlib.sha256)
    else:
        made = secrets.token_bytes(32)
    return base64.urlsafe_b64encode(made).decode()


def _whole(variables: Mapping[str, str], name: str, default: str, of: str = "calls") -> int:
    found = variables.get(name) or default
    if not (found.isascii() and found.isdigit()):
        raise InvalidInput(f"{name} takes a number of {of}; not {found!r}")
    return int(found)


def _prefixes(text: str) -> tuple[str, ...]:
    found = _list(text)
    for prefix in found:
        if not re.fullmatch(r"\+[0-9]{0,15}", prefix):
            raise InvalidInput(
                f"DESKBELL_DIAL_PREFIXES takes beginnings of numbers with a plus, as +1,+49; "
                f"not {prefix!r}"
            )
    return found


def _transcripts(way: str) -> str:
    if way not in {"off", "here", "google"}:
        raise InvalidInput(f"DESKBELL_TRANSCRIPTS takes off, here or google; not {way!r}")
    return way


def _is_required(text: str) -> bool:
    if text not in {"required", "optional"}:
        raise InvalidInput(f"DESKBELL_STAFF_MFA takes required or optional; not {text!r}")
    return text == "required"


def _peer(text: str) -> str:
    try:
        return str(read_peer(text)) if text else ""
    except InvalidInput as error:
        raise InvalidInput(f"DESKBELL_SIP_PROXY: {error}") from None


def read_environment(variables: Mapping[str, str]) -> Environment:
    """Builds the settings from `variables` (normally `os.environ`).

    Creates the data folder and its secrets where they are missing. Raises InvalidInput for a
    value that cannot be read, naming the variable.
    """
    get = variables.get
    data_dir = Path(get("DESKBELL_DATA_DIR") or ROOT / "var").resolve()
    http = Address.parse(get("DESKBELL_HTTP") or "127.0.0.1:8000", name="DESKBELL_HTTP")
    voice_http = Address.parse(
        get("DESKBELL_VOICE_HTTP") or "127.0.0.1:8070", name="DESKBELL_VOICE_HTTP"
    )
    billing = read_billing(variables, demo=_is_demo(get("DESKBELL_DEMO") or ""))
    return Environment(
        data_dir=data_dir,
        http=http,
        sip=Address.parse(get("DESKBELL_SIP") or "127.0.0.1:5060", name="DESKBELL_SIP"),
        voice_http=voice_http,
        rtp=PortRange.parse(get("DESKBELL_RTP") or "20000-39999", name="DESKBELL_RTP"),
        database_url=get("DATABASE_URL") or "",
        public_url=(get("DESKBELL_PUBLIC_URL") or public_url_of(http)).rstrip("/"),
        email_url=get("DESKBELL_EMAIL_URL") or "smtp://127.0.0.1:25",
        email_from=get("DESKBELL_EMAIL_FROM") or "Deskbell <deskbell@localhost>",
        email_report_secret=get("DESKBELL_EMAIL_REPORT_SECRET") or "",
        voice_urls=tuple(
            url.rstrip("/")
            for url in _list(get("DESKBELL_VOICE_URLS") or "") or (f"http://{voice_http}",)
        ),
        sip_domain=get("DESKBELL_SIP_DOMAIN") or "deskbell",
        sip_proxy=_peer(get("DESKBELL_SIP_PROXY") or ""),
        sip_hosts=_list(get("DESKBELL_SIP_HOSTS") or ""),
        trunks=_list(get("DESKBELL_TRUNKS") or "this-machine"),
        dial_prefixes=_prefixes(get("DESKBELL_DIAL_PREFIXES") or "+1"),
        calls_out=_whole(variables, "DESKBELL_CALLS_OUT", "10"),
        private_hosts=frozenset(_list(get("DESKBELL_PRIVATE_HOSTS") or "")),
        alarms=_list(get("DESKBELL_ALARMS") or ""),
        api_per_minute=_whole(variables, "DESKBELL_API_PER_MINUTE", "600", "requests"),
        audit_days=_whole(variables, "DESKBELL_AUDIT_DAYS", "730", "days"),
        export_days=_whole(variables, "DESKBELL_EXPORT_DAYS", "7", "days"),
        to_dos_per_hour=_whole(variables, "DESKBELL_TO_DOS_PER_HOUR", "10000", "To Dos"),
        max_calls=_whole(variables, "DESKBELL_MAX_CALLS", "1000"),
        ice_servers=_list(get("DESKBELL_ICE_SERVERS") or ""),
        drain_seconds=_whole(variables, "DESKBELL_DRAIN_SECONDS", "0", "seconds"),
        billing=billing,
        bank=read_bank(variables, is_needed=billing.payments == "nacha"),
        stripe=read_stripe(variables, is_needed=billing.payments == "stripe"),
        carriers=read_carriers(variables),
        text_server=read_text_server(variables),
        telnyx_fax=get("DESKBELL_TELNYX_FAX") or "",
        openid=read_openid(variables),
        transcripts=_transcripts(get("DESKBELL_TRANSCRIPTS") or "off"),
        staff_mfa=_is_required(get("DESKBELL_STAFF_MFA") or "optional"),
        demo=_is_demo(get("DESKBELL_DEMO") or ""),
        demo_is_large=get("DESKBELL_DEMO") == "large",
        debug=_flag(get("DESKBELL_DEBUG") or ""),
        logs_as_json=_is_json(get("DESKBELL_LOG_FORMAT") or "text"),
        secrets=load_secrets(data_dir, variables),
    )


@functools.cache
def environment() -> Environment:
    """This process's settings, read from `os.environ` at the first call."""
    return read_environment(os.environ)
