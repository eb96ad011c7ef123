"""Providers of OpenID Connect, as the settings name them."""

from __future__ import annotations

import pytest

from deskbell.foundation.errors import InvalidInput
from deskbell.foundation.openid import GOOGLE, read_openid

OWN_GOOGLE = {"DESKBELL_GOOGLE_CLIENT_ID": "id", "DESKBELL_GOOGLE_CLIENT_SECRET": "secret"}
OTHER = {
    "DESKBELL_OPENID_NAME": "Example ID",
    "DESKBELL_OPENID_SERVER": "https://id.example.net/realms/company/",
    "DESKBELL_OPENID_CLIENT_ID": "deskbell",
    "DESKBELL_OPENID_CLIENT_SECRET": "hidden",
}


def test_nobody_else_confirms_sign_ins_unless_the_settings_say_so() -> None:
    assert read_openid({}) == ()
    assert read_openid(dict.fromkeys((*OWN_GOOGLE, *OTHER), "")) == ()


def test_google_and_another_one() -> None:
    google, other = read_openid(OWN_GOOGLE | OTHER)
    assert (google.slug, google.name, google.server) == ("google", "Google", GOOGLE)
    assert (other.slug, other.name) == ("openid", "Example ID")
    assert other.server == "https://id.example.net/realms/company"


@pytest.mark.parametrize("missing", [*OWN_GOOGLE, *OTHER])
def test_what_is_missing_is_named(missing: str) -> None:
    with pytest.raises(InvalidInput, match=missing):
        read_openid(
            {name: value for name, value in (OWN_GOOGLE | OTHER).items() if name != missing}
        )


@pytest.mark.parametrize(
    "server", ["id.example.net", "http://id.example.net", "ftp://id.example.net", "https://", "x"]
)
def test_a_server_is_asked_over_tls(server: str) -> None:
    with pytest.raises(InvalidInput, match="DESKBELL_OPENID_SERVER"):
        read_openid(OTHER | {"DESKBELL_OPENID_SERVER": server})


def test_this_machine_may_be_asked_without() -> None:
    [found] = read_openid(OTHER | {"DESKBELL_OPENID_SERVER": "http://127.0.0.1:9400"})
    assert found.server == "http://127.0.0.1:9400"


def test_a_secret_is_in_no_log() -> None:
    assert "hidden" not in repr(read_openid(OTHER))
