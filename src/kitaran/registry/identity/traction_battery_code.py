"""Chinese traction battery code after GB/T 34014-2017, of a new battery (24 characters) or one in second use.

    position  1-3   manufacturer
              4     product: P pack, M module, C cell
              5     chemistry: A to G, Z
              6-7   specification
              8-14  tracing information (new batteries only)
              15-17 date of production: year, month, day
              18-24 serial number
    A second-use code leaves out positions 8-14 and ends with R. The published Catena-X model adds one
    letter for the product behind R, so that both lengths, 18 and 19, are taken.

Source: the pattern of the Catena-X aspect model io.catenax.traction_battery_code 2.0.0 (CC BY 4.0). The
tables of year and day follow the letters that the pattern allows and the cycle of ISO 3779; the standard
was not read.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache

from kitaran.foundation.errors import Fault
from kitaran.reference import read

# Both patterns with the names of their parts.
_DATE = r"(?P<year>[1-9A-NPR-Y])(?P<month>[1-9A-C])(?P<day>[0-9A-NPR-Y])"
_HEAD = r"(?P<manufacturer>[A-Z0-9]{3})(?P<product>[PMC])(?P<chemistry>[A-GZ])(?P<specification>[A-Z0-9]{2})"
_NEW = re.compile(rf"{_HEAD}(?P<tracing>[A-Z0-9]{{7}}){_DATE}(?P<serial>[0-9]{{7}})")
_SECOND = re.compile(rf"{_HEAD}{_DATE}(?P<serial>[0-9]{{7}})R(?P<second_product>[PMC])?")
LENGTHS = (24, 18, 19)

_YEARS = "ABCDEFGHJKLMNPRSTVWXY123456789"
_DAYS = "123456789ABCDEFGHJKLMNPRSTVWXY0"
_FIRST_YEAR = 2010
_LOOK = "Look at the label again: letters I, O, Q and digits 1, 0 are easily taken for one another."


def parse(code: str) -> tuple[dict[str, str], tuple[Fault, ...]]:
    """Parts of a code by name, and what is wrong with it; bad input is told, never raised."""
    matched = _NEW.fullmatch(code) or _SECOND.fullmatch(code)
    if matched is None:
        return {}, (_fault(code),)
    parts = {name: text for name, text in matched.groupdict().items() if text}
    produced = production_date(parts.pop("year"), parts.pop("month"), parts.pop("day"))
    parts["product"] = meaning("product", parts["product"])
    parts["chemistry"] = meaning("chemistry", parts["chemistry"])
    if parts.pop("second_product", None) or "tracing" not in parts:
        parts["second_use"] = "yes"
    if produced is not None:
        parts["produced"] = produced.isoformat()
    return {"traction_battery_code": code, **parts}, ()


def production_date(year: str, month: str, day: str) -> date | None:
    """Date of the three letters, None where they name no day (I and U are in the pattern, not in the
    cycle).
    """
    if year not in _YEARS or day not in _DAYS:
        return None
    try:
        return date(_FIRST_YEAR + _YEARS.index(year), int(month, 16), _DAYS.index(day) + 1)
    except ValueError:
        return None


def meaning(part: str, letter: str) -> str:
    """What a letter of the code stands for; the letter itself if the table has it not."""
    return _meanings().get((part, letter), letter)


@cache
def _meanings() -> dict[tuple[str, str], str]:
    rows = read("traction_battery_codes").rows
    return {(str(row["part"]), str(row["letter"])): str(row["meaning"]) for row in rows}


def _fault(code: str) -> Fault:
    if len(code) not in LENGTHS:
        cause = f"It has {len(code)} characters; a new battery's code has 24, one in second use 18 or 19."
        return Fault("code", cause, _LOOK)
    for length in range(1, len(code) + 1):
        if not _could_start(code[:length], len(code)):
            return Fault(f"character {length}", f"{code[length - 1]!r} may not stand at this place.", _LOOK)
    return Fault("code", "It does not end as a code of second use ends.", _LOOK)


def _could_start(start: str, length: int) -> bool:
    """Whether some sound code of this length starts so: a filling of sound characters is set behind it."""
    sample = "AAAPB00" + ("0000000A110000000" if length == 24 else "A110000000RP"[: length - 7])
    pattern = _NEW if length == 24 else _SECOND
    return bool(pattern.fullmatch(start + sample[len(start) :]))
