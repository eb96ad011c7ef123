"""Which extension a caller means by what was heard."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskbell.attendant.rules import Extension
from deskbell.attendant.rules.names import find_by_name, guesses, is_yes

NAMES = {
    "101": "Alice Smith",
    "102": "Bob Jones",
    "103": "Charlie McDonald",
    "104": "Olivia Müller",
    "105": "Rita O'Brien",
    "106": "Catherine Jones",
    "107": "Sales",
    "108": "John Peters",
    "109": "",
    "110": "José Peters-Lang",
}
EXTENSIONS = {key: Extension(f"1212555{key}0", name) for key, name in NAMES.items()}


@pytest.mark.parametrize(
    ("heard", "expected"),
    [
        ("Alice Smith", "101"),
        ("alice smith.", "101"),
        ("Smith, Alice", "101"),
        ("ALICE", "101"),
        ("Alyce Smyth", "101"),
        ("Alis Smith", "101"),
        ("could I speak to Bob Jones please", "102"),
        ("um Bob", "102"),
        ("Jones", None),
        ("Charlie Mac Donald", "103"),
        ("Mac Donald", "103"),
        ("Charly MacDonald", "103"),
        ("Olivia Muller", "104"),
        ("olivia miller", "104"),
        ("Rita OBrien", "105"),
        ("Rita O\u2019Brien", "105"),
        ("Rita Brian", "105"),
        ("Katherine Jones", "106"),
        ("Kathryn Jones", "106"),
        ("sales", "107"),
        ("the sales department please", "107"),
        ("Jon Peters", "108"),
        ("Peters", None),
        ("Jose Peters Lang", "110"),
        ("Zelda", None),
        ("Bob Smith", None),
        ("101", "101"),
        ("1 0 2", "102"),
        ("999", None),
        ("please", None),
        ("", None),
        ("...", None),
    ],
)
def test_a_name_is_found_where_it_can_only_mean_one(heard: str, expected: str | None) -> None:
    assert find_by_name(heard, EXTENSIONS) == expected


def test_the_same_name_twice_is_ambiguous_unless_the_same_phone_rings() -> None:
    twice = {"1": Extension("100", "Alice Smith"), "2": Extension("200", "Alice Smith")}
    assert find_by_name("Alice Smith", twice) is None
    same = {"1": Extension("100", "Alice Smith"), "2": Extension("100", "Alice Smith")}
    assert find_by_name("Alice Smith", same) in same


def test_the_exact_name_wins_over_its_neighbour() -> None:
    near = {"1": Extension("100", "Jon Smith"), "2": Extension("200", "John Smith")}
    assert find_by_name("John Smith", near) == "2"
    assert find_by_name("Jon Smith", near) == "1"
    assert find_by_name("Jahn Smith", near) is None


@given(st.text(), st.dictionaries(st.sampled_from("123"), st.text()))
def test_anything_can_be_heard(heard: str, names: dict[str, str]) -> None:
    extensions = {key: Extension(key, name) for key, name in names.items()}
    assert find_by_name(heard, extensions) in {None, *extensions}


@given(st.sampled_from(sorted(set(NAMES.values()) - {""})), st.booleans())
def test_every_name_is_found_by_itself(name: str, is_upper: bool) -> None:
    found = find_by_name(name.upper() if is_upper else name, EXTENSIONS)
    assert found is not None
    assert NAMES[found] == name


def test_a_name_is_found_among_two_thousand() -> None:
    syllables = ["ba", "cor", "del", "fin", "gor", "hal", "jen", "kim", "lor", "mon"]
    names = [
        f"{a}{b} {c}{d}" for a in syllables for b in syllables for c in "xyz" for d in "abcdefg"
    ]
    many = {str(n): Extension(str(n), name) for n, name in enumerate(names[:2000])}
    assert many[find_by_name("kimlor yf", many) or ""].spoken_name == "kimlor yf"


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("one oh one", "101"),
        ("one zero one", "101"),
        ("one hundred one", "101"),
        ("one hundred", "100"),
        ("one hundred twenty two", "122"),
        ("ten twenty two", "1022"),
        ("twenty", "20"),
        ("two thirteen", "213"),
        ("one 2 three", "123"),
        ("one please", None),
        ("hundred", None),
    ],
)
def test_numbers_are_understood_in_words(said: str, number: str | None) -> None:
    every = {str(each): Extension(f"1212555{each}") for each in (20, 100, 101, 122, 123, 213, 1022)}
    assert find_by_name(said, every) == number


@pytest.mark.parametrize(
    ("heard", "expected"),
    [
        (["Peters"], ("108", "110")),
        (["Alice Smit", "Bob Jones"], ("101", "102")),
        (["Bob Jones", "Alice Smith"], ("102", "101")),
        (["Zelda"], ()),
        (["999"], ()),
        ([], ()),
    ],
)
def test_guesses_come_in_the_order_of_their_likeness(
    heard: list[str], expected: tuple[str, ...]
) -> None:
    assert guesses(heard, EXTENSIONS)[: max(1, len(expected))] == expected


def test_nobody_is_asked_about_namesakes_nor_twice_about_one_phone() -> None:
    namesakes = {"1": Extension("100", "Alice Smith"), "2": Extension("200", "Alice Smith")}
    assert guesses(["Alice Smith"], namesakes) == ()
    one = {"1": Extension("100", "Alice Smith"), "2": Extension("100", "Alice Smyth")}
    assert guesses(["Alice Smith"], one) == ("1",)


def test_a_name_may_be_said_in_several_ways() -> None:
    several = {"1": Extension("100", "Charlie McDonald; Front desk ;;"), "2": Extension("200", ";")}
    assert find_by_name("front desk", several) == "1"
    assert find_by_name("charlie", several) == "1"
    assert several["1"].names == ("Charlie McDonald", "Front desk")


@pytest.mark.parametrize(
    ("answer", "expected"),
    [("yes", True), ("1", True), ("Yeah, right.", True), ("no", False), ("2", False), ("", False)],
)
def test_yes_is_yes(answer: str, *, expected: bool) -> None:
    assert is_yes(answer) is expected
