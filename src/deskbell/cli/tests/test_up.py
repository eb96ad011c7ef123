"""What children are told, and what the person is shown."""

from __future__ import annotations

import json
from pathlib import Path

from deskbell.cli import health, preflight, up, welcome
from deskbell.foundation.environment import Address, read_environment


def test_children_read_the_same_settings(tmp_path: Path) -> None:
    given = {
        "DESKBELL_DATA_DIR": str(tmp_path),
        "DESKBELL_HTTP": "127.0.0.1:8001",
        "DESKBELL_SIP": "[::1]:5070",
        "DESKBELL_RTP": "30000-30100",
        "DESKBELL_DEMO": "yes",
        "DESKBELL_PRIVATE_HOSTS": "10.0.0.9:80",
    }
    ours = preflight.read_settings(given)
    told = up.child_variables(ours, mail_port=2525)
    theirs = read_environment(told)
    assert (theirs.http, theirs.sip, theirs.rtp) == (ours.http, ours.sip, ours.rtp)
    assert theirs.secrets == ours.secrets
    assert theirs.private_hosts == {"10.0.0.9:80", "127.0.0.1:8001", "localhost:8001"}
    assert theirs.email_url == "smtp://127.0.0.1:2525"
    assert theirs.text_server is not None
    assert theirs.text_server.url == "http://127.0.0.1:8001/demo/handset"


def test_with_a_carrier_texts_of_the_demo_are_sent(tmp_path: Path) -> None:
    given = {"DESKBELL_DATA_DIR": str(tmp_path), "DESKBELL_DEMO": "1", "DESKBELL_TWILIO": "AC1:t"}
    assert "DESKBELL_TEXTS" not in up.child_variables(preflight.read_settings(given), mail_port=0)


def test_without_the_demo_nothing_private_is_reachable(tmp_path: Path) -> None:
    ours = preflight.read_settings({"DESKBELL_DATA_DIR": str(tmp_path)})
    told = up.child_variables(ours, mail_port=0)
    assert "DESKBELL_PRIVATE_HOSTS" not in told
    assert "DESKBELL_EMAIL_URL" not in told
    assert not read_environment(told).demo


def test_an_address_for_all_is_asked_at_loopback() -> None:
    assert str(health.reachable(Address("0.0.0.0", 8000))) == "127.0.0.1:8000"
    assert str(health.reachable(Address("192.0.2.7", 8000))) == "192.0.2.7:8000"


def test_the_box_says_where_to_look_and_how_to_sign_in(tmp_path: Path) -> None:
    settings = preflight.read_settings({"DESKBELL_DATA_DIR": str(tmp_path), "DESKBELL_DEMO": "1"})
    user = {"name": "alice", "email": "alice@example.com", "password": "Pass-1", "role": "BG_ADMIN"}
    account = {"number": "W0411", "name": "Acme Dental", "numbers": [], "users": [user]}
    phone = {"name": "rita", "username": "staff-rita", "password": "Phone-1"}
    staff = [user | {"phones": [phone]}]
    (tmp_path / "demo.json").write_text(json.dumps({"accounts": [account], "staff": staff}))
    text = welcome.text(settings, with_mail=True, with_handset=True)
    parts = ("Deskbell is ready", "http://localhost:8000", "W0411 Acme Dental", "Ctrl-C")
    for part in (*parts, "/demo/handset", "staff-rita", "rings for rita's desk"):
        assert part in text
    assert text.count("alice@example.com") == 2
    lines = text.strip().split("\n")
    assert len({len(line) for line in lines}) == 1
