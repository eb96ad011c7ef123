"""Where phones are: bindings, their time and number; whoever is not the phone changes none."""

from __future__ import annotations

import asyncio
import logging
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pytest
from aiosipua import SipMessage, SipRequest
from hypothesis import given
from hypothesis import strategies as st

from deskbell.voice.configuration import Phone
from deskbell.voice.signalling.digest import Digest, answer, ha1_of
from deskbell.voice.signalling.identity import Identity
from deskbell.voice.signalling.lockout import Lockout
from deskbell.voice.signalling.messages import facts_of
from deskbell.voice.signalling.registrar import Registrar

REALM = "desk"
PASSWORDS = {"alice": "sesame", "bob": "open"}
PHONES = {
    name: Phone(name, name, "AC1", REALM, ha1_of(name, REALM, password))
    for name, password in PASSWORDS.items()
}


@dataclass
class Way:
    """The way back to a phone; keeps what is sent."""

    host: str = "192.0.2.1"
    port: int = 5060
    kind: Literal["UDP", "TCP"] = "UDP"
    reliable: bool = False
    is_open: bool = True

    def send(self, data: bytes) -> None:
        """Nobody reads it."""

    def watch(self, on_broken: Any) -> None:
        """It never breaks."""

    def unwatch(self, on_broken: Any) -> None:
        """Nor then."""


class House:
    """A registrar, its lockout, and a clock for all of it."""

    def __init__(self, path: Path | None = None) -> None:
        self.now = 1_790_000_000.0
        self.lockout = Lockout(now=lambda: self.now)
        self.registrar = Registrar(
            source_of=lambda request, flow: flow.host, path=path, now=lambda: self.now
        )
        self.registrar.identity = Identity(
            Digest("secret", now=lambda: self.now),
            self.lockout,
            phone_of=PHONES.get,
            realm=lambda: REALM,
            is_at_home=self.registrar.is_at_home,
        )
        self.number = 0

    def send(
        self,
        *headers: str,
        to: str = "alice",
        way: Way | None = None,
        call_id: str = "one",
        number: int = 0,
    ) -> tuple[int, dict[str, list[str]]]:
        """Sends a REGISTER; the code of the answer and its headers by lower-case name."""
        self.number += 1
        lines = [
            "REGISTER sip:desk SIP/2.0",
            f"Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK{self.number}",
            f"From: <sip:{to}@desk>;tag=1",
            f"To: <sip:{to}@desk>",
            f"Call-ID: {call_id}",
            f"CSeq: {number or self.number} REGISTER",
            *headers,
            "Content-Length: 0\r\n\r\n",
        ]
        request = SipMessage.parse("\r\n".join(lines).encode())
        assert isinstance(request, SipRequest)
        data = self.registrar.on_register(request, facts_of(request), way or Way())
        first, *rest = data.decode().split("\r\n")
        found: dict[str, list[str]] = {}
        for line in rest:
            name, _, value = line.partition(": ")
            found.setdefault(name.lower(), []).append(value)
        return int(first.split()[1]), found

    def registers(
        self,
        *headers: str,
        user: str = "alice",
        to: str = "",
        password: str = "",
        **options: Any,
    ) -> tuple[int, dict[str, list[str]]]:
        """REGISTER, the challenge, and REGISTER again with the answer to it."""
        code, found = self.send(*headers, to=to or user, **options)
        if code != 401:
            return code, found
        proof = answer(
            found["www-authenticate"][0],
            username=user,
            password=password or PASSWORDS.get(user, "x"),
            method="REGISTER",
            uri="sip:desk",
        )
        return self.send(*headers, f"Authorization: {proof}", to=to or user, **options)

    def is_at(self, name: str = "alice") -> list[tuple[str, str, int, str]]:
        """Where the registrar says that a phone is."""
        found = self.registrar.bindings(name)
        return [(way.uri, way.host, way.port, way.transport) for way in found]


