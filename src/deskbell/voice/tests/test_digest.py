"""Digest: right answers are taken once, wrong ones never, and nothing that is sent breaks it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskbell.voice.signalling import digest
from deskbell.voice.signalling.digest import (
    Authorization,
    Digest,
    Verdict,
    answer,
    best_of,
    ha1_of,
    read_authorization,
)

REALM = "desk"
URI = "sip:desk"
HASHES = ha1_of("alice", REALM, "sesame")


class Clock:
    """Seconds since the epoch, moved by hand."""

    def __init__(self) -> None:
        self.now = 1_790_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def answered(challenge: str, *, count: int = 1, password: str = "sesame") -> Authorization:
    value = answer(
        challenge, username="alice", password=password, method="REGISTER", uri=URI, count=count
    )
    found = read_authorization(value)
    assert found is not None
    return found


def judged(judge: Digest, given: Authorization, method: str = "REGISTER") -> Verdict:
    return judge.check(given, method=method, realm=REALM, ha1=HASHES)


@pytest.mark.parametrize(
    ("algorithm", "response"),
    [
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ],
)
def test_the_examples_of_the_rfc(algorithm: str, response: str) -> None:
    """RFC 7616 section 3.9.1."""
    hashes = ha1_of("Mufasa", "http-auth@example.org", "Circle of Life")
    found = digest._response(
        algorithm,
        hashes[algorithm],
        nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
        nc="00000001",
        cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
        qop="auth",
        method="GET",
        uri="/dir/index.html",
    )
    assert found == response


def test_both_algorithms_and_the_stronger_first(clock: Clock) -> None:
    judge = Digest("secret", now=clock)
    challenges = judge.challenge(REALM)
    assert [re.findall(r"algorithm=([\w-]+)", each) for each in challenges] == [
        ["SHA-256"],
        ["MD5"],
    ]
    for count, challenge in enumerate(challenges, start=1):  # both have the same nonce
        assert judged(judge, answered(challenge, count=count)) is Verdict.OK
    assert best_of(list(reversed(challenges))) == challenges[0]
    assert best_of(["Basic realm=x", 'Digest realm="x", nonce="y", algorithm=SHA-512']) == ""


def test_an_answer_counts_once(clock: Clock) -> None:
    judge = Digest("secret", now=clock)
    challenge = judge.challenge(REALM)[0]
    first, second = answered(challenge), answered(challenge, count=2)
    assert judged(judge, first) is Verdict.OK
    assert judged(judge, first) is Verdict.STALE, "a replay"
    assert judged(judge, second) is Verdict.OK
    assert judged(judge, first) is Verdict.STALE
    assert judged(judge, answered(challenge, count=7)) is Verdict.OK
    assert judged(judge, answered(challenge, count=5)) is Verdict.STALE


def test_a_nonce_has_its_time(clock: Clock) -> None:
    judge = Digest("secret", now=clock)
    given = answered(judge.challenge(REALM)[0])
    wrong = answered(judge.challenge(REALM)[0], password="open")
    clock.now += 301
    assert judged(judge, given) is Verdict.STALE
    assert judged(judge, wrong) is Verdict.WRONG, "no way to try passwords unseen"


def test_what_is_no_answer_to_a_challenge_of_ours(clock: Clock) -> None:
    judge = Digest("secret", now=clock)
    elsewhere = Digest("another secret", now=clock)
    assert judged(judge, answered(elsewhere.challenge(REALM)[0])) is Verdict.FOREIGN
    assert judged(judge, answered(judge.challenge("other realm")[0])) is Verdict.FOREIGN
    assert (
        Digest("secret", now=clock).check(
            answered(judge.challenge(REALM)[0]), method="REGISTER", realm=REALM, ha1=HASHES
        )
        is Verdict.OK
    ), "a fellow gateway with the same secret"


@pytest.mark.parametrize(
    "change",
    [
        {"username": "bob"},
        {"uri": "sip:elsewhere"},
        {"response": "0" * 64},
        {"nc": "00000002"},
        {"nc": "1"},
        {"nc": ""},
        {"cnonce": "other"},
        {"qop": ""},
        {"qop": "auth-int"},
        {"algorithm": "SHA-512-256"},
        {"algorithm": "SHA-256-SESS"},
        {"algorithm": "MD5"},
    ],
)
def test_any_change_makes_it_wrong(clock: Clock, change: dict[str, str]) -> None:
    judge = Digest("secret", now=clock)
    given = answered(judge.challenge(REALM)[0])
    parts = {name: getattr(given, name) for name in Authorization.__dataclass_fields__}
    if "username" in change:  # whose hashes are looked up by that name
        assert (
            judge.check(given, method="REGISTER", realm=REALM, ha1=ha1_of("bob", REALM, "x"))
            is Verdict.WRONG
        )
        return
    assert judged(judge, Authorization(**(parts | change))) is Verdict.WRONG
    assert judged(judge, given, method="INVITE") is Verdict.WRONG
    assert judged(judge, given) is Verdict.OK, "what was wrong has used nothing up"


def test_memory_is_bounded_and_forgetting_lets_no_replay_in(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digest, "MOST_NONCES", 10)
    judge = Digest("secret", now=clock)
    given = []
    for _ in range(30):
        clock.now += 1
        given.append(answered(judge.challenge(REALM)[0]))
        assert judged(judge, given[-1]) is Verdict.OK
    assert len(judge._counts) == 10
    assert {judged(judge, each) for each in given} == {Verdict.STALE}
    clock.now += 600
    assert judged(judge, answered(judge.challenge(REALM)[0])) is Verdict.OK
    assert len(judge._counts) == 1


def test_wrong_answers_leave_nothing_behind(clock: Clock) -> None:
    judge = Digest("secret", now=clock)
    for _ in range(50):
        judged(judge, answered(judge.challenge(REALM)[0], password="guess"))
    assert not judge._counts


def test_challenges_of_others() -> None:
    rfc2069 = 'Digest realm="old", nonce="abc"'
    value = answer(rfc2069, username="u", password="p", method="REGISTER", uri="sip:x")
    assert "qop" not in value
    assert "nc=" not in value
    both = 'Digest nonce="abc", qop="auth,auth-int", realm="r", opaque="o", algorithm=md5'
    found = read_authorization(
        answer(both, username="u", password="p", method="REGISTER", uri="sip:x", count=3)
    )
    assert found is not None
    assert (found.qop, found.nc, found.opaque, found.algorithm) == ("auth", "00000003", "o", "MD5")
    for useless in (
        "",
        "Basic realm=x",
        'Digest realm="x"',
        'Digest nonce="x", algorithm=SHA-512-256',
        'Digest nonce="x", qop="auth-int"',
    ):
        assert answer(useless, username="u", password="p", method="M", uri="sip:x") == ""


LETTERS = st.characters(
    min_codepoint=32, max_codepoint=0x2FF, exclude_characters=[chr(n) for n in range(127, 160)]
)
TEXT = st.text(LETTERS, max_size=40)


@given(value=st.one_of(st.text(max_size=300), TEXT.map(lambda text: "Digest " + text)))
def test_no_header_breaks_the_reader(value: str) -> None:
    found = read_authorization(value)
    if found is not None:
        Digest("secret").check(found, method="REGISTER", realm=REALM, ha1=HASHES)


@given(username=TEXT.filter(bool), realm=TEXT, password=TEXT)
def test_every_name_and_realm_comes_through(username: str, realm: str, password: str) -> None:
    judge = Digest("secret")
    value = answer(
        judge.challenge(realm)[0], username=username, password=password, method="M", uri=URI
    )
    found = read_authorization(value)
    assert found is not None
    assert (found.username, found.realm) == (username, realm)
    hashes = ha1_of(username, realm, password)
    assert judge.check(found, method="M", realm=realm, ha1=hashes) is Verdict.OK
