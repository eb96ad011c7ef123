"""What is in the way is said in one line before anything starts."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from deskbell.cli import preflight
from deskbell.cli.main import main
from deskbell.cli.preflight import CannotStart, DataLock, Port, check_ports, read_settings
from deskbell.foundation.environment import Address
from deskbell.foundation.errors import InvalidInput


def settings(folder: Path, **more: str) -> dict[str, str]:
    return {"DESKBELL_DATA_DIR": str(folder)} | more


@pytest.mark.parametrize("kind", [socket.SOCK_STREAM, socket.SOCK_DGRAM])
def test_a_taken_port_is_named_with_its_option(kind: socket.SocketKind) -> None:
    with socket.socket(socket.AF_INET, kind) as taken:
        taken.bind(("127.0.0.1", 0))
        if kind is socket.SOCK_STREAM:
            taken.listen()
        address = Address("127.0.0.1", taken.getsockname()[1])
        with pytest.raises(CannotStart, match=rf"{address} is taken .* --sip HOST:PORT"):
            check_ports([Port(address, "--sip", kind)], patient=False)
    check_ports([Port(address, "--sip", kind)], patient=False)


def test_an_address_of_another_machine_is_said() -> None:
    port = Port(Address("192.0.2.1", 8000), "--http", socket.SOCK_STREAM)
    assert port.problem() == "is not an address of this machine"


def test_every_listening_option_is_checked(tmp_path: Path) -> None:
    found = preflight.ports_of(read_settings(settings(tmp_path)))
    assert {(port.option, port.kind.name) for port in found} == {
        ("--http", "SOCK_STREAM"),
        ("--sip", "SOCK_STREAM"),
        ("--sip", "SOCK_DGRAM"),
        ("--voice-http", "SOCK_STREAM"),
    }


def test_a_data_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CannotStart, match=r"cannot be written .*--data-dir"):
        read_settings(settings(tmp_path / "file" / "var"))


@pytest.mark.parametrize("text", ["20000", "30000-20000", "80-90", "20000-99999", "a-b"])
def test_a_bad_rtp_range(tmp_path: Path, text: str) -> None:
    with pytest.raises(InvalidInput, match="DESKBELL_RTP takes FIRST-LAST"):
        read_settings(settings(tmp_path, DESKBELL_RTP=text))


def test_the_sip_port_may_not_lie_among_the_speech_ports(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match="--rtp"):
        read_settings(settings(tmp_path, DESKBELL_SIP="127.0.0.1:20002"))


def test_two_never_share_a_data_folder(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    first = DataLock(tmp_path)
    assert not first.was_left
    with pytest.raises(CannotStart, match=rf"already running .*process {os.getpid()}"):
        DataLock(tmp_path)
    first.release()
    second = DataLock(tmp_path)
    assert not second.was_left
    second.release()
    (tmp_path / "run" / "up.lock").write_text("123")  # killed, not stopped
    third = DataLock(tmp_path)
    assert third.was_left
    third.release()


def test_a_database_that_does_not_answer() -> None:
    with pytest.raises(CannotStart, match="DATABASE_URL does not let us in"):
        preflight.check_database("postgresql://127.0.0.1:1/none")


def test_a_database_that_is_too_old(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preflight, "OLDEST_POSTGRES", 99)
    with pytest.raises(CannotStart, match="Deskbell needs 99 or newer"):
        preflight.check_database(os.environ["DATABASE_URL"])


def test_a_machine_that_cannot_speak_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    preflight.check_speech()
    monkeypatch.setattr("deskbell.speech.engines", list)
    with pytest.raises(CannotStart, match=r"install Piper .* or eSpeak NG"):
        preflight.check_speech()


def test_one_line_and_code_two(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()
    assert main(["up", "--data-dir", str(tmp_path / "file" / "var")]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("deskbell: the data folder ")
    assert said.err.count("\n") == 1
