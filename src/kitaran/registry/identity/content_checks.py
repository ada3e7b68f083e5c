"""What the content of a GS1 component must be, beside its type and length: one small check for each name.

Names are those of the GS1 Barcode Syntax Dictionary (release of 2026-07-27, Apache-2.0); the checks are
our own. Each check takes the text of one component and gives what is wrong in words, or None.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from types import MappingProxyType

from kitaran.registry.identity import check_digits, coupons
from kitaran.registry.identity.character_sets import BASE64URL, CSET_39, CSET_82

Check = Callable[[str], str | None]

SHORTEST_COMPANY_PREFIX = 4
_PACKAGE_TYPE = re.compile(r"[0-9A-Z]{1,2}|20[0-6]|21[0-2]|[A-Z][0-9A-Z]{2}")
# Numbers that ISO 3166 has withdrawn and CLDR still explains.
_WITHDRAWN = frozenset(
    (
        *("172", "200", "230", "249", "278", "280", "530", "532", "536"),
        *("582", "720", "736", "810", "830", "886", "890", "891"),
    )
)
# Two letters that CLDR names and ISO 3166 does not assign.
_UNASSIGNED = frozenset(
    ["AC", "AN", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ"]
)


def _digits(text: str) -> str | None:
    return None if text.isascii() and text.isdigit() else "it must hold digits only"


def _of_digits(length: int, what: str, sound: Callable[[int], bool]) -> Check:
    def check(text: str) -> str | None:
        if problem := _digits(text):
            return problem
        if len(text) != length:
            return f"{what} has {length} digits, not {len(text)}"
        return None if sound(int(text)) else f"{text} is no {what}"

    return check


def date_fault(day: str, day_may_be_zero: bool = False) -> str | None:
    """What is wrong with a day YYYYMMDD; day 00 means the whole month where that may be."""
    if problem := _digits(day):
        return problem
    if len(day) != 8:
        return "a date has two or four digits for the year, two for the month and two for the day"
    year, month, number = int(day[:4]), int(day[4:6]), int(day[6:])
    if not 1 <= month <= 12:
        return f"{day[4:6]} is no month"
    last = monthrange(max(year, 1), month)[1]
    return None if (0 if day_may_be_zero else 1) <= number <= last else f"{day[6:]} is no day of that month"


def _date(short_year: bool, day_may_be_zero: bool) -> Check:
    return lambda text: date_fault("20" + text if short_year else text, day_may_be_zero)


def _time(text: str) -> str | None:
    if problem := _digits(text):
        return problem
    if len(text) != 4:
        return "a time of day has two digits for the hour and two for the minute"
    return None if int(text[:2]) < 24 and int(text[2:]) < 60 else f"{text} is no time of day"


def _check_digit(text: str) -> str | None:
    if problem := _digits(text):
        return problem
    expected, found = check_digits.gs1_check_digit(text[:-1]), text[-1:] or "missing"
    return None if found == expected else f"the check digit is {found}, it should be {expected}"


def _check_pair(text: str) -> str | None:
    if not 2 <= len(text) <= check_digits.LONGEST_WITH_PAIR or any(c not in CSET_82 for c in text):
        return "a check character pair cannot stand for this text"
    expected, found = check_digits.gs1_check_pair(text[:-2]), text[-2:]
    return None if found == expected else f"the check characters are {found}, they should be {expected}"


def _company_prefix(after: int) -> Check:
    def check(text: str) -> str | None:
        start = text[after : after + SHORTEST_COMPANY_PREFIX]
        if len(start) < SHORTEST_COMPANY_PREFIX or not start.isdigit():
            return f"a GS1 company prefix starts with at least {SHORTEST_COMPANY_PREFIX} digits"
        return None

    return check


def _iban(text: str) -> str | None:
    if not re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{2,30}", text):
        return "an IBAN has a country, two check digits, then capital letters and digits"
    return None if check_digits.iban_is_sound(text) else "the check digits of the IBAN are wrong"


def _one_of(allowed: str, what: str) -> Check:
    return lambda text: None if len(text) == 1 and text in allowed else f"{text or 'nothing'} is no {what}"


def _zero(text: str) -> str | None:
    return None if text == "0" else "it must be 0"


def _non_zero(text: str) -> str | None:
    return _digits(text) or (None if text.strip("0") else "it must not be zero")


def _no_leading_zero(text: str) -> str | None:
    return _digits(text) or ("it must not start with zero" if len(text) > 1 and text[0] == "0" else None)


def _has_letter(text: str) -> str | None:
    return None if text and not text.isdigit() else "it must hold at least one character that is no digit"


def _hyphen(text: str) -> str | None:
    return None if text and not text.strip("-") else "only a minus sign may stand here"


def _percent_sequences(text: str) -> str | None:
    for index, character in enumerate(text):
        if character == "%":
            pair = text[index + 1 : index + 3]
            if len(pair) < 2 or any(digit not in "0123456789abcdefABCDEF" for digit in pair):
                return f"%{pair} is no percent sequence"
    return None


def _piece_of_total(text: str) -> str | None:
    if problem := _digits(text):
        return problem
    half = len(text) // 2
    if len(text) % 2 or not text:
        return "piece and total have the same number of digits"
    piece, total = int(text[:half]), int(text[half:])
    return None if 1 <= piece <= total else f"piece {piece} of {total} cannot be"


def _position_in_sequence(text: str) -> str | None:
    position, slash, end = text.partition("/")
    if not slash or _digits(position) or _digits(end):
        return "position and end are two numbers with / between"
    if position[0] == "0" or end[0] == "0":
        return "neither number starts with zero"
    return None if int(position) <= int(end) else f"position {position} of {end} cannot be"


def _package_type(text: str) -> str | None:
    """Shape only: one or two capitals or digits of UN/ECE Recommendation 21, or three of GS1's own."""
    return None if _PACKAGE_TYPE.fullmatch(text) else f"{text} is no package type"


