"""Under which names a battery is known: its serial number, and the codes on its label."""

from __future__ import annotations

from collections.abc import Iterable

from kitaran.foundation.errors import InputError
from kitaran.registry import identity

SERIAL = "serial"
MAKERS_MARK = "label"
Alias = tuple[str, str]
"""Scheme and value, unique together."""


def serial_alias(model: str, serial_number: str) -> Alias:
    """A serial number is unique within its model."""
    return (SERIAL, f"{model} {serial_number}")


def code_alias(code: str) -> Alias:
    """The name that a code on a label gives: its GS1 key with serial number, its traction battery code, or,
    of an unknown scheme, the text itself.

    Raises InputError if it follows a known scheme wrongly, or names a model and not one battery.
    """
    read = identity.parse(code)
    if read.scheme is None:
        return (MAKERS_MARK, code.strip())
    if not read.valid:
        raise InputError("The code on the label is wrong.", faults=read.errors)
    if read.scheme in ("gs1_digital_link", "gs1_element_string", "gtin"):
        return ("gs1", _gs1(read.keys, code))
    if read.scheme == "vin":
        raise InputError("This is the number of a vehicle.", "code", "Give the code of the battery itself.")
    return (read.scheme, code.strip().upper().replace(" ", ""))


def aliases_of(model: str | None, serial_number: str | None, codes: Iterable[str]) -> list[Alias]:
    """Every name of a battery, none twice. Raises InputError as `code_alias` does."""
    found = [code_alias(code) for code in codes]
    if model is not None and serial_number is not None:
        found.insert(0, serial_alias(model, serial_number))
    return list(dict.fromkeys(found))


def _gs1(keys: dict[str, str], code: str) -> str:
    if "8004" in keys:
        return f"8004/{keys['8004']}"
    if "01" in keys and "21" in keys:
        return f"01/{keys['01']}/21/{keys['21']}"
    cause = f"{code[:60]!r} names a kind of thing and not one battery."
    raise InputError(cause, "code", "Give the code with (01) and (21), or with (8004).")
