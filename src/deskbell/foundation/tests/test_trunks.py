"""Peers, networks and prefixes: what is read, and what is said of what is not."""

from __future__ import annotations

import ipaddress

import pytest

from deskbell.foundation.errors import InvalidInput
from deskbell.foundation.trunks import Peer, read_network, read_peer, read_prefix


@pytest.mark.parametrize(
    ("text", "peer", "shown"),
    [
        ("sip.example.com", Peer("sip.example.com"), "sip.example.com:5060"),
        ("sip:192.0.2.1:5070", Peer("192.0.2.1", 5070), "192.0.2.1:5070"),
        ("a.example;transport=TCP", Peer("a.example", 5060, "TCP"), "a.example:5060;transport=tcp"),
        ("[2001:db8::1]:5062", Peer("2001:db8::1", 5062), "[2001:db8::1]:5062"),
    ],
)
def test_peers(text: str, peer: Peer, shown: str) -> None:
    assert read_peer(text) == peer
    assert str(peer) == shown
    assert read_peer(shown) == peer


@pytest.mark.parametrize(
    "text",
    ["", "a b", "a:0", "a:70000", "a;transport=tls", "a\r\nX: y", "u@a.example", "2001:db8::1"],
)
def test_what_is_no_peer(text: str) -> None:
    with pytest.raises(InvalidInput):
        read_peer(text)


def test_networks_and_prefixes() -> None:
    assert read_network("this-machine") is None
    assert read_network("192.0.2.7/24") == ipaddress.ip_network("192.0.2.0/24")
    assert [read_prefix(text) for text in ("+", "+1", "+4989")] == ["+", "+1", "+4989"]
    for wrong in ("", "1", "+a", "+1234567890123456", "++1"):
        with pytest.raises(InvalidInput):
            read_prefix(wrong)
    with pytest.raises(InvalidInput):
        read_network("example.com")
