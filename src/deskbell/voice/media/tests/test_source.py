"""Who is believed: the named address, a steady other one, and no stray packet."""

from __future__ import annotations

import socket

from deskbell.voice.media.datagrams import pack_address
from deskbell.voice.media.source import FALLEN_SILENT, Source


def address(host: str, port: int) -> bytes:
    return pack_address(host, port, socket.AF_INET6 if ":" in host else socket.AF_INET)


NAMED, NAT, STRANGER = (
    address("192.0.2.1", 4000),
    address("198.51.100.7", 61000),
    address("203.0.113.9", 9),
)


def test_the_named_address_is_believed_at_once() -> None:
    source = Source(NAMED, 0.0)
    assert source.admits(NAMED, 1, 10, 0.0)
    assert source.address == NAMED


def test_another_address_after_two_packets_in_a_row() -> None:
    source = Source(NAMED, 0.0)
    assert not source.admits(NAT, 1, 0xFFFF, 0.0)
    assert source.admits(NAT, 1, 0, 0.02)
    assert source.address == NAT


def test_single_packets_are_never_believed() -> None:
    source = Source(NAMED, 0.0)
    assert not source.admits(STRANGER, 5, 100, 0.0)
    assert not source.admits(STRANGER, 6, 101, 0.0)
    assert not source.admits(STRANGER, 6, 200, 0.0)
    assert source.address == b""
    assert source.admits(NAMED, 1, 1, 0.1)


def test_a_source_once_found_is_not_stolen() -> None:
    source = Source(NAMED, 0.0)
    source.admits(NAMED, 1, 1, 0.0)
    for number in range(5):
        assert not source.admits(STRANGER, 9, number, 10.0)
    assert not source.admits(STRANGER, 1, 2, FALLEN_SILENT / 2)
    assert source.admits(NAMED, 1, 2, 10.1)


def test_the_same_stream_may_move_when_its_old_place_is_silent() -> None:
    source = Source(NAMED, 0.0)
    source.admits(NAMED, 1, 1, 0.0)
    assert source.admits(NAT, 1, 40, FALLEN_SILENT)
    assert source.address == NAT
    assert not source.admits(NAMED, 1, 41, FALLEN_SILENT)


def test_a_new_stream_from_the_same_place_is_heard() -> None:
    source = Source(NAMED, 0.0)
    source.admits(NAMED, 1, 1, 0.0)
    assert source.admits(NAMED, 2, 900, 0.02)
    assert source.ssrc == 2


def test_a_source_without_a_port_is_never_sent_to() -> None:
    source = Source(NAMED, 0.0)
    for number in range(3):
        assert not source.admits(address("192.0.2.1", 0), 1, number, 0.0)
    assert source.address == b""


def test_other_ports_of_the_same_host_are_beside_it() -> None:
    for host, other in (("192.0.2.1", "192.0.2.2"), ("2001:db8::1", "2001:db8::2")):
        source = Source(address(host, 4000), 0.0)
        assert source.is_beside(address(host, 4002))
        assert not source.is_beside(address(other, 4000))
    moved = Source(NAMED, 0.0)
    moved.admits(NAT, 1, 1, 0.0)
    moved.admits(NAT, 1, 2, 0.0)
    assert moved.is_beside(address("198.51.100.7", 5))
    assert not moved.is_beside(NAMED)
