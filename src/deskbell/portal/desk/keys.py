"""The keys of the desk, as its help shows them; `assets/desk_keys.ts` makes them work."""

from __future__ import annotations

from typing import Final

KEYS: Final = (
    (
        "Calls",
        (
            ("Alt+G", "Go available, or away"),
            ("Alt+A", "Answer the call that rings"),
            ("Alt+R", "Refuse it: the next receptionist is rung"),
            ("Alt+H", "Put the caller on hold, or take them off hold"),
            ("Alt+T", "Transfer: to who is on call, a contact, an extension, or any number"),
            ("Alt+P", "Pass on: leave the caller to whom you called"),
            ("Alt+J", "Join: talk all three"),
            ("Alt+B", "Back: let the other go, and talk to the caller"),
            ("Alt+X", "Hang up"),
            ("Alt+W", "Wrapped up: ready for the next call"),
            ("Alt+O", "Call out"),
        ),
    ),
    (
        "Message",
        (
            ("Alt+M", "The message's form, or another message"),
            ("Enter", "Next field"),
            ("1 to 9", "Choose, where answers stand to choose from"),
            ("Ctrl+Enter", "Send the message"),
        ),
    ),
    (
        "Around it",
        (
            ("Alt+Q", "Search the questions and answers"),
            ("Alt+L", "The line: who waits"),
            ("Alt+K, or ?", "These keys"),
            ("Escape", "Close a dialog"),
        ),
    ),
)
