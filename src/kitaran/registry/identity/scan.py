"""What a scanner sends: the symbology identifier of ISO/IEC 15424 in front, then the message."""

from __future__ import annotations

from kitaran.registry.identity.check_digits import gs1_check_digit
from kitaran.registry.identity.element_string import SEPARATOR

GROUP_SEPARATOR = "\x1d"
_GS1 = {
    "]Q3": "QR",
    "]d2": "DM",
    "]J1": "DotCode",
    "]C1": "GS1-128",
    "]e0": "DataBar",
}
_PLAIN = {"]Q1": "QR", "]d1": "DM", "]J0": "DotCode"}
_TRADE = {"]E0": ("EAN13", 13), "]E4": ("EAN8", 8)}


def read_scan(text: str) -> tuple[str, str] | None:
    """(symbology, message) of a scan with its symbology identifier, None if it has none that is known.

    In the message of a GS1 symbology each FNC1 stands as ^, first of all at its start.
    """
    start, rest = text[:3], text[3:]
    if start in _GS1:
        sound = rest and SEPARATOR not in rest
        return (_GS1[start], SEPARATOR + rest.replace(GROUP_SEPARATOR, SEPARATOR)) if sound else None
    if start in _PLAIN:
        return _PLAIN[start], rest
    if start in _TRADE:
        name, length = _TRADE[start]
        digits = rest.partition("|")[0]
        number = len(digits) == length and digits.isascii() and digits.isdigit()
        sound = number and gs1_check_digit(digits[:-1]) == digits[-1]
        return (name, digits) if sound else None
    return None
