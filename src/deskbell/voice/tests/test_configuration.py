"""Configuration and prompts: what is kept, what is refused, what survives."""

from __future__ import annotations

import asyncio
import json
import logging
from pathlib import Path

import pytest

from deskbell.foundation.errors import InvalidInput, Unreachable
from deskbell.voice.configuration import ConfigurationKeeper, read_configuration
from deskbell.voice.prompts import PromptStore, prompt_name
from deskbell.voice.signalling.flows import local_host_towards
from deskbell.voice.tests.stage import SECRET, WebSide, free_port, staged, until
from deskbell.voice.web import WebSide as Client

GOOD = {
    "trunks": [{"name": "carrier", "addresses": ["192.0.2.0/24", "2001:db8::/32", "127.0.0.1"]}],
    "caps": {"calls": 5},
    "prompts": [],
    "incoming": "http://web/voice/incoming",
    "status_callback": "",
    "account_sid": "AC1",
}


@pytest.mark.parametrize(
    ("host", "trunk"),
    [
        ("192.0.2.77", "carrier"),
        ("::ffff:192.0.2.77", "carrier"),
        ("2001:db8::1", "carrier"),
        ("127.0.0.1", "carrier"),
        ("198.51.100.1", None),
        ("fe80::1%eth0", None),
        ("no address", None),
    ],
)
def test_which_trunk_a_peer_belongs_to(host: str, trunk: str | None) -> None:
    assert read_configuration(json.dumps(GOOD).encode()).trunk_of(host) == trunk


def test_this_machine_is_every_address_of_its_own() -> None:
    trunks = [{"name": "local", "addresses": ["this-machine"]}]
    found = read_configuration(json.dumps(GOOD | {"trunks": trunks}).encode())
    own = local_host_towards("192.0.2.1", bound="0.0.0.0")
    assert {found.trunk_of(host) for host in ("127.0.0.1", "127.0.0.9", "::1", own)} == {"local"}
    assert found.trunk_of("192.0.2.77") is None


def test_what_an_older_web_side_leaves_out_allows_nothing() -> None:
    found = read_configuration(json.dumps(GOOD).encode())
    assert not any([found.phones, found.accounts, found.proxy, found.sip_hosts])
    assert found.limits_of("AC1").prefixes == ()
    assert found.limits_of("AC1").calls_out == 0
    assert [trunk.address for trunk in found.trunks] == [None]


def test_secrets_of_a_configuration_are_not_shown() -> None:
    trunk = {"name": "x", "addresses": [], "outgoing": "a.example", "password": "sesame"}
    phone = {"username": "x", "account": "AC1", "ha1": {"MD5": "0123abcd"}}
    found = read_configuration(json.dumps(GOOD | {"trunks": [trunk], "phones": [phone]}).encode())
    assert found.trunks[0].password == "sesame"
    assert "sesame" not in repr(found)
    assert "0123abcd" not in repr(found)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        json.dumps(GOOD | {"caps": 5}).encode(),
        json.dumps(GOOD | {"phones": [{"username": "x"}]}).encode(),
        json.dumps(GOOD | {"limits": {"prefixes": ["1"]}}).encode(),
        json.dumps(GOOD | {"proxy": "a b"}).encode(),
        json.dumps(GOOD | {"trunks": [{"name": "x", "addresses": [], "codecs": ["MP3"]}]}).encode(),
        json.dumps(GOOD | {"trunks": [{"name": "x", "addresses": ["nowhere"]}]}).encode(),
    ],
)
def test_a_configuration_that_cannot_be_read(data: bytes) -> None:
    with pytest.raises(InvalidInput):
        read_configuration(data)


def test_changes_arrive_and_bring_their_prompts(tmp_path: Path) -> None:
    async def play() -> None:
        async with staged(tmp_path, poll_seconds=0.05) as stage:
            await until(lambda: stage.web.configuration_asked > 2)
            clip, url = stage.web.add_prompt("new")
            path = tmp_path / "voice" / "prompts" / prompt_name(url)
            await until(path.exists)
            await until(lambda: path.read_bytes() == clip)
            stage.web.max_calls = -1  # no integer that makes sense, but one that can be read
            await until(lambda: getattr(stage.gateway.keeper.present, "max_calls", 0) == -1)

    asyncio.run(play())


def test_a_prompt_is_what_its_name_says(tmp_path: Path) -> None:
    async def play() -> None:
        side = WebSide(free_port())
        await side.start()
        client = Client(SECRET)
        store = PromptStore(client, tmp_path, f"{side.url}/voice/prompts")
        clip, url = side.add_prompt("one")
        name = prompt_name(url)
        side.prompts["0" * 64] = b"not what the name says"
        with pytest.raises(Unreachable, match="not the content"):
            await store.get("0" * 64)
        with pytest.raises(Unreachable, match="404"):
            await store.get("1" * 64)
        assert await store.get(name) == clip
        await side.stop()
        again = PromptStore(client, tmp_path, f"{side.url}/voice/prompts")
        assert await again.get(name) == clip, "it is on disk"
        (tmp_path / name).write_bytes(b"spoilt")
        with pytest.raises(Unreachable):
            await PromptStore(client, tmp_path, f"{side.url}/voice/prompts").get(name)
        await client.close()
        assert side.unsigned == []

    asyncio.run(play())


def test_waiting_for_the_web_side_is_news_once_and_no_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "deskbell.voice.configuration.keeper")

    def said() -> list[tuple[str, str]]:
        found = [(one.levelname, one.getMessage()[:21]) for one in caplog.records]
        caplog.clear()
        return found

    async def play() -> None:
        side = WebSide(free_port())
        client = Client(SECRET)
        keeper = ConfigurationKeeper(
            client, f"{side.url}/voice/config", tmp_path / "config.json", on_change=lambda _: None
        )
        for _ in range(3):
            assert not await keeper.refresh()
        assert said() == [("INFO", "waits for the web sid")]
        await side.start()
        assert await keeper.refresh()
        assert said() == [("INFO", "the web side answers")]
        await side.stop()
        for _ in range(2):
            assert not await keeper.refresh()
        assert said() == [("WARNING", "no configuration from")]
        await client.close()

    asyncio.run(play())


def test_what_another_web_side_said_is_not_used(tmp_path: Path) -> None:
    """As where a gateway's data folder is moved, or its web side has another port."""

    async def play() -> None:
        side = WebSide(free_port())
        await side.start()
        client, path = Client(SECRET), tmp_path / "config.json"
        address = f"{side.url}/voice/config"
        first = ConfigurationKeeper(client, address, path, on_change=lambda _: None)
        assert await first.refresh()
        await side.stop()
        for url, is_used in ((address, True), ("http://127.0.0.1:1/voice/config", False)):
            again = ConfigurationKeeper(client, url, path, on_change=lambda _: None)
            again.load()
            assert again.present == (first.present if is_used else None)
        path.write_text("[]")
        first.load()
        await client.close()

    asyncio.run(play())


def test_a_disk_that_takes_no_configuration_is_no_trouble_of_the_web_side(tmp_path: Path) -> None:
    async def play() -> None:
        side = WebSide(free_port())
        await side.start()
        client = Client(SECRET)
        (tmp_path / "file").touch()
        keeper = ConfigurationKeeper(
            client,
            f"{side.url}/voice/config",
            tmp_path / "file" / "config.json",
            on_change=lambda _: None,
        )
        assert await keeper.refresh()
        assert keeper.present is not None
        await side.stop()
        await client.close()

    asyncio.run(play())
