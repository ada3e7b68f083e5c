"""Which names of organisations are taken for one, and which are not."""

from __future__ import annotations

import pytest

from kitaran.registry.movement.likeness import key_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Example Trading Ltd", "EXAMPLE  TRADING, LIMITED"),
        ("Soci\u00e9t\u00e9 G\u00e9n\u00e9rale S.A.", "Societe Generale SA"),
        ("Pte. Example Metals (Asia)", "Example Metals Asia Pte Ltd"),
        ("\uff25\uff58\uff41\uff4d\uff50\uff4c\uff45", "example"),
        ("Trading Example", "Example Trading"),
        ("PT. Contoh Baterai Tbk", "Contoh Baterai"),
    ],
)
def test_two_spellings_of_one_name(one: str, other: str) -> None:
    assert key_of(one) == key_of(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Example Trading", "Example Traders"),
        (
            "\u0e1a\u0e23\u0e34\u0e29\u0e31\u0e17",
            "\u0e1a\u0e23\u0e29\u0e17",
        ),  # a Thai vowel
        ("\u0995\u09bf", "\u0995\u09c0"),  # Bengali short and long i
        ("Limited", "Company"),
        ("A B", "AB"),
    ],
)
def test_two_names(one: str, other: str) -> None:
    assert key_of(one) != key_of(other)