def _media_type(text: str) -> str | None:
    known = len(text) == 2 and text.isdigit() and (1 <= int(text) <= 11 or int(text) >= 80)
    return None if known else f"{text or 'nothing'} is no media type"


@cache
def _countries() -> tuple[frozenset[str], frozenset[str]]:
    """Numeric and two-letter country codes of ISO 3166-1, from the Unicode CLDR that Babel carries."""
    from babel import Locale
    from babel.core import get_global

    names: Iterable[str] = Locale("en").territories
    letters = {code for code in names if len(code) == 2 and code.isalpha()} - _UNASSIGNED
    aliases: Mapping[str, list[str]] = get_global("territory_aliases")
    numbers = {code for code, to in aliases.items() if re.fullmatch(r"\d{3}", code) and to[0] in letters}
    return frozenset(numbers - _WITHDRAWN), frozenset(letters)


def _country_number(text: str) -> str | None:
    return None if text in _countries()[0] else f"{text or 'nothing'} is no country number of ISO 3166"


def _country_number_or_999(text: str) -> str | None:
    return None if text == "999" else _country_number(text)


def _country_letters(text: str) -> str | None:
    return None if text in _countries()[1] else f"{text or 'nothing'} is no country of ISO 3166"


def _currency_number(text: str) -> str | None:
    from kitaran.reference import read

    known = {str(number) for number in read("currency_numbers").column("number")}
    return None if text in known else f"{text or 'nothing'} is no currency number of ISO 4217"


def _characters(allowed: str) -> Check:
    problem = "it holds a character that may not stand here"
    return lambda text: None if all(character in allowed for character in text) else problem


CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "couponcode": coupons.coupon_fault,
        "couponposoffer": coupons.positive_offer_fault,
        "cset39": _characters(CSET_39),
        "cset82": _characters(CSET_82),
        "csetnumeric": _characters("0123456789"),
        "csum": _check_digit,
        "csumalpha": _check_pair,
        "gcppos1": _company_prefix(0),
        "gcppos2": _company_prefix(1),
        "hasnondigit": _has_letter,
        "hh": _of_digits(2, "hour", lambda value: value < 24),
        "hhmi": _time,
        "hyphen": _hyphen,
        "iban": _iban,
        "importeridx": _one_of(BASE64URL, "importer index"),
        "iso3166": _country_number,
        "iso3166999": _country_number_or_999,
        "iso3166alpha2": _country_letters,
        "iso4217": _currency_number,
        "iso5218": _one_of("0129", "code of ISO 5218"),
        "latitude": _of_digits(10, "latitude", lambda value: value <= 1_800_000_000),
        "longitude": _of_digits(10, "longitude", lambda value: value <= 3_600_000_000),
        "mediatype": _media_type,
        "mi": _of_digits(2, "minute", lambda value: value < 60),
        "nonzero": _non_zero,
        "nozeroprefix": _no_leading_zero,
        "packagetype": _package_type,
        "pcenc": _percent_sequences,
        "pieceoftotal": _piece_of_total,
        "posinseqslash": _position_in_sequence,
        "ss": _of_digits(2, "second", lambda value: value < 60),
        "winding": _one_of("0129", "winding direction"),
        "yesno": _one_of("01", "yes (1) or no (0)"),
        "yymmd0": _date(short_year=True, day_may_be_zero=True),
        "yymmdd": _date(short_year=True, day_may_be_zero=False),
        "yyyymmd0": _date(short_year=False, day_may_be_zero=True),
        "yyyymmdd": _date(short_year=False, day_may_be_zero=False),
        "zero": _zero,
    }
)
