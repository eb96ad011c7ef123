"""Which of the library's services may be used: those that speak HTTP and nothing else.

The library knows well over a hundred, among them some that run programs, write files or open other
sockets. Each service here was read: it imports `requests` alone, which `wire.Requests` takes the
place of, and what would make it read files of this machine is refused in its address.
"""

from __future__ import annotations

import functools
import importlib
import logging
from collections.abc import Mapping
from typing import Any, Final

from deskbell.foundation.errors import InvalidInput

from .wire import Requests

# Module, class and schemes by the label that people know; all three are the library's.
SERVICES: Final[Mapping[str, tuple[str, str, str]]] = {
    "Better Stack": ("betterstack", "NotifyBetterStack", "betterstack"),
    "Discord": ("discord", "NotifyDiscord", "discord"),
    "Google Chat": ("google_chat", "NotifyGoogleChat", "gchat"),
    "Gotify": ("gotify", "NotifyGotify", "gotifys gotify"),
    "iLert": ("ilert", "NotifyILert", "ilert"),
    "JSON": ("custom_json", "NotifyJSON", "jsons json"),
    "Matrix": ("matrix.base", "NotifyMatrix", "matrixs matrix"),
    "Mattermost": ("mattermost", "NotifyMattermost", "mmosts mmost"),
    "Microsoft Teams": ("workflows", "NotifyWorkflows", "workflows workflow"),
    "ntfy": ("ntfy", "NotifyNtfy", "ntfys ntfy"),
    "Opsgenie": ("opsgenie", "NotifyOpsgenie", "opsgenie"),
    "PagerDuty": ("pagerduty", "NotifyPagerDuty", "pagerduty"),
    "Pushbullet": ("pushbullet", "NotifyPushBullet", "pbul"),
    "Pushover": ("pushover", "NotifyPushover", "pover"),
    "Pushsafer": ("pushsafer", "NotifyPushSafer", "psafers psafer"),
    "Rocket.Chat": ("rocketchat", "NotifyRocketChat", "rockets rocket"),
    "SIGNL4": ("signl4", "NotifySIGNL4", "signl4"),
    "Slack": ("slack", "NotifySlack", "slack"),
    "Splunk On-Call": ("splunk", "NotifySplunk", "splunk victorops"),
    "Squadcast": ("squadcast", "NotifySquadcast", "squadcast"),
    "Telegram": ("telegram", "NotifyTelegram", "tgram"),
    "Twist": ("twist", "NotifyTwist", "twist"),
    "Webex": ("webexteams", "NotifyWebexTeams", "webex wxteams"),
    "Zulip": ("zulip", "NotifyZulip", "zulip"),
}
LABELS: Final = {
    scheme: label for label, (_, _, schemes) in SERVICES.items() for scheme in schemes.split()
}
# A template is a file of this machine, or of any address that the library fetches by itself.
_REFUSED: Final = frozenset({"template", "attach", "attachment", "keyfile", "store", "config"})
_MOST_NAMED: Final = 500


class Service:
    """A service as the library knows it."""

    def __init__(self, label: str, plugin: Any) -> None:
        self.label = label
        self._plugin = plugin

    @property
    def schemes(self) -> tuple[str, ...]:
        """What its addresses begin with, as the library says."""
        found: list[str] = []
        for given in (self._plugin.secure_protocol, self._plugin.protocol):
            found += [given] if isinstance(given, str) else list(given or ())
        return tuple(found)

    @property
    def module(self) -> str:
        """The library's module that does the work."""
        return str(self._plugin.__module__)

    @property
    def example(self) -> str:
        """What its addresses look like, with names in braces for what is to be filled in."""
        return str(self._plugin.templates[0]).replace("{schema}", self.schemes[0])

    def read(self, url: str) -> dict[str, Any] | None:
        """The parts of an address of its own, or of its website; None for any other."""
        if url.lower().startswith(("https://", "http://")):
            found = self._plugin.parse_native_url(url)
        else:
            found = self._plugin.parse_url(url)
        return found if isinstance(found, dict) else None

    def made(self, parts: Mapping[str, Any]) -> Any:
        """The service ready to notify. Raises InvalidInput where the address is not complete."""
        asset = _asset()
        try:
            made = self._plugin(**{**parts, "asset": asset})
        except (TypeError, ValueError) as error:  # what the library raises for all of it
            raise InvalidInput(
                f"This address of {self.label} is not complete; it looks like {self.example}",
                field="address",
            ) from error
        made.throttle = _no_wait  # a worker's thread does not sleep: what is refused comes again
        return made


def _no_wait(*_: object, **__: object) -> None:
    """Waits for nothing."""


@functools.cache
def _asset() -> Any:
    from apprise import AppriseAsset

    return AppriseAsset(app_id="Deskbell", app_desc="Deskbell", storage_mode="memory")


@functools.cache
def service(label: str) -> Service:
    """A service by its label; the library's part for it is loaded at the first call."""
    logging.getLogger("apprise").disabled = True  # it writes addresses, which hold secrets
    name, plugin, _ = SERVICES[label]
    module = importlib.import_module(f"apprise.plugins.{name}")
    module.requests = Requests()  # type: ignore[attr-defined]  # the way out of the module
    return Service(label, getattr(module, plugin))


def read(url: str) -> tuple[Service, dict[str, Any]]:
    """The service of an address, and the address's parts. Raises InvalidInput, in words."""
    scheme = url.partition("://")[0].lower() if "://" in url else ""
    if scheme in {"http", "https"}:
        return _of_website(url)
    label = LABELS.get(scheme)
    if label is None:
        raise InvalidInput(
            f"An address of a notification service begins with one of {_possible()}"
            + (f"; not {scheme[:20]}://" if scheme.isalnum() else ""),
            field="address",
        )
    found = service(label)
    parts = found.read(url)
    if parts is None:
        raise InvalidInput(
            f"This address of {label} is not complete; it looks like {found.example}",
            field="address",
        )
    refused = _REFUSED & {name.lower() for name in {**parts, **(parts.get("qsd") or {})}}
    if refused:
        raise InvalidInput(
            f"Leave {', '.join(sorted(refused))} out of the address: files are not read here",
            field="address",
        )
    return found, parts


def host_of(made: Any) -> str:
    """The web address of the server that a service was given, if it was given one.

    Some services have a key where others have a host; that is none.
    """
    host, port = str(made.host or ""), made.port
    if not ("." in host or ":" in host or host == "localhost"):
        return ""
    literal = f"[{host}]" if ":" in host and not host.startswith("[") else host
    scheme = "https" if made.secure else "http"
    return f"{scheme}://{literal}:{port}" if port else f"{scheme}://{literal}"


def _of_website(url: str) -> tuple[Service, dict[str, Any]]:
    for found in map(service, SERVICES):
        parts = found.read(url)
        if parts is not None and not _REFUSED & set(parts.get("qsd") or {}):
            return found, parts
    raise InvalidInput(
        "That web address is none of a notification service that is known here; "
        "for a server of your own take the kind External API",
        field="address",
    )


def _possible() -> str:
    return ", ".join(f"{scheme}://" for scheme in sorted(LABELS))[:_MOST_NAMED]
