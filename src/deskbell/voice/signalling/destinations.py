"""Where a request of ours goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..offers import CodecName
from .flows import Flow


@dataclass(frozen=True, slots=True)
class Destination:
    """A peer that a call can be sent to.

    `uri` is the request URI. `host` is an IP address: names are resolved already. `flow` is a
    connection or NAT binding to use while it lasts. `username` and `password` answer a digest
    challenge. `route` are the values of Route headers, first hop first. `trunk` is the name of the
    trunk that takes the call, empty for phones and hosts: calls through trunks are counted.
    `codecs` are offered, the best first; none are all that we speak.
    """

    uri: str
    host: str
    port: int
    transport: Literal["UDP", "TCP"] = "UDP"
    flow: Flow | None = None
    username: str = ""
    password: str = ""
    route: tuple[str, ...] = ()
    domain: str = ""
    trunk: str = ""
    codecs: tuple[CodecName, ...] = ()
