"""Check characters: the GS1 check digit, the GS1 check character pair, IBAN, and the VIN's ninth
character.
"""

from __future__ import annotations

from functools import cache

from kitaran.registry.identity.character_sets import CSET_32, CSET_82

LONGEST_WITH_PAIR = 99  # characters, the pair included; more than any identifier holds
_VIN_VALUES = {
    **{str(digit): digit for digit in range(10)},
    **dict(zip("ABCDEFGH", range(1, 9), strict=True)),
    **dict(zip("JKLMN", range(1, 6), strict=True)),
    "P": 7,
    "R": 9,
    **dict(zip("STUVWXYZ", range(2, 10), strict=True)),
}
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def gs1_check_digit(digits: str) -> str:
    """Check digit for all digits but the last: weights 3 and 1 from the right, complement to ten.

    Source: GS1 General Specifications, section 7.9.
    """
    weighted = (int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return str(-sum(weighted) % 10)


def gs1_check_pair(text: str) -> str:
    """Check character pair for all characters but the last two (GS1 General Specifications, section 7.9.5).

    Values of the characters are weighted with primes from the right and summed modulo 1021; the sum is
    written in two characters of base 32.
    """
    values = (CSET_82.index(character) for character in reversed(text))
    remainder = sum(value * prime for value, prime in zip(values, _primes(), strict=False)) % 1021
    return CSET_32[remainder >> 5] + CSET_32[remainder & 31]


@cache
def _primes() -> tuple[int, ...]:
    found: list[int] = []
    candidate = 2
    while len(found) < LONGEST_WITH_PAIR - 2:
        if all(candidate % prime for prime in found):
            found.append(candidate)
        candidate += 1
    return tuple(found)


def iban_is_sound(iban: str) -> bool:
    """Remainder 1 modulo 97 after the first four characters moved to the end (ISO 13616). Capitals and
    digits.
    """
    turned = iban[4:] + iban[:4]
    return int("".join(str(int(character, 36)) for character in turned)) % 97 == 1


def vin_check_character(vin: str) -> str:
    """Ninth character of a vehicle identification number of 17 characters (49 CFR 565.15(c), GB 16735)."""
    total = sum(_VIN_VALUES[character] * weight for character, weight in zip(vin, _VIN_WEIGHTS, strict=True))
    return "0123456789X"[total % 11]
