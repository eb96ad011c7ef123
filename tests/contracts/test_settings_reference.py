"""The reference of settings names every variable, option and command there is, and no others."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from deskbell.cli import main
from deskbell.foundation.environment import read_environment

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "reference" / "settings.md").read_text()
VARIABLE = re.compile(r"\b(?:DESKBELL_[A-Z_]*[A-Z]|DATABASE_URL|NO_COLOR)\b")
ROW = re.compile(r"^\| `([A-Z_]+)` \| (?:`(--[a-z-]+)`)? ?\| ([^|]*)\|", re.MULTILINE)


def documented() -> dict[str, tuple[str, str]]:
    """Option and default of every variable in the page's tables, as written there."""
    return {name: (option, default.strip(" `")) for name, option, default in ROW.findall(PAGE)}


def read_somewhere() -> set[str]:
    """Every variable that the program or the sh script in front of it names in its code."""
    sources = [ROOT / "deskbell", *(ROOT / "src").rglob("*.py")]
    found: set[str] = set()
    for path in sources:
        if "tests" not in path.parts:
            found |= set(VARIABLE.findall(path.read_text()))
    return found


def test_every_variable_is_documented_and_no_other() -> None:
    assert set(documented()) == read_somewhere()


def test_every_option_of_up_stands_beside_its_variable() -> None:
    options = {variable: option for option, variable, _, _ in main.UP_OPTIONS}
    options["DESKBELL_DEMO"] = "--demo"
    assert {name: option for name, (option, _) in documented().items() if option} == options


def test_defaults_are_what_a_process_reads_from_nothing(tmp_path: Path) -> None:
    found = read_environment({"DESKBELL_DATA_DIR": str(tmp_path)})
    rtp = f"{found.rtp.first}-{found.rtp.last}"
    expected = {
        "DESKBELL_HTTP": str(found.http),
        "DESKBELL_PUBLIC_URL": found.public_url,
        "DESKBELL_SIP": str(found.sip),
        "DESKBELL_RTP": rtp,
        "DESKBELL_VOICE_HTTP": str(found.voice_http),
        "DESKBELL_TRUNKS": ",".join(found.trunks),
        "DESKBELL_VOICE_URLS": ",".join(found.voice_urls),
        "DESKBELL_SIP_DOMAIN": found.sip_domain,
        "DESKBELL_SIP_PROXY": found.sip_proxy,
        "DESKBELL_SIP_HOSTS": ",".join(found.sip_hosts),
        "DESKBELL_DIAL_PREFIXES": ",".join(found.dial_prefixes),
        "DESKBELL_CALLS_OUT": str(found.calls_out),
        "DESKBELL_MAX_CALLS": str(found.max_calls),
        "DESKBELL_EMAIL_URL": found.email_url,
        "DESKBELL_EMAIL_FROM": found.email_from,
        "DESKBELL_PRIVATE_HOSTS": ",".join(found.private_hosts),
    }
    assert {name: documented()[name][1] for name in expected} == expected


def test_every_command_is_documented_and_no_other() -> None:
    commands = PAGE.partition("## Commands")[2]
    named = re.findall(r"^\| `([a-z-]+)` \|", commands, re.MULTILINE)
    [choices] = [
        set(action.choices or ())
        for action in main._parser()._actions
        if isinstance(action, argparse._SubParsersAction)
    ]
    assert set(named) == choices
