"""Who takes our mails: a mail server, or a service with an API, by one URL.

`DESKBELL_EMAIL_URL` names it: `smtp+tls://user:password@mail.example.com:587` or, through
django-anymail, `postmark://TOKEN`, `mailgun://KEY@mg.example.com?region=eu` and so on. Pure:
it makes Django's settings and needs nothing of Django.
Source: https://anymail.dev/en/stable/esps/
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

from .errors import InvalidInput

NAME: Final = "DESKBELL_EMAIL_URL"
_SMTP: Final = ("smtp", "smtp+tls", "smtps")
# What a request may take: to connect, and for each part of the answer.
_SECONDS: Final = (5, 8)


@dataclass(frozen=True, slots=True)
class Service:
    """A service: what its URL holds, as names of django-anymail's settings.

    The URL is `name://first:second@host`; `options` may follow it, and `regions` are the addresses
    of its API by `?region=`. `reports` is the view of django-anymail's that reads what it reports.
    `signs` is the option without which reports come unsigned; one that always signs `is_signed`.
    """

    title: str
    first: str
    second: str = ""
    host: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    regions: Mapping[str, str] = field(default_factory=dict)
    signs: str = ""
    is_signed: bool = False
    reports: str = ""


SERVICES: Final[Mapping[str, Service]] = {
    "brevo": Service("Brevo", "API_KEY", reports="brevo.BrevoTrackingWebhookView"),
    "mailersend": Service(
        "MailerSend",
        "API_TOKEN",
        options={"signing_secret": "SIGNING_SECRET"},
        signs="signing_secret",
        reports="mailersend.MailerSendTrackingWebhookView",
    ),
    "mailgun": Service(
        "Mailgun",
        "API_KEY",
        host="SENDER_DOMAIN",
        options={"signing_key": "WEBHOOK_SIGNING_KEY"},
        regions={"us": "https://api.mailgun.net/v3", "eu": "https://api.eu.mailgun.net/v3"},
        is_signed=True,
        reports="mailgun.MailgunTrackingWebhookView",
    ),
    "mailjet": Service(
        "Mailjet", "API_KEY", second="SECRET_KEY", reports="mailjet.MailjetTrackingWebhookView"
    ),
    "mailtrap": Service(
        "Mailtrap",
        "API_TOKEN",
        options={"tracking_secret": "TRACKING_SECRET"},
        signs="tracking_secret",
        reports="mailtrap.MailtrapTrackingWebhookView",
    ),
    "mandrill": Service("Mandrill", "API_KEY"),
    "postal": Service("Postal", "API_KEY", host="API_URL"),
    "postmark": Service(
        "Postmark",
        "SERVER_TOKEN",
        options={"stream": "MESSAGE_STREAM"},
        reports="postmark.PostmarkTrackingWebhookView",
    ),
    "resend": Service("Resend", "API_KEY", reports="resend.ResendTrackingWebhookView"),
    "scaleway": Service("Scaleway", "SECRET_KEY", host="PROJECT_ID", options={"region": "REGION"}),
    "sendgrid": Service(
        "SendGrid",
        "API_KEY",
        options={"verification_key": "TRACKING_WEBHOOK_VERIFICATION_KEY"},
        signs="verification_key",
        reports="sendgrid.SendGridTrackingWebhookView",
    ),
    "sparkpost": Service(
        "SparkPost",
        "API_KEY",
        regions={
            "us": "https://api.sparkpost.com/api/v1",
            "eu": "https://api.eu.sparkpost.com/api/v1",
        },
        reports="sparkpost.SparkPostTrackingWebhookView",
    ),
}


def settings_of(url: str, *, report_secret: str = "") -> dict[str, Any]:
    """Django's email settings for a URL; `report_secret` (`user:password`) guards what services
    report to us.

    Raises InvalidInput, in words, for a URL that names nobody or lacks what its service needs.
    """
    if report_secret and ":" not in report_secret:
        raise InvalidInput("DESKBELL_EMAIL_REPORT_SECRET takes user:password")
    scheme = url.partition("://")[0].lower()
    if scheme in _SMTP:
        return _smtp(url)
    if scheme == "ses":
        raise InvalidInput(
            f"{NAME}: Amazon SES is reached by its SMTP, as "
            "smtp+tls://user:password@email-smtp.eu-west-1.amazonaws.com:587"
        )
    if scheme not in SERVICES:
        names = ", ".join((*_SMTP, *SERVICES))
        raise InvalidInput(f"{NAME} starts with one of {names} and ://; not {scheme!r}")
    return _service(scheme, SERVICES[scheme], url, report_secret)


def _smtp(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_SERVICE": "",
        "EMAIL_REPORTS": "",
        "EMAIL_HOST": parts.hostname or "127.0.0.1",
        "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 25),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
    }


def _service(name: str, service: Service, url: str, report_secret: str) -> dict[str, Any]:
    prefix = name.upper()
    given = {f"{prefix}_{key}": value for key, value in _given(name, service, url).items()}
    anymail: dict[str, Any] = {
        **given,
        "REQUESTS_TIMEOUT": _SECONDS,
        "IGNORE_UNSUPPORTED_FEATURES": True,
        "SEND_DEFAULTS": {"track_opens": False, "track_clicks": False},
    }
    if report_secret:
        anymail["WEBHOOK_SECRET"] = report_secret
    return {
        "EMAIL_BACKEND": f"anymail.backends.{name}.EmailBackend",
        "EMAIL_SERVICE": name,
        "EMAIL_REPORTS": service.reports if _is_sure(service, given, name, report_secret) else "",
        "ANYMAIL": anymail,
    }


def _given(name: str, service: Service, url: str) -> dict[str, str]:
    """What the URL says, by the setting that it goes to."""
    parts = urlsplit(url)  # a token keeps its capitals in `netloc` alone
    before, _, host = parts.netloc.rpartition("@") if service.host else (parts.netloc, "", "")
    first, _, second = before.partition(":")
    asked = {
        service.first: unquote(first),
        service.second: unquote(second),
        service.host: unquote(host),
    }
    asked.pop("", None)
    if not all(asked.values()):
        raise InvalidInput(f"{NAME}: {service.title} takes {shape(name)}")
    if name == "postal":
        asked["API_URL"] = f"https://{host}/api/v1"
    return asked | _options(name, service, parts.query)


def _options(name: str, service: Service, query: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for option, values in parse_qs(query).items():
        value = values[-1]
        if option == "api_url":
            found["API_URL"] = value
        elif option == "region" and service.regions:
            if value not in service.regions:
                regions = ", ".join(service.regions)
                raise InvalidInput(f"{NAME}: a region of {service.title} is one of {regions}")
            found["API_URL"] = service.regions[value]
        elif option in service.options:
            found[service.options[option]] = value
        else:
            raise InvalidInput(f"{NAME}: {service.title} has no {option!r}; it takes {shape(name)}")
    return found


def shape(name: str) -> str:
    """What the URL of a service looks like, for people: `mailgun://API_KEY@SENDER_DOMAIN?region=`"""
    service = SERVICES[name]
    before = service.first + (f":{service.second}" if service.second else "")
    host = {"": "", "API_URL": "@HOST"}.get(service.host, f"@{service.host}")
    options = [*service.options, *(["region"] if service.regions else [])]
    return f"{name}://{before}{host}" + "".join(
        f"{'&' if number else '?'}{option}=" for number, option in enumerate(options)
    )


def _is_sure(service: Service, given: Mapping[str, str], name: str, report_secret: str) -> bool:
    """Whether what the service reports to us can be known as its own."""
    signing = service.options.get(service.signs, "")
    return bool(report_secret) or service.is_signed or f"{name.upper()}_{signing}" in given
