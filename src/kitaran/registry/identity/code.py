"""One door for any code on a label: which scheme it follows, what it says, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kitaran.foundation.errors import Fault
from kitaran.registry.identity import (
    check_digits,
    digital_link,
    element_string,
    scan,
    traction_battery_code,
    vehicle,
)

LONGEST = 2_000
DIGITAL_LINK = "gs1_digital_link"
ELEMENT_STRING = "gs1_element_string"
GTIN = "gtin"
TRACTION_BATTERY_CODE = "gbt_34014"
VIN = "vin"
_GTIN_LENGTHS = (8, 12, 13, 14)


@dataclass(frozen=True, slots=True)
class ParsedCode:
    """A code as read.

    valid  : it follows its scheme wholly; a text of no known scheme is not valid, it may still be a serial
             number
    scheme : gs1_digital_link, gs1_element_string, gtin, gbt_34014 or vin; None if none fits
    keys   : GS1 values by application identifier, or the parts of the other schemes by name
    errors : what is wrong, with cause, place and remedy
    """

    valid: bool
    scheme: str | None
    keys: dict[str, str]
    errors: tuple[Fault, ...]

    def as_dict(self) -> dict[str, Any]:
        """{valid, scheme, keys, errors: [{place, cause, remedy}]}"""
        errors = [fault.as_dict() for fault in self.errors]
        return {"valid": self.valid, "scheme": self.scheme, "keys": self.keys, "errors": errors}


def parse(text: str) -> ParsedCode:
    """Read one code as typed or scanned. Blanks around it are ignored; nothing is raised for bad input."""
    text = text.strip(" \t\r\n")
    if not text:
        return _unknown("There is no code.", "Type or scan the code on the label.")
    if len(text) > LONGEST:
        return _unknown(f"It has {len(text)} characters.", f"A code on a label has at most {LONGEST}.")
    read = scan.read_scan(text)
    return _by_form(read[1] if read else text)


def _by_form(text: str) -> ParsedCode:
    if text.lower().startswith(("http://", "https://")):
        return _gs1(DIGITAL_LINK, digital_link.parse, text)
    if text.startswith("("):
        return _gs1(ELEMENT_STRING, _checked(element_string.parse_bracketed), text)
    if text.startswith(element_string.SEPARATOR) or scan.GROUP_SEPARATOR in text:
        marked = text.replace(scan.GROUP_SEPARATOR, element_string.SEPARATOR)
        marked = marked if marked.startswith(element_string.SEPARATOR) else element_string.SEPARATOR + marked
        return _gs1(ELEMENT_STRING, _checked(element_string.parse_scanned), marked)
    if text.isascii() and text.isdigit() and len(text) in _GTIN_LENGTHS:
        return _gtin(text)
    return _named(text)


def _named(text: str) -> ParsedCode:
    code = text.upper().replace(" ", "")
    if len(code) in traction_battery_code.LENGTHS and code.isalnum() and code[3:4].isalpha():
        return _parts(TRACTION_BATTERY_CODE, *traction_battery_code.parse(code))
    if len(code) == 17 and code.isalnum():
        return _parts(VIN, *vehicle.parse(code))
    return _unknown(
        "It follows no scheme that is known here: GS1, GB/T 34014, or the number of a vehicle.",
        "Take it in as the maker's serial number, together with the maker's name.",
    )


def _checked(parse: Callable[[str], element_string.Parsed]) -> Callable[[str], element_string.Parsed]:
    def with_associations(text: str) -> element_string.Parsed:
        elements, faults = parse(text)
        return elements, (*faults, *element_string.association_faults(elements))

    return with_associations


def _gs1(scheme: str, parse: Callable[[str], element_string.Parsed], text: str) -> ParsedCode:
    elements, faults = parse(text)
    return _parts(scheme, {element.ai: element.value for element in elements}, faults)


def _gtin(digits: str) -> ParsedCode:
    expected = check_digits.gs1_check_digit(digits[:-1])
    if digits[-1] == expected:
        return ParsedCode(True, GTIN, {"01": digits.zfill(14)}, ())
    cause = f"The check digit is {digits[-1]}, after the others it should be {expected}."
    remedy = "Type it again; if the label says so, take it in as a serial number."
    return ParsedCode(False, GTIN, {}, (Fault(f"character {len(digits)}", cause, remedy),))


def _parts(scheme: str, keys: dict[str, str], faults: tuple[Fault, ...]) -> ParsedCode:
    return ParsedCode(not faults, scheme, keys, faults)


def _unknown(cause: str, remedy: str) -> ParsedCode:
    return ParsedCode(False, None, {}, (Fault("code", cause, remedy),))
