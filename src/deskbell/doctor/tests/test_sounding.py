"""Which names sound the same."""

from __future__ import annotations

import pytest

from deskbell.doctor.rules.sounding import by_ear


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("John Meyer", "Jon Maier"),
        ("Stephen", "Steven"),
        ("Sara", "Sarah"),
        ("Ana Müller", "Anna Muller"),
        ("Schmidt", "Schmitt"),
        ("Philip", "Phillip"),
        ("Zack", "Sac"),
        ("Wright", "Rite"),
        ("Nick Knight", "Nik Night"),
        ("O'Hara", "O Hara"),
    ],
)
def test_names_that_sound_the_same(one: str, other: str) -> None:
    assert by_ear(one) == by_ear(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("John", "Joan Smith"),
        ("Anna", "Hannah"),
        ("Bill", "Will"),
        ("Martin", "Marten Otto"),
        ("Dan", "Don"),
        ("Miller", "Muller"),
        ("Kate", "Kathy"),
    ],
)
def test_names_that_do_not(one: str, other: str) -> None:
    assert by_ear(one) != by_ear(other)


@pytest.mark.parametrize("name", ["", "  ", "42", "…", "李"])
def test_what_is_no_name_sounds_like_nothing(name: str) -> None:
    assert by_ear(name) == ""
