"""A transport that takes everything at once and writes down when: what the engine alone can hand
over, without any machine elsewhere."""

from __future__ import annotations

import os
import time
from pathlib import Path

from django.apps import AppConfig

from deskbell.delivery.transport import (
    Field,
    Meaning,
    Note,
    Outcome,
    Parcel,
    Reply,
    delivered,
)

FILE = "DESKBELL_BENCH_SINK"  # whose value is the file's path


class Sink:
    """Appends a line to the file for each parcel: when, in seconds since 1970, and for which."""

    kind = "sink"
    label = "Sink"
    fields: tuple[Field, ...] = ()
    has_secret = False
    has_codes = False

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)

    def check_address(self, text: str) -> str:
        return text

    def shown(self, address: str) -> str:
        return address

    def send(self, parcel: Parcel) -> Outcome:
        line = f"{time.time():.6f} {parcel.delivery_id} {parcel.message_id}\n"
        os.write(self._file, line.encode())
        return delivered("taken")

    def send_note(self, note: Note) -> Outcome:  # noqa: ARG002 - the protocol's
        return delivered("taken")

    def recall(self, parcel: Parcel, provider_id: str) -> None:
        """Nothing is ever under way."""

    def read_reply(self, text: str) -> Reply:  # noqa: ARG002 - the protocol's
        return Reply(Meaning.NOTHING)


class SinksConfig(AppConfig):
    """Adds the transport to the registry of every process that has these settings."""

    name = "peers.sinks"
    label = "bench_sinks"
    path = os.fspath(Path(__file__).parent)

    def ready(self) -> None:
        from deskbell.delivery.registry import transports

        sink = Sink(Path(os.environ[FILE]))
        transports()[sink.kind] = sink