def seconds_of(headers: dict[str, list[str]]) -> list[int]:
    """What the answer says of how long each contact lasts."""
    return [int(re.findall(r"expires=(\d+)", value)[0]) for value in headers.get("contact", [])]


HOME = "Contact: <sip:alice@192.0.2.1>"


def test_a_phone_registers_is_found_and_leaves() -> None:
    house = House()
    assert house.send(HOME)[0] == 401
    assert house.is_at() == []
    code, headers = house.registers(HOME, "Expires: 600")
    assert (code, seconds_of(headers)) == (200, [600])
    assert house.is_at() == [("sip:alice@192.0.2.1", "192.0.2.1", 5060, "UDP")]
    assert house.is_at("bob") == []
    assert seconds_of(house.registers()[1]) == [600], "without Contact it only asks"
    assert house.registers(f"{HOME};expires=0")[0] == 200
    assert house.is_at() == []


def test_a_binding_ends_with_its_time() -> None:
    house = House()
    house.registers(HOME, "Expires: 90")
    house.now += 89
    assert house.is_at()
    assert house.registrar.is_at_home("alice", "192.0.2.1")
    house.now += 1
    assert not house.is_at()
    assert not house.registrar.is_at_home("alice", "192.0.2.1")
    assert house.registrar.size == 0


@pytest.mark.parametrize(
    ("headers", "code", "seconds"),
    [
        ([HOME], 200, 3600),
        ([HOME, "Expires: 999999"], 200, 3600),
        ([HOME, "Expires: soon"], 200, 3600),
        ([f"{HOME};expires=120", "Expires: 600"], 200, 120),
        ([HOME, "Expires: 59"], 423, None),
        ([f"{HOME};expires=1"], 423, None),
    ],
)
def test_how_long(headers: list[str], code: int, seconds: int | None) -> None:
    answered = House().registers(*headers)
    assert answered[0] == code
    if seconds is None:
        assert answered[1]["min-expires"] == ["60"]
    else:
        assert seconds_of(answered[1]) == [seconds]


def test_behind_nat_the_way_back_is_where_it_came_from() -> None:
    house = House()
    way = Way("203.0.113.9", 40_000)
    code, headers = house.registers("Contact: <sip:alice@10.0.0.5:5062>", way=way)
    assert code == 200
    assert seconds_of(headers) == [120], "often enough to keep the router's door open"
    [found] = house.registrar.bindings("alice")
    assert (found.uri, found.host, found.port) == ("sip:alice@10.0.0.5:5062", way.host, way.port)
    assert found.flow == way


def test_several_phones_at_one_name_ring_together_and_a_moved_one_only_once() -> None:
    house = House()
    house.registers(HOME)
    house.registers("Contact: <sip:alice@192.0.2.2>", call_id="two")
    assert len(house.is_at()) == 2
    named = 'Contact: <sip:alice@192.0.2.{}>;+sip.instance="<urn:uuid:1>"'
    house.registers(named.format(3), call_id="three")
    house.registers(named.format(4), call_id="three")
    uris = [uri for uri, *_ in house.is_at()]
    assert sorted(uri[-1] for uri in uris) == ["1", "2", "4"]


def test_a_star_takes_all_away_and_nothing_else_does() -> None:
    house = House()
    house.registers(HOME)
    house.registers("Contact: <sip:alice@192.0.2.2>")
    assert house.registers("Contact: *", "Expires: 600")[0] == 400
    assert house.registers("Contact: *", HOME, "Expires: 0")[0] == 400
    assert len(house.is_at()) == 2
    code, headers = house.registers("Contact: *", "Expires: 0")
    assert (code, headers.get("contact")) == (200, None)
    assert house.is_at() == []


