"""Who takes our mails, by one URL."""

from __future__ import annotations

from typing import Any

import pytest

from deskbell.foundation import mailers
from deskbell.foundation.errors import InvalidInput

SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://127.0.0.1:2525", {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": 2525}),
        ("smtp://mail.example.com", {"EMAIL_PORT": 25, "EMAIL_USE_TLS": False}),
        ("smtps://mail.example.com", {"EMAIL_PORT": 465, "EMAIL_USE_SSL": True}),
        (
            "smtp+tls://me:p%40ss@mail.example.com:587",
            {"EMAIL_HOST_USER": "me", "EMAIL_HOST_PASSWORD": "p@ss", "EMAIL_USE_TLS": True},
        ),
    ],
)
def test_a_mail_server(url: str, expected: dict[str, Any]) -> None:
    found = mailers.settings_of(url)
    assert found.items() >= {"EMAIL_BACKEND": SMTP, "EMAIL_SERVICE": "", **expected}.items()


@pytest.mark.parametrize(
    ("url", "service", "expected"),
    [
        ("postmark://aB-9", "postmark", {"POSTMARK_SERVER_TOKEN": "aB-9"}),
        ("postmark://T?stream=calls", "postmark", {"POSTMARK_MESSAGE_STREAM": "calls"}),
        (
            "mailgun://Key-1@MG.example.com?region=eu&signing_key=S",
            "mailgun",
            {
                "MAILGUN_API_KEY": "Key-1",
                "MAILGUN_SENDER_DOMAIN": "MG.example.com",
                "MAILGUN_API_URL": "https://api.eu.mailgun.net/v3",
                "MAILGUN_WEBHOOK_SIGNING_KEY": "S",
            },
        ),
        ("sendgrid://SG.a%2Fb", "sendgrid", {"SENDGRID_API_KEY": "SG.a/b"}),
        ("brevo://xkeysib-1", "brevo", {"BREVO_API_KEY": "xkeysib-1"}),
        ("mailjet://K:S", "mailjet", {"MAILJET_API_KEY": "K", "MAILJET_SECRET_KEY": "S"}),
        ("resend://re_1", "resend", {"RESEND_API_KEY": "re_1"}),
        (
            "postal://K@postal.example.com",
            "postal",
            {"POSTAL_API_KEY": "K", "POSTAL_API_URL": "https://postal.example.com/api/v1"},
        ),
        (
            "scaleway://S@project-1?region=nl-ams",
            "scaleway",
            {"SCALEWAY_PROJECT_ID": "project-1", "SCALEWAY_REGION": "nl-ams"},
        ),
    ],
)
def test_a_service(url: str, service: str, expected: dict[str, Any]) -> None:
    found = mailers.settings_of(url)
    assert found["EMAIL_BACKEND"] == f"anymail.backends.{service}.EmailBackend"
    assert found["ANYMAIL"].items() >= expected.items()


# django-anymail cannot test SendGrid any more, and says so; its code is there and works.
@pytest.mark.filterwarnings("ignore:django-anymail has dropped official support")
@pytest.mark.parametrize("name", mailers.SERVICES)
def test_each_service_can_be_loaded_with_what_its_url_gives(name: str, settings: Any) -> None:
    from django.core.mail import get_connection

    url = mailers.shape(name).partition("?")[0]
    for setting, value in mailers.settings_of(url).items():
        setattr(settings, setting, value)
    connection = get_connection()
    assert mailers.SERVICES[name].title == getattr(connection, "esp_name", "")


@pytest.mark.filterwarnings("ignore:django-anymail has dropped official support")
@pytest.mark.parametrize(
    "name", [name for name in mailers.SERVICES if mailers.SERVICES[name].reports]
)
def test_the_view_that_reads_a_services_reports_is_there(name: str, settings: Any) -> None:
    from django.utils.module_loading import import_string

    service = mailers.SERVICES[name]
    url = mailers.shape(name).partition("?")[0]
    signed = f"{url}?{service.signs}=" if service.signs else url
    if service.signs and name != "sendgrid":  # whose key must be a real one
        url = f"{signed}secret"
    found = mailers.settings_of(url, report_secret="bell:secret")
    settings.ANYMAIL = found["ANYMAIL"]
    import_string(f"anymail.webhooks.{found['EMAIL_REPORTS']}")()


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("gmail://me", "starts with one of smtp"),
        ("mail.example.com:25", "starts with one of smtp"),
        ("postmark://", "Postmark takes postmark://SERVER_TOKEN"),
        ("mailgun://KEY", r"Mailgun takes mailgun://API_KEY@SENDER_DOMAIN\?signing_key=&region="),
        ("mailgun://KEY@mg.example.com?region=moon", "a region of Mailgun is one of us, eu"),
        ("brevo://KEY?colour=red", "Brevo has no 'colour'"),
        ("ses://key", "Amazon SES is reached by its SMTP"),
    ],
)
def test_what_names_nobody_is_refused_in_words(url: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        mailers.settings_of(url)


def test_reports_are_heard_only_where_they_can_be_known() -> None:
    assert mailers.settings_of("postmark://T")["EMAIL_REPORTS"] == ""
    assert mailers.settings_of("postmark://T", report_secret="a:b")["EMAIL_REPORTS"]
    assert mailers.settings_of("mailgun://K@d")["EMAIL_REPORTS"]
    assert mailers.settings_of("mailersend://T")["EMAIL_REPORTS"] == ""
    assert mailers.settings_of("mailersend://T?signing_secret=S")["EMAIL_REPORTS"]
    with pytest.raises(InvalidInput, match="takes user:password"):
        mailers.settings_of("postmark://T", report_secret="secret")
