"""The settings of one process, read once from `DESKBELL_*` variables.

The gateway has no Django, so both it and `config.settings` read from here. `./deskbell up`
passes the same variables to every process it starts.
"""

from __future__ import annotations

import functools
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .carriers import CarrierKeys, read_carriers
from .errors import InvalidInput

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
    """The deployment's own keys; made at the first start and kept in the data folder."""

    django: str
    voice: str
    account_sid: str


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
    trunks: tuple[str, ...]
    private_hosts: frozenset[str]
    max_calls: int
    carriers: Mapping[str, CarrierKeys]
    demo: bool
    debug: bool
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
    )
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        content = {"django": found.django, "voice": found.voice, "account_sid": found.account_sid}
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


def read_environment(variables: Mapping[str, str]) -> Environment:
    """Builds the settings from `variables` (normally `os.environ`).

    Creates the data folder and its secrets where they are missing. Raises InvalidInput for a
    value that cannot be read, naming the variable.
    """
    get = variables.get
    data_dir = Path(get("DESKBELL_DATA_DIR") or ROOT / "var").resolve()
    http = Address.parse(get("DESKBELL_HTTP") or "127.0.0.1:8000", name="DESKBELL_HTTP")
    max_calls = get("DESKBELL_MAX_CALLS") or "1000"
    if not max_calls.isdigit():
        raise InvalidInput(f"DESKBELL_MAX_CALLS takes a number of calls; not {max_calls!r}")
    return Environment(
        data_dir=data_dir,
        http=http,
        sip=Address.parse(get("DESKBELL_SIP") or "127.0.0.1:5060", name="DESKBELL_SIP"),
        voice_http=Address.parse(
            get("DESKBELL_VOICE_HTTP") or "127.0.0.1:8070", name="DESKBELL_VOICE_HTTP"
        ),
        rtp=PortRange.parse(get("DESKBELL_RTP") or "20000-39999", name="DESKBELL_RTP"),
        database_url=get("DATABASE_URL") or "",
        public_url=(get("DESKBELL_PUBLIC_URL") or public_url_of(http)).rstrip("/"),
        email_url=get("DESKBELL_EMAIL_URL") or "smtp://127.0.0.1:25",
        email_from=get("DESKBELL_EMAIL_FROM") or "Deskbell <deskbell@localhost>",
        trunks=_list(get("DESKBELL_TRUNKS") or "this-machine"),
        private_hosts=frozenset(_list(get("DESKBELL_PRIVATE_HOSTS") or "")),
        max_calls=int(max_calls),
        carriers=read_carriers(variables),
        demo=_flag(get("DESKBELL_DEMO") or ""),
        debug=_flag(get("DESKBELL_DEBUG") or ""),
        secrets=load_secrets(data_dir, variables),
    )


@functools.cache
def environment() -> Environment:
    """This process's settings, read from `os.environ` at the first call."""
    return read_environment(os.environ)