def test_what_comes_late_changes_nothing() -> None:
    house = House()
    assert house.registers(HOME, number=10)[0] == 200
    assert house.registers(f"{HOME};expires=0", number=9)[0] == 500
    assert house.is_at()
    assert house.registers(f"{HOME};expires=0", call_id="other", number=1)[0] == 200


@pytest.mark.parametrize(
    "contact",
    [
        "Contact: <tel:+12125550142>",
        "Contact: <sip:alice@192.0.2.1:99999>",
        "Contact: <sip:>",
        "Contact: nonsense",
        f"Contact: <sip:{'a' * 600}@192.0.2.1>",
        "Contact: <http://192.0.2.1/>",
    ],
)
def test_a_contact_that_could_not_be_called(contact: str) -> None:
    house = House()
    assert house.registers(contact)[0] == 400
    assert house.is_at() == []


def test_no_more_than_ten_places() -> None:
    house = House()
    many = [f"Contact: <sip:alice@192.0.2.{number}>" for number in range(11)]
    assert house.registers(*many)[0] == 400
    for line in many:
        house.registers(line)
    assert len(house.is_at()) == 10
    assert "sip:alice@192.0.2.0" not in [uri for uri, *_ in house.is_at()]


def test_a_path_is_kept_and_told_back() -> None:
    house = House()
    code, headers = house.registers(
        "Contact: <sip:alice@10.0.0.5>", "Path: <sip:proxy.example;lr>", "Supported: path"
    )
    assert (code, headers["path"]) == (200, ["<sip:proxy.example;lr>"])
    assert house.registrar.bindings("alice")[0].route == ("<sip:proxy.example;lr>",)


def test_one_phone_cannot_move_another() -> None:
    house = House()
    assert house.registers("Contact: <sip:bob@192.0.2.66>", user="bob", to="alice")[0] == 403
    assert house.is_at() == []
    assert house.is_at("bob") == []


def test_bindings_survive_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "bindings.json"
    house = House(path)
    house.registers(HOME)
    house.registers("Contact: <sip:bob@10.1.1.1>", user="bob", way=Way("203.0.113.9", 1234, "TCP"))
    asyncio.run(house.registrar.save())
    again = House(path)
    again.registrar.load()
    assert again.is_at() == house.is_at()
    assert again.is_at("bob") == [("sip:bob@10.1.1.1", "203.0.113.9", 1234, "TCP")]
    again.now += 121
    assert again.is_at("bob") == []
    assert again.is_at()
    path.write_text('{"alice": [{"key": 1}]}')
    House(path).registrar.load()
    House(tmp_path / "none.json").registrar.load()


