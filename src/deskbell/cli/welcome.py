"""What `up` prints when all is ready: where to look, how to sign in, how to stop."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from deskbell.foundation.environment import Environment

MAILBOX_PATH = "/demo/mailbox"
HANDSET_PATH = "/demo/handset"


def text(settings: Environment, *, with_mail: bool, with_handset: bool = False) -> str:
    """The box of lines to print."""
    lines = ["Deskbell is ready", ""]
    lines.append(f"Pages      {settings.public_url}")
    lines.append(f"Telephone  sip:NUMBER@{settings.sip}")
    if with_mail:
        lines.append(f"Mailbox    {settings.public_url}{MAILBOX_PATH}")
    if with_handset:
        lines.append(f"Handset    {settings.public_url}{HANDSET_PATH}")
    if settings.demo:
        lines += _demo_lines(settings.data_dir / "demo.json", str(settings.sip))
    lines += ["", "Ctrl-C stops everything."]
    return "\n" + framed(lines) + "\n"


def framed(lines: list[str]) -> str:
    """`lines` in a frame as wide as the longest."""
    width = max(map(len, lines))
    middle = [f"│ {line:<{width}} │" for line in lines]
    rule = "─" * (width + 2)
    return "\n".join([f"╭{rule}╮", *middle, f"╰{rule}╯"])


def _demo_lines(path: Path, sip: str) -> list[str]:
    demo: dict[str, Any] = {}
    with suppress(OSError, ValueError):
        demo = json.loads(path.read_text())
    lines: list[str] = []
    for account in demo.get("accounts", []):
        numbers = ", ".join(
            number["number"] for number in account.get("numbers", []) if not number["is_extension"]
        )
        lines += ["", f"{account['number']} {account['name']}: {numbers}"]
        lines += [_sign_in(user) for user in account.get("users", [])]
        if account.get("phones"):
            lines.append(_where_phones_register(sip))
            lines += [_phone(phone, phone["extension"]) for phone in account["phones"]]
    return lines + _staff_lines(demo.get("staff", []), sip)


def _staff_lines(staff: list[dict[str, Any]], sip: str) -> list[str]:
    if not staff:
        return []
    phones = [phone for user in staff for phone in user.get("phones", [])]
    return [
        "",
        "Staff",
        *(_sign_in(user) for user in staff),
        *([_where_phones_register(sip)] if phones else []),
        *(_phone(phone, f"{phone['name']}'s desk") for phone in phones),
    ]


def _where_phones_register(sip: str) -> str:
    return f"  SIP phones, which register at {sip}:"


def _sign_in(user: dict[str, Any]) -> str:
    return f"  {user['email']:<28} {user['password']:<20} {user['role']}"


def _phone(phone: dict[str, Any], rings_for: str) -> str:
    return f"  {phone['username']:<28} {phone['password']:<20} rings for {rings_for}"
