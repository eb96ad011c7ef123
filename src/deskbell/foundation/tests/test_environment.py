"""What a process is told from outside, and what it says when it was told nonsense."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from deskbell.foundation.environment import Address, public_url_of, read_environment
from deskbell.foundation.errors import InvalidInput


def test_defaults_are_the_readme_s(tmp_path: Path) -> None:
    found = read_environment({"DESKBELL_DATA_DIR": str(tmp_path)})
    assert str(found.http) == "127.0.0.1:8000"
    assert found.public_url == "http://localhost:8000"
    assert str(found.sip) == "127.0.0.1:5060"
    assert str(found.voice_http) == "127.0.0.1:8070"
    assert (found.rtp.first, found.rtp.last) == (20000, 39999)
    assert not found.demo


def test_secrets_are_made_once_and_only_the_owner_reads_them(tmp_path: Path) -> None:
    first = read_environment({"DESKBELL_DATA_DIR": str(tmp_path)}).secrets
    assert read_environment({"DESKBELL_DATA_DIR": str(tmp_path)}).secrets == first
    assert (tmp_path / "secrets.json").stat().st_mode & 0o077 == 0


def test_secrets_of_an_older_version_get_a_vault_that_stays_the_same(tmp_path: Path) -> None:
    (tmp_path / "secrets.json").write_text('{"django": "d", "voice": "v", "account_sid": "AC"}')
    first = read_environment({"DESKBELL_DATA_DIR": str(tmp_path)}).secrets.vault
    assert read_environment({"DESKBELL_DATA_DIR": str(tmp_path)}).secrets.vault == first
    assert len(base64.urlsafe_b64decode(first)) == 32


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DESKBELL_HTTP", "8000"),
        ("DESKBELL_SIP", "localhost:"),
        ("DESKBELL_HTTP", "localhost:70000"),
        ("DESKBELL_RTP", "20000"),
        ("DESKBELL_RTP", "30000-20000"),
        ("DESKBELL_RTP", "80-90"),
        ("DESKBELL_MAX_CALLS", "many"),
        ("DESKBELL_CALLS_OUT", "-1"),
        ("DESKBELL_DIAL_PREFIXES", "1"),
        ("DESKBELL_SIP_PROXY", "a proxy"),
        ("DESKBELL_TRANSCRIPTS", "yes"),
    ],
)
def test_nonsense_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(InvalidInput, match=name):
        read_environment({"DESKBELL_DATA_DIR": str(tmp_path), name: value})


def test_addresses_of_the_sixth_version() -> None:
    address = Address.parse("[::1]:8000", name="x")
    assert (address.host, address.port, str(address)) == ("::1", 8000, "[::1]:8000")
    assert public_url_of(address) == "http://localhost:8000"