def test_a_full_disk_stops_no_registration(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    house = House(tmp_path / "file" / "bindings.json")
    assert house.registers(HOME)[0] == 200
    asyncio.run(house.registrar.save())
    assert "cannot be kept on disk" in caplog.text
    assert house.is_at()


# Wrong passwords


def test_five_wrong_passwords_lock_the_address(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    house = House()
    codes = [house.registers(HOME, password="guess")[0] for _ in range(6)]
    assert codes == [401, 401, 401, 401, 403, 403]
    assert house.registers(HOME)[0] == 403, "the right one is too late"
    assert "192.0.2.1 is locked out" in caplog.text
    house.now += 901
    assert house.registers(HOME)[0] == 200


def test_each_wrong_password_and_unknown_name_is_told_in_words(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.WARNING)
    house = House()
    house.registers(HOME, password="guess")
    house.registers(HOME, user="nobody")
    assert "192.0.2.1 gave a wrong password for the phone alice" in caplog.text
    assert "asks as 'nobody', and there is no phone with that user name" in caplog.text


def test_a_name_is_locked_for_strangers_and_not_at_home() -> None:
    house = House()
    house.registers(HOME)
    strangers = [Way(f"203.0.113.{number}") for number in range(5)]
    codes = [house.registers(HOME, password="guess", way=way)[0] for way in strangers]
    assert codes == [401, 401, 401, 401, 403]
    assert house.registers(HOME, way=Way("203.0.113.77"))[0] == 403
    assert house.registers(HOME)[0] == 200, "at home"
    assert house.registers("Contact: <sip:bob@192.0.2.1>", user="bob")[0] == 200


def test_a_colleague_s_mistakes_lock_nobody_out_who_is_at_home() -> None:
    house = House()
    house.registers(HOME)
    codes = [house.registers(user="bob", password="guess")[0] for _ in range(6)]
    assert codes == [401, 401, 401, 401, 403, 403]
    assert house.registers(HOME)[0] == 200
    codes = [house.registers(HOME, password="guess")[0] for _ in range(6)]
    assert codes == [401, 401, 401, 401, 403, 403], "nor is home a place to guess"
    assert house.registers(HOME)[0] == 403
    house.now += 901
    assert house.registers(HOME)[0] == 200


def test_names_that_do_not_exist_look_like_those_that_do() -> None:
    house = House()
    known, unknown = house.send(to="alice"), house.send(to="nobody")
    assert [known[0], unknown[0]] == [401, 401]
    assert set(known[1]) == set(unknown[1])
    assert house.registers(user="alice", password="guess")[0] == 401
    assert house.registers(user="nobody", password="guess")[0] == 401


def test_a_flood_of_names_is_locked_out_and_fills_nothing() -> None:
    house = House()
    for number in range(300):
        house.registers(user=f"name{number}", password="guess")
    assert house.lockout.size == 1, "one address, and no name that does not exist"
    assert house.registrar.size == 0


def test_a_flood_without_answers_locks_nobody_and_fills_nothing() -> None:
    house = House()
    for number in range(300):
        assert house.send(HOME, to=f"name{number}")[0] == 401
        forged = f'Authorization: Digest username="alice", realm="{REALM}", nonce="{number}"'
        forged += ', uri="sip:desk", response="0", qop=auth, nc=00000001, cnonce="x"'
        assert house.send(HOME, forged)[0] == 401
    assert house.lockout.size == 0
    assert house.registers(HOME)[0] == 200


def test_nobody_locks_others_out_by_lying_about_an_address() -> None:
    house = House()
    house.registers(HOME)
    for _ in range(6):  # the challenge comes to the liar, whose answer seems to come from alice
        _, found = house.send(to="alice", way=Way("203.0.113.66"))
        proof = answer(
            found["www-authenticate"][0],
            username="alice",
            password="guess",
            method="REGISTER",
            uri="sip:desk",
        )
        assert house.send(f"Authorization: {proof}")[0] == 401
    assert house.lockout.size == 0
    assert house.registers(HOME)[0] == 200


def test_a_replayed_registration_changes_nothing() -> None:
    house = House()
    _, found = house.send(HOME)
    proof = answer(
        found["www-authenticate"][0],
        username="alice",
        password="sesame",
        method="REGISTER",
        uri="sip:desk",
    )
    header = f"Authorization: {proof}"
    assert house.send(HOME, header)[0] == 200
    stolen = "Contact: <sip:thief@203.0.113.66>"
    assert house.send(stolen, header, way=Way("203.0.113.66"))[0] == 401
    code, headers = house.send(stolen, header)
    assert code == 401
    assert "stale=true" in headers["www-authenticate"][0]
    assert [uri for uri, *_ in house.is_at()] == ["sip:alice@192.0.2.1"]
    assert house.lockout.size == 0, "a replay says nothing about passwords"


@given(
    contact=st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=60),
    expires=st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=12),
)
def test_no_contact_breaks_the_registrar(contact: str, expires: str) -> None:
    house = House()
    code, _ = house.registers(f"Contact: {contact}", f"Expires: {expires}")
    assert code in {200, 400, 423}
    for destination in house.registrar.bindings("alice"):
        assert destination.uri.startswith(("sip:", "sips:"))
        assert destination.uri.isprintable()
