"""Where calls may go: a table of what an account reaches, and of what it must not."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from deskbell.foundation.errors import NotAllowed
from deskbell.rcml.verbs import Client, Number, Sip
from deskbell.voice.configuration import Configuration, read_configuration
from deskbell.voice.resolver import Resolver
from deskbell.voice.routes import NoRoute, Routes
from deskbell.voice.signalling.destinations import Destination
from deskbell.voice.signalling.registrar import Registrar

OURS, THEIRS, STRANGER = ("AC" + digit * 32 for digit in "123")
HASHES = {"MD5": "0" * 32}
NAMES = {"carrier.example": ["192.0.2.10"], "other.example": ["192.0.2.20"]}
NAMES |= {"pbx.example": ["192.0.2.30"], "proxy.example": ["192.0.2.40"]}

CONTENT: dict[str, Any] = {
    "caps": {"calls": 10},
    "incoming": "http://web",
    "account_sid": "AC0",
    "realm": "desk",
    "trunks": [
        {"name": "in", "addresses": ["198.51.100.1"]},
        {
            "name": "carrier",
            "addresses": [],
            "outgoing": "carrier.example:5080",
            "prefixes": ["+1", "+4"],
            "username": "us",
            "password": "sesame",
            "caller_id": "+12125550100",
            "codecs": ["pcma"],
        },
        {
            "name": "other",
            "addresses": [],
            "outgoing": "other.example;transport=tcp",
            "prefixes": ["+44", "+1212"],
        },
        {"name": "lost", "addresses": [], "outgoing": "lost.example", "prefixes": ["+33"]},
    ],
    "phones": [
        {
            "username": "a-desk",
            "name": "desk",
            "account": OURS,
            "ha1": HASHES,
            "numbers": ["+12125550144", "104"],
        },
        {"username": "a-door", "name": "door", "account": OURS, "ha1": HASHES},
        {
            "username": "b-desk",
            "name": "desk",
            "account": THEIRS,
            "ha1": HASHES,
            "numbers": ["+12125550155", "105"],
        },
    ],
    "accounts": {
        OURS: {
            "prefixes": ["+1", "+44", "+33", "+7"],
            "calls_out": 2,
            "caller_id": "+12125550142",
            "numbers": ["+12125550142", "+12125550144", "104"],
        },
        THEIRS: {"prefixes": ["+1"], "calls_out": 1},
    },
    "sip_hosts": ["PBX.example"],
}


class Homes(Registrar):
    """A registrar that knows where phones are."""

    def __init__(self) -> None:
        super().__init__(source_of=lambda _request, flow: flow.host)

    def bindings(self, username: str) -> list[Destination]:
        """Every phone but the door's is at home."""
        if username == "a-door":
            return []
        return [Destination(f"sip:{username}@10.0.0.9", "203.0.113.9", 40000)]


async def ask(name: str) -> list[str]:
    if name not in NAMES:
        raise OSError(f"no {name}")
    return NAMES[name]


def routes(calls: dict[str, int] | None = None, **changes: Any) -> Routes:
    found = read_configuration(json.dumps(CONTENT | changes).encode())
    counted = calls or {}
    return Routes(
        lambda: found,
        Homes(),
        calls_out=lambda account: counted.get(account, 0),
        resolver=Resolver(ask=ask),
    )


def to(noun: Any, account: str = OURS, **options: Any) -> list[str]:
    """Where a noun leads, as `host:port uri`."""
    found = asyncio.run(routes(**options).to(noun, account=account))
    return [f"{each.host}:{each.port} {each.uri}" for each in found]


def carrier(number: str) -> str:
    return f"192.0.2.10:5080 sip:{number}@carrier.example:5080"


def other(number: str) -> str:
    return f"192.0.2.20:5060 sip:{number}@other.example:5060;transport=tcp"


DESK = "203.0.113.9:40000 sip:a-desk@10.0.0.9"


@pytest.mark.parametrize(
    ("noun", "ways"),
    [
        (Number("+13105550142"), [carrier("+13105550142")]),
        (Number("(310) 555-0142"), [carrier("+13105550142")]),
        (Number("+12125550199"), [other("+12125550199"), carrier("+12125550199")]),
        (Number("+442071838750"), [other("+442071838750"), carrier("+442071838750")]),
        (Number("+13105550142?X-A=1"), [carrier("+13105550142")]),
        (Number("104"), [DESK]),
        (Number("+12125550144"), [DESK]),
        (Number("212 555 0144"), [DESK]),
        (Client("desk"), [DESK]),
        (Client("a-desk?X-A=1"), [DESK]),
        (Sip("sip:desk@desk"), [DESK]),
        (Sip("sip:101@pbx.example:5062"), ["192.0.2.30:5062 sip:101@pbx.example:5062"]),
        (Sip("sip:101@PBX.example"), ["192.0.2.30:5060 sip:101@PBX.example:5060"]),
        (Sip("sip:+13105550142@carrier.example"), [carrier("+13105550142")]),
    ],
)
def test_what_is_reached(noun: Any, ways: list[str]) -> None:
    """Trunks by the longest prefix first, then the next."""
    assert to(noun) == ways


@pytest.mark.parametrize(
    ("noun", "account", "error"),
    [
        (Number("+4930123456"), OURS, NotAllowed),  # carried, and not allowed
        (Number("+74951234567"), OURS, NoRoute),  # allowed, and not carried
        (Number("+33123456789"), OURS, NoRoute),  # its trunk cannot be found
        (Number("+19005550142"), OURS, NotAllowed),
        (Number("+18765550142"), OURS, NotAllowed),
        (Number("+449012345678"), OURS, NotAllowed),
        (Number("911"), OURS, NotAllowed),
        (Number(""), OURS, NotAllowed),
        (Number("sip:x@y"), OURS, NotAllowed),
        (Number("+13105550142\r\nX: y"), OURS, NotAllowed),
        (Number("+13105550142"), STRANGER, NotAllowed),  # an account without limits has none
        (Number("105"), OURS, NotAllowed),  # another account's extension is no number
        (Number("104"), THEIRS, NotAllowed),
        (Client("door"), OURS, NoRoute),
        (Client("b-desk"), OURS, NoRoute),
        (Client("desk"), STRANGER, NoRoute),
        (Client(""), OURS, NoRoute),
        (Sip("sip:b-desk@desk"), OURS, NoRoute),
        (Sip("sip:a-desk@10.0.0.9"), OURS, NotAllowed),  # a phone's own address
        (Sip("sip:x@elsewhere.example"), OURS, NotAllowed),
        (Sip("sip:x@127.0.0.1"), OURS, NotAllowed),
        (Sip("sip:x@198.51.100.1"), OURS, NotAllowed),  # who may call in is not who is called
        (Sip("sip:+19005550142@carrier.example"), OURS, NotAllowed),
        (Sip("sip:%2B19005550142@carrier.example"), OURS, NotAllowed),
        (Sip("sip:+4930123456@CARRIER.example:9999"), OURS, NotAllowed),
        (Sip("tel:+13105550142"), OURS, NotAllowed),
        (Sip("sip:x@pbx.example\r\nVia: y"), OURS, NotAllowed),
        (Sip("sip:x y@pbx.example"), OURS, NotAllowed),
        (Sip("sip:"), OURS, NotAllowed),
        (Sip("sip:" + "a" * 300 + "@pbx.example"), OURS, NotAllowed),
    ],
)
def test_what_is_not(noun: Any, account: str, error: type[Exception]) -> None:
    with pytest.raises(error) as raised:
        to(noun, account)
    assert str(raised.value)


def test_with_all_calls_in_use_only_phones_are_reached() -> None:
    full = {OURS: 2}
    assert to(Number("104"), calls=full) == [DESK]
    with pytest.raises(NotAllowed, match="2 at once, is reached"):
        to(Number("+13105550142"), calls=full)
    assert to(Number("+13105550142"), calls={OURS: 1, THEIRS: 9})


def test_a_trunk_s_password_goes_to_it_alone() -> None:
    [way] = asyncio.run(routes().to(Number("+13105550142"), account=OURS))
    assert (way.username, way.password, way.trunk) == ("us", "sesame", "carrier")
    assert way.codecs == ("PCMA",)
    noun = Sip("sip:1@pbx.example", username="me", password="mine")
    [way] = asyncio.run(routes().to(noun, account=OURS))
    assert (way.username, way.password, way.trunk) == ("me", "mine", "")


def test_a_proxy_knows_where_phones_are() -> None:
    ways = to(Client("door"), proxy="proxy.example:5070")
    assert ways == ["192.0.2.40:5070 sip:a-door@desk"]
    with pytest.raises(NoRoute):
        to(Client("door"), proxy="lost.example")


@pytest.mark.parametrize(
    ("account", "wanted", "shown"),
    [
        (OURS, "+12125550142", "+12125550142"),
        (OURS, "2125550144", "2125550144"),
        (OURS, "104", "104"),
        (OURS, "+12125550155", "+12125550142"),  # another account's
        (OURS, "+18005550199", "+12125550142"),
        (OURS, "", "+12125550142"),
        (THEIRS, "+18005550199", "+12125550100"),  # the trunk's, where the account has none
    ],
)
def test_who_is_shown(account: str, wanted: str, shown: str) -> None:
    assert routes().caller_shown(account, wanted) == shown


def test_where_nothing_is_set_what_is_wanted_is_shown_if_it_can_be() -> None:
    bare = routes(trunks=[], accounts={})
    assert bare.caller_shown(OURS, "+18005550199") == "+18005550199"
    assert bare.caller_shown(OURS, "x\r\nVia: y") == "anonymous"


def test_a_redirect_goes_where_documents_may() -> None:
    found = routes()
    assert found.may_redirect("pbx.EXAMPLE")
    assert not found.may_redirect("carrier.example")
    both = routes(sip_hosts=["carrier.example", "PBX.example"])
    assert not both.may_redirect("carrier.example"), "a trunk, whatever else it is"
    assert both.may_redirect("pbx.example")
    assert not Routes(lambda: None, Homes()).may_redirect("pbx.example")


def test_without_a_configuration_nothing_is_reached() -> None:
    none: Configuration | None = None
    with pytest.raises(NoRoute):
        asyncio.run(Routes(lambda: none, Homes()).to(Number("+13105550142"), account=OURS))


def test_names_are_asked_for_once_a_minute_and_kept_when_they_are_lost() -> None:
    asked: list[str] = []

    async def answer(name: str) -> list[str]:
        asked.append(name)
        if len(asked) > 1:
            raise OSError("no answer")
        return ["2001:db8::1", "192.0.2.1"]

    async def play() -> None:
        resolver = Resolver(ask=answer)
        assert await resolver.addresses("a.example") == ["192.0.2.1", "2001:db8::1"]
        assert await resolver.addresses("a.example") == ["192.0.2.1", "2001:db8::1"]
        assert await resolver.addresses("192.0.2.9") == ["192.0.2.9"]
        assert await resolver.addresses("::1") == ["::1"]
        assert asked == ["a.example"]
        resolver._known["a.example"] = (0.0, resolver._known["a.example"][1])
        assert await resolver.addresses("a.example") == ["192.0.2.1", "2001:db8::1"]
        assert len(asked) == 2

    asyncio.run(play())
